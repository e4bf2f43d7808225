#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the sample cases of this folder. Needs tifffile and imagecodecs.

    make_cases.py PHASE_CONTRAST.png BRIGHT_FIELD.tiff DIC.ome.tiff [FOLDER]

README.md names the sources. Both real crops lie in the right quarter of their field, which no demo model was trained on.
"""

import json
import pathlib
import sys
import uuid

import imagecodecs
import tifffile

SLUG = "organelles-transmitted-light-ome-tiff"


def phase_contrast(source):
    """Cell bodies and neurites, 384 x 256: not square, smaller than the window."""
    return imagecodecs.imread(source)[620:1004, 768:]


def bright_field(source):
    """Spread cells, 640 x 270: higher than the window, less wide."""
    return tifffile.imread(source)[200:840, 810:]


def dic(source):
    """Simulated cells, 512 x 512: exactly one window."""
    return tifffile.imread(source)


def socket():
    return {
        "title": "Organelles Transmitted Light OME-TIFF",
        "description": "Transmitted light image of organelles",
        "slug": SLUG,
        "kind": "Image",
        "super_kind": "Image",
        "relative_path": f"images/{SLUG}",
        "default_value": None,
    }


def write_case(folder, case, pixels, channel, pixel_um, **metadata):
    """One case as the platform mounts it under /input."""
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"lightmycells/test_inputs/{case}"))
    images = folder / case / "images" / SLUG
    images.mkdir(parents=True, exist_ok=True)
    name = f"{case}_{channel}.ome.tiff"
    tifffile.imwrite(
        images / f"{key}.tiff", pixels, bigtiff=True, ome=True, photometric="minisblack",
        tile=(256, 256), compression="zlib", predictor=True,
        resolution=(1e4 / pixel_um, 1e4 / pixel_um), resolutionunit="CENTIMETER",
        metadata={
            "axes": "YX", "Name": name, "UUID": key, "Channel": {"Name": channel},
            "PhysicalSizeX": pixel_um, "PhysicalSizeXUnit": "\u00b5m",
            "PhysicalSizeY": pixel_um, "PhysicalSizeYUnit": "\u00b5m", **metadata,
        })
    value = {
        "file": None,
        "value": None,
        "image": {"pk": key, "name": name},
        "socket": socket(),
        "interface": socket(),
    }
    (folder / case / "inputs.json").write_text(json.dumps([value], indent=4) + "\n", encoding="utf-8")


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[4] if len(sys.argv) == 5 else pathlib.Path(__file__).parent)
    write_case(folder, "phase_contrast", phase_contrast(sys.argv[1]), "PC", 0.4,
               Description="Human motor neurons; google/in-silico-labeling test data, CC-BY 4.0")
    write_case(folder, "bright_field", bright_field(sys.argv[2]), "BF", 0.598,
               AcquisitionDate="2024-07-04T20:05:01Z",
               Description="Cell Painting pilot; cytomining/CytoDataFrame test data, BSD-3-Clause")
    write_case(folder, "dic", dic(sys.argv[3]), "DIC", 0.103, Description="Simulated by lmc simulate")


if __name__ == "__main__":
    main()

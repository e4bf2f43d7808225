#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the sample cases of this folder. Needs numpy, tifffile and imagecodecs.

    make_cases.py PHASE_CONTRAST.png BRIGHT_FIELD.tiff [FOLDER]

The sources are named in README.md; the DIC case is simulated.
"""

import json
import pathlib
import sys
import uuid

import imagecodecs
import numpy
import tifffile

SLUG = "organelles-transmitted-light-ome-tiff"


def phase_contrast(source):
    """Cell bodies and neurites, 512 x 384: not square, one window wide."""
    return imagecodecs.imread(source)[20:404, 512:1024]


def bright_field(source):
    """Spread cells, 640 x 600: larger than the window on both sides."""
    return tifffile.imread(source)[440:1040, 440:1080]


def blurred(image, sigma):
    """Gaussian blur with periodic borders."""
    fy = numpy.fft.fftfreq(image.shape[0])[:, None]
    fx = numpy.fft.rfftfreq(image.shape[1])[None, :]
    transfer = numpy.exp(-2 * (numpy.pi * sigma) ** 2 * (fy**2 + fx**2))
    return numpy.fft.irfft2(numpy.fft.rfft2(image) * transfer, s=image.shape)


def disc(shape, centre, radii, angle):
    """1 inside an ellipse, 0 outside."""
    y, x = numpy.indices(shape)
    dy, dx = y - centre[0], x - centre[1]
    u = dx * numpy.cos(angle) + dy * numpy.sin(angle)
    v = -dx * numpy.sin(angle) + dy * numpy.cos(angle)
    return ((u / radii[0]) ** 2 + (v / radii[1]) ** 2 < 1).astype(float)


def phase_of_cell(shape, centre, angle, random):
    """Optical path of one flat cell: body, nucleus with nucleoli, mitochondria, vesicles."""
    body = blurred(disc(shape, centre, (130, 85), angle), 14)
    # A ragged outline: the body's border moves with slow noise.
    ragged = blurred(random.normal(size=shape), 18)
    body *= blurred((body + 14 * ragged > 0.45).astype(float), 5)
    nucleus = blurred(disc(shape, centre, (52, 40), angle + 0.3), 3)
    phase = 3.0 * body + 2.2 * nucleus
    for _ in range(3):
        place = centre + random.uniform(-20, 20, 2)
        phase += 1.2 * blurred(disc(shape, place, (8, 6), 0), 1.5)
    grains = numpy.zeros(shape)
    for _ in range(260):
        place = centre + random.normal(scale=(55, 55))
        y, x = int(place[0]) % shape[0], int(place[1]) % shape[1]
        length, direction = random.uniform(4, 16), random.uniform(0, numpy.pi)
        for step in numpy.arange(0, length, 0.5):
            grains[int(y + step * numpy.sin(direction)) % shape[0],
                   int(x + step * numpy.cos(direction)) % shape[1]] = 1
    return phase + 2.0 * blurred(grains * (body > 0.5) * (nucleus < 0.2), 1.4)


def dic():
    """Three cells, 512 x 512, seen as the derivative of the optical path along the shear at 45 degrees."""
    random = numpy.random.default_rng(20240704)
    shape = (640, 640)  # cropped below, so that the periodic borders do not show
    phase = numpy.zeros(shape)
    for centre, angle in (((220, 210), 0.5), ((430, 330), 2.3), ((240, 470), 1.2)):
        phase += phase_of_cell(shape, numpy.array(centre, dtype=float), angle, random)
    phase += 0.25 * blurred(random.normal(size=shape), 40) / blurred(random.normal(size=shape), 40).std()
    along_y, along_x = numpy.gradient(blurred(phase, 1.2))
    shear = (along_x + along_y) / numpy.sqrt(2)
    y, x = numpy.indices(shape) / 640 - 0.5
    light = 15000 * (1 + 0.06 * x - 0.04 * y) * (1 + 0.9 * numpy.tanh(shear))
    counts = light + random.normal(size=shape) * numpy.sqrt(light)
    return numpy.clip(numpy.rint(counts), 0, 65535).astype(numpy.uint16)[64:576, 64:576]


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
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[3] if len(sys.argv) == 4 else pathlib.Path(__file__).parent)
    write_case(folder, "phase_contrast", phase_contrast(sys.argv[1]), "PC", 0.4,
               Description="Human motor neurons; google/in-silico-labeling test data, CC-BY 4.0")
    write_case(folder, "bright_field", bright_field(sys.argv[2]), "BF", 0.598,
               AcquisitionDate="2024-07-04T20:05:01Z",
               Description="Cell Painting pilot; cytomining/CytoDataFrame test data, BSD-3-Clause")
    write_case(folder, "dic", dic(), "DIC", 0.103, Description="Simulated by make_cases.py")


if __name__ == "__main__":
    main()

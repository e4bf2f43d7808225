#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks OME-TIFF files with readers that are not ours.

    check_ome_tiff.py FILE...                    any outputs
    check_ome_tiff.py --platform FILE...         outputs for grand-challenge.org, one page of uint16
    check_ome_tiff.py --expect JSON --folder DIR the files that the JSON names, against its values

Pixels and tags are read by tifffile, metadata by ome-types; the OME-XML is validated against the
schema 2016-06 that ome-types ships. Ends with 1 and one line per fault.
"""

import argparse
import json
import pathlib
import sys

import numpy
import ome_types
import tifffile
import xmlschema

SCHEMA = pathlib.Path(ome_types.__file__).parent / "ome-2016-06.xsd"


class Faults(list):
    """Faults of one file, as lines."""

    def __init__(self, path):
        super().__init__()
        self.path = path

    def expect(self, what, seen, wanted):
        if seen != wanted:
            self.append(f"{self.path}: {what} is {seen!r}, expected {wanted!r}")

    def require(self, condition, message):
        if not condition:
            self.append(f"{self.path}: {message}")


def samples_of(expected):
    """The pixels that tests/python/write_samples.cpp writes, [t, z, y, x]."""
    t, z, y, x = numpy.indices(expected["shape_tzyx"])
    value = (31 * x + 17 * y + 101 * z + 1009 * t) % 65536
    if expected["dtype"] == "uint16":
        return value.astype(numpy.uint16)
    return value.astype(numpy.float32) / numpy.float32(8) - numpy.float32(1000)


def check_page(page, faults):
    """What any importer relies on."""
    faults.expect("photometric", page.photometric.name, "MINISBLACK")
    faults.expect("samples per pixel", page.samplesperpixel, 1)
    faults.require(page.resolutionunit in (2, 3), "ResolutionUnit is neither INCH nor CENTIMETER")
    for name in ("XResolution", "YResolution"):
        numerator, denominator = page.tags[name].value
        faults.require(numerator > 0 and denominator > 0, f"{name} is not positive")


def check_any(path, schema, faults):
    """Pages, pixels and OME-XML. Returns the pixels [t, z, y, x] and the metadata."""
    with tifffile.TiffFile(path) as tiff:
        faults.require(tiff.is_ome, "tifffile does not take it for an OME-TIFF")
        xml = tiff.ome_metadata
        for page in tiff.pages:
            check_page(page, faults)
        faults.expect("number of series", len(tiff.series), 1)
        series = tiff.series[0]
        shape = dict(zip(series.axes, series.shape))
        pixels = series.asarray()
        pages = [page.asarray() for page in tiff.pages]
    wanted = tuple(shape.get(axis, 1) for axis in "TZYX")
    pixels = pixels.reshape(wanted)
    faults.require(numpy.isfinite(pixels).all(), "pixels are not finite")
    faults.require(numpy.array_equal(pixels, numpy.stack(pages).reshape(wanted)),
                   "the series differs from its pages")
    for error in schema.iter_errors(xml):
        faults.append(f"{path}: OME-XML {error.path}: {error.reason}")
    metadata = ome_types.from_xml(xml)
    image = metadata.images[0].pixels
    faults.expect("OME size", (image.size_t, image.size_z, image.size_y, image.size_x), wanted)
    faults.expect("OME type", image.type.value.replace("float", "float32"), pixels.dtype.name)
    faults.require(metadata.uuid is not None, "the OME-XML has no UUID")
    return pixels, metadata


def check_platform(path, pixels, faults):
    """grand-challenge.org imports one page of uint16 with the suffix .tiff."""
    faults.expect("suffix", pathlib.Path(path).suffix, ".tiff")
    faults.expect("number of planes", pixels.shape[:2], (1, 1))
    faults.expect("sample type", pixels.dtype.name, "uint16")


def check_expected(expected, pixels, metadata, page, faults):
    """Values that the file must have."""
    image = metadata.images[0]
    size = (image.pixels.physical_size_x, image.pixels.physical_size_y)
    faults.expect("shape", list(pixels.shape), expected["shape_tzyx"])
    faults.expect("sample type", pixels.dtype.name, expected["dtype"])
    faults.require(numpy.array_equal(pixels, samples_of(expected)), "pixels differ from what was written")
    faults.expect("pixel size", list(size) if size[0] else None, expected["pixel_um"])
    if size[0]:
        units = (image.pixels.physical_size_x_unit.value, image.pixels.physical_size_y_unit.value)
        faults.expect("unit", units, ("\u00b5m", "\u00b5m"))
    faults.expect("channel", image.pixels.channels[0].name, expected["channel"])
    faults.expect("name", image.name, expected["name"])
    faults.expect("description", image.description, expected["description"])
    date = image.acquisition_date
    faults.expect("date", date.isoformat() if date else None, expected["acquisition_date"])
    faults.expect("objectives", [o.lens_na for i in metadata.instruments for o in i.objectives],
                  expected["objectives_na"])
    settings = image.objective_settings
    faults.expect("objective used", settings.id if settings else None, expected["objective_used"])
    annotations = metadata.structured_annotations.map_annotations if metadata.structured_annotations else []
    faults.expect("annotations", {m.k: m.value for a in annotations for m in a.value.ms},
                  expected["annotations"])
    resolution = [page.tags[name].value for name in ("XResolution", "YResolution")]
    um = expected["pixel_um"] or [1.0, 1.0]
    for (numerator, denominator), side in zip(resolution, um):
        seen = numerator / denominator
        faults.require(abs(seen * side / 1e4 - 1) < 1e-6, f"resolution {seen} does not fit {side} um")
    faults.expect("compression", page.compression.name, expected["compression"])
    faults.expect("tile", list(page.tile), [256, 256])


def check(path, schema, platform, expected):
    faults = Faults(path)
    try:
        pixels, metadata = check_any(path, schema, faults)
        if platform:
            check_platform(path, pixels, faults)
        if expected:
            with tifffile.TiffFile(path) as tiff:
                check_expected(expected, pixels, metadata, tiff.pages[0], faults)
    except Exception as error:  # a reader's own complaint is the finding
        faults.append(f"{path}: {type(error).__name__}: {error}")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--platform", action="store_true", help="also the rules of grand-challenge.org")
    parser.add_argument("--expect", help="JSON with the values of the files")
    parser.add_argument("--folder", default=".", help="where the files of --expect lie")
    arguments = parser.parse_args()

    schema = xmlschema.XMLSchema(SCHEMA, allow="local")
    jobs = [(path, arguments.platform, None) for path in arguments.files]
    if arguments.expect:
        with open(arguments.expect, encoding="utf-8") as file:
            for name, expected in json.load(file).items():
                jobs.append((f"{arguments.folder}/{name}", expected["platform"], expected))
    if not jobs:
        parser.error("no files")
    faults = [fault for path, platform, expected in jobs for fault in check(path, schema, platform, expected)]
    print("\n".join(faults) or f"{len(jobs)} files are well")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

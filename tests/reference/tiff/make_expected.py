#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes expected.json: what tifffile reads in the first page of every file of corpus/.

Run with: pip install numpy tifffile==2026.3.3 imagecodecs; python make_expected.py
Shapes are [height, width, samples]; the SHA-256 is of the values in that order, little-endian, 1-bit values
as one byte each. A file that tifffile cannot read, or of which it returns no pixels, is "reject".
"""
import hashlib
import json
import logging
import pathlib
import warnings

import numpy as np
import tifffile

HERE = pathlib.Path(__file__).parent


def read(path):
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        values = page.asarray()
    if values.size == 0:
        return "reject"
    if values.dtype == bool:
        values = values.astype(np.uint8)
    if page.planarconfig == 2 and page.samplesperpixel > 1:
        values = np.moveaxis(values, 0, -1)
    if values.ndim == 2:
        values = values[:, :, np.newaxis]
    values = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    return {
        "shape": list(values.shape),
        "type": values.dtype.name,
        "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
    }


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    expected = {}
    for path in sorted((HERE / "corpus").rglob("*")):
        if path.is_file():
            try:
                result = read(path)
            except Exception:  # whatever tifffile stumbles over, it is not a readable image
                result = "reject"
            expected[path.relative_to(HERE / "corpus").as_posix()] = result
    text = json.dumps(expected, indent=1, sort_keys=True)
    (HERE / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

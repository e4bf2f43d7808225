#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws docs/images/experiments.png: cut-outs of inputs, truths and predictions of the networks of seed 1.

    figure.py FOLDER OUTPUT.png

Rows: DIC actin (input, truth, separate UNet++, unified UNet++); DIC mitochondria (input, truth, separate UNet++, separate pix2pix).
The field is not chosen by eye: it has the median PCC of the row's last network; of its nine cut-outs of 256 x 256 pixels, the one
whose truth varies most is shown. Each is stretched from percentile 0.5 to 99.8.
"""

import json
import pathlib
import statistics
import struct
import sys
import zlib

from images import read_plane
from sharpness import percentile

SIDE = 256
ROWS = (("actin", ("separate_1_DIC", "unified_1")), ("mitochondria", ("separate_1_DIC", "pix2pix_1_DIC")))


def cut(plane, top, left):
    """Rows of values."""
    width, _, values = plane
    return [values[(top + y) * width + left:(top + y) * width + left + SIDE] for y in range(SIDE)]


def place_of(truth):
    """Top and left of the cut-out that varies most."""
    width, height, _ = truth
    places = [((height - SIDE) * i // 2, (width - SIDE) * j // 2) for i in range(3) for j in range(3)]
    return max(places, key=lambda place: statistics.pvariance([value for row in cut(truth, *place) for value in row[::4]]))


def tile(rows):
    """Rows of grey bytes."""
    ordered = sorted(value for row in rows for value in row)
    low, high = percentile(ordered, 0.5), percentile(ordered, 99.8)
    scale = 255 / max(high - low, 1e-9)
    return [bytes(min(255, max(0, round((value - low) * scale))) for value in row) for row in rows]


def median_case(folder, run, organelle):
    pairs = json.loads((folder / "reports" / run / "report.json").read_text())["pairs"]
    pairs = sorted((p for p in pairs if p["organelle"] == organelle and p["modality"] == "DIC"), key=lambda p: p["pcc"])
    return pairs[len(pairs) // 2]


def write_png(path, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b""))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    lines = []
    for organelle, runs in ROWS:
        case = median_case(folder, runs[-1], organelle)
        name = pathlib.Path(case["prediction"]).name
        paths = [case["input"], case["truth"], *[f"predictions/{run}/{name}" for run in runs]]
        planes = [read_plane(folder / path) for path in paths]
        place = place_of(planes[1])
        tiles = [tile(cut(plane, *place)) for plane in planes]
        if lines:
            lines += [b"\xff" * len(lines[0])] * 4
        lines += [(b"\xff" * 4).join(parts) for parts in zip(*tiles)]
        print(organelle, name, f"PCC {case['pcc']:.3f}")
    write_png(pathlib.Path(sys.argv[2]), lines)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds to the reports how sharp the predictions are: REPORT/sharpness.json beside each REPORT/report.json given.

    sharpness.py REPORT...

Sharpness of an image: mean absolute difference of neighbouring 2 x 2 means (across and down) after the metrics' normalisation,
(x - p2) / (p99.8 - p2). The value of a prediction is divided by its truth's: 1 is as sharp as the truth, which has camera noise.
"""

import json
import pathlib
import sys

from images import read_plane


def percentile(ordered, percent):
    place = (len(ordered) - 1) * percent / 100
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def sharpness(path):
    """None for an image without contrast."""
    width, height, values = read_plane(path)
    ordered = sorted(values)
    contrast = percentile(ordered, 99.8) - percentile(ordered, 2)
    if contrast == 0:
        return None
    rows = []
    for y in range(0, height - 1, 2):
        upper, lower = values[y * width:(y + 1) * width], values[(y + 1) * width:(y + 2) * width]
        rows.append([(a + b + c + d) / 4 for a, b, c, d in zip(upper[::2], upper[1::2], lower[::2], lower[1::2])])
    across = sum(abs(a - b) for row in rows for a, b in zip(row, row[1:]))
    down = sum(abs(a - b) for row, following in zip(rows, rows[1:]) for a, b in zip(row, following))
    count = len(rows) * (len(rows[0]) - 1) + (len(rows) - 1) * len(rows[0])
    return (across + down) / count / contrast


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    truths = {}
    for report in map(pathlib.Path, sys.argv[1:]):
        target = report / "sharpness.json"
        if target.exists():
            continue
        rows = []
        for pair in json.loads((report / "report.json").read_text())["pairs"]:
            truth, own = pair["truth"], sharpness(pair["prediction"])
            if truth not in truths:
                truths[truth] = sharpness(truth)
            if own is not None and truths[truth]:
                rows.append({"organelle": pair["organelle"], "modality": pair["modality"], "ratio": own / truths[truth]})
        target.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()

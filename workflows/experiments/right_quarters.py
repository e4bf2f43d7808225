#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cuts the right quarters of the fields that CSV lists name, which `"hold_out": "right_quarter"` keeps from training.

    right_quarters.py FOLDER LIST.csv...

Writes FOLDER/inputs/<field>_<plane>_<modality>.tiff and, for each plane, FOLDER/truths/<field>_<plane>_<modality>_<organelle>.tiff.
"""

import csv
import pathlib
import sys

from images import cropped, read_plane, write_tiff

ORGANELLES = ("nucleus", "mitochondria", "tubulin", "actin")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    planes = {}

    def quarter(path):
        if path not in planes:
            plane = read_plane(path)
            planes[path] = cropped(plane, plane[0] - plane[0] // 4)
        return planes[path]

    for part in ("inputs", "truths"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for table in map(pathlib.Path, sys.argv[2:]):
        with open(table, newline="") as file:
            for row in csv.DictReader(file):
                name = f"{row['field']}_{pathlib.Path(row['image']).stem}_{row['modality']}"
                write_tiff(folder / "inputs" / f"{name}.tiff", quarter(table.parent / row["image"]))
                for organelle in ORGANELLES:
                    if row.get(organelle):
                        write_tiff(folder / "truths" / f"{name}_{organelle}.tiff", quarter(table.parent / row[organelle]))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts trained models into a models folder and names them in its manifest.json.

    install.py RUNS COMMIT [WEIGHTS]

RUNS holds the runs of make.sh; their best.safetensors is taken.
COMMIT is the revision of this project that trained them. Needs nothing but Python.
"""

import hashlib
import json
import pathlib
import shutil
import struct
import sys

# Role -> the run whose weights are shipped.
RUNS = {
    "bright_field": "bright_field_fine_tuning",
    "phase_contrast": "phase_contrast_fine_tuning",
    "dic": "dic",
    "unified": "unified",
}


def record_of(path):
    """The record that `lmc train` stored in the safetensors header."""
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        return json.loads(json.loads(file.read(size))["__metadata__"]["light_my_cells"])


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    runs = pathlib.Path(sys.argv[1])
    weights = pathlib.Path(sys.argv[3] if len(sys.argv) == 4 else pathlib.Path(__file__).parents[2] / "weights")
    models = {}
    for role, run in RUNS.items():
        file = weights / f"{role}.safetensors"
        shutil.copyfile(runs / run / "best.safetensors", file)
        record = record_of(file)
        models[role] = {
            "architecture": record["architecture"],
            "file": file.name,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "trained": record["trained"],
            "training_commit": sys.argv[2],
        }
    (weights / "manifest.json").write_text(json.dumps({"format": 1, "models": models}, indent=2) + "\n")


if __name__ == "__main__":
    main()

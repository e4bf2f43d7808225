#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Predicts data/large with every preset and measures the processor time; run in the folder of the experiments.

    presets.py LMC MODELS

Writes predictions/preset_<name>/ and reports/preset_<name>/, with cost.json. DIC actin is left out: it needs a second network.
"""

import json
import pathlib
import resource
import subprocess
import sys

PRESETS = ("paper", "balanced", "fast")


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def predict(lmc, models, preset, folder):
    for modality in ("BF", "PC", "DIC"):
        inputs = [str(path) for path in sorted(pathlib.Path("data/large").glob(f"Study_*/*_{modality}_z*.ome.tiff"))]
        organelles = "nucleus,mitochondria,tubulin" + ("" if modality == "DIC" else ",actin")
        command = [lmc, "predict", *inputs, "-o", folder, "-m", models, "--preset", preset, "--organelles", organelles]
        if inputs:
            subprocess.run([*command, "--device", "cpu", "--threads", "1", "--overwrite"], check=True)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    lmc, models = sys.argv[1:]
    for preset in PRESETS:
        report = pathlib.Path("reports") / f"preset_{preset}"
        if (report / "cost.json").exists():
            continue
        folder = f"predictions/preset_{preset}"
        before = processor_seconds()
        predict(lmc, models, preset, folder)
        seconds = processor_seconds() - before
        subprocess.run([lmc, "evaluate", "-i", folder, "-g", "data/large", "-o", str(report), "--overwrite"], check=True)
        summary = json.loads((pathlib.Path(folder) / "summary.json").read_text())
        images = len(list(pathlib.Path("data/large").glob("Study_*/*_z*.ome.tiff")))
        cost = {"processor_seconds": seconds, "images": images, "models": summary.get("models")}
        (report / "cost.json").write_text(json.dumps(cost, indent=1) + "\n")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Predicts one image as the Python reference would, from process start to exit.

    whole_case.py IMAGE.tiff WEIGHTS.safetensors OUTPUT_FOLDER PRESET THREADS

The counterpart of `lmc predict -i IMAGE -m WEIGHTS -o OUTPUT --preset PRESET`: one network predicts
all four organelles; windows, blending, rotations and networks are those of tests/python/reference.
"""

import sys
from pathlib import Path

import numpy as np
import tifffile
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests/python/reference"))
import pipeline


def main(image, weights, output, preset, threads):
    torch.set_num_threads(int(threads))
    pixels, modality = pipeline.read_image(image)
    roles = ("bright_field", "phase_contrast", "dic", "unified")
    models = dict.fromkeys(roles, pipeline.load_model(weights))
    planes = pipeline.predict(pixels, modality, models, pipeline.PRESETS[preset])
    Path(output).mkdir(parents=True, exist_ok=True)
    for organelle, plane in planes.items():
        grey = np.clip(np.rint(plane), 0, 65535).astype(np.uint16)
        tifffile.imwrite(Path(output) / f"{organelle}.ome.tiff", grey, metadata={"axes": "YX"})


if __name__ == "__main__":
    main(*sys.argv[1:])

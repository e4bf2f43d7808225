# SPDX-License-Identifier: Apache-2.0
"""Writes expected.json of every sample case: what this reference predicts, condensed.

    python make_expected.py [--cases FOLDER] [--models FOLDER] [--case NAME ...]

Nothing of it comes from the C++ programs, which are compared with it by `lmc selftest`.
"""

import argparse
import hashlib
import json
import time
from pathlib import Path

import numpy as np
import torch

import pipeline

PROJECT = Path(__file__).resolve().parents[3]
PRESET = "paper"
TILE = 32
STRIDE = (41, 43)  # coprime with the tile, the windows' interval 102 and each other


def rounded(rows):
    return [[round(float(value), 3) for value in row] for row in rows]


def tile_means(plane):
    """Means over tiles; the last tiles of an axis are smaller where it is no multiple."""
    tops, lefts = (range(0, size, TILE) for size in plane.shape)
    tiles = [[plane[y : y + TILE, x : x + TILE] for x in lefts] for y in tops]
    return [[tile.mean(dtype=np.float64) for tile in row] for row in tiles]


def load_models(folder):
    """Role -> (network, input normalisation), and role -> SHA-256 of the file in use."""
    models, hashes = {}, {}
    for role, entry in json.loads((folder / "manifest.json").read_text())["models"].items():
        file = folder / entry["file"]
        hashes[role] = hashlib.sha256(file.read_bytes()).hexdigest()
        if hashes[role] != entry["sha256"]:
            raise ValueError(f"{file}: SHA-256 {hashes[role]}, manifest.json has {entry['sha256']}")
        models[role] = pipeline.load_model(file)
    return models, hashes


def image_of(case):
    images = list(case.glob("images/*/*.tif*"))
    if len(images) != 1:
        raise ValueError(f"{case}: {len(images)} images, one is expected")
    return images[0]


def expected_values(image, models, hashes):
    pixels, modality = pipeline.read_image(image)
    planes = pipeline.predict(pixels, modality, models, pipeline.PRESETS[PRESET])
    used = sorted(set(pipeline.route(modality).values()))
    condensed = {
        organelle: {
            "tile_means": rounded(tile_means(planes[organelle])),
            "samples": rounded(planes[organelle][:: STRIDE[0], :: STRIDE[1]]),
        }
        for organelle in pipeline.ORGANELLES
    }
    return {
        "models": {role: hashes[role] for role in used},
        "preset": PRESET,
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "tile": TILE,
        "stride": list(STRIDE),
        "organelles": condensed,
    }


def to_text(expected):
    """JSON with one line for every row of numbers."""
    text = json.dumps(expected, indent=1)
    lines = []
    for line in text.splitlines():
        is_number = line.strip().rstrip(",").lstrip("-").replace(".", "", 1).isdigit()
        ends_row = line.strip() in ("]", "],") and lines and lines[-1].endswith(tuple("0123456789"))
        if is_number or ends_row:
            lines[-1] += line.strip() + (" " if line.endswith(",") and is_number else "")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=Path, default=PROJECT / "test_inputs")
    parser.add_argument("--models", type=Path, default=PROJECT / "weights")
    parser.add_argument("--case", nargs="*", help="names of the cases to do; default: all")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    models, hashes = load_models(arguments.models)
    cases = sorted(folder for folder in arguments.cases.iterdir() if (folder / "images").is_dir())
    for case in cases:
        if arguments.case and case.name not in arguments.case:
            continue
        start = time.monotonic()
        expected = expected_values(image_of(case), models, hashes)
        (case / "expected.json").write_text(to_text(expected))
        size = f"{expected['height']} x {expected['width']}"
        print(f"{case.name}: {size}, {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Compares `lmc convert` and `lmc predict` with this reference, on networks of random weights.

    python cross_check.py IMAGE --lmc build/bin/lmc [--only generator unetpp ...]

IMAGE is any grey 16-bit image (PNG or TIFF) of cells, at least 620 pixels high and wide. Each check
draws a network, saves it as a PyTorch checkpoint, converts it, lets both sides predict a crop, and
prints the largest difference. Ends with exit code 1 where one exceeds 2 of 65535 grey values.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
import torch
from safetensors import safe_open

import pipeline
from networks import ORGANELLES, GeneratorShape, UnetppShape, build
from random_weights import randomise

ALLOWED = 2  # of 65535, on 16-bit outputs
ROLES = ("bright_field", "phase_contrast", "dic", "unified")


class Bench:
    """A folder to work in, the program, and what has been found so far."""

    def __init__(self, lmc, folder, image, threads):
        self.lmc, self.folder, self.image, self.threads = lmc, folder, image, threads
        self.failures = 0

    def run(self, *arguments):
        command = [str(self.lmc), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")

    def crop(self, y, x, height, width):
        crop = self.image[y : y + height, x : x + width]
        if crop.shape != (height, width):
            raise ValueError(f"the image is too small: {self.image.shape}")
        return np.ascontiguousarray(crop)

    def input_file(self, pixels, channel):
        file = self.folder / "input.ome.tiff"
        tifffile.imwrite(
            file, pixels, ome=True, metadata={"axes": "YX", "Channel": {"Name": channel}}
        )
        return file

    def converted(self, network, name):
        """The network through torch.save and `lmc convert`."""
        checkpoint, weights = (
            self.folder / f"{name}.{suffix}" for suffix in ("pth", "safetensors")
        )
        torch.save(network.state_dict(), checkpoint)
        kind = "unet++" if hasattr(network, "segmentation_head") else "generator"
        self.run("convert", checkpoint, "-o", weights, "--architecture", kind)
        return weights

    def predicted(self, image, models, preset, name):
        """What `lmc predict` writes, by organelle."""
        output = self.folder / f"{name}_output"
        options = ["--preset", preset, "--device", "cpu", "--threads", self.threads]
        self.run("predict", "-i", image, "-m", models, "-o", output, *options)
        return {o: tifffile.imread(output / f"input_{o}.ome.tiff") for o in ORGANELLES}

    def compare(self, name, theirs, mine):
        for organelle in ORGANELLES:
            expected = mine[organelle]
            found = theirs[organelle]
            if found.dtype != np.uint16 or found.shape != expected.shape:
                raise ValueError(f"{name} {organelle}: {found.dtype} {found.shape}")
            rounded = np.clip(np.rint(expected), 0, 65535)
            difference = np.abs(found.astype(np.float64) - rounded)
            good = difference.max() <= ALLOWED
            self.failures += not good
            low, high = np.percentile(expected, [1, 99])
            print(
                f"{'ok' if good else 'FAIL':4} {name:24} {organelle:13} "
                f"largest {difference.max():.0f}, mean {difference.mean():.4f}, equal "
                f"{100 * np.mean(difference == 0):.2f} %; values {expected.min():.0f}.."
                f"{expected.max():.0f}, 98 % within {low:.0f}..{high:.0f}",
                flush=True,
            )

    def check(self, name, models, networks, pixels, channel, preset):
        """`networks` maps every role to a network, `models` is what lmc gets for them."""
        image = self.input_file(pixels, channel)
        _, modality = pipeline.read_image(image)
        start = time.monotonic()
        theirs = self.predicted(image, models, preset, name)
        middle = time.monotonic()
        with_normalisation = {role: (network, "none") for role, network in networks.items()}
        mine = pipeline.predict(pixels, modality, with_normalisation, pipeline.PRESETS[preset])
        end = time.monotonic()
        print(f"     {name}: lmc {middle - start:.0f} s, reference {end - middle:.0f} s")
        self.compare(name, theirs, mine)


def drawn(shape, seed, pixels):
    sample = torch.from_numpy(pipeline.scale(pixels))[None, None]
    return randomise(build(shape), seed, sample)


def check_generator(bench):
    """The published code's full size, the method's window, overlap and rotations: 24 windows."""
    pixels = bench.crop(20, 60, 600, 520)
    network = drawn(GeneratorShape(filters=64, blocks=12), 1, pixels[:256, :256])
    weights = bench.converted(network, "generator")
    bench.check("generator", weights, dict.fromkeys(ROLES, network), pixels, "PC", "paper")


def check_unetpp(bench):
    """The paper's resnext101_32x16d; one window."""
    pixels = bench.crop(0, 31, 512, 512)
    network = drawn(UnetppShape(), 2, pixels[:256, :256])
    weights = bench.converted(network, "unetpp")
    bench.check("unetpp", weights, dict.fromkeys(ROLES, network), pixels, "BF", "fast")


def check_dynamic(bench):
    """The modality code reaches the first layer."""
    pixels = bench.crop(7, 40, 530, 300)
    network = drawn(
        UnetppShape((1, 2, 1, 1), groups=8, group_width=4, dynamic=True), 3, pixels[:256, :256]
    )
    weights = bench.converted(network, "dynamic")
    for channel in ("BF", "PC", "DIC"):
        name = f"dynamic_{channel}"
        bench.check(name, weights, dict.fromkeys(ROLES, network), pixels, channel, "balanced")


def check_routing(bench):
    """Four different networks, every kind of generator among them; every modality, and none."""
    pixels = bench.crop(50, 11, 400, 570)
    shapes = {
        "bright_field": GeneratorShape(8, 3, dropout_layer=False),
        "phase_contrast": GeneratorShape(8, 2, batch_norm=True, dropout_layer=False),
        "dic": GeneratorShape(8, 2, dynamic=True),
        "unified": UnetppShape(
            (1, 1, 2, 1), groups=4, group_width=4, decoder_channels=(32, 16, 16, 8, 8)
        ),
    }
    networks = {
        role: drawn(shape, 10 + i, pixels[:256, :256])
        for i, (role, shape) in enumerate(shapes.items())
    }
    folder = bench.folder / "models"
    folder.mkdir()
    write_manifest(
        folder,
        {role: bench.converted(network, f"models/{role}") for role, network in networks.items()},
    )
    for channel in ("BF", "PC", "DIC", "confocal"):
        bench.check(f"routing_{channel}", folder, networks, pixels, channel, "fast")


def write_manifest(folder, files):
    models = {}
    for role, file in files.items():
        with safe_open(file, framework="pt") as opened:
            record = json.loads(opened.metadata()["light_my_cells"])
        models[role] = {
            "file": file.name,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
            "architecture": record["architecture"],
            "trained": record["trained"],
        }
    (folder / "manifest.json").write_text(json.dumps({"format": 1, "models": models}))


CHECKS = {
    "generator": check_generator,
    "unetpp": check_unetpp,
    "dynamic": check_dynamic,
    "routing": check_routing,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("image", type=Path)
    parser.add_argument("--lmc", type=Path, required=True, help="the program to check")
    parser.add_argument("--only", nargs="*", choices=CHECKS, default=list(CHECKS))
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    image = imagecodecs.imread(arguments.image)
    if image.ndim != 2 or image.dtype != np.uint16:
        raise ValueError(f"{arguments.image}: {image.dtype} {image.shape}, expected grey 16-bit")
    failures = 0
    for name in arguments.only:
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(arguments.lmc, Path(folder), image, arguments.threads)
            CHECKS[name](bench)
            failures += bench.failures
    print(f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

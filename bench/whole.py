# SPDX-License-Identifier: Apache-2.0
"""Times whole images from process start to exit, the programs in turn: whole.py --help.

`lmc predict` with its engine, with LibTorch's layers, and the Python reference read one OME-TIFF and
write four. Images are cut from, or mirrored out of, the project's bright field sample.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import tifffile

from compare import NETWORKS, weights_of

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "test_inputs/bright_field/images/organelles-transmitted-light-ome-tiff"


def make_image(path, size):
    """A bright field image of size x size pixels."""
    sample = tifffile.imread(next(SAMPLES.glob("*.tiff")))
    missing = [max(size - n, 0) for n in sample.shape]
    grey = np.pad(sample, [(0, n) for n in missing], mode="symmetric")[:size, :size]
    metadata = {"axes": "YX", "Channel": {"Name": "BF"}, "PhysicalSizeX": 0.11, "PhysicalSizeY": 0.11}
    tifffile.imwrite(path, grey, ome=True, metadata=metadata)


def timed(command):
    """Seconds, processor seconds and peak memory of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command[0]} ended with {status}")
    return {
        "s": seconds,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_bytes": 1024 * usage.ru_maxrss,
    }


def largest_difference(ours, theirs):
    """Grey values, over all organelles."""
    largest = 0
    for path in sorted(theirs.glob("*.tiff")):
        organelle = path.name.split(".")[0]
        own = next(p for p in ours.glob("*.tif*") if organelle in p.name.lower())
        difference = tifffile.imread(own).astype(np.int64) - tifffile.imread(path).astype(np.int64)
        largest = max(largest, int(np.abs(difference).max()))
    return largest


def compare(name, size, options):
    weights = weights_of(name, options.program, options.folder)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        image = folder / "image.ome.tiff"
        make_image(image, size)
        ours = [options.lmc, "predict", "-i", image, "-m", weights, "--preset", options.preset]
        ours += ["--threads", options.threads, "--device", "cpu", "--overwrite", "-o"]
        python = [sys.executable, HERE / "whole_case.py", image, weights, folder / "python"]
        commands = {
            "engine": [*ours, folder / "engine", "--engine", "fast"],
            "plain module": [*ours, folder / "plain", "--engine", "torch"],
            "python": [*python, options.preset, options.threads],
        }
        runs = {program: [] for program in commands}
        for _ in range(options.rounds):
            for program, command in commands.items():
                runs[program].append(timed(command))
        difference = largest_difference(folder / "engine", folder / "python")
    result = {
        program: {
            key: statistics.median(run[key] for run in of) for key in ("s", "cpu_s", "peak_bytes")
        }
        | {
            ratio: statistics.median(
                theirs[key] / own[key] for theirs, own in zip(of, runs["engine"], strict=True)
            )
            for ratio, key in (("ratio", "s"), ("cpu_ratio", "cpu_s"))
        }
        for program, of in runs.items()
    }
    return {
        "network": name, "size": size, "preset": options.preset, "rounds": options.rounds,
        "threads": options.threads, "largest_grey_difference": difference, "programs": result,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="lmc_bench_peer, which writes weights by formula")
    parser.add_argument("lmc")
    parser.add_argument("folder", type=Path, help="for weights and results")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=["demo_bright_field"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[512])
    parser.add_argument("--preset", default="paper", choices=("paper", "balanced", "fast"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    for name in options.networks:
        for size in options.sizes:
            print(f"{name}, {size} x {size} ...", file=sys.stderr, flush=True)
            result = compare(name, size, options)
            file = options.folder / f"whole_{name}_{size}.json"
            file.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Times whole runs of `lmc train` on simulated fields, data loading included: training_loop.py --help."""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent / "workflows/demo_weights"
# Each reads planes of 2 MB from files with a cache, and without one anew for every crop.
RUNS = {
    "pix2pix_demo": ("bright_field.json", 4096, 30),
    "unetpp_demo": ("unified.json", 4096, 40),
    "pix2pix_demo_uncached": ("bright_field.json", 0, 30),
    "unetpp_demo_uncached": ("unified.json", 0, 40),
}
SAID = re.compile(
    r"(?P<steps>\d+) steps took (?P<seconds>[\d.]+) s, (?P<crops_a_second>[\d.]+) crops a second, "
    r"(?P<waiting_percent>[\d.]+) % of it waiting for data"
)


def simulated(lmc, folder):
    data = folder / "simulated"
    if not data.exists():
        command = [lmc, "simulate", "-o", data, "--fields", "16", "--planes", "3", "--seed", "11"]
        subprocess.run(command, check=True)
    return data


def write_configuration(name, data, options):
    source, cache, steps = RUNS[name]
    configuration = json.loads((DEMO / source).read_text())
    configuration["optimiser"] |= {"constant_epochs": 1, "decay_epochs": 0, "steps_per_epoch": steps}
    configuration["data"]["sources"] = [{"path": str(data), "validation_fraction": 0}]
    configuration["data"]["cache_megabytes"] = cache
    configuration["compute"] = {"threads": options.threads, "device": "cpu"}
    path = options.folder / f"loop_{name}_configuration.json"
    path.write_text(json.dumps(configuration))
    return path


def timed_run(name, data, options):
    configuration = write_configuration(name, data, options)
    run = options.folder / f"run_{name}"
    command = [options.lmc, "train", configuration, "-o", run, "--overwrite"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        output = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    found = SAID.search(output)
    if process.returncode != 0 or not found:
        sys.exit(f"{output}\n{name}: lmc train ended with {process.returncode}")
    return {
        "case": name.removesuffix("_uncached"), "cache_megabytes": RUNS[name][1],
        "threads": options.threads, **{key: float(value) for key, value in found.groupdict().items()},
        "peak_bytes": 1024 * usage.ru_maxrss,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lmc")
    parser.add_argument("folder", type=Path, help="for the fields, runs and results")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    data = simulated(options.lmc, options.folder)
    for name in RUNS:
        print(f"lmc train, {name} ...", file=sys.stderr, flush=True)
        result = timed_run(name, data, options)
        (options.folder / f"loop_{name}.json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()

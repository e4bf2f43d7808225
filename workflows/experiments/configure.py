#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the configuration of one training run, for `lmc train`.

    configure.py EXPERIMENT SEED [MODALITY] [LENGTH]

EXPERIMENT is a key of experiments.json, whose values replace those of its "base". MODALITY (BF, PC, DIC) is for the
experiments that train one network per modality. LENGTH multiplies the number of steps (1). Needs nothing but Python.
"""

import json
import pathlib
import sys


def merged(base, changes):
    """`base` with `changes`; objects are merged, except "network", which is replaced."""
    result = dict(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and key != "network" and key in base
        result[key] = merged(base[key], value) if both else value
    return result


def main():
    if not 3 <= len(sys.argv) <= 5:
        sys.exit(__doc__)
    name, seed = sys.argv[1:3]
    modality = sys.argv[3] if len(sys.argv) > 3 else ""
    length = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    experiments = json.loads((pathlib.Path(__file__).parent / "experiments.json").read_text())
    configuration = merged(experiments["base"], experiments[name])
    configuration["seed"] = int(seed)
    configuration["optimiser"]["steps_per_epoch"] *= length
    if configuration["strategy"] == "separate":
        configuration["modality"] = modality
    if "initial_weights" in configuration:
        configuration["initial_weights"] = configuration["initial_weights"].format(seed=seed)
    print(json.dumps(configuration, indent=2))


if __name__ == "__main__":
    main()

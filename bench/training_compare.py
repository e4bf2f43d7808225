# SPDX-License-Identifier: Apache-2.0
"""Times an optimisation step of lmc and of PyTorch on the same batch, in turn: training_compare.py --help.

Both start from the same weights and drop the same values, so their losses agree until rounding has
grown. Rounds and ratios are those of compare.py.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from compare import Peer, run_rounds, times_of
from safetensors.numpy import save_file

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent / "workflows/demo_weights"
# What a balanced batch of the public set's kind holds: a sample from each organelle's list, nearly
# all with a nucleus. Rows are samples, columns mitochondria, nucleus, tubulin, actin.
BALANCED = [[1, 1, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 1, 1, 1]]
COMMON = [[1, 1, 0, 0]]
COMPARED_STEPS = 3


@dataclass(frozen=True)
class Case:
    configuration: Path | dict
    crop: int
    labelled: list
    rounds: int


PAPER = {
    "network": {"network": "generator", "filters": 64, "blocks": 9},
    "discriminator": {"network": "discriminator", "filters": 64},
}
CASES = {
    "pix2pix_demo": Case(DEMO / "bright_field.json", 192, BALANCED, 7),
    "unetpp_demo": Case(DEMO / "unified.json", 192, BALANCED, 9),
    "pix2pix_paper": Case(PAPER, 256, COMMON, 3),
}


def complete_configuration(case, lmc, folder):
    source = case.configuration
    if isinstance(source, dict):
        source = folder / "given.json"
        source.write_text(json.dumps(case.configuration))
    command = [lmc, "train", source, "--print-config"]
    path = folder / "configuration.json"
    path.write_text(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return path


def write_batch(case, path):
    random = np.random.default_rng(1)
    labelled = np.array(case.labelled, np.uint8)
    samples = len(labelled)
    planes = (samples, 4, case.crop, case.crop)
    tensors = {
        "light": random.uniform(-1, 1, (samples, 1, case.crop, case.crop)),
        "labels": random.uniform(-1, 1, planes),
        "masks": random.choice([0.1, 1.0], planes),
        "codes": np.tile([0.0, 0.0, 1.0], (samples, 1)),
    }
    save_file({n: t.astype(np.float32) for n, t in tensors.items()} | {"labelled": labelled}, path)


def start_peers(name, options):
    case = CASES[name]
    folder = options.folder / name
    folder.mkdir(parents=True, exist_ok=True)
    configuration = complete_configuration(case, options.lmc, folder)
    batch, weights = folder / "batch.safetensors", folder / "weights.safetensors"
    write_batch(case, batch)
    ours = [options.program, "--configuration", configuration]
    subprocess.run([*ours, "--write-weights", weights], check=True)
    common = ["--batch", batch, "--threads", options.threads]
    python = [sys.executable, HERE / "training_peer.py", "--configuration", configuration]
    return [
        Peer("lmc", [*ours, *common]),
        Peer("torch", [*python, "--weights", weights, *common]),
    ]


def flat(losses):
    """{"loss": 3, "nucleus": {"l1": 1}} as {"loss": 3, "nucleus.l1": 1}"""
    pairs = {}
    for key, value in losses.items():
        nested = flat(value) if isinstance(value, dict) else {}
        pairs |= {f"{key}.{k}": v for k, v in nested.items()} or {key: value}
    return pairs


def largest_difference(ours, theirs):
    """Relative, over all losses of a step."""
    ours, theirs = flat(ours["losses"]), flat(theirs["losses"])
    if ours.keys() != theirs.keys():
        sys.exit(f"the steps have different losses: {sorted(ours)} and {sorted(theirs)}")
    return max(abs(ours[key] / theirs[key] - 1) for key in ours)


def compare(name, options):
    case = CASES[name]
    peers = start_peers(name, options)
    rounds = options.rounds or case.rounds
    first = run_rounds(peers, rounds)
    steps = [[one, *peer.runs][:COMPARED_STEPS] for one, peer in zip(first, peers, strict=True)]
    result = {
        "case": name, "batch": len(case.labelled), "crop": case.crop, "rounds": rounds,
        "loss_differences": [largest_difference(*pair) for pair in zip(*steps, strict=True)],
        "peers": {peer.name: times_of(peer, peers[0]) for peer in peers},
    }
    for peer in peers:
        peer.close()
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="lmc_training_peer")
    parser.add_argument("lmc")
    parser.add_argument("folder", type=Path, help="for weights, batches and results")
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--rounds", type=int, help="default: as many as a case needs")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    for name in options.cases:
        print(f"{name} ...", file=sys.stderr, flush=True)
        result = compare(name, options)
        (options.folder / f"step_{name}.json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()

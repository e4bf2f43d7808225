# SPDX-License-Identifier: Apache-2.0
"""Times the CPU engine and its peers on the same window, in turn: compare.py --help.

Each peer is a process of its own that holds the network and computes only when it is asked to, so
that a round measures all of them within seconds of each other: on a machine that does other work
besides, only such ratios mean anything.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
TOP = HERE.parent
UNETPP = {"network": "unet++"}
NETWORKS = {
    "generator_64_9": {"network": "generator", "filters": 64, "blocks": 9},
    "generator_64_12": {"network": "generator", "filters": 64, "blocks": 12},
    "unetpp_resnext101": UNETPP,
    "demo_bright_field": TOP / "weights/bright_field.safetensors",
    "demo_unified": TOP / "weights/unified.safetensors",
}
# Threads that wait spinning for the next layer stop after some milliseconds.
PAUSE_S = 0.3


class Peer:
    """A process that answers a line with a line."""

    def __init__(self, name, command):
        self.name = name
        self.runs = []
        self.process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.about = self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} ended with {self.process.wait()}")
        return json.loads(line)

    def ask(self, request):
        self.process.stdin.write(request + "\n")
        self.process.stdin.flush()
        return self.read()

    def result(self, path):
        self.ask(f"save {path}")
        return np.fromfile(path, np.float32)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def random_window(path, size):
    grey = np.random.default_rng(1).uniform(-1, 1, (size, size)).astype(np.float32)
    grey.tofile(path)


def weights_of(name, program, folder):
    """The network's weights file, made by formula where it is not one of the project's."""
    network = NETWORKS[name]
    if isinstance(network, Path):
        return network
    path = folder / f"{name}.safetensors"
    if not path.exists():
        command = [program, "--weights", path, "--write", json.dumps(network)]
        subprocess.run(list(map(str, command)), check=True)
    return path


def start_peers(name, options, folder):
    window = folder / "window.f32"
    random_window(window, options.size)
    weights = weights_of(name, options.program, folder)
    onnx = folder / f"{name}_{options.size}.onnx"
    python = [sys.executable, HERE / "peer.py"]
    if not onnx.exists():
        export = [*python, "export", "--weights", weights, "--onnx", onnx, "--size", options.size]
        subprocess.run(list(map(str, export)), check=True, stdout=sys.stderr)
    common = ["--weights", weights, "--window", window, "--threads", options.threads]
    ours = [options.program, *common, "--height", options.size, "--width", options.size]
    if options.instruction_set:
        ours += ["--instruction-set", options.instruction_set]
    theirs = [*common, "--size", options.size, "--onnx", onnx]
    return [
        Peer("engine", ours),
        Peer("plain module", [*ours, "--torch"]),
        *(Peer(p, [*python, p, *theirs]) for p in ("torch", "onnxruntime", "openvino")),
    ]


def run_rounds(peers, rounds):
    """All peers once in each round, after a run that warms up. Returns what those said."""
    first = [peer.ask("run") for peer in peers]
    for _ in range(rounds):
        for peer in peers:
            peer.runs.append(peer.ask("run"))
            time.sleep(PAUSE_S)
    return first


def times_of(peer, engine):
    """Medians; ratios are medians of the rounds' ratios."""
    ratio = {
        key: statistics.median(
            theirs[key] / ours[key] for theirs, ours in zip(peer.runs, engine.runs, strict=True)
        )
        for key in ("ms", "cpu_ms")
    }
    return {
        **peer.about,
        "ms": statistics.median(run["ms"] for run in peer.runs),
        "cpu_ms": statistics.median(run["cpu_ms"] for run in peer.runs),
        "ratio": ratio["ms"],
        "cpu_ratio": ratio["cpu_ms"],
        **peer.ask("memory"),
    }


def summary(peer, engine, exact, folder):
    result = peer.result(folder / "result.f32")
    return {**times_of(peer, engine), "max_difference": float(np.abs(result - exact).max())}


def compare(name, options, folder):
    peers = start_peers(name, options, folder)
    run_rounds(peers, options.rounds)
    exact = peers[1].result(folder / "result.f32")
    results = {peer.name: summary(peer, peers[0], exact, folder) for peer in peers}
    for peer in peers:
        peer.close()
    return {"network": name, "size": options.size, "rounds": options.rounds, "peers": results}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="lmc_bench_peer")
    parser.add_argument("folder", type=Path, help="for weights, exports and results")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--instruction-set", help="of the engine: AVX3, AVX2, SSE4")
    options = parser.parse_args()
    for name in options.networks:
        print(f"{name} ...", file=sys.stderr, flush=True)
        result = compare(name, options, options.folder)
        (options.folder / f"windows_{name}.json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()

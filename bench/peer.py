# SPDX-License-Identifier: Apache-2.0
"""One side of a benchmark in Python; the protocol of bench_peer.cpp.

    peer.py torch|onnxruntime|openvino --weights FILE --window FILE --size 512 --threads 2 [--onnx FILE]
    peer.py export --weights FILE --onnx FILE --size 512

The network is the one that tests/python/reference/networks.py states again from the paper.
"""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests/python/reference"))


def load(path):
    from pipeline import load_model

    return load_model(path)[0]


def export(options):
    import torch

    window = torch.zeros(1, 1, options.size, options.size)
    torch.onnx.export(
        load(options.weights), (window,), options.onnx, dynamo=False, opset_version=17,
        input_names=["window"], output_names=["organelles"],
    )


def torch_peer(options):
    import torch

    torch.set_num_threads(options.threads)
    network = load(options.weights)

    def run(window):
        with torch.inference_mode():
            return network(torch.from_numpy(window)).numpy()

    return run, torch.__version__


def onnxruntime_peer(options):
    import onnxruntime

    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    session = onnxruntime.InferenceSession(
        options.onnx, settings, providers=["CPUExecutionProvider"]
    )
    return lambda window: session.run(None, {"window": window})[0], onnxruntime.__version__


def openvino_peer(options):
    import openvino

    # Its default on AVX-512 machines with bf16 would be bf16; the others compute in float32.
    settings = {
        "INFERENCE_NUM_THREADS": options.threads,
        "INFERENCE_PRECISION_HINT": "f32",
        "PERFORMANCE_HINT": "LATENCY",
    }
    network = openvino.Core().compile_model(options.onnx, "CPU", settings)
    return lambda window: network(window)[0], openvino.__version__


PEERS = {"torch": torch_peer, "onnxruntime": onnxruntime_peer, "openvino": openvino_peer}


def answer(**values):
    print(json.dumps(values), flush=True)


def timed(function):
    """What the function returns, and the time that it took."""
    start, cpu_start = time.perf_counter(), time.process_time()
    result = function()
    passed, cpu = time.perf_counter() - start, time.process_time() - cpu_start
    return result, {"ms": 1e3 * passed, "cpu_ms": 1e3 * cpu}


def peak_bytes():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def serve(options):
    window = np.fromfile(options.window, np.float32)
    window = window.reshape(1, 1, options.size, options.size)
    run, version = PEERS[options.peer](options)
    answer(engine=options.peer, version=version, threads=options.threads)
    result = None
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        if command == "run":
            result, times = timed(lambda: run(window))
            answer(**times)
        elif command == "memory":
            answer(peak_bytes=peak_bytes())
        elif command == "save":
            np.ascontiguousarray(result, np.float32).tofile(argument)
            answer(saved=argument)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=[*PEERS, "export"])
    parser.add_argument("--weights")
    parser.add_argument("--window")
    parser.add_argument("--onnx")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    export(options) if options.peer == "export" else serve(options)


if __name__ == "__main__":
    main()

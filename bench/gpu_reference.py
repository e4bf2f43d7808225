# SPDX-License-Identifier: Apache-2.0
"""Times a network in PyTorch on a GPU, as the published Python code runs it: eager, NCHW, TF32 convolutions.

gpu_reference.py REFERENCE_FOLDER [--network unet++ | --blocks N] ...   REFERENCE_FOLDER holds networks.py and formula_weights.py.
Prints JSON: milliseconds a window for every batch size, and seconds for a whole image on the GPU with the
paper's windows (overlap 0.8, four rotations), blended on the GPU with the best of these batch sizes.
For information also half precision by autocast with channels_last, which PyTorch's users would try.
"""

import argparse
import json
import statistics
import sys
import time

import torch


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference")
    parser.add_argument("--network", choices=("generator", "unet++"), default="generator")
    parser.add_argument("--layers", default="3,4,23,3", help="of the UNet++'s encoder: resnext101")
    parser.add_argument("--filters", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=12)
    parser.add_argument("--window", type=int, default=512)
    parser.add_argument("--image", type=int, default=2048, help="side of the whole image; 0: none")
    parser.add_argument("--batches", default="1,4,16")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=5)
    parser.add_argument("--device", default="cuda")
    return parser.parse_args()


def wait(device):
    if device.type == "cuda":
        torch.cuda.synchronize()


def milliseconds(run, windows, calls):
    """Milliseconds a window over several calls."""
    run(windows)
    wait(windows.device)
    start = time.perf_counter()
    for _ in range(calls):
        run(windows)
    wait(windows.device)
    return 1e3 * (time.perf_counter() - start) / (calls * len(windows))


def time_batches(run, options, device, layout):
    result = {}
    for batch in map(int, options.batches.split(",")):
        windows = torch.rand(batch, 1, options.window, options.window, device=device) * 2 - 1
        windows = windows.contiguous(memory_format=layout)
        runs = [milliseconds(run, windows, options.calls) for _ in range(options.rounds)]
        result[batch] = statistics.median(runs)
    return result


def starts(size, window, interval):
    return [*range(0, size - window, interval), size - window]


def sliding_window(run, plane, window, batch):
    """The blended windows of a plane [height, width], all on the plane's device."""
    interval = int(window * (1 - 0.8))
    places = [
        (y, x)
        for y in starts(plane.shape[0], window, interval)
        for x in starts(plane.shape[1], window, interval)
    ]
    line = torch.exp(-(((torch.arange(window) - window / 2) / (window / 8)) ** 2) / 2)
    weights = torch.outer(line, line).clamp(min=1e-3).to(plane.device)
    total = plane.new_zeros(4, *plane.shape)
    weight = plane.new_zeros(plane.shape)
    for first in range(0, len(places), batch):
        some = places[first : first + batch]
        windows = torch.stack([plane[None, y : y + window, x : x + window] for y, x in some])
        for (y, x), prediction in zip(some, run(windows)):
            total[:, y : y + window, x : x + window] += prediction * weights
            weight[y : y + window, x : x + window] += weights
    return total / weight


def whole_image(run, side, window, batch, device):
    plane = torch.rand(side, side, device=device) * 2 - 1
    wait(device)
    start = time.perf_counter()
    turned = [
        torch.rot90(sliding_window(run, torch.rot90(plane, k), window, batch), -k, (1, 2))
        for k in range(4)
    ]
    torch.stack(turned).mean(0).cpu()
    return time.perf_counter() - start


def main():
    options = arguments()
    sys.path.insert(0, options.reference)
    from formula_weights import UNETPP_GAINS, fill
    from networks import GeneratorShape, UnetppShape, build

    device = torch.device(options.device)
    if options.network == "generator":
        network = fill(build(GeneratorShape(options.filters, options.blocks)), {})
    else:
        shape = UnetppShape(layers=tuple(map(int, options.layers.split(","))))
        network = fill(build(shape), UNETPP_GAINS)
    network.to(device)

    @torch.inference_mode()
    def reference(windows):
        return network(windows)

    eager = time_batches(reference, options, device, torch.contiguous_format)
    best = min(eager, key=eager.get)
    image = options.image and whole_image(reference, options.image, options.window, best, device)
    network.to(memory_format=torch.channels_last)

    @torch.inference_mode()
    def autocast(windows):
        with torch.autocast(device.type, torch.float16):
            return network(windows)

    half = time_batches(autocast, options, device, torch.channels_last)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"
    result = {
        "gpu": name,
        "torch": torch.__version__,
        "tf32": torch.backends.cudnn.allow_tf32,
        "ms": eager,
        "best_batch": best,
        "image_s": image,
        "autocast_channels_last_ms": half,
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()

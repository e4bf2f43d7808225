# SPDX-License-Identifier: Apache-2.0
"""Checks this reference against numbers of the authors' published code.

    python verify.py FIXTURES [--full-size]

FIXTURES is a folder with manifest.json, images/, nets/ and inference/ as its README describes
them. Networks get the formula weights. Networks have to agree within ten times the float32 noise
that the manifest states, everything else within the bounds named below. Ends with exit code 1 if
anything does not, or if nothing was checked.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import tifffile
import torch
from safetensors.torch import load_file

import formula_weights
import pipeline
from networks import ControlledStem, Generator, GeneratorShape, UnetppShape, build

NETWORKS = {
    "generator_small": GeneratorShape(8, 2),
    "generator_small_batchnorm": GeneratorShape(8, 2, batch_norm=True),
    "generator_dynamic_small": GeneratorShape(8, 2, dynamic=True),
    "generator_9blocks": GeneratorShape(64, 9),
    "generator_12blocks": GeneratorShape(64, 12),
    "unetpp_small": UnetppShape((1, 1, 1, 1), 32, 4),
    "unetpp_dynamic_small": UnetppShape((1, 1, 1, 1), 32, 4, dynamic=True),
    "unetpp_full": UnetppShape(),
    "unetpp_dynamic_full": UnetppShape(dynamic=True),
}
FULL_SIZE = ("generator_9blocks", "generator_12blocks", "unetpp_full", "unetpp_dynamic_full")
BLENDED = 2e-6  # ten times the float32 spacing at 1 or above
GREY = 0.3  # of 65535: about ten times the small generator's own float32 noise, 1e-6 x 65535/2
SLIDING_PREDICTOR = {
    "a": np.float32([0.7, -0.5, 0.3, 1.0]),
    "b": np.float32([0.2, 0.4, -0.6, 0.0]),
    "c": np.float32([0, 0.25, -0.1, 0.05]),
}


class Report:
    def __init__(self):
        self.checks = self.failures = 0

    def compare(self, what, mine, expected, bound):
        mine, expected = np.asarray(mine, np.float64), np.asarray(expected, np.float64)
        if mine.shape != expected.shape:
            raise ValueError(f"{what}: shape {mine.shape}, expected {expected.shape}")
        difference = float(np.abs(mine - expected).max())
        good = difference <= bound
        self.checks += 1
        self.failures += not good
        print(f"{'ok' if good else 'FAIL':4} {what:62} {difference:.2e} (allowed {bound:.2e})")


def formula_network(name):
    gains = formula_weights.UNETPP_GAINS if name.startswith("unetpp") else {}
    return formula_weights.fill(build(NETWORKS[name]), gains)


def network_results(network, windows, codes):
    """Everything a fixture may hold, by the fixture's tensor names without `_sub`."""
    with torch.inference_mode():
        results = {"output": network(windows, codes)}
        if isinstance(network, Generator):
            results["trunk"] = network.trunk(windows, codes)
            return results
        encoder = network.encoder.encoder if codes is not None else network.encoder
        features = encoder(windows, codes)
        results |= {f"feature{i + 1}": feature for i, feature in enumerate(features)}
        if isinstance(encoder.conv1, ControlledStem):
            results["conv1"] = encoder.conv1(windows, codes)
            scale, bias = encoder.conv1.factors(codes)
            results |= {"weight_scale": scale, "bias_scale": bias}
    return results


def matching_part(name, results, fixture):
    base = name.removesuffix("_sub")
    strides = fixture.get("strides", {})
    if name == "output_row":
        return results["output"][:, :, int(strides[name].split("=")[1])]
    if name == "output_corner":
        return results["output"][:, :, :16, :16]
    if name in strides:
        return results[base][tuple(slice(None, None, step) for step in strides[name])]
    return results[base]


def check_network(report, folder, fixture, image):
    expected = load_file(folder / fixture["file"])
    windows = np.stack([image[y : y + h, x : x + w] for y, x, h, w in fixture["windows"]])
    windows = torch.from_numpy(windows)[:, None]
    codes = expected.pop("codes", None)
    if codes is not None:
        codes = codes.float()
        windows = windows.expand(len(codes), -1, -1, -1)
    results = network_results(formula_network(fixture["net"]), windows, codes)
    results["input"] = windows if codes is None else windows[:1]
    for name, tensor in expected.items():
        part = matching_part(name, results, fixture)
        if name in ("weight_scale", "bias_scale"):
            part = part.reshape(tensor.shape)
        # The noise is that of the output, in [-1, 1]; inner results are larger, and so is theirs.
        bound = 10 * fixture["fp64_difference"]["max"] * max(1, float(tensor.abs().max()))
        report.compare(f"{fixture['id']}: {name}", part, tensor, bound)


def check_windows(report, folder):
    for case in json.loads((folder / "inference/window_starts.json").read_text()):
        starts = pipeline.window_starts(case["image"], case["roi"], case["overlap"])
        before, after = pipeline.padding(case["image"], case["roi"])
        what = f"windows of {case['image']} at {case['roi']}, overlap {case['overlap']}"
        same = (starts, before, after) == (case["starts"], case["pad_before"], case["pad_after"])
        report.compare(what, not same, False, 0)


def check_weight_maps(report, folder):
    expected = load_file(folder / "inference/weight_maps.safetensors")
    for ours, theirs in (("monai-0.9", "0.9.0"), ("monai-1", "1.x")):
        # 0.9 is reproduced to the last bit; of its successor's exponentials the last bits differ.
        bound = 0 if ours == "monai-0.9" else 3e-7
        small, large = (pipeline.blend_weights(size, ours) for size in (64, 512))
        report.compare(f"weights 64 {theirs}", small, expected[f"map64_{theirs}"], bound)
        parts = {f"row{y}": large[y] for y in (0, 128, 256)}
        parts |= {"diagonal": large.diagonal(), "sub8": large[::8, ::8]}
        for part, mine in parts.items():
            report.compare(
                f"weights 512 {part} {theirs}", mine, expected[f"map512_{part}_{theirs}"], bound
            )


def sliding_predictor(window):
    height, width = window.shape
    ry = (np.arange(height, dtype=np.float32) / np.float32(height - 1))[:, None]
    rx = (np.arange(width, dtype=np.float32) / np.float32(width - 1))[None, :]
    ramp = np.float32(0.3) * ry + np.float32(0.1) * rx * rx
    a, b, c = (SLIDING_PREDICTOR[key][:, None, None] for key in "abc")
    return a * window + b * np.roll(window, 3, axis=1) + ramp + c


def check_sliding_windows(report, folder, manifest):
    expected = load_file(folder / "inference/sliding_window.safetensors")
    versions = {"0.9.0": "monai-0.9", "1.x": "monai-1", "both": "constant"}
    for case in manifest["sliding_window"]["cases"]:
        options = pipeline.Windowing(case["roi"], case["overlap"], 1, versions[case["version"]])
        blended = pipeline.slide(expected[case["image"]].numpy(), sliding_predictor, options)
        steps = tuple(slice(None, None, step) for step in case["stride"])
        report.compare(f"sliding {case['name']}", blended[steps], expected[case["name"]], BLENDED)


def check_rotations(report, folder, manifest):
    images = load_file(folder / "inference/sliding_window.safetensors")
    expected = load_file(folder / "inference/tta.safetensors")
    options = pipeline.Windowing(window=64)
    for case in manifest["tta"]["cases"]:
        image = images[case["image"].split()[0]].numpy()
        mean = pipeline.average_rotations(image, sliding_predictor, options)
        steps = tuple(slice(None, None, step) for step in case["stride"])
        report.compare(case["name"], mean[steps], expected[case["name"]], BLENDED)


def check_pipeline(report, folder, manifest):
    expected = load_file(folder / "inference/pipeline_small.safetensors")
    models = {"phase_contrast": (formula_network("generator_small"), "none")}
    options = pipeline.Windowing(window=64)
    for case in manifest["pipeline_small"]["cases"]:
        pixels = expected[f"{case['name']}_input_u16"].numpy()
        planes = pipeline.predict(pixels, "PC", models, options)
        stacked = np.stack([planes[organelle] for organelle in pipeline.ORGANELLES])
        report.compare(
            f"pipeline {case['name']}", stacked, expected[f"{case['name']}_output"], GREY
        )


def check_scaling(report, folder):
    expected = load_file(folder / "inference/scaling.safetensors")
    unit = pipeline.scale(np.arange(65536, dtype=np.uint16))
    report.compare("scaling to [-1, 1]", unit, expected["to_unit"], 0)
    report.compare("scaling back", pipeline.unscale(unit), expected["back"], 0)
    free = pipeline.unscale(expected["free_in"].numpy())
    report.compare("scaling back, beyond [-1, 1]", free, expected["free_out"], 0)
    zscored = pipeline.normalise(pipeline.scale(expected["zscore_in"].numpy()), "zscore")
    report.compare("z-score", zscored, expected["zscore_out"], 2e-6)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("fixtures", type=Path)
    parser.add_argument("--full-size", action="store_true", help="also the paper's network sizes")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    folder = arguments.fixtures
    manifest = json.loads((folder / "manifest.json").read_text())
    report = Report()
    check_windows(report, folder)
    check_weight_maps(report, folder)
    check_scaling(report, folder)
    check_sliding_windows(report, folder, manifest["inference"])
    check_rotations(report, folder, manifest["inference"])
    check_pipeline(report, folder, manifest["inference"])
    image = pipeline.scale(tifffile.imread(folder / "images/phase_contrast_512.tiff"))
    for fixture in manifest["nets"].values():
        net = fixture["net"]
        if net in NETWORKS and (arguments.full_size or net not in FULL_SIZE):
            check_network(report, folder, fixture, image)
    print(f"{report.checks} checks, {report.failures} failures")
    return 1 if report.failures or not report.checks else 0


if __name__ == "__main__":
    sys.exit(main())

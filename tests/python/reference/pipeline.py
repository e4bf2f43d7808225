# SPDX-License-Identifier: Apache-2.0
"""The whole way from an OME-TIFF to four organelle planes, in numpy and PyTorch.

Written from the method's description, independently of the C++ code. Axes are (y, x); planes are
float32; predictions are on the scale 0..65535, neither rounded nor clamped. Nothing is written.
"""

import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

import numpy as np
import tifffile
import torch
from safetensors import safe_open

from networks import MODALITY_CODES, ORGANELLES, is_dynamic, network_of

OUTSIDE = np.float32(-1)  # what windows see beyond the image: a grey value of 0, scaled


@dataclass(frozen=True)
class Windowing:
    window: int = 512
    overlap: float = 0.8
    rotations: int = 4
    blending: str = "monai-0.9"
    sigma: float = 0.125  # fraction of the window


PRESETS = {
    "paper": Windowing(),
    "balanced": Windowing(overlap=0.5, rotations=2),
    "fast": Windowing(overlap=0.25, rotations=1),
}
QUARTER_TURNS = {1: (0,), 2: (0, 2), 4: (0, 1, 2, 3)}


def read_image(path):
    """Pixels uint16 [y, x] and modality ("BF", "PC", "DIC" or None) of a one-plane OME-TIFF."""
    with tifffile.TiffFile(path) as tiff:
        pixels = tiff.pages[0].asarray()
        description = tiff.ome_metadata
        planes = len(tiff.pages)
    if planes != 1 or pixels.ndim != 2 or pixels.dtype != np.uint16:
        raise ValueError(f"{path}: {planes} pages, {pixels.dtype} {pixels.shape}; one uint16 plane")
    return pixels, modality_of(description)


def modality_of(ome_xml):
    """The first of BF, PC and DIC that is a word of Channel@Name, else of Channel@Fluor."""
    if not ome_xml:
        return None
    channel = ElementTree.fromstring(ome_xml).find(".//{*}Channel")
    for attribute in ("Name", "Fluor"):
        words = re.findall(r"[A-Z]+", (channel.get(attribute) or "").upper())
        known = [word for word in words if word in MODALITY_CODES]
        if known:
            return known[0]
    return None


def scale(grey):
    """Grey values 0..65535 to [-1, 1]; float32 after every operation."""
    return grey.astype(np.float32) / np.float32(65535) * np.float32(2) - np.float32(1)


def unscale(x):
    return (x + np.float32(1)) / np.float32(2) * np.float32(65535)


def normalise(x, kind):
    """The model's own input normalisation; the published method has none."""
    if kind == "none":
        return x
    if kind == "zscore":
        deviation = x.std(dtype=np.float64)
        centred = x - x.mean(dtype=np.float64)
        return (centred / deviation if deviation > 0 else 0 * centred).astype(np.float32)
    if kind == "percentile":
        low, high = np.percentile(x.astype(np.float64), [2, 99.8])
        return (
            np.clip((x - low) / (high - low) * 2 - 1, -1, 1).astype(np.float32) if high > low else x
        )
    raise ValueError(f"unknown input normalisation {kind!r}")


def padding(size, window):
    """Pixels in front of and behind an axis that is shorter than the window."""
    missing = max(window - size, 0)
    return missing // 2, missing - missing // 2


def window_starts(size, window, overlap):
    """First pixels of the windows along an axis, within the padded axis."""
    padded = max(size, window)
    if padded == window:
        return [0]
    interval = max(int(window * (1 - overlap)), 1)
    starts = range(0, padded - window + interval, interval)
    return [min(start, padded - window) for start in starts]


def profile(window, sigma, version):
    """Blend weight along one axis, float32, before the two axes are multiplied."""
    if version == "monai-0.9":
        # float32 arguments, float32 erf, float32 difference: in double the map differs by 7e-6.
        t = torch.tensor(0.70710678 / sigma, dtype=torch.float32)
        j = torch.arange(window, dtype=torch.float32) - window // 2
        return (0.5 * (torch.erf(t * (j + 0.5)) - torch.erf(t * (j - 0.5)))).clamp(min=0).numpy()
    j = np.arange(window, dtype=np.float32) - np.float32((window - 1) / 2)
    return np.exp(-(j**2) / np.float32(2 * sigma**2)).astype(np.float32)


def blend_weights(window, version, sigma=0.125):
    if version == "constant":
        return np.ones((window, window), np.float32)
    line = profile(window, sigma * window, version)
    weights = line[:, None] * line[None, :]
    if version == "monai-0.9":
        weights = weights / weights.max()
    return np.maximum(weights, max(weights[weights > 0].min(), np.float32(1e-3)))


def slide(plane, predictor, options):
    """Windows over the plane, predicted one by one and blended: float32 [4, y, x].

    `predictor` maps a window [y, x] to [4, y, x].
    """
    height, width = plane.shape
    size = options.window
    pad = [padding(height, size), padding(width, size)]
    padded = np.pad(plane, pad, constant_values=OUTSIDE)
    weights = blend_weights(size, options.blending, options.sigma)
    total = np.zeros((len(ORGANELLES), *padded.shape), np.float32)
    weight_sum = np.zeros(padded.shape, np.float32)
    for top in window_starts(height, size, options.overlap):
        for left in window_starts(width, size, options.overlap):
            window = np.s_[top : top + size, left : left + size]
            total[:, *window] += weights * predictor(padded[window])
            weight_sum[window] += weights
    blended = total / weight_sum
    top, left = pad[0][0], pad[1][0]
    return blended[:, top : top + height, left : left + width]


def average_rotations(plane, predictor, options):
    """Test-time augmentation: the mean over the plane's rotations, each rotated back."""
    turns = QUARTER_TURNS[options.rotations]
    total = np.zeros((len(ORGANELLES), *plane.shape), np.float32)
    for k in turns:
        total += np.rot90(slide(np.rot90(plane, k), predictor, options), -k, axes=(1, 2))
    return total / np.float32(len(turns))


def window_predictor(network, modality):
    """`network` as a function of one window."""
    code = None
    if is_dynamic(network):
        code = torch.tensor([MODALITY_CODES[modality]], dtype=torch.float32)

    def predict(window):
        x = torch.from_numpy(np.ascontiguousarray(window))[None, None]
        with torch.inference_mode():
            return network(x, code)[0].numpy()

    return predict


def route(modality):
    """Role of the network that predicts each organelle."""
    own = {"BF": "bright_field", "PC": "phase_contrast", "DIC": "dic", None: "unified"}[modality]
    roles = dict.fromkeys(ORGANELLES, own)
    if modality == "DIC":
        roles["actin"] = "unified"  # no DIC image of the training data has actin
    return roles


def predict(pixels, modality, models, options):
    """Organelle name -> float32 [y, x] on the scale 0..65535.

    `models` maps a role to (network, input normalisation).
    """
    roles = route(modality)
    planes = {}
    for role in dict.fromkeys(roles.values()):
        network, normalisation = models[role]
        x = normalise(scale(pixels), normalisation)
        result = unscale(average_rotations(x, window_predictor(network, modality), options))
        for channel, organelle in enumerate(ORGANELLES):
            if roles[organelle] == role:
                planes[organelle] = result[channel]
    return planes


def load_model(path):
    """A weights file's network and the input normalisation that is recorded in it."""
    with safe_open(path, framework="pt") as file:
        record = json.loads(file.metadata()["light_my_cells"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    return network_of(tensors), record.get("input_normalization", "none")

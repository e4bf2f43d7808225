# SPDX-License-Identifier: Apache-2.0
"""Weights by formula: every value follows from its tensor's name and index, no file is needed.

    h = splitmix64(fnv1a64(name) + i mod 2^64),  v = 2 (h >> 40) / 2^24 - 1,  v in [-1, 1)

and v is scaled by the kind of tensor, see `values`. Computed in double, rounded once to float32.
"""

import math

import numpy as np
import torch
from torch import nn

# Products from left to right: another order may change the last bit of a float.
UNETPP_GAINS = {"bn3.weight": 0.25, "segmentation_head.0.weight": 2.0}


def fnv1a64(text):
    hashed = 0xCBF29CE484222325
    for byte in text.encode():
        hashed = ((hashed ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return hashed


def splitmix64(x):
    z = x + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def uniform(name, count):
    """`count` doubles in [-1, 1) of the tensor `name`."""
    with np.errstate(over="ignore"):
        hashed = splitmix64(np.arange(count, dtype=np.uint64) + np.uint64(fnv1a64(name)))
    return 2 * ((hashed >> np.uint64(40)).astype(np.float64) / 2.0**24) - 1


def values(module, tensor_name, full_name, shape, gain):
    v = uniform(full_name, math.prod(shape)).reshape(shape)
    if isinstance(module, nn.BatchNorm2d):
        return {
            "weight": lambda: gain * (1 + 0.1 * v),
            "bias": lambda: 0.1 * v,
            "running_mean": lambda: 0.1 * v,
            "running_var": lambda: 1 + 0.5 * np.abs(v),
            "num_batches_tracked": lambda: np.zeros(shape),
        }[tensor_name]()
    if tensor_name == "bias":
        return 0.1 * v
    if isinstance(module, nn.ConvTranspose2d):
        fan_in = shape[0] * shape[2] * shape[3] / 4
    else:
        fan_in = math.prod(shape[1:])
    return v * math.sqrt(3 / fan_in) * math.sqrt(2) * gain


def fill(network, gains):
    """Gives every parameter and buffer of `network` its formula value."""
    for module_name, module in network.named_modules():
        own = list(module.named_parameters(recurse=False)) + list(
            module.named_buffers(recurse=False)
        )
        for tensor_name, tensor in own:
            full_name = f"{module_name}.{tensor_name}"
            gain = next((g for end, g in gains.items() if full_name.endswith(end)), 1.0)
            filled = values(module, tensor_name, full_name, tuple(tensor.shape), gain)
            tensor.data.copy_(torch.from_numpy(np.asarray(filled)).to(tensor.dtype))
    return network

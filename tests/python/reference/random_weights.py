# SPDX-License-Identifier: Apache-2.0
"""Random networks whose outputs look like predictions: no plane is flat, few pixels saturate."""

import torch
from torch import nn

from networks import ControlledNorm, ControlledStem, Generator


def draw(network, generator):
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu", generator=generator)
            if module.bias is not None:
                module.bias.data.normal_(0, 0.1, generator=generator)
        elif isinstance(module, nn.BatchNorm2d):
            module.weight.data.normal_(1, 0.1, generator=generator)
            module.bias.data.normal_(0, 0.1, generator=generator)
    for module in network.modules():
        if isinstance(module, (ControlledNorm, ControlledStem)):
            # Factors around 1, different for every modality, yet of one network's working range.
            module.controller.weight.data *= 0.2
            module.controller.bias.data += 1


def damp_residuals(network):
    """Without this, sums over 33 residual blocks grow beyond any trained network's."""
    for name, parameter in network.named_parameters():
        if name.endswith("bn3.weight"):
            parameter.data *= 0.25


def settle_statistics(network, windows, code):
    """Running statistics of batch norms as training would leave them: those of an image."""
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.train()
        norm.momentum = None
    network(windows, code)
    for norm in norms:
        norm.eval()


def heads_of(network):
    """Convolutions in front of the final tanh, with the output channels each makes."""
    if isinstance(network, Generator):
        return [getattr(network, f"decoder{i}").decoder[7] for i in (1, 2, 3, 4)]
    return [network.segmentation_head[0]]


def spread_outputs(network, windows, code):
    """Rescales the heads so that the inputs of tanh have mean -0.3 and standard deviation 0.6."""
    for head in heads_of(network):
        before = []
        hook = head.register_forward_hook(lambda _, __, output, kept=before: kept.append(output))
        network(windows, code)
        hook.remove()
        dimensions = (0, 2, 3)
        factor = 0.6 / before[0].std(dimensions)
        head.weight.data *= factor[:, None, None, None]
        head.bias.data = (head.bias - before[0].mean(dimensions)) * factor - 0.3


def randomise(network, seed, windows):
    """Fills `network` from `seed`; `windows` [n, 1, height, width] is an image to settle it on."""
    generator = torch.Generator().manual_seed(seed)
    code = torch.tensor([[0.0, 0.0, 1.0]]).expand(len(windows), -1)
    with torch.no_grad():
        draw(network, generator)
        damp_residuals(network)
        settle_statistics(network, windows, code)
        spread_outputs(network, windows, code)
    return network

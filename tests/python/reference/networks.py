# SPDX-License-Identifier: Apache-2.0
"""The networks of arXiv 2406.15716 in PyTorch, for inference.

Written from the method's description, independently of the C++ code. Module names follow the
published state dictionaries, so that `load_state_dict(strict=True)` is the check of names and
shapes. Every network maps float32 [n, 1, height, width] in [-1, 1] to [n, 4, height, width] in
[-1, 1], channels mitochondria, nucleus, tubulin, actin.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

ORGANELLES = ("mitochondria", "nucleus", "tubulin", "actin")
MODALITY_CODES = {"BF": (0, 0, 1), "PC": (1, 0, 0), "DIC": (0, 1, 0)}


class ControlledNorm(nn.Module):
    """Instance norm whose scale and shift come from a 1x1 convolution of the modality code."""

    def __init__(self, channels):
        super().__init__()
        self.controller = nn.Conv2d(len(MODALITY_CODES), 2 * channels, 1)

    def forward(self, x, code):
        factors = self.controller(code[:, :, None, None])
        scale, shift = factors.chunk(2, dim=1)
        return functional.instance_norm(x) * scale + shift


def run(layers, x, code):
    """Calls layer after layer, the controlled ones with the modality code."""
    for layer in layers:
        x = layer(x, code) if isinstance(layer, ControlledNorm) else layer(x)
    return x


@dataclass(frozen=True)
class GeneratorShape:
    filters: int
    blocks: int
    batch_norm: bool = False
    dropout_layer: bool = True  # decides between the names conv_block.6 and conv_block.5
    dynamic: bool = False

    def norm(self, channels, controlled=False):
        if controlled and self.dynamic:
            return ControlledNorm(channels)
        return nn.BatchNorm2d(channels) if self.batch_norm else nn.InstanceNorm2d(channels)

    @property
    def bias(self):
        return not self.batch_norm


class ResidualBlock(nn.Module):
    def __init__(self, channels, shape):
        super().__init__()

        def half():
            return [
                nn.ReflectionPad2d(1),
                nn.Conv2d(channels, channels, 3, bias=shape.bias),
                shape.norm(channels),
            ]

        dropout = [nn.Dropout(0.5)] if shape.dropout_layer else []
        self.conv_block = nn.Sequential(*half(), nn.ReLU(), *dropout, *half())

    def forward(self, x):
        return x + self.conv_block(x)


class OrganelleDecoder(nn.Module):
    def __init__(self, shape):
        super().__init__()
        layers = []
        for channels in (4 * shape.filters, 2 * shape.filters):
            half = channels // 2
            layers += [
                nn.ConvTranspose2d(
                    channels, half, 3, stride=2, padding=1, output_padding=1, bias=shape.bias
                ),
                shape.norm(half),
                nn.ReLU(),
            ]
        layers += [nn.ReflectionPad2d(3), nn.Conv2d(shape.filters, 1, 7), nn.Tanh()]
        self.decoder = nn.Sequential(*layers)

    def forward(self, x):
        return self.decoder(x)


class Generator(nn.Module):
    """One encoder with residual blocks and a decoder for every organelle."""

    def __init__(self, shape):
        super().__init__()
        filters = shape.filters
        layers = [
            nn.ReflectionPad2d(3),
            nn.Conv2d(1, filters, 7, bias=shape.bias),
            shape.norm(filters, controlled=True),
            nn.ReLU(),
        ]
        for channels in (filters, 2 * filters):
            layers += [
                nn.Conv2d(channels, 2 * channels, 3, stride=2, padding=1, bias=shape.bias),
                shape.norm(2 * channels, controlled=True),
                nn.ReLU(),
            ]
        layers += [ResidualBlock(4 * filters, shape) for _ in range(shape.blocks)]
        self.encoder = nn.ModuleList(layers)
        for number in range(1, len(ORGANELLES) + 1):
            self.add_module(f"decoder{number}", OrganelleDecoder(shape))

    def trunk(self, x, code=None):
        return run(self.encoder, x, code)

    def forward(self, x, code=None):
        trunk = self.trunk(x, code)
        decoders = (getattr(self, f"decoder{i + 1}") for i in range(len(ORGANELLES)))
        return torch.cat([decoder(trunk) for decoder in decoders], dim=1)


@dataclass(frozen=True)
class UnetppShape:
    layers: tuple[int, ...] = (3, 4, 23, 3)
    groups: int = 32
    group_width: int = 16  # channels of a group in the first stage; doubles from stage to stage
    stem: int = 64  # the stages give out 4, 8, 16, 32 times as many channels
    decoder_channels: tuple[int, ...] = (256, 128, 64, 32, 16)
    dynamic: bool = False


class Bottleneck(nn.Module):
    """ResNeXt block: 1x1, grouped 3x3 (carries the stride), 1x1."""

    def __init__(self, channels, out, width, stride, groups):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride=stride, padding=1, groups=groups, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out)
        self.downsample = None
        if stride != 1 or channels != out:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, out, 1, stride=stride, bias=False), nn.BatchNorm2d(out)
            )

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.conv2(x)))
        return torch.relu(self.bn3(self.conv3(x)) + shortcut)


class ControlledStem(nn.Module):
    """7x7 stride-2 convolution; the modality code scales its kernels and biases, per sample."""

    def __init__(self, out):
        super().__init__()
        self.layer = nn.Conv2d(1, out, 7, stride=2, padding=3)
        self.controller = nn.Conv2d(len(MODALITY_CODES), 2 * out, 1)

    def factors(self, code):
        """Factors of the kernels [n, out, 1] and of the biases [n, out]."""
        kernels, biases = self.controller(code[:, :, None, None]).flatten(1).chunk(2, dim=1)
        return kernels[:, :, None], biases

    def forward(self, x, code):
        kernel_factors, bias_factors = self.factors(code)
        samples = []
        for i in range(len(x)):
            weight = self.layer.weight * kernel_factors[i][:, :, None, None]
            bias = self.layer.bias * bias_factors[i]
            samples.append(functional.conv2d(x[i : i + 1], weight, bias, stride=2, padding=3))
        return torch.cat(samples)


class ResNeXt(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.conv1 = (
            ControlledStem(shape.stem)
            if shape.dynamic
            else nn.Conv2d(1, shape.stem, 7, stride=2, padding=3, bias=False)
        )
        self.bn1 = nn.BatchNorm2d(shape.stem)
        channels = shape.stem
        for level, blocks in enumerate(shape.layers):
            out = 4 * shape.stem << level
            width = shape.groups * shape.group_width << level
            stage = []
            for block in range(blocks):
                stride = 2 if level > 0 and block == 0 else 1
                stage.append(Bottleneck(channels, out, width, stride, shape.groups))
                channels = out
            self.add_module(f"layer{level + 1}", nn.Sequential(*stage))
        self.stages = len(shape.layers)

    def forward(self, x, code=None):
        """Features at strides 2, 4, ... 32."""
        x = self.conv1(x, code) if isinstance(self.conv1, ControlledStem) else self.conv1(x)
        features = [torch.relu(self.bn1(x))]
        x = functional.max_pool2d(features[0], 3, stride=2, padding=1)
        for stage in range(1, self.stages + 1):
            x = getattr(self, f"layer{stage}")(x)
            features.append(x)
        return features


class WrappedEncoder(nn.Module):
    """The dynamic network's encoder sits one name deeper: encoder.encoder.*"""

    def __init__(self, shape):
        super().__init__()
        self.encoder = ResNeXt(shape)

    def forward(self, x, code):
        return self.encoder(x, code)


class Node(nn.Module):
    """One node of the nested decoder: double the size, join the skips, two 3x3 convolutions."""

    def __init__(self, channels, out):
        super().__init__()
        self.conv1 = self.convolution(channels, out)
        self.conv2 = self.convolution(out, out)

    @staticmethod
    def convolution(channels, out):
        return nn.Sequential(
            nn.Conv2d(channels, out, 3, padding=1, bias=False), nn.BatchNorm2d(out), nn.ReLU()
        )

    def forward(self, below, skips):
        doubled = functional.interpolate(below, scale_factor=2, mode="nearest")
        return self.conv2(self.conv1(torch.cat([doubled, *skips], dim=1)))


class NestedDecoder(nn.Module):
    """UNet++: node (i, j) refines what began at encoder level i (0 the deepest) up to level j + 1.

    It doubles node (i, j-1), or the encoder's level i if i = j, and joins the nodes (i+1..j, j)
    and the encoder's level j + 1. The last column has one node and no skips.
    """

    def __init__(self, encoder_channels, channels):
        super().__init__()
        deepest_first = list(reversed(encoder_channels))
        self.columns = len(channels)
        nodes = OrderedDict()
        for j in range(self.columns):
            last = j == self.columns - 1
            for i in range(1 if last else j + 1):
                below = deepest_first[i] if i == j else nodes[i, j - 1][1]
                skip = 0 if last else deepest_first[j + 1]
                # Nodes on the outside take the decoder's width, inner ones that of their skips.
                joined = below + (j - i + 1) * skip
                nodes[i, j] = (joined, channels[j] if i == 0 else skip)
        self.blocks = nn.ModuleDict(
            {f"x_{i}_{j}": Node(joined, out) for (i, j), (joined, out) in nodes.items()}
        )

    def forward(self, features):
        levels = list(reversed(features))
        done = {}
        for j in range(self.columns):
            last = j == self.columns - 1
            for i in [0] if last else range(j, -1, -1):
                below = levels[i] if i == j else done[i, j - 1]
                skips = [] if last else [done[k, j] for k in range(i + 1, j + 1)] + [levels[j + 1]]
                done[i, j] = self.blocks[f"x_{i}_{j}"](below, skips)
        return done[0, self.columns - 1]


class Unetpp(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.encoder = WrappedEncoder(shape) if shape.dynamic else ResNeXt(shape)
        stages = [4 * shape.stem << level for level in range(len(shape.layers))]
        self.decoder = NestedDecoder([shape.stem, *stages], shape.decoder_channels)
        head = nn.Conv2d(shape.decoder_channels[-1], len(ORGANELLES), 3, padding=1)
        self.segmentation_head = nn.Sequential(head)

    def forward(self, x, code=None):
        return torch.tanh(self.segmentation_head(self.decoder(self.encoder(x, code))))


def generator_shape_of(tensors):
    blocks = {name.split(".")[1] for name in tensors if ".conv_block." in name}
    # With batch norm and no dropout layer, conv_block.6 is the norm.
    sixth = tensors.get("encoder.10.conv_block.6.weight")
    return GeneratorShape(
        filters=tensors["encoder.1.weight"].shape[0],
        blocks=len(blocks),
        batch_norm="encoder.10.conv_block.2.weight" in tensors,
        dropout_layer=sixth is not None and sixth.dim() == 4,
        dynamic="encoder.2.controller.weight" in tensors,
    )


def unetpp_shape_of(tensors):
    blocks = {m.groups() for n in tensors if (m := re.search(r"layer(\d+)\.(\d+)\.conv2\.", n))}
    stages = sorted({int(stage) for stage, _ in blocks})
    dynamic = "encoder.encoder.conv1.layer.weight" in tensors
    prefix = "encoder.encoder" if dynamic else "encoder"
    width, group_width = tensors[f"{prefix}.layer1.0.conv2.weight"].shape[:2]
    outer = re.compile(r"decoder\.blocks\.x_0_\d+\.conv2\.0\.weight")
    columns = sum(1 for name in tensors if outer.fullmatch(name))
    return UnetppShape(
        layers=tuple(sum(1 for s, _ in blocks if int(s) == stage) for stage in stages),
        groups=width // group_width,
        group_width=group_width,
        stem=tensors[f"{prefix}.bn1.weight"].shape[0],
        decoder_channels=tuple(
            tensors[f"decoder.blocks.x_0_{j}.conv2.0.weight"].shape[0] for j in range(columns)
        ),
        dynamic=dynamic,
    )


def build(shape):
    network = Generator(shape) if isinstance(shape, GeneratorShape) else Unetpp(shape)
    return network.eval().requires_grad_(False)


def network_of(tensors):
    """The network whose state dictionary `tensors` is, with these weights, for inference.

    The architecture is read off the tensors' names and shapes, not off any record; names and
    shapes must then agree to the last one.
    """
    is_generator = "decoder1.decoder.0.weight" in tensors
    network = build(generator_shape_of(tensors) if is_generator else unetpp_shape_of(tensors))
    network.load_state_dict(tensors, strict=True)
    return network


def is_dynamic(network):
    return any(isinstance(m, (ControlledNorm, ControlledStem)) for m in network.modules())

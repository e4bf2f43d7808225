# SPDX-License-Identifier: Apache-2.0
"""One side of the training benchmark in Python; the protocol of training_peer.cpp.

    training_peer.py --configuration FILE --weights FILE --batch FILE --threads 2

The optimisation step of arXiv 2406.15716 in PyTorch, eager, with torch.optim.Adam, written from the
paper; predicting networks are those of tests/python/reference. It does what the step in C++ does:
predictions of organelles without a label are not made, and losses are read.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
from peer import answer, peak_bytes, timed
from safetensors.torch import load_file
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests/python/reference"))
from networks import ORGANELLES, Generator, network_of

L1_WEIGHT, GAN_WEIGHT = 100, 1


class Discriminator(nn.Module):
    """PatchGAN: three 4x4 convolutions of stride 2, two of stride 1; one logit for each patch."""

    def __init__(self, filters):
        super().__init__()
        layers = [nn.Conv2d(2, filters, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        for inputs, outputs, stride in ((1, 2, 2), (2, 4, 2), (4, 8, 1)):
            layers += [
                nn.Conv2d(inputs * filters, outputs * filters, 4, stride=stride, padding=1),
                nn.InstanceNorm2d(outputs * filters),
                nn.LeakyReLU(0.2),
            ]
        self.model = nn.Sequential(*layers, nn.Conv2d(8 * filters, 1, 4, padding=1))

    def forward(self, light, organelle):
        return self.model(torch.cat([light, organelle], dim=1))


def tensors_of(prefix, tensors):
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}


def discriminator_of(tensors):
    network = Discriminator(len(tensors["model.0.weight"]))
    network.load_state_dict(tensors, strict=True)
    return network


def for_training(network):
    # Activations are not in place: behind an instance norm, whose result is a view, autograd would
    # copy its gradients three times (measured: slower).
    return network.train().requires_grad_(True)


def gan_loss(logits, real):
    wanted = torch.ones_like(logits) if real else torch.zeros_like(logits)
    return binary_cross_entropy_with_logits(logits, wanted)


class Trainer:
    def __init__(self, configuration, tensors):
        self.predictor = for_training(network_of(tensors_of("predictor.", tensors)))
        self.discriminators = [
            for_training(discriminator_of(found))
            for k in range(len(ORGANELLES))
            if (found := tensors_of(f"discriminator{k + 1}.", tensors))
        ]
        optimiser = configuration["optimiser"]
        self.adam, *self.discriminator_adams = (
            torch.optim.Adam(
                network.parameters(),
                lr=optimiser["learning_rate"],
                betas=(optimiser["beta1"], optimiser["beta2"]),
            )
            for network in (self.predictor, *self.discriminators)
        )

    def predictions(self, batch, samples):
        """[samples, 1, y, x] of every labelled organelle."""
        if isinstance(self.predictor, Generator):
            trunk = self.predictor.trunk(batch["light"])
            return {
                k: getattr(self.predictor, f"decoder{k + 1}")(trunk[chosen])
                for k, chosen in samples.items()
            }
        planes = self.predictor(batch["light"])
        return {k: planes[:, k : k + 1][chosen] for k, chosen in samples.items()}

    def update_discriminator(self, k, light, prediction, label):
        discriminator, adam = self.discriminators[k], self.discriminator_adams[k]
        adam.zero_grad()
        fake = gan_loss(discriminator(light, prediction.detach()), real=False)
        real = gan_loss(discriminator(light, label), real=True)
        (0.5 * (fake + real)).backward()
        adam.step()
        return {"discriminator_fake": fake.item(), "discriminator_real": real.item()}

    def step(self, batch, samples):
        """One step; `samples` are the labelled ones of each organelle that has any."""
        losses = {ORGANELLES[k]: {} for k in samples}
        predictions = self.predictions(batch, samples)
        light = {k: batch["light"][chosen] for k, chosen in samples.items()}
        label = {k: batch["labels"][:, k : k + 1][chosen] for k, chosen in samples.items()}
        mask = {k: batch["masks"][:, k : k + 1][chosen] for k, chosen in samples.items()}
        if self.discriminators:
            for k in samples:
                losses[ORGANELLES[k]] |= self.update_discriminator(
                    k, light[k], predictions[k], label[k]
                )
        for discriminator in self.discriminators:
            discriminator.requires_grad_(False)
        self.adam.zero_grad()
        total = 0
        for k in samples:
            l1 = ((predictions[k] - label[k]).abs() * mask[k]).mean()
            losses[ORGANELLES[k]]["l1"] = l1.item()
            total = total + L1_WEIGHT * l1
            if self.discriminators:
                gan = gan_loss(self.discriminators[k](light[k], predictions[k]), real=True)
                losses[ORGANELLES[k]]["gan"] = gan.item()
                total = total + GAN_WEIGHT * gan
        total.backward()
        self.adam.step()
        for discriminator in self.discriminators:
            discriminator.requires_grad_(True)
        return {"loss": total.item(), **losses}


def serve(options):
    torch.set_num_threads(options.threads)
    trainer = Trainer(json.loads(options.configuration.read_text()), load_file(options.weights))
    batch = load_file(options.batch)
    labelled = {k: batch["labelled"][:, k].nonzero().flatten() for k in range(len(ORGANELLES))}
    samples = {k: chosen for k, chosen in labelled.items() if len(chosen) > 0}
    answer(engine="PyTorch", version=torch.__version__, threads=torch.get_num_threads())
    step = 0

    def run():
        torch.manual_seed(step)  # both sides then drop the same values
        return trainer.step(batch, samples)

    for line in sys.stdin:
        if line.strip() == "run":
            losses, times = timed(run)
            step += 1
            answer(**times, losses=losses)
        elif line.strip() == "memory":
            answer(peak_bytes=peak_bytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--configuration", type=Path, required=True, help="complete")
    parser.add_argument("--weights", required=True, help="safetensors, of training_peer.cpp")
    parser.add_argument("--batch", required=True, help="safetensors")
    parser.add_argument("--threads", type=int, default=2)
    serve(parser.parse_args())


if __name__ == "__main__":
    main()

"""What a decoder's first layer does with a latent: its weight, and the first activations behind it."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from genlab.errors import InputError
from genlab.models.generative import GenerativeModel

SAMPLES = 1_024
"""Latents whose activations are looked at."""

ACTIVATIONS = "torch.nn.modules.activation"


def first_weight(model: GenerativeModel) -> NDArray[np.float64]:
    """The columns of the first linear layer's weight that the latent meets, [outputs, D].

    Raises:
        InputError: When the decoder does not begin with a linear layer.
    """
    layer = _first_linear(model)
    return layer.weight.detach().cpu().double().numpy()[:, : model.latent_dim]


def first(model: GenerativeModel, seed: int, label: int | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Latents [n, D] of the prior, and what the first activation function makes of each, [n, F].

    Where the decoder has no such module, the output of its first linear layer is taken.

    Raises:
        InputError: When the decoder does not begin with a linear layer, or has no such class.
    """
    z, y = model.sample_latents(SAMPLES, seed), model.labels(SAMPLES, label)
    layers = list(model.assembly.sampler.modules())
    start = layers.index(_first_linear(model))
    behind = [layer for layer in layers[start:] if type(layer).__module__ == ACTIVATIONS]
    looked_at = (behind or [layers[start]])[0]

    @torch.no_grad()
    def activations(part: Tensor, classes: Tensor | None) -> Tensor:
        seen: list[Tensor] = []
        handle = looked_at.register_forward_hook(lambda module, inputs, output: seen.append(output.flatten(1)))
        try:
            model.decode_with_gradient(part, classes)
        finally:
            handle.remove()
        return torch.cat(seen)

    found: Tensor = model.compute(activations, z, y, alone=True)
    return z.double().numpy(), found.double().numpy()


def _first_linear(model: GenerativeModel) -> nn.Linear:
    inputs = model.latent_dim + model.space.classes
    for layer in model.assembly.sampler.modules():
        if isinstance(layer, nn.Linear) and layer.in_features == inputs:
            return layer
    raise InputError(
        "This decoder does not begin with a linear layer, so that its weights give no directions.",
        "Take the components of the codes instead.",
    )

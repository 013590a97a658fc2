"""Torch-fidelity's feature extractors, whose weights are downloaded at first use."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any
from urllib.error import URLError

import torch
from torch import Tensor

from genlab.encoders._imagenet import Pretrained, in_colour
from genlab.errors import InputError


def extractor(name: str, layer: str, dim: int, make: Callable[[], Any]) -> Pretrained:
    """A feature encoder around one of torch-fidelity's extractors.

    Args:
        name: Its name and version.
        layer: The features to take.
        dim: Their number.
        make: Makes the extractor; downloads its weights.

    Raises:
        InputError: When the weights are not here and cannot be downloaded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            network = make()
    except (URLError, OSError) as error:
        raise InputError(
            f"The weights of {name} are not on this machine and could not be downloaded ({_reason(error)}).",
            "Connect to the internet once, or choose in-domain, the feature extractor trained on this data, which "
            "needs no download.",
            kind="encoder_unavailable",
        ) from error
    network.eval().requires_grad_(False)

    def features(images: Tensor) -> Tensor:
        found: Tensor = network((in_colour(images) * 255).round().to(torch.uint8))[0]
        return found

    return Pretrained(f"{name}:{layer}", features, dim, network)


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return str(reason).splitlines()[0] if str(reason) else type(error).__name__

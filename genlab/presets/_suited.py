"""What the size and shape of the data ask of a preset: settings laid over it, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genlab import kinds
from genlab.presets.base import PresetSpec
from genlab.registry import registry

FEW = 3_000
"""Training images below which a critic soon knows them all: with DiffAugment a GAN's Frechet distance on 1,593 colour
emoji is half of what it is without, and its coverage is higher."""

FEW_IN_COLOUR = 10_000
"""The same for images in colour, which differ in more ways: on a fifth of CIFAR-10, 10,000 images, DiffAugment brings
the distance of a BigGAN from 21.6 down to 14.0 (Zhao et al. 2020, table 4)."""

SMALLEST = 24
"""Pixels below which an image is left alone: DiffAugment covers a quarter of it and shifts it by an eighth of its side,
which leaves too little of a picture of 8 by 8."""


@dataclass(frozen=True)
class Suited:
    """A setting that the data ask for.

    Attributes:
        setting: Its path, e.g. ``"model.augment"``.
        value: Its value.
        why: The reason, a sentence.
    """

    setting: str
    value: Any
    why: str


def suited(preset: str, model: str, kind: str, shape: tuple[int, ...], train: int) -> list[Suited]:
    """What is laid over a preset; nothing for presets that do not adapt.

    Args:
        preset: The preset.
        model: The objective.
        kind: Name of the kind of data.
        shape: Shape of an item, (C, H, W) for images.
        train: Number of training items.
    """
    spec: PresetSpec = registry("presets").get(preset)
    options = registry("objectives").get(model).Options.model_fields
    if not spec.adapts or not kinds.get(kind).pixels or "augment" not in options:
        return []
    channels, *sides = shape
    few = train < (FEW_IN_COLOUR if channels > 1 else FEW)
    if not few or min(sides) < SMALLEST:
        return []
    what = "colour images" if channels > 1 else "images"
    why = (
        f"{train:,} {what} to train on are few: changing real and generated images alike before the critic "
        "(DiffAugment) keeps it from memorising them."
    )
    return [Suited("model.augment", "diffaugment", why)]


def as_document(chosen: list[Suited]) -> Mapping[str, Any]:
    """The settings as a nested document."""
    document: dict[str, Any] = {}
    for one in chosen:
        node, (*parents, last) = document, one.setting.split(".")
        for part in parents:
            node = node.setdefault(part, {})
        node[last] = one.value
    return document

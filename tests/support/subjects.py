"""What measures look at, made by hand: a model whose answers are known, and codes of two classes."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from genlab.encoders.base import Encoded
from genlab.matches.measures.subject import CodedItems, Subject, closest
from genlab.metrics.base import Items
from genlab.models.generative import GenerativeModel
from tests.latent.toys import linear

SIDE, CLASS, SIZE = 8, 0, 1


class Halves:
    """Tells which half of a picture is brighter; its features are the pixels."""

    identity, facts, portion = "halves", {}, 64

    def __call__(self, items: Any) -> Encoded:
        flat = np.asarray(items, np.float32).reshape(len(items), -1)
        left = flat.reshape(-1, SIDE, SIDE)[:, :, : SIDE // 2].sum(axis=(1, 2))
        first = 1 / (1 + np.exp(-(2 * left - flat.sum(axis=1))))
        return Encoded(flat, np.stack([first, 1 - first], axis=1).astype(np.float32))


def two_sided() -> GenerativeModel:
    """Latent 0 makes the left or the right half bright, latent 1 a row at the top."""
    weight = torch.zeros(SIDE * SIDE, 2)
    picture = weight.reshape(SIDE, SIDE, 2)
    picture[2:6, 1:3, CLASS], picture[2:6, 5:7, CLASS] = 0.4, -0.4
    picture[1, :, SIZE] = 0.1
    bias = torch.full((SIDE, SIDE), 0.0)
    bias[2:6, 1:3] = bias[2:6, 5:7] = 0.5
    return linear(weight, bias.flatten(), shape=(1, SIDE, SIDE))


def subject(model: GenerativeModel | None = None, n: int = 200) -> Subject:
    """Codes of two classes, which lie at 1 and at -1 of latent 0."""
    model = model or two_sided()
    rng = np.random.default_rng(0)

    def part() -> CodedItems:
        labels = np.arange(n) % 2
        found = np.column_stack([np.where(labels == 0, 1.0, -1.0) + rng.normal(0, 0.2, n), rng.normal(0, 1, n)])
        images = model.decode(torch.as_tensor(found, dtype=torch.float32)).numpy()
        said = Halves()(images)
        return CodedItems(Items(images, said.features, said.probabilities, labels), found.astype(np.float32))

    held_out, train = part(), part()
    errors = {
        "own": np.full(8, 0.02),
        "inverted": np.full(8, 0.01),
        "pass": np.full(8, 0.02),
        "steps": np.full(8, 0.015),
    }
    took = {"pass": 0.001, "steps": 0.02, "inverted": 0.12}
    residuals, nearest = np.full(n, 0.01), closest(held_out.items.images, train.items.images)
    given: Any = (model, Halves(), held_out, train, {}, 2, errors, 0.25, took, residuals, nearest)
    return Subject(*given)

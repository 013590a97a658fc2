"""Small models, data and noise for tests of objectives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import torch
from torch import Tensor

from genlab import kinds
from genlab.errors import InputError
from genlab.networks.build import Parts
from genlab.objectives.base import Batch, Objective, ObjectiveSpec, Terms
from genlab.options import parse
from genlab.registry import Choice, registry
from genlab.space import Space

CLASSES = 3


class Noise:
    """Reproducible noise."""

    def __init__(self, seed: int = 0) -> None:
        self._generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(shape, generator=self._generator)

    def uniform(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self._generator)


ToyKind = Literal["images", "points", "texts"]


def space(kind: ToyKind = "points", classes: int = 0) -> Space:
    """Points of scale 2, 8 x 8 colour images, or texts of 6 of 5 symbols."""
    shapes = {"images": (3, 8, 8), "points": (2,), "texts": (5, 6)}
    return Space(kind, shapes[kind], classes, scale=2.0 if kind == "points" else 1.0)


def parts(kind: ToyKind = "points", classes: int = 0, width: int = 16, latent_dim: int = 4) -> Parts:
    """Parts of a perceptron."""
    options = parse(registry("networks").get("mlp").Options, {"width": width, "layers": 2})
    return Parts(space(kind, classes), latent_dim, Choice(name="mlp", options=options))


def reading_parts(classes: int = 0, latent_dim: int = 4, **options: object) -> Parts:
    """Parts whose decoder writes texts symbol by symbol."""
    small = {"width": 8, "units": 16, "mapping_width": 16, "features": 16, **options}
    chosen = parse(registry("networks").get("autoregressive").Options, small)
    return Parts(space("texts", classes), latent_dim, Choice(name="autoregressive", options=chosen))


def build(name: str, of: Parts, **options: Any) -> Objective:
    """The objective ``name``, with a likelihood that suits the data."""
    torch.manual_seed(0)
    spec: ObjectiveSpec = registry("objectives").get(name)
    of = replace(of, latent_dim=spec.latent_size(of.space.shape, of.latent_dim))
    if "likelihood" in spec.Options.model_fields and of.space.kind != "images":
        options = {"likelihood": of.space.spec.likelihood, **options}
    built: Objective = spec.build(of, parse(spec.Options, options))
    return built


def taken_by(likelihood: str) -> ToyKind:
    """A kind of data that a likelihood takes."""
    spec = registry("likelihoods").get(likelihood)
    return next(kind for kind in ("images", "texts") if kinds.fits(spec, kind))


def suits(name: str, kind: ToyKind, classes: int) -> bool:
    """Whether the objective can be trained on such data with its own settings."""
    spec: ObjectiveSpec = registry("objectives").get(name)
    try:
        spec.check(spec.Options(), space(kind, classes))
    except InputError:
        return False
    return True


def batch(of: Space, count: int = 8, seed: int = 0, progress: float = 1.0) -> Batch:
    """Random data, with classes where the space has them."""
    noise = Noise(seed)
    x = noise.uniform(count, *of.shape) if of.kind == "images" else 2 * noise.normal(count, *of.shape)
    if "symbols" in of.spec.gives:
        x = torch.nn.functional.one_hot(x.argmax(dim=1), of.shape[0]).movedim(-1, 1).float()
    return Batch(x, torch.arange(count) % of.classes if of.classes else None, progress)


def take_turn(objective: Objective, player: str, data: Batch, seed: int = 0) -> Terms:
    """One turn as the training loop takes it, without the step: idle players frozen, then backward."""
    for name, module in objective.players.items():
        module.train().requires_grad_(name == player)
        module.zero_grad(set_to_none=True)
    terms = objective.terms(player, data, Noise(seed))
    terms.loss.mean().backward()
    return terms


def fit(objective: Objective, data: Batch, steps: int, lr: float = 2e-3) -> None:
    """Train on one batch, from progress 0 to 1."""
    optimisers = {
        name: torch.optim.Adam(module.parameters(), lr, betas=(0.0, 0.99)) for name, module in objective.players.items()
    }
    for step in range(steps):
        now = replace(data, progress=step / steps)
        for index, player in enumerate(objective.players):
            take_turn(objective, player, now, seed=step * 10 + index)
            optimisers[player].step()

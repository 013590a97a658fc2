"""One item through encoder, noise and decoder: its code, what each draw makes of it, and the objective's loss of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from genlab.config import RunConfig
from genlab.evaluation._held_items import HeldItems, as_pictures, as_text, told
from genlab.evaluation._layers import ShownLayers, layers, watched
from genlab.models.factory import build_objective
from genlab.models.generative import GenerativeModel
from genlab.objectives import _variational as variational
from genlab.objectives.base import Batch, Objective, Terms
from genlab.space import Random
from genlab.training.seeding import SharedRandom, generator

DRAWS = 3
ALIKE = 1e-4
"""Relative difference up to which the objective's own error and ours are of the same reconstruction."""


@dataclass(frozen=True)
class Posteriors:
    """Posteriors of the held-out items: mean, log-variance and KL to the prior, each [n, D]."""

    mean: Tensor
    log_variance: Tensor
    kl: Tensor


def posteriors(model: GenerativeModel, held: HeldItems | None) -> tuple[Posteriors | None, ShownLayers | None]:
    encoder = model.assembly.encoder
    if encoder is None or held is None:
        return None, None
    posterior, seen = watched(encoder, lambda: model.encode(held.items, told(model.space, held.labels)))
    kl = variational.kl_standard_normal(posterior.mean, posterior.log_variance)
    return Posteriors(posterior.mean, posterior.log_variance, kl), layers(seen)


def followed_items(
    model: GenerativeModel,
    config: RunConfig,
    held: HeldItems,
    codes: Posteriors | None,
    encoded: ShownLayers | None,
    dimensions: list[int],
    seed: int,
) -> list[dict[str, Any]]:
    """What is kept of each held-out item."""
    scores = model.critic_scores(held.items, told(model.space, held.labels)) if model.can_score else None
    pictures = as_pictures(held.items, model.space)
    found: list[dict[str, Any]] = []
    for place, index in enumerate(held.indices):
        label = None if held.labels is None else int(held.labels[place])
        item: dict[str, Any] = {
            **{"index": index, "label": held.name(label), "picture": pictures[place], "draws": []},
            **{"layers": "", "mean": [], "sigma": [], "kl": [], "total_kl": None},
            "score": None if scores is None else float(scores[place]),
        }
        if codes is not None and encoded is not None:
            item |= {
                "layers": as_text(encoded.items[place]) if encoded.items else "",
                "mean": codes.mean[place, dimensions].tolist(),
                "sigma": (0.5 * codes.log_variance[place, dimensions]).exp().tolist(),
                "kl": codes.kl[place, dimensions].tolist(),
                "total_kl": float(codes.kl[place].double().sum()),
            }
        found.append(item)
    if codes is not None:
        objective = objective_of(model, config)
        for draw in range(DRAWS):
            noise = torch.randn(codes.mean.shape, generator=generator(seed, "flow", draw))
            for item, drawn in zip(found, _drawn(model, objective, held, codes, noise, dimensions), strict=True):
                item["draws"].append(drawn)
    return found


def _drawn(
    model: GenerativeModel,
    objective: Objective | None,
    held: HeldItems,
    codes: Posteriors,
    noise: Tensor,
    dimensions: list[int],
) -> list[dict[str, Any]]:
    """What one draw of the noise [n, D] makes of each item."""
    y = told(model.space, held.labels)
    z = codes.mean + (0.5 * codes.log_variance).exp() * noise
    again, seen = watched(model.assembly.sampler, lambda: model.decode(z, y))
    made, pictures = layers(seen), as_pictures(again, model.space)
    errors = variational.mean_squared_error(held.items, again)
    likelihood = model.assembly.likelihood
    nats, judged_errors = None, errors
    if likelihood is not None:
        judge, sampler = likelihood, model.assembly.sampler

        def judged(x: Tensor, codes: Tensor, classes: Tensor | None) -> tuple[Tensor, Tensor]:
            raw = variational.judged(sampler, codes, x, classes)
            return judge.log_prob(x, raw), variational.mean_squared_error(x, judge.mean(raw))

        with torch.no_grad():
            log_prob, judged_errors = model.compute(judged, held.items, z, y)
        nats = -log_prob
    own = None
    if objective is not None:
        own = model.whole(lambda: item_losses(objective, held.items, y, noise, judged_errors, model.device))
    scores = model.critic_scores(again, y) if model.can_score else None
    return [
        {
            "noise": noise[place, dimensions].tolist(),
            "z": z[place, dimensions].tolist(),
            "layers": as_text(made.items[place]) if made.items else "",
            "picture": pictures[place],
            "mse": float(errors[place]),
            "nats": None if nats is None else float(nats[place]),
            "loss": None if own is None else float(own.loss[place]),
            "terms": {} if own is None else {name: float(value[place]) for name, value in own.logs.items()},
            "score": None if scores is None else float(scores[place]),
        }
        for place in range(len(z))
    ]


def objective_of(model: GenerativeModel, config: RunConfig) -> Objective | None:
    """The objective with the weights of ``model``; None where a part of it was left out."""
    objective = build_objective(config, model.space)
    fresh = objective.assemble(objective.players)
    for name in ("decoder", "encoder", "critic", "likelihood"):
        target, source = getattr(fresh, name), getattr(model.assembly, name)
        if (target is None) != (source is None):
            return None
        if isinstance(target, nn.Module) and isinstance(source, nn.Module):
            target.load_state_dict(source.state_dict())
            target.eval().requires_grad_(False)
    return objective


def item_losses(
    objective: Objective,
    items: Tensor,
    y: Tensor | None,
    noise: Tensor,
    errors: Tensor,
    device: torch.device | str = "cpu",
) -> Terms | None:
    """What the player that holds the encoder minimises [n], and its logs [n], of each item with its ``noise`` [n, D].

    None where that player's turn does not begin with this noise, told by its own error of the reconstruction.

    Args:
        objective: With trained weights.
        items: Public values [n, *shape].
        y: Class numbers [n] of a conditional model.
        noise: Of the posterior samples.
        errors: Mean squared error [n] of what the likelihood judges, or of the reconstructions, with that noise.
        device: Where it computes; the players are moved there, and the loss and its logs come home.
    """
    for player in objective.players.values():
        player.to(device)
    encoder = objective.assemble(objective.players).encoder
    holding = [
        name for name, player in objective.players.items() if any(module is encoder for module in player.modules())
    ]
    if not holding:
        return None
    with torch.no_grad():
        batch = Batch(items.to(device), None if y is None else y.to(device))
        terms = objective.terms(holding[0], batch, _First(noise.to(device)))
    logs = {name: log.cpu() for name, log in terms.logs.items()}
    own = logs.get("reconstruction/mse")
    if own is None or own.shape != errors.shape or not torch.allclose(own, errors, rtol=ALIKE, atol=1e-7):
        return None
    return Terms(terms.loss.cpu(), {name: log for name, log in logs.items() if log.shape == errors.shape})


class _First:
    """Noise that has been drawn already, the first time that noise of its shape is asked for; then fresh noise."""

    def __init__(self, noise: Tensor) -> None:
        self._noise: Tensor | None = noise
        self._rest: Random = SharedRandom(0, "flow", device=noise.device)

    def normal(self, *shape: int) -> Tensor:
        """The noise, or other noise."""
        if self._noise is not None and self._noise.shape == shape:
            noise, self._noise = self._noise, None
            return noise
        return self._rest.normal(*shape)

    def uniform(self, *shape: int) -> Tensor:
        """Other noise."""
        return self._rest.uniform(*shape)

"""What is drawn of a model: samples, the critic's surface, the pull on each sample, the bent grid, the latent plane.

Everything is computed from the model's own parts in the data's coordinates; nothing here trains.
"""

from __future__ import annotations

from collections.abc import Collection
from statistics import NormalDist
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genlab.objectives._adversarial import Adversary
from genlab.playground.stage import Stage
from genlab.registry import Choice
from genlab.training.seeding import SharedRandom

Arrays = dict[str, NDArray[Any]]
Facts = dict[str, Any]

SURFACE = 28
"""Side of the grid on which the critic is asked."""

ASKED = 256
"""Real and generated points of which the critic's mean scores are taken."""

ARROWS = 128
"""Samples that get an arrow."""

GRID = 17
"""Side of the grid of the prior, at its quantiles: every cell holds the same share of the prior."""

ENCODED, ELLIPSES = 384, 48
"""Points shown in the latent plane, and how many of them with their ellipse."""

PLANE, REACH = 28, 3.0
"""Side of the latent plane's grid, and standard deviations of the prior that it shows in each direction."""

HOLE = 0.25
"""A place is a hole where the encoded data are less dense than this share of the prior."""

CALIBRATED = frozenset({"non_saturating", "minimax"})
"""Losses whose critic's score is a logit: 0 means undecided."""


def draw(stage: Stage, layers: Collection[str]) -> tuple[Facts, Arrays]:
    """Facts and arrays of the wanted layers, those that this family has.

    Args:
        stage: The model.
        layers: Any of ``"samples"``, ``"critic"``, ``"arrows"``, ``"manifold"``, ``"latent"``.

    Returns:
        Facts: numbers that the page names. Arrays: ``samples`` [LATENTS, 2], ``surface`` uint8 [SURFACE, SURFACE] (255:
        surely real) from lower left, ``arrows`` [ARROWS, 2] (fewer where the last would not fill a pack), ``manifold``
        [rows, GRID, 2], and those of `latent_plane`.
    """
    facts: Facts = {}
    arrays: Arrays = {}
    assembly = stage.assembly
    with torch.no_grad():
        fake = stage.data.space.activate(assembly.sampler(stage.latents))
        if "samples" in layers:
            arrays["samples"] = fake.cpu().numpy()
        if "manifold" in layers:
            arrays["manifold"] = manifold(stage)
        if "critic" in layers and assembly.critic is not None:
            arrays["surface"], found = critic_surface(stage, fake)
            facts |= found
        if "latent" in layers and assembly.encoder is not None:
            more, found = latent_plane(stage)
            arrays |= more
            facts |= found
    if "arrows" in layers and _adversary(stage) is not None:
        pull = arrows(stage, fake[:ARROWS])
        arrays["arrows"] = pull
        facts["pull"] = float(np.linalg.norm(pull, axis=1).mean())
    return facts, arrays


def critic_surface(stage: Stage, fake: Tensor) -> tuple[NDArray[np.uint8], Facts]:
    """How real the critic takes each place to be, 0 to 255 [SURFACE, SURFACE], and its mean scores.

    Losses other than the logistic ones fix scores only up to a constant or have their own middle; for those the middle
    between the mean scores of data and samples counts as undecided. A critic that judges packs sees each place
    together with real points.
    """
    half = stage.data.half
    ticks = (torch.arange(SURFACE) + 0.5) / SURFACE * 2 * half - half
    places = torch.stack(torch.meshgrid(ticks, ticks, indexing="xy"), dim=-1).reshape(-1, 2)
    real, fake = torch.from_numpy(stage.data.held_out[:ASKED]).to(stage.device), fake[:ASKED]
    scores = _scores(stage, torch.cat([places.to(stage.device), real, fake]), real).cpu()
    surface, of_real, of_fake = scores.split([len(places), len(real), len(fake)])
    middle = 0.0 if _loss(stage) in CALIBRATED else float(of_real.mean() + of_fake.mean()) / 2
    shown = (255 * (surface - middle).sigmoid()).round().to(torch.uint8).reshape(SURFACE, SURFACE).numpy()
    told_apart = float(((of_real > middle).float().mean() + (of_fake <= middle).float().mean()) / 2)
    return shown, {"score_real": float(of_real.mean()), "score_fake": float(of_fake.mean()), "told_apart": told_apart}


def _scores(stage: Stage, x: Tensor, real: Tensor) -> Tensor:
    critic: Any = stage.assembly.critic
    pack = int(getattr(critic, "pack", 1))
    if pack > 1:
        beside = real[: pack - 1].expand(len(x), pack - 1, 2)
        x = torch.cat([x[:, None], beside], dim=1).reshape(-1, 2)
    scores: Tensor = critic(x)
    return scores


def _loss(stage: Stage) -> str:
    loss = getattr(stage.state.config.model.options, "loss", None)
    return loss.name if isinstance(loss, Choice) else ""


def arrows(stage: Stage, fake: Tensor) -> NDArray[np.float32]:
    """Minus the gradient of the maker's adversarial loss with respect to each sample of a whole pack [n, 2].

    It is taken in the coordinates that networks see (points divided by their scale), so that its length means the same
    for every distribution. Parameters stay as they are and get no gradient.
    """
    adversary = _adversary(stage)
    assert adversary is not None
    rng = SharedRandom(stage.state.config.training.seed, stage.state.step, "arrows", device=stage.device)
    fake = adversary.whole_packs(fake).detach().requires_grad_()
    real = torch.from_numpy(stage.data.held_out[: len(fake)]).to(stage.device)
    loss = adversary.generator_loss(real, [fake], None, rng)
    (gradient,) = torch.autograd.grad(loss.sum(), fake)
    return (-gradient * stage.data.scale).cpu().numpy()


def _adversary(stage: Stage) -> Adversary | None:
    """What samples are pulled by; None where nothing plays against the maker."""
    adversary = getattr(stage.state.objective, "adversary", None)
    return adversary if isinstance(adversary, Adversary) else None


def manifold(stage: Stage) -> NDArray[np.float32]:
    """Where a grid of the prior's quantiles ends up [rows, GRID, 2]; one row when there is one latent dimension.

    Of more than two dimensions the first two are varied, and the others are zero.
    """
    quantiles = torch.tensor([NormalDist().inv_cdf((index + 0.5) / GRID) for index in range(GRID)])
    dims = stage.latents.shape[1]
    rows = 1 if dims == 1 else GRID
    z = torch.zeros(rows, GRID, dims)
    z[..., 0] = quantiles
    if dims > 1:
        z[..., 1] = quantiles[:, None]
    points = stage.data.space.activate(stage.assembly.sampler(z.reshape(-1, dims).to(stage.device)))
    shaped: NDArray[np.float32] = points.reshape(rows, GRID, 2).cpu().numpy()
    return shaped


def latent_plane(stage: Stage) -> tuple[Arrays, Facts]:
    """Where data are encoded, how far each is spread, and where the prior is left empty.

    Returns:
        ``means`` and ``sds`` [ENCODED, 2] along the two dimensions with the largest KL; ``holes`` uint8 [PLANE, PLANE]
        from lower left: 255 where nothing is encoded, 0 where the encoded data are as dense as the prior or denser.
        Facts: the dimensions shown, KL per dimension in nats, the share of the prior that lies in holes.
    """
    encoder: Any = stage.assembly.encoder
    x = torch.from_numpy(stage.data.held_out[:ENCODED]).to(stage.device)
    mean, log_variance = encoder(x)
    kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).mean(0)
    shown = sorted(kl.argsort(descending=True)[:2].tolist())
    means, sds = mean[:, shown], (0.5 * log_variance[:, shown]).exp()
    holes, share = _holes(means, sds)
    if len(shown) == 1:
        means, sds = (torch.cat([part, torch.zeros_like(part)], dim=1) for part in (means, sds))
    arrays = {"means": means.cpu().numpy(), "sds": sds.cpu().numpy(), "holes": holes}
    return arrays, {"dimensions": shown, "kl": [float(value) for value in kl], "holes": share}


def _holes(means: Tensor, sds: Tensor) -> tuple[NDArray[np.uint8], float]:
    """Emptiness of each cell of the plane, and the prior's share of the cells where q(z) < `HOLE` p(z)."""
    ticks = (torch.arange(PLANE, device=means.device) + 0.5) / PLANE * 2 * REACH - REACH
    kernels = [
        torch.exp(-0.5 * ((ticks - mean[:, None]) / sd[:, None]).square()) / sd[:, None]
        for mean, sd in zip(means.T, sds.clamp(min=REACH / PLANE).T, strict=True)
    ]
    prior = torch.exp(-0.5 * ticks.square())
    if len(kernels) == 1:
        encoded, expected = kernels[0].mean(0)[None], prior[None]
    else:
        encoded, expected = kernels[1].T @ kernels[0] / len(means), torch.outer(prior, prior)
    empty = 1 - (encoded / expected).clamp(max=1)
    share = float((expected * (encoded < HOLE * expected)).sum() / expected.sum())
    shown = (255 * empty).round().to(torch.uint8).expand(PLANE, PLANE).contiguous()
    return shown.cpu().numpy(), share

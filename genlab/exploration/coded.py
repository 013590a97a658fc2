"""What an exploration is made from: a model, real images with their codes, and samples with theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genlab.cores.beside import Told, untold
from genlab.datasets.store import Dataset, prepare
from genlab.encoders.base import Progress
from genlab.exploration.decoder import require_pictures
from genlab.exploration.exploration_request import ExplorationRequest, kept_inverter
from genlab.kinds.base import as_public
from genlab.latent.invert import invert
from genlab.latent.inverter import IMAGES, Inverter, train_inverter
from genlab.models.checkpoint import load_model
from genlab.models.generative import GenerativeModel
from genlab.store.checkpoints import pick_checkpoint
from genlab.store.run import Checkpoint, RunReader
from genlab.store.workspace import Workspace

BATCH = 256
"""Items computed at once on the CPU."""


@dataclass(frozen=True)
class Opened:
    """A model with the data that it learned from.

    Attributes:
        run: Its run.
        checkpoint: The checkpoint that was loaded.
        model: The model.
        data: The data set.
    """

    run: RunReader
    checkpoint: Checkpoint
    model: GenerativeModel
    data: Dataset


@dataclass(frozen=True)
class Coded:
    """Images with their codes.

    Attributes:
        images: Public values float32 [n, *shape].
        codes: Latents float32 [n, D].
        labels: Classes int64 [n], or None where they are unknown.
        held_out: Whether the model never saw it, bool [n]; None for samples.
        divergence: KL(q(z | x) || N(0, I)) in nats [n]; None without an encoder of its own.
        again: What the codes give, as ``images``; None for samples, whose images are that.
        residual: Mean squared error per pixel of ``again`` against the real images; None for samples.
    """

    images: NDArray[np.float32]
    codes: NDArray[np.float32]
    labels: NDArray[np.int64] | None
    held_out: NDArray[np.bool_] | None = None
    divergence: NDArray[np.float32] | None = None
    again: NDArray[np.float32] | None = None
    residual: NDArray[np.float32] | None = None


def open_model(run: RunReader, images: int | None, workspace: Workspace, progress: Progress) -> Opened:
    """Load the model of a run and its data.

    Raises:
        InputError: When there is no such checkpoint, or the data are points, which have no pictures.
    """
    checkpoint = pick_checkpoint(run, images)
    model = load_model(run, checkpoint.images)
    require_pictures(model.space, run)
    return Opened(run, checkpoint, model, prepare(run.config().data, workspace.datasets, workspace.source, progress))


def real_items(data: Dataset, n: int) -> tuple[NDArray[np.float32], NDArray[np.int64] | None, NDArray[np.bool_]]:
    """The first ``n`` items [n, *shape], held-out ones first, with classes, and whether they were held out.

    Models of one data set are shown on the same images in the same order.
    """
    held = min(n, data.info.test)
    seen = min(n - held, data.info.train)
    images = np.concatenate([as_public(data.items("test")[:held]), as_public(data.items("train")[:seen])])
    test, train = data.labels("test"), data.labels("train")
    labels = None if test is None or train is None else np.concatenate([test[:held], train[:seen]])
    return images, labels, np.arange(len(images)) < held


def code_items(opened: Opened, request: ExplorationRequest, progress: Progress) -> Coded:
    """Real images with their codes: posterior means, or found by inversion where there is no encoder."""
    images, labels, held_out = real_items(opened.data, request.items)
    model = opened.model
    if not len(images):
        return Coded(images, np.zeros((0, model.latent_dim), np.float32), labels, held_out)
    x = torch.as_tensor(images)
    y = torch.as_tensor(labels) if model.space.classes and labels is not None else None
    if model.can_encode:
        codes, divergence = _encode(model, x, y, progress)
        again = _decode(model, codes, y)
        residual = ((again - images) ** 2).mean(axis=tuple(range(1, images.ndim)))
        return Coded(images, codes.numpy(), labels, held_out, divergence, again, residual)
    inverter = open_inverter(opened, request.seed, lambda share, what: progress(share * 0.5, what))
    found = invert(
        model, x, inverter, y=y, steps=request.refine, seed=request.seed, progress=lambda s, w: progress(0.5 + s / 2, w)
    )
    return Coded(images, found.z.numpy(), labels, held_out, None, found.images.numpy(), found.residual.numpy())


def code_samples(model: GenerativeModel, request: ExplorationRequest, progress: Progress) -> Coded:
    """Latents of the prior with their images."""
    latents, labels = model.sample_latents(request.samples, request.seed), model.labels(request.samples)
    progress(0.0, "drawing samples")
    pictures = _decode(model, latents, labels, lambda share: progress(share, "drawing samples"))
    return Coded(pictures, latents.numpy(), None if labels is None else labels.numpy())


def open_inverter(opened: Opened, seed: int, progress: Progress) -> Inverter:
    """The encoder that was trained on this checkpoint's own samples, trained now if need be, and kept.

    The Latent page and the claims' measures share it.
    """
    place = kept_inverter(opened.run, opened.checkpoint, seed)
    if place.path.is_file():
        return Inverter.load(place.path, opened.model)
    inverter = train_inverter(opened.model, IMAGES, seed, progress)
    place.make_room()
    inverter.save(place.path)
    return inverter


def _encode(
    model: GenerativeModel, x: Tensor, y: Tensor | None, progress: Progress
) -> tuple[Tensor, NDArray[np.float32]]:
    if not len(x):
        return torch.zeros(0, model.latent_dim), np.zeros(0, np.float32)
    progress(0.0, "encoding images")
    posterior = model.encode(x, y, size=BATCH, tell=lambda share: progress(share, "encoding images"))
    variance = posterior.log_variance.exp()
    divergence = 0.5 * (posterior.mean**2 + variance - posterior.log_variance - 1).sum(dim=1)
    return posterior.mean, divergence.numpy()


def _decode(model: GenerativeModel, codes: Tensor, y: Tensor | None, tell: Told = untold) -> NDArray[np.float32]:
    if not len(codes):
        return np.zeros((0, *model.image_shape), np.float32)
    pictures: NDArray[np.float32] = model.decode(codes, y, size=BATCH, tell=tell).numpy()
    return pictures

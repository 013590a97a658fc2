"""What measures are made from: a model, the same real images for every family, and their codes."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from genlab.datasets.store import Dataset, Split, prepare
from genlab.encoders.base import FeatureEncoder, Progress, default_encoder
from genlab.errors import InputError
from genlab.evaluation.reals import open_encoder
from genlab.exploration.coded import Opened, open_inverter
from genlab.kinds.base import as_public
from genlab.latent.invert import invert
from genlab.latent.inverter import Inverter
from genlab.metrics._neighbours import nearest
from genlab.metrics.base import Items
from genlab.models.generative import GenerativeModel
from genlab.store.run import Checkpoint, RunReader
from genlab.store.workspace import Workspace

HELD_OUT, TRAIN = 1_000, 1_000
"""Real images whose codes are looked at; the same ones for every run of a data set."""

REFINE = 20
"""Steps of descent for each code of a model without an encoder."""

RECONSTRUCTED, STEPS = 64, 120
"""Images that are reconstructed as well as can be, and the steps that this takes."""

SEED = 0

Array = NDArray[np.float64]


@dataclass(frozen=True)
class CodedItems:
    """Real images of one split with their codes.

    Attributes:
        items: The images, their features, what the classifier says of them, and classes.
        codes: Latents float32 [n, D]: posterior means, or found by inversion.
    """

    items: Items
    codes: NDArray[np.float32]


@dataclass(frozen=True)
class Subject:
    """Everything that measures look at.

    Attributes:
        model: The model.
        encoder: The in-domain encoder of its data.
        held_out: Images that the model never saw.
        train: Images that it learned from.
        factors: Name -> known factors [n] of ``held_out``.
        classes: Number of classes; 0 where there are none.
        errors: Name -> mean squared error [n] of the first held-out images, by way of coding: ``own``, and with the
            same effort in every family ``pass``, ``steps`` and ``inverted``.
        seconds: For the code of one image, the model's own way.
        took: Name -> seconds for one image, of the latter three.
        residuals: Mean squared error of every held-out image after `REFINE` steps [n].
        closest: That of the training image nearest to it in pixels [n].
    """

    model: GenerativeModel
    encoder: FeatureEncoder
    held_out: CodedItems
    train: CodedItems
    factors: dict[str, NDArray[np.float32]]
    classes: int
    errors: dict[str, Array]
    seconds: float
    took: dict[str, float]
    residuals: Array
    closest: Array

    def labels(self, part: CodedItems) -> Tensor | None:
        """Classes as a conditional model takes them."""
        return _given(self.model, part.items.labels)

    def decode(self, codes: NDArray[np.float32], y: Tensor | None = None) -> NDArray[np.float32]:
        """Images [n, C, H, W] of latents [n, D]."""
        return self.model.decode(torch.as_tensor(codes), y).numpy()


def gather(
    run: RunReader, checkpoint: Checkpoint, model: GenerativeModel, workspace: Workspace, progress: Progress
) -> Subject:
    """Find the codes of real images.

    Args:
        run: The run.
        checkpoint: The checkpoint that is looked at.
        model: Its model.
        workspace: The workspace that the run is in.
        progress: Told how far it is; may raise to cancel.

    Raises:
        InputError: When items have no pictures of their own, or the data cannot be had.
    """
    if not model.space.spec.pictured:
        many = model.space.spec.many
        raise InputError(
            f"{run.path.name} learned {many}, which a match does not compare.",
            "The Playground compares families on them.",
        )
    data = prepare(run.config().data, workspace.datasets, workspace.source, progress)
    encoder = open_encoder(data, default_encoder(data.info.kind), workspace.encoders, progress)
    progress(0.05, "encoding real images")
    (held_out, index), (train, _) = _items(data, "test", HELD_OUT, encoder), _items(data, "train", TRAIN, encoder)
    coded = _codes(Opened(run, checkpoint, model, data), held_out, train, progress)
    return Subject(
        model,
        encoder,
        CodedItems(held_out, coded.held_out),
        CodedItems(train, coded.train),
        {name: values[index] for name, values in data.factors("test").items()},
        len(data.info.classes or ()),
        coded.errors,
        coded.seconds,
        coded.took,
        coded.residuals,
        closest(held_out.images, as_public(data.items("train"))),
    )


def closest(images: NDArray[np.float32], train: NDArray[np.float32]) -> Array:
    """Mean squared error [n] of the training image that is nearest to each of ``images`` [n, C, H, W]."""
    flat = images.reshape(len(images), -1)
    distances, _ = nearest(flat, train.reshape(len(train), -1), 1)
    return np.asarray(distances[:, 0] ** 2 / flat.shape[1])


def _items(data: Dataset, split: Split, most: int, encoder: FeatureEncoder) -> tuple[Items, NDArray[np.int64]]:
    """At most ``most`` images of a split, the same for every model, and their positions."""
    items, classes = data.items(split), data.labels(split)
    index = np.sort(np.random.default_rng([SEED, len(items)]).permutation(len(items))[:most])
    images = as_public(items[index])
    said = encoder(images)
    labels = None if classes is None else np.asarray(classes[index], np.int64)
    return Items(images, said.features, said.probabilities, labels), index


@dataclass(frozen=True)
class _Coded:
    """Codes of held-out and training images, and what it took: see `Subject`."""

    held_out: NDArray[np.float32]
    train: NDArray[np.float32]
    residuals: Array
    errors: dict[str, Array]
    seconds: float
    took: dict[str, float]


def _codes(opened: Opened, held_out: Items, train: Items, progress: Progress) -> _Coded:
    """Codes of both sets, and errors and seconds by way of coding."""
    model = opened.model
    inverter = None if model.can_encode else open_inverter(opened, SEED, _within(progress, 0.1, 0.45))
    x, y = torch.as_tensor(held_out.images), _given(model, held_out.labels)
    more, classes = torch.as_tensor(train.images), _given(model, train.labels)
    found = invert(model, x, inverter, REFINE, SEED, _within(progress, 0.45, 0.6), y=y)
    some, of_some = x[:RECONSTRUCTED], None if y is None else y[:RECONSTRUCTED]
    errors, took = _by_effort(model, some, of_some, inverter, _within(progress, 0.7, 0.85))
    if model.can_encode:
        model.encode(some, of_some)
        started = time.perf_counter()
        codes = model.encode(x, y).mean
        seconds = (time.perf_counter() - started) / len(x)
        of_train = model.encode(more, classes).mean
        errors["own"] = _errors(model.decode(codes[: len(some)], of_some), some)
    else:
        codes, seconds = found.z, took["inverted"]
        of_train = invert(model, more, inverter, REFINE, SEED, _within(progress, 0.6, 0.7), y=classes).z
        errors["own"] = errors["inverted"]
    return _Coded(codes.numpy(), of_train.numpy(), found.residual.double().numpy(), errors, seconds, took)


def _by_effort(
    model: GenerativeModel, x: Tensor, y: Tensor | None, inverter: Inverter | None, progress: Progress
) -> tuple[dict[str, Array], dict[str, float]]:
    """Errors [n] and seconds per image of ``x``: after one pass, `REFINE` and `STEPS` steps, whatever the family."""
    errors, took = {}, {}
    for name, steps in (("pass", 0), ("steps", REFINE), ("inverted", STEPS)):
        started = time.perf_counter()
        found = invert(model, x, inverter, steps, SEED, progress, y=y)
        took[name] = (time.perf_counter() - started) / len(x)
        errors[name] = found.residual.double().numpy()
    return errors, took


def _errors(images: Tensor, real: Tensor) -> Array:
    return (images - real).square().flatten(1).mean(dim=1).double().numpy()


def _given(model: GenerativeModel, labels: NDArray[np.int64] | None) -> Tensor | None:
    return torch.as_tensor(labels) if model.space.classes and labels is not None else None


def _within(progress: Progress, low: float, high: float) -> Progress:
    return lambda share, what: progress(low + share * (high - low), what)

"""Representation learning: what codes are worth to a classifier that has few labels, and what they find alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genlab.errors import InputError
from genlab.tasks._class_change import values
from genlab.tasks.base import SHOWN, Role, TaskAnswer, TaskChart, TaskCurve, TaskMeasure, TaskOutcome, TaskSpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from genlab.tasks._probing import Classes, Represented
    from genlab.tasks.inputs import TaskInputs, TaskSubject

POOL, BRIEF_POOL = 5_000, 1_000
"""Training items that have a representation; of them some or all have a label. The second number is an attempt's."""

JUDGED = 300
"""Held-out items that probes are judged on at least."""

INVERTED = "It has no encoder of its own: one was trained on its samples."

FOUND = 3
"""Nearest items that are drawn under each."""


def _accuracy(name: str, title: str, summary: str) -> TaskMeasure:
    return TaskMeasure(name=name, title=title, summary=summary, better="up", limits=(0, 1))


MEASURES = (
    _accuracy("labels-10", "10 labels", "Accuracy of a linear probe with 10 labels, over five draws of them"),
    _accuracy("labels-100", "100 labels", "Accuracy of a linear probe with 100 labels, over five draws of them"),
    _accuracy("labels-1000", "1,000 labels", "Accuracy of a linear probe with 1,000 labels, over five draws of them"),
    _accuracy("linear", "All labels", "Accuracy of a linear probe with the labels of all training items at hand"),
    _accuracy("neighbours", "5 nearest", "Accuracy of the vote of the five nearest training items"),
)


@dataclass(frozen=True)
class Pool:
    """The items of the task.

    Attributes:
        train: Training items [m, *shape].
        held_out: Held-out items that probes are judged on [n, *shape].
        queries: Items whose nearest training items are drawn [k, *shape].
        classes: Of the first two.
    """

    train: NDArray[np.float32]
    held_out: NDArray[np.float32]
    queries: NDArray[np.float32]
    classes: Classes


def _pool(inputs: TaskInputs) -> Pool:
    """The items.

    Raises:
        InputError: When the data have no classes.
    """
    from genlab.tasks._probing import Classes

    train, labels = inputs.training(BRIEF_POOL if inputs.brief else POOL)
    index = inputs.generator("items").permutation(inputs.data.info.test)[: max(inputs.count, JUDGED)]
    held_out, own = inputs.part("test", index)
    if labels is None or own is None:
        raise InputError(
            f"{inputs.data.info.title} has no classes, so nobody can tell what codes know of them.",
            "Choose a model of data with classes.",
            kind="no_classes",
        )
    return Pool(train, held_out, inputs.items[:SHOWN], Classes(labels, own))


@dataclass
class Contest:
    """Representations with their scores, judged as they come."""

    inputs: TaskInputs
    pool: Pool

    def __post_init__(self) -> None:
        self.answers: list[TaskAnswer] = []
        self.curves: list[TaskCurve] = []

    def add(self, name: str, title: str, of: Represented, seconds: float, role: Role = "model", note: str = "") -> None:
        """Judge a representation that took so many seconds for all items."""
        from genlab.metrics._neighbours import nearest
        from genlab.tasks._probing import FEW, curve, scores

        scaled = of.scaled()
        self.inputs.progress(len(self.answers) / 5, f"probing: {title}")
        found = scores(scaled, self.pool.classes, self.inputs.seed, FEW[1] if self.inputs.brief else FEW[-1])
        _, positions = nearest(scaled.queries, scaled.train, FOUND)
        items = sum(len(part) for part in (of.train, of.held_out, of.queries))
        self.answers.append(
            TaskAnswer(
                name=name,
                title=title,
                role=role,
                scores=found,
                shown=self.pool.train[positions.T],
                milliseconds=1_000 * seconds / items,
                note=note,
            )
        )
        self.curves.append(curve(title, found))

    def outcome(self, missing: tuple[str, ...] = ()) -> TaskOutcome:
        """All of it."""
        title = "Accuracy of a linear probe"
        chart = TaskChart("labels", title, "labels", "accuracy", tuple(self.curves), log_x=True)
        return TaskOutcome(tuple(self.answers), missing, (chart,))


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """The items, and their values as they are."""
    from genlab.tasks._probing import Represented

    pool = _pool(inputs)
    contest = Contest(inputs, pool)
    pixels = Represented(*(_flat(part) for part in (pool.train, pool.held_out, pool.queries)))
    contest.add("pixels", values(inputs).capitalize(), pixels, 0.0, "baseline")
    found = contest.outcome()
    truth = TaskAnswer(name="truth", title="The items", role="truth", shown=pool.queries)
    return TaskOutcome((truth, *found.answers), found.missing, found.charts)


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """The model's codes, beside principal components of their number and an encoder that has learned nothing."""
    from sklearn.decomposition import PCA

    from genlab.tasks._probing import Represented

    pool, model = _pool(inputs), subject.model
    found = Contest(inputs, pool)
    parts = (pool.train, pool.held_out, pool.queries)
    flat = [_flat(part) for part in parts]
    size = min(model.latent_dim, *flat[0].shape)
    pca = PCA(size, svd_solver="randomized", random_state=inputs.seed).fit(flat[0])
    begun = time.perf_counter()
    codes = Represented(*(pca.transform(part) for part in flat))
    found.add("pca", f"PCA of {size} components", codes, time.perf_counter() - begun, "baseline")
    if not model.can_sample:
        return found.outcome(("It turns items into others, and has no codes of them.",))
    if model.space.classes:
        return found.outcome(("It is told the class, so its codes need not hold it.",))
    begun = time.perf_counter()
    untaught = Represented(*(_untaught(subject, part, inputs.seed) for part in parts))
    found.add("untaught", "Encoder with random weights", untaught, time.perf_counter() - begun, "baseline")
    inverter = subject.inverter
    if inverter is None and not model.can_encode:
        return found.outcome(("It has no encoder, and in an attempt none is trained for it.",))
    begun = time.perf_counter()
    learned = Represented(*(_coded(inverter or (lambda x: model.encode(x).mean), part) for part in parts))
    title, note = ("Encoder's codes", "") if inverter is None else ("Inverter's codes", INVERTED)
    found.add("codes", title, learned, time.perf_counter() - begun, note=note)
    return found.outcome()


def _coded(encode: Callable[[Tensor], Tensor], items: NDArray[np.float32]) -> NDArray[np.float64]:
    import numpy as np
    import torch

    return encode(torch.as_tensor(items)).numpy().astype(np.float64)


def _untaught(subject: TaskSubject, items: NDArray[np.float32], seed: int) -> NDArray[np.float64]:
    """Codes of an encoder of the run's own network, as it was before it learned."""
    import torch

    from genlab.devices import OnDevice
    from genlab.networks.build import Parts

    model = subject.model
    # New networks draw random numbers, which must not be missing elsewhere.
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(seed)
        encoder = Parts(model.space, model.latent_dim, subject.opened.run.config().network).encoder().eval()
        there = OnDevice([encoder], model.device)
        return _coded(lambda x: there(lambda part: encoder(part)[0], x, size=512), items)


def _flat(items: NDArray[np.float32]) -> NDArray[np.float64]:
    import numpy as np

    return items.reshape(len(items), -1).astype(np.float64)


SPEC = TaskSpec(
    title="Representation",
    summary="Tell classes from codes with few labels, and find items that are alike",
    paper="Alain and Bengio, Understanding intermediate layers using linear classifier probes, 2016; "
    "few labels: Kingma et al., Semi-supervised learning with deep generative models, 2014",
    use="representation learning",
    labelled=True,
    measures=MEASURES,
    takes="any",
    decisive="labels-100",
    usual=2_000,
    baselines=baselines,
    contest=contest,
)

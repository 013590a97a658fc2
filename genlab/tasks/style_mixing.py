"""Style mixing: coarse layers are told the style of one item, fine layers that of another."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from genlab.options import Options, setting
from genlab.tasks._class_change import REAL, classifies, told
from genlab.tasks._class_models import coded
from genlab.tasks._sources import Sources, partners, scores, sources
from genlab.tasks.base import SHOWN, Role, TaskAnswer, TaskChart, TaskCurve, TaskMeasure, TaskOutcome, TaskSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from genlab.models.generative import GenerativeModel
    from genlab.tasks.inputs import TaskInputs, TaskSubject

    Images = NDArray[np.float32]
    Classes = NDArray[np.int64]

ROWS = 3
"""Content sources of a grid, at most."""

SHARPEST = 14
"""An item's coarse half is blurred with a standard deviation of its shorter side divided by this."""

MIXED = TaskMeasure(
    name="mixed",
    title="Content and style",
    summary="0 for a mix that does not look real, else the harmonic mean of the two shares: 1 has the structure of the "
    "content and the statistics of the style source, 0 lacks either",
    better="up",
    limits=(0, 1),
)
STRUCTURE = TaskMeasure(
    name="structure",
    title="Structure of the content",
    summary="How much nearer the coarse structure is to the content source than to the style source: means of blocks, "
    "without brightness and contrast; 1/2 is as near to either",
    better="up",
    limits=(0, 1),
)
STATISTICS = TaskMeasure(
    name="statistics",
    title="Statistics of the style",
    summary="How much nearer mean, contrast and detail in each octave of every channel are to the style source than to "
    "the content source; 1/2 is as near to either",
    better="up",
    limits=(0, 1),
)
FEATURES = TaskMeasure(
    name="features",
    title="Features of the content",
    summary="How much nearer the data's own features are to the content source than to the style source",
    better="",
    limits=(0, 1),
)
KEPT = TaskMeasure(
    name="kept",
    title="Class kept",
    summary="Share that the data's own classifier takes for the class of the content source",
    better="up",
    limits=(0, 1),
)

RESPECTS = {
    "structure": "Coarse structure",
    "statistics": "Statistics",
    "features": "Features",
    "kept": "Class of the content source",
    "taken": "Class of the style source",
}
"""What mixes may follow, as the lines of a chart are called."""

DRAWS_NOTHING = "It draws no items from latents: there are no styles to be mixed."
UNMIXED = "It was trained with one style for all layers; with model.style_mixing at 0.5 mixes look more real."
SAMPLES = "Nothing is inverted, and these are other items than the inputs."


class StyleMixingOptions(Options):
    """Which layers take the style of which item."""

    crossover: int | None = setting(
        None,
        "coarse layers that take the style of the content source; the others take that of the style source; empty "
        "takes half of them",
        unit="layers",
        ge=1,
        le=64,
        step=1,
    )
    steps: int = setting(100, "gradient steps that look for the code of an item", unit="steps", ge=1, le=2_000)


@dataclass(frozen=True)
class _Pool:
    """Items, and what the layers of a model's decoder are told to draw them.

    Attributes:
        items: Public values [n, *shape].
        styles: [n, layers, W].
    """

    items: Images
    styles: Tensor


@dataclass(frozen=True)
class _Mixer:
    """What a model makes of the styles of two sets of items.

    Attributes:
        model: The model.
        content: Where coarse layers come from.
        style: Where fine layers come from.
    """

    model: GenerativeModel
    content: _Pool
    style: _Pool

    def __call__(self, crossover: int, of: Classes, by: Classes) -> Images:
        """Mixes [n, *shape]: so many coarse layers of the items at ``of`` [n], the others of those at ``by`` [n]."""
        import torch

        coarse, fine = self.content.styles[of][:, :crossover], self.style.styles[by][:, crossover:]
        return self.model.draw(torch.cat([coarse, fine], dim=1)).numpy()

    def grid(self, crossover: int) -> Images:
        """Style sources along the top, content sources down the left side, and their mixes [rows, columns, *shape]."""
        import numpy as np

        alike = self.content is self.style
        count, others = len(self.content.items), len(self.style.items)
        rows = np.arange(min(ROWS, count // 2 if alike else count))
        columns = np.arange(len(rows) if alike else 0, others)[: SHOWN - 1]
        mixes = self(crossover, rows.repeat(len(columns)), np.tile(columns, len(rows)))
        shape = self.content.items.shape[1:]
        found = np.zeros((1 + len(rows), 1 + len(columns), *shape), np.float32)
        found[0, 1:], found[1:, 0] = self.style.items[columns], self.content.items[rows]
        found[1:, 1:] = mixes.reshape(len(rows), len(columns), *shape)
        return found


def too_flat(shape: tuple[int, ...]) -> str:
    """Why items of ``shape`` have no coarse and fine structure to be told from each other, or ""."""
    return "" if len(shape) == 3 else "Style mixing takes items with channels, height and width."


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """The sources; both averaged; the statistics of the one on the other; coarse of the one and fine of the other."""
    import numpy as np

    pairs, _ = sources(inputs)
    answers = [
        TaskAnswer(
            name="input",
            title="The items",
            role="input",
            scores=scores(pairs.follows(pairs.content)),
            shown=np.stack([pairs.content[:SHOWN], pairs.style[:SHOWN]]),
            layers=("content source", "style source"),
            note="Content sources above, style sources below.",
        )
    ]
    for name, title, method, note in (
        ("average", "Average of both", _averaged, ""),
        ("transfer", "Mean and contrast transferred", _transferred, "Reinhard et al., 2001, for each channel."),
        ("hybrid", "Coarse of the one, fine of the other", _hybrid, "Oliva, Torralba and Schyns, 2006."),
    ):
        begun = time.perf_counter()
        found = np.clip(method(pairs.content, pairs.style), 0, 1).astype(np.float32)
        milliseconds = 1_000 * (time.perf_counter() - begun) / len(found)
        answers.append(
            TaskAnswer(
                name=name,
                title=title,
                role="baseline",
                scores=scores(pairs.follows(found)),
                shown=found[:SHOWN],
                milliseconds=milliseconds,
                note=note,
            )
        )
    return TaskOutcome(tuple(answers))


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """Held-out items, encoded or inverted, and samples of the model, each mixed with another."""
    if not subject.model.can_sample:
        return TaskOutcome((), (DRAWS_NOTHING,))
    layers, asked = subject.model.style_layers, inputs.options.crossover
    if why := _cannot(layers, asked):
        return TaskOutcome((), (why,))
    crossover = asked or len(layers) // 2
    given, drawn = (of(inputs, subject, crossover) for of in (_of_inputs, _of_samples))
    first, *others = (*given.answers, *drawn.answers)
    if getattr(subject.opened.run.config().model.options, "style_mixing", None) == 0:
        first = replace(first, note=f"{first.note} {UNMIXED}")
    details = {"style_layers": list(layers), "crossover": crossover}
    return TaskOutcome((first, *others), (), (*given.charts, *drawn.charts), details)


def _averaged(content: Images, style: Images) -> Images:
    import numpy as np

    return np.asarray((content + style) / 2, np.float32)


def _transferred(content: Images, style: Images) -> Images:
    """The content with the mean and standard deviation of each channel of the style source."""
    import numpy as np

    (mean, contrast), (wanted, strength) = (
        (items.mean(axis=(2, 3), keepdims=True), items.std(axis=(2, 3), keepdims=True)) for items in (content, style)
    )
    return np.asarray((content - mean) * (strength / np.maximum(contrast, 1e-6)) + wanted, np.float32)


def _hybrid(content: Images, style: Images) -> Images:
    """Low frequencies of the content and high ones of the style source, split by a Gaussian filter."""
    from scipy.ndimage import gaussian_filter

    sigma = max(1.0, min(content.shape[2:]) / SHARPEST)
    coarse, other = (gaussian_filter(items, (0, 0, sigma, sigma)) for items in (content, style))
    found: Images = coarse + style - other
    return found


def _cannot(layers: tuple[str, ...], crossover: int | None) -> str:
    """Why styles cannot be mixed at a crossover by a decoder of such layers, or ""."""
    from genlab.registry import registry

    if not layers:
        styled = " or ".join(spec.title for spec in registry("networks") if spec.styled)
        return f"No layer of its decoder is told a style: train a model with a network of such layers ({styled})."
    if len(layers) < 2:
        return "Only one layer of its decoder is told a style: there is nothing to mix."
    if crossover is not None and crossover >= len(layers):
        return f"Its decoder has {len(layers)} layers: take a crossover from 1 to {len(layers) - 1}."
    return ""


def _of_inputs(inputs: TaskInputs, subject: TaskSubject, crossover: int) -> TaskOutcome:
    """The inputs as they are encoded or inverted, each mixed with its style source."""
    pairs, index = sources(inputs)
    begun = time.perf_counter()
    content = _Pool(inputs.items, _styles_of(inputs, subject, inputs.items, inputs.labels))
    style = _Pool(inputs.others, _styles_of(inputs, subject, inputs.others, None)) if inputs.other else content
    seconds = time.perf_counter() - begun
    how = "Encoded" if subject.model.can_encode else "Inverted"
    return _mixed(pairs, _Mixer(subject.model, content, style), index, crossover, how, "model", seconds)


def _of_samples(inputs: TaskInputs, subject: TaskSubject, crossover: int) -> TaskOutcome:
    """Samples of the model, each mixed with another; where it is told no classes the classifier tells them."""
    model, count = subject.model, max(2, len(inputs.items))
    y = model.labels(count)
    styles = model.styles(model.sample_latents(count, inputs.seed), y)
    pool = _Pool(model.draw(styles).numpy(), styles)
    labels = told(inputs, pool.items) if y is None and classifies(inputs) else None if y is None else y.numpy()
    index = partners(labels, count)
    known = None if labels is None else (labels, labels[index])
    pairs = Sources(inputs, pool.items, pool.items[index], known)
    return _mixed(pairs, _Mixer(model, pool, pool), index, crossover, "Samples", "bound", None)


def _styles_of(inputs: TaskInputs, subject: TaskSubject, items: Images, labels: Classes | None) -> Tensor:
    """Styles [n, layers, W] of items [n, *shape]; a class that the model is told and nobody knows is looked for."""
    import numpy as np
    import torch

    from genlab.latent.invert import invert

    model, steps = subject.model, inputs.options.steps
    if model.space.classes and labels is None:
        found = invert(model, torch.as_tensor(items), subject.inverter, steps, inputs.seed, inputs.progress)
        return model.styles(found.z, found.labels)
    of = np.zeros(len(items), np.int64) if labels is None else labels
    codes = torch.as_tensor(coded(inputs, subject, items, of, steps))
    return model.styles(codes, torch.as_tensor(of) if model.space.classes else None)


def _mixed(
    pairs: Sources, mix: _Mixer, index: Classes, crossover: int, how: str, role: Role, seconds: float | None
) -> TaskOutcome:
    """The answer at one crossover with a row for each, a grid, and which source is followed at each crossover."""
    import numpy as np

    order, layers = np.arange(len(index)), mix.model.style_layers
    follows, shown = [], []
    for each in range(len(layers) + 1):
        begun = time.perf_counter()
        found = mix(each, order, index)
        if seconds is not None and each == crossover:
            seconds += time.perf_counter() - begun
        follows.append(pairs.follows(found))
        shown.append(found[:SHOWN])
    name, items = ("mixed", "the items") if role == "model" else ("samples", "samples")
    answer = TaskAnswer(
        name=name,
        title=f"{how}, styles mixed",
        role=role,
        scores=scores(follows[crossover]),
        shown=np.stack(shown),
        layers=tuple(f"{each} of {len(layers)} layers as the content source" for each in range(len(shown))),
        milliseconds=None if seconds is None else 1_000 * seconds / len(order),
        note=f"Row by row 0 to {len(layers)} coarse layers as the content source; scores are of {crossover}, up to "
        f"{layers[crossover - 1]}. {SAMPLES if role == 'bound' else ''}".strip(),
    )
    grid = mix.grid(crossover)
    table = TaskAnswer(
        name=f"{name}-grid",
        title=f"{how}, every pair",
        role=role,
        shown=grid,
        layers=("style sources", *(f"mixes with content source {row}" for row in range(1, len(grid)))),
        note="Style sources along the top, content sources down the left side.",
    )
    return TaskOutcome((answer, table), charts=(_chart(name, items, follows),))


def _chart(name: str, items: str, follows: Sequence[Mapping[str, NDArray[Any]]]) -> TaskChart:
    """What mixes follow at each crossover, from none of the layers as the content source to all of them."""
    curves = tuple(
        _curve(title, [each[respect] for each in follows])
        for respect, title in RESPECTS.items()
        if respect in follows[0]
    )
    title = f"Which source mixes of {items} follow"
    return TaskChart(name, title, "Coarse layers as the content source", "1: content source, 0: style source", curves)


def _curve(title: str, values: Sequence[NDArray[Any]]) -> TaskCurve:
    from genlab.metrics._resample import clipped, of_mean

    ends = [clipped(of_mean(each), (0, 1)) for each in values]
    return TaskCurve(
        title,
        tuple(float(place) for place in range(len(values))),
        tuple(float(each.mean()) for each in values),
        tuple(low for low, _ in ends),
        tuple(high for _, high in ends),
    )


SPEC = TaskSpec(
    title="Style mixing",
    summary="Draw the coarse structure of one item with the fine structure of another",
    paper="Karras, Laine and Aila, A style-based generator architecture for generative adversarial networks, 2019, "
    "section 3.1",
    use="style mixing",
    other=True,
    takes="unit",
    refuse=too_flat,
    measures=(MIXED, STRUCTURE, STATISTICS, KEPT, REAL, FEATURES),
    decisive="mixed",
    Options=StyleMixingOptions,
    baselines=baselines,
    contest=contest,
)

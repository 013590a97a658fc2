"""Synthesis: new items that look real, which no copy of a training item does.

A sample counts where it is as near to the data as items that are held out are, as sharp as they are, and neither a copy
of a training item nor of another sample. Each alone is easy: a copy is real, noise is new, and the mean item is near.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genlab.options import Options, setting
from genlab.tasks.base import SHOWN, Role, TaskAnswer, TaskMeasure, TaskOutcome, TaskSpec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.metrics._originals import Originals
    from genlab.tasks.inputs import TaskInputs, TaskSubject

    Images = NDArray[np.float32]
    Flags = NDArray[np.bool_]

TRAINING, TRAINING_BRIEFLY = 4_000, 1_000
"""Training items among which originals are looked for; in an attempt."""

HELD_OUT = 1_000
"""Held-out items that say what is usual at most."""

COMMON = 0.95
"""Share of held-out items that are as near to the data, and as sharp, as is asked of a sample."""

COPIES = 0.01
"""Share of held-out items that are taken for copies; of fewer than a hundred it is one."""

SMALLEST = 8
"""Pixels of the shorter side below which pictures are not compared place by place."""

FRESH = TaskMeasure(
    name="fresh",
    title="New and real",
    summary="Share of samples that are near to the data, as sharp as they are, and no copies: of held-out items, which "
    "are both, most count",
    better="up",
    limits=(0, 1),
)
COPIED = TaskMeasure(
    name="copied",
    title="Copies",
    summary=f"Share that is nearer to one training item than all but {COPIES:.0%} of held-out items are, moved by a "
    "pixel or mirrored included",
    better="down",
    limits=(0, 1),
)
REPEATED = TaskMeasure(
    name="repeated",
    title="Repeated",
    summary=f"Share that is nearer to an earlier sample than {COPIES:.0%} of held-out items are to a training item",
    better="down",
    limits=(0, 1),
)
NEAR = TaskMeasure(
    name="near",
    title="Near to the data",
    summary=f"Share as near to a training item, in features, as {COMMON:.0%} of held-out items are",
    better="up",
    limits=(0, 1),
)
SHARP = TaskMeasure(
    name="sharp",
    title="As sharp as the data",
    summary=f"Share whose edges (variance of the Laplacian) are as strong as those of {COMMON:.0%} of held-out items",
    better="up",
    limits=(0, 1),
)
COVERED = TaskMeasure(
    name="covered",
    title="Held-out items reached",
    summary=f"Share of held-out items with a sample as near as {COMMON:.0%} of them have a training item",
    better="up",
    limits=(0, 1),
)


class SynthesisOptions(Options):
    """How large the linear model is that stands beside."""

    components: int = setting(
        64, "principal components of the normal distribution that is drawn from beside", unit="components", ge=1, le=512
    )


@dataclass(frozen=True)
class _Usual:
    """What is usual of held-out items.

    Attributes:
        train: Training items [N, *shape].
        originals: The same, laid out for the search.
        copy: Nearness to one of them at which an item is a copy: pixel by pixel, and where it may be moved or mirrored.
        edges: Least and largest variance of the Laplacian.
        features: Features [N, d] of the training items; None in an attempt.
        copy_in_features: The same nearness in features.
        apart: Distances in features to the nearest training item: of a copy, and of what is near to the data.
    """

    train: Images
    originals: Originals
    copy: tuple[float, float]
    edges: tuple[float, float]
    features: NDArray[np.float32] | None = None
    copy_in_features: float = 0.0
    apart: tuple[float, float] = (0.0, 0.0)


def too_small(shape: tuple[int, ...]) -> str:
    """Why pictures of ``shape`` cannot be compared place by place, or ""."""
    side = min(shape[1:], default=0)
    return "" if side >= SMALLEST else f"Synthesis takes pictures of at least {SMALLEST} × {SMALLEST} pixels."


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """Held-out items; training items as they are, and laid over each other; draws from principal components."""
    import numpy as np

    usual = _usual(inputs)
    truth = _judged(inputs, usual, "truth", "Held-out items", inputs.items, None, "truth")
    rng, count = inputs.generator("baselines"), len(inputs.items)
    one, other = (usual.train[rng.integers(0, len(usual.train), count)] for _ in range(2))
    copies = _judged(inputs, usual, "copies", "Training items once more", one, None, "baseline")
    mean = ((one + other) / 2).astype(np.float32)
    both = _judged(inputs, usual, "mixed", "Two training items laid over each other", mean, None, "baseline")
    begun = time.perf_counter()
    drawn = _linear(usual.train, inputs.options.components, count, rng)
    seconds = time.perf_counter() - begun
    title = "Normal distribution over principal components"
    note = "With faces these are eigenfaces (Turk and Pentland, 1991)."
    linear = _judged(inputs, usual, "components", title, drawn, seconds, "baseline", note)
    return TaskOutcome((truth, copies, both, linear))


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """Samples of the model, beside the training items that they are nearest to."""
    if not subject.model.can_sample:
        return TaskOutcome((), ("It turns items into others and draws none.",))
    begun = time.perf_counter()
    made = subject.model.sample(len(inputs.items), inputs.seed).numpy()
    seconds = time.perf_counter() - begun
    return TaskOutcome((_judged(inputs, _usual(inputs), "samples", "Samples", made, seconds, "model"),))


def _usual(inputs: TaskInputs) -> _Usual:
    import numpy as np

    from genlab.metrics._neighbours import nearest
    from genlab.metrics._originals import Originals, in_features
    from genlab.metrics.laplacian import variances

    train, _ = inputs.training(TRAINING_BRIEFLY if inputs.brief else TRAINING)
    rows = inputs.generator("held out").permutation(inputs.data.info.test)[:HELD_OUT]
    held_out, _ = inputs.part("test", np.sort(rows))
    originals = Originals(train)
    rank = max(1, round(COPIES * len(held_out))) - 1
    edges = np.quantile(variances(held_out), [(1 - COMMON) / 2, (1 + COMMON) / 2])
    found = _Usual(
        train=train,
        originals=originals,
        copy=(
            float(np.sort(in_features(_flat(held_out), _flat(train)).ratio)[rank]),
            float(np.sort(originals.nearest(held_out).ratio)[rank]),
        ),
        edges=(float(edges[0]), float(edges[1])),
    )
    if not inputs.extractor:
        return found
    from dataclasses import replace

    features = inputs.kept("training features", lambda: inputs.encode(train).features)
    said = inputs.encode(held_out).features
    away = np.sort(nearest(said, features, 1)[0][:, 0])
    return replace(
        found,
        features=features,
        copy_in_features=float(np.sort(in_features(said, features).ratio)[rank]),
        apart=(float(away[rank]), float(np.quantile(away, COMMON))),
    )


def _judged(
    inputs: TaskInputs,
    usual: _Usual,
    name: str,
    title: str,
    made: Images,
    seconds: float | None,
    role: Role,
    note: str = "",
) -> TaskAnswer:
    """The answer of a method that made ``made`` [n, *shape], each above the training item that it is nearest to."""
    import numpy as np

    from genlab.metrics._neighbours import nearest
    from genlab.metrics._originals import in_features
    from genlab.metrics.laplacian import variances

    inputs.progress(0.5, f"looking for originals of {title.lower()}")
    same, near = in_features(_flat(made), _flat(usual.train)), usual.originals.nearest(made)
    copied, edges = (same.ratio <= usual.copy[0]) | (near.ratio <= usual.copy[1]), variances(made)
    position = np.where(near.ratio <= usual.copy[1], near.position, same.position)
    sharp = (edges >= usual.edges[0]) & (edges <= usual.edges[1])
    scores: dict[str, Flags] = {"copied": copied, "sharp": sharp}
    words = np.where(copied, "copy", np.where(sharp, "", np.where(edges < usual.edges[0], "blurred", "rough")))
    if usual.features is not None:
        features = inputs.encode(made).features
        close, found = in_features(features, usual.features), nearest(features, usual.features, 1)
        position = np.where(copied, position, found[1][:, 0])
        copied = copied | (close.ratio <= usual.copy_in_features)
        real, repeated = found[0][:, 0] <= usual.apart[1], _repeated(features, usual.apart[0])
        reached = nearest(inputs.encoded.features, features, 1)[0][:, 0] <= usual.apart[1]
        fresh = real & sharp & ~copied & ~repeated
        scores = {"fresh": fresh, "copied": copied, "repeated": repeated, "near": real, "sharp": sharp}
        scores["covered"] = reached
        words = np.where(copied, "copy", np.where(~real, "unlike the data", np.where(repeated, "repeated", words)))
        words = np.where(fresh, "new", words)
    return TaskAnswer(
        name=name,
        title=title,
        role=role,
        scores=scores,
        shown=np.stack([made[:SHOWN], usual.train[position[:SHOWN]]]),
        layers=("sample", "nearest training item"),
        captions=tuple(str(word) for word in words[:SHOWN]),
        milliseconds=None if seconds is None else 1_000 * seconds / len(made),
        note=note,
    )


def _flat(items: Images) -> Images:
    return items.reshape(len(items), -1)


def _repeated(features: NDArray[np.float32], apart: float) -> Flags:
    """Whether each of ``features`` [n, d] is at most ``apart`` from an earlier one [n]."""
    import numpy as np
    from scipy.spatial.distance import cdist

    distances = cdist(features, features)
    distances[np.triu_indices(len(features))] = np.inf
    return np.asarray(distances.min(axis=1, initial=np.inf) <= apart, np.bool_)


def _linear(train: Images, components: int, count: int, rng: np.random.Generator) -> Images:
    """Draws [count, *shape] from a normal distribution over the principal components of ``train`` [N, *shape]."""
    import numpy as np
    from sklearn.decomposition import PCA

    flat = train.reshape(len(train), -1)
    most = min(components, len(flat) - 1, flat.shape[1])
    pca = PCA(most, svd_solver="randomized", random_state=0).fit(flat)
    codes = rng.standard_normal((count, most)) * np.sqrt(pca.explained_variance_)
    drawn = pca.inverse_transform(codes).clip(0, 1).astype(np.float32)
    return np.asarray(drawn.reshape(count, *train.shape[1:]), np.float32)


SPEC = TaskSpec(
    title="Synthesis",
    summary="Make new items that look real and are no copies of what was learned",
    paper="Goodfellow et al., Generative adversarial nets, 2014; copies: Meehan, Chaudhuri and Dasgupta, A "
    "non-parametric test to detect data-copying in generative models, 2020",
    use="image synthesis, such as realistic faces",
    own=False,
    refuse=too_small,
    measures=(FRESH, COPIED, SHARP, NEAR, REPEATED, COVERED),
    decisive="fresh",
    Options=SynthesisOptions,
    baselines=baselines,
    contest=contest,
)

"""Reconstruction: how much of an item survives a code of a few numbers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from genlab.options import Options, setting
from genlab.tasks._fidelity import MEASURES, restored
from genlab.tasks.base import TaskAnswer, TaskOutcome, TaskSpec

if TYPE_CHECKING:
    from genlab.tasks.inputs import TaskInputs, TaskSubject

TRAINING = 10_000
"""Training items that principal components are found from at most."""

RESTARTS = 3


class ReconstructionOptions(Options):
    """How long codes are looked for."""

    steps: int = setting(100, "gradient steps that refine a code", unit="steps", ge=1, le=2_000)
    components: int = setting(
        64, "numbers of the code of the principal components beside it", unit="numbers", ge=1, le=512
    )


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """The items, and what as many principal components of the training items keep of them."""
    from sklearn.decomposition import PCA

    truth = TaskAnswer(name="truth", title="The items", role="truth", shown=inputs.items)
    train, _ = inputs.training(TRAINING)
    flat = train.reshape(len(train), -1)
    components = min(inputs.options.components, *flat.shape)
    inputs.progress(0.2, "finding principal components")
    pca = PCA(components, svd_solver="randomized", random_state=inputs.seed).fit(flat)
    begun = time.perf_counter()
    again = pca.inverse_transform(pca.transform(inputs.items.reshape(len(inputs.items), -1)))
    seconds = time.perf_counter() - begun
    found = again.reshape(inputs.items.shape).astype(inputs.items.dtype)
    title = f"PCA of {components} components"
    return TaskOutcome((truth, restored(inputs, "pca", title, found, seconds, role="baseline")))


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """One pass through the encoder; codes refined by gradient descent; the best code that a long search finds."""
    import torch

    from genlab.latent.invert import floor, invert

    model, x = subject.model, torch.as_tensor(inputs.items)
    y = torch.as_tensor(inputs.labels) if model.space.classes and inputs.labels is not None else None
    answers, missing = [], []
    if model.can_encode:
        begun = time.perf_counter()
        found = model.decode(model.encode(x, y).mean, y).numpy()
        answers.append(restored(inputs, "encoder", "Encoder", found, time.perf_counter() - begun))
    else:
        missing.append("It has no encoder: a code has to be looked for.")
    inverter = subject.inverter
    steps = inputs.options.steps
    begun = time.perf_counter()
    inverted = invert(model, x, inverter, steps, inputs.seed, inputs.progress, y=y).images.numpy()
    title = f"Inversion, {steps} steps"
    answers.append(restored(inputs, "inversion", title, inverted, time.perf_counter() - begun))
    if inputs.brief:
        return TaskOutcome(tuple(answers), tuple(missing))
    begun = time.perf_counter()
    best = floor(model, x, inverter, 2 * steps, RESTARTS, inputs.seed, inputs.progress, y=y)
    title = f"Nearest in its range, best of {RESTARTS} descents"
    answers.append(restored(inputs, "floor", title, best.images.numpy(), time.perf_counter() - begun, role="bound"))
    return TaskOutcome(tuple(answers), tuple(missing))


SPEC = TaskSpec(
    title="Reconstruction",
    summary="Describe an item by a few numbers, and draw it again from them",
    paper="Kingma and Welling, Auto-encoding variational Bayes, 2014; inversion: Creswell and Bharath, 2016",
    use="reconstruction",
    measures=MEASURES,
    decisive="features",
    takes="any",
    Options=ReconstructionOptions,
    baselines=baselines,
    contest=contest,
)

"""Anomaly detection: tell items that are unlike what was learned, with nothing but normal items to learn from.

Normal is what the model learned: the classes that it was given, or its whole data set. Anomalous are held-out items of
the other classes, or of other data. Nothing that is fitted or chosen here has seen an anomaly.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from genlab.options import Options, setting
from genlab.tasks._detection import MEASURES
from genlab.tasks.base import SHOWN, TaskAnswer, TaskOutcome, TaskSpec

if TYPE_CHECKING:
    from genlab.tasks._findings import Findings
    from genlab.tasks._novelty import Novelty
    from genlab.tasks.inputs import TaskInputs, TaskSubject

TRAINING = 10_000
"""Training items that detectors without a model are fitted to at most."""

CODED = 2_000
"""Training items whose codes and scores set the scale of a model's at most."""

RELATIVE = "As a share of the item's own energy: an item with little on it has little to get wrong."
SAME = "It has no critic: f-AnoGAN would be its reconstruction error once more."
TOGETHER = "Each in standard deviations of what training items have, added up."

BRIEF = 30
"""Gradient steps of a search in an attempt."""


class AnomalyOptions(Options):
    """Where anomalies come from, and how hard is looked."""

    against: str = setting(
        "",
        "another data set whose held-out items are the anomalies, brought to the model's size; empty for the classes "
        "that the model did not learn, or, where it learned all, data that come with genlab",
    )
    steps: int = setting(100, "gradient steps of AnoGAN's search", unit="steps", ge=1, le=2_000)
    samples: int = setting(64, "codes drawn for the importance-weighted bound", ge=1, le=5_000, advanced=True)
    components: int = setting(
        64, "principal components that reconstruct items in the baseline", ge=1, le=512, advanced=True
    )


def baselines(inputs: TaskInputs) -> TaskOutcome:
    """The items, and the detectors that know no model: on pixels, and on features that have seen no anomaly."""
    from genlab.tasks._findings import Findings
    from genlab.tasks._outliers import NEIGHBOURS, far, outliers
    from genlab.tasks._suspects import suspects

    found = Findings(inputs, suspects(inputs))
    of, every = found.of, found.of.every
    truth = of.shown(every, SHOWN)
    found.answers.append(
        TaskAnswer(
            name="truth",
            title="The items",
            role="truth",
            shown=truth,
            captions=of.captions(SHOWN),
            note="" if of.own else f"Anomalies are held-out items of {of.about}.",
        )
    )
    train, _ = inputs.training(CODED if inputs.brief else TRAINING)
    flat, judged = train.reshape(len(train), -1), every.reshape(len(every), -1)
    tell = inputs.progress.part(0.0, 0.8, "fitting detectors")
    for one in outliers(flat, judged, inputs.options.components, inputs.seed, tell, brief=inputs.brief):
        maps = None if one.residuals is None else one.residuals.reshape(every.shape)
        found.add(one.name, one.title, one.scores, one.seconds, role="baseline", maps=maps)
    if inputs.extractor:
        known = inputs.encode(train).features
        begun = time.perf_counter()
        scores = far(known, inputs.encode(every).features)
        note = f"The feature extractor ({inputs.extractor}) has seen none of the anomalies' classes in these data."
        title = f"{NEIGHBOURS} nearest neighbours in features"
        found.add("features", title, scores, time.perf_counter() - begun, role="baseline", note=note)
    return found.outcome()


def contest(inputs: TaskInputs, subject: TaskSubject) -> TaskOutcome:
    """Every part of a model as a detector, and all of them together."""
    import torch

    from genlab.tasks._findings import Findings
    from genlab.tasks._novelty import Novelty
    from genlab.tasks._suspects import suspects

    found = Findings(inputs, suspects(inputs))
    model = subject.model
    if not model.can_sample:
        found.missing.append("It turns items into others, and has neither codes of them nor a likelihood.")
        return found.outcome()
    inverter = subject.inverter
    of = Novelty(model, torch.as_tensor(found.of.every), inverter, inputs.seed)
    normal = Novelty(model, torch.as_tensor(inputs.training(CODED)[0]), inverter, inputs.seed)
    _likelihoods(found, of)
    _codes(found, of, normal)
    _search(found, of)
    if model.can_score:
        begun = time.perf_counter()
        found.add("critic", "Critic", of.criticised(), time.perf_counter() - begun)
    else:
        found.missing.append("It has no critic.")
    return found.outcome()


def _likelihoods(found: Findings, of: Novelty) -> None:
    """Bounds on the likelihood, and the correction for complexity."""
    from genlab import kinds
    from genlab.tasks._novelty import compressed, corrected

    inputs = found.inputs
    if not of.model.has_likelihood:
        found.missing.append("It has no likelihood.")
        return
    samples = min(inputs.options.samples, 16) if inputs.brief else inputs.options.samples
    inputs.progress(0.0, "bounding likelihoods")
    begun = time.perf_counter()
    found.add("elbo", "Negative ELBO", of.negative_elbo(), time.perf_counter() - begun)
    begun = time.perf_counter()
    bound = of.negative_bound(samples)
    seconds = time.perf_counter() - begun
    found.add("iwae", f"Likelihood bound, {samples} codes", bound, seconds)
    begun = time.perf_counter()
    bits = compressed(of.x.numpy(), kinds.get(inputs.data.info.kind).dtype, inputs.progress)
    note = "Bits of the likelihood less those of the compressed item: simple items are likely to any model."
    title = "Likelihood less complexity"
    found.add("complexity", title, corrected(bound, bits), seconds + time.perf_counter() - begun, note=note)


def _codes(found: Findings, of: Novelty, normal: Novelty) -> None:
    """Reconstruction and distance of codes, and both together."""
    from genlab.tasks._novelty import anogan
    from genlab.tasks._outliers import far, mahalanobis, standardised

    if not of.can_code:
        found.missing.append("It has no encoder, and in an attempt none is trained for it.")
        return
    found.inputs.progress(0.3, "encoding")
    begun = time.perf_counter()
    errors = of.errors()
    seconds = time.perf_counter() - begun
    maps = (of.again - of.x).abs().numpy()
    found.add("reconstruction", "Reconstruction error", errors, seconds, maps=maps)
    relative = of.relative_errors()
    found.add("relative", "Reconstruction error, relative", relative, seconds, maps=maps, note=RELATIVE, drawn=True)
    worst = of.worst_patch()
    found.add("patch", "Reconstruction, worst patch", worst, seconds, maps=maps, drawn=True)
    if of.model.can_score:
        found.add("f-anogan", "f-AnoGAN", anogan(of, of.again, amortised=True), seconds)
    else:
        found.missing.append(SAME)
    begun = time.perf_counter()
    distance = mahalanobis(normal.code.numpy(), of.code.numpy())
    found.add("distance", "Distance of the code (Mahalanobis)", distance, seconds + time.perf_counter() - begun)
    begun = time.perf_counter()
    near = far(normal.code.numpy(), of.code.numpy())
    found.add("neighbours", "Nearest codes", near, seconds + time.perf_counter() - begun)
    own = mahalanobis(normal.code.numpy(), normal.code.numpy())
    both = standardised(relative, normal.relative_errors()) + standardised(distance, own)
    found.add(
        "together", "Relative error and distance of the code", both, seconds, maps=maps, note=TOGETHER, drawn=True
    )


def _search(found: Findings, of: Novelty) -> None:
    """AnoGAN: what a search in the model's range comes nearest with."""
    from genlab.latent.invert import invert
    from genlab.tasks._novelty import anogan

    inputs = found.inputs
    steps = min(inputs.options.steps, BRIEF) if inputs.brief else inputs.options.steps

    def tell(share: float, what: str) -> None:
        inputs.progress(0.4 + 0.6 * share, what)

    begun = time.perf_counter()
    nearest = invert(of.model, of.x, of.inverter, steps, inputs.seed, tell).images
    scores = anogan(of, nearest, amortised=False)
    maps = (nearest - of.x).abs().numpy()
    title = f"AnoGAN, {steps} step{'s' if steps != 1 else ''}"
    note = "" if of.model.can_score else "Without a critic only pixels count."
    found.add("anogan", title, scores, time.perf_counter() - begun, maps=maps, note=note)


SPEC = TaskSpec(
    title="Anomaly detection",
    summary="Tell items that are unlike what was learned, and show where they are",
    paper="Schlegl et al., Unsupervised anomaly detection with generative adversarial networks, 2017; f-AnoGAN, 2019",
    use="anomaly detection",
    measures=MEASURES,
    takes="any",
    decisive="auroc",
    usual=1_000,
    version=3,
    Options=AnomalyOptions,
    baselines=baselines,
    contest=contest,
)

"""What every claim must keep to."""

from __future__ import annotations

import pytest

from genlab import kinds
from genlab.matches.uses import request_of
from genlab.registry import registry
from genlab.verdicts.applicable import takes_of
from genlab.verdicts.asked import measures_of
from genlab.verdicts.claims.base import EVENTS, SHOWN, ClaimSpec
from genlab.verdicts.measures import MEASURES

CLAIMS: list[ClaimSpec] = list(registry("claims"))
OF_THE_GUIDE = {
    "stability", "sharpness", "diversity", "structure", "interpretability", "control", "likelihood", "reconstruction",
    "hybrid", "faces", "denoising", "super_resolution", "anomaly_detection", "representation_learning",
    "style_transfer",
}  # fmt: skip

AT_LEAST = {
    "stability": {"late_spread", "frechet", "oscillation", "fell", "fell_sweep"},
    "sharpness": {"power_spectrum", "laplacian", "precision", "density", "frechet", "kid"},
    "diversity": {
        "reach",
        "coverage_prior",
        "coverage_fitted",
        "recall",
        "coverage",
        "modes",
        "class_kl",
        "near_duplicates",
        "birthday",
        "collapsed",
    },
    "structure": {
        "codes_linear",
        "midpoint_realism",
        "path_detour",
        "codes_knn",
        "path_length",
        "codes_mig",
        "codes_dci",
    },
    "interpretability": {"dimension_consistency", "class_alignment", "truncation_realism"},
    "control": {"edit_success", "edit_identity"},
    "likelihood": {"elbo"},
    "reconstruction": {"pass_error", "steps_error", "inversion_error", "code_seconds"},
    "denoising": {"denoising.features"},
    "super_resolution": {"super-resolution.features"},
    "anomaly_detection": {"anomaly.auroc"},
    "representation_learning": {"representation.labels-100"},
    "style_transfer": {"translation.changed"},
    "faces": {"frechet"},
}
"""Measures that each claim of the guide is at least about."""


@pytest.fixture(params=CLAIMS, ids=lambda spec: spec.name)
def spec(request: pytest.FixtureRequest) -> ClaimSpec:
    found: ClaimSpec = request.param
    return found


def test_all_claims_of_the_guide_are_there() -> None:
    assert {spec.name for spec in CLAIMS} >= OF_THE_GUIDE
    assert len({spec.order for spec in CLAIMS}) == len(CLAIMS)


def of_tasks(spec: ClaimSpec) -> list[str]:
    """Measures of the tasks that a claim asks for."""
    return [measure for asked in spec.tasks for measure in measures_of(asked)]


def test_its_measures_exist(spec: ClaimSpec) -> None:
    for part in spec.parts:
        known = (
            EVENTS
            if part.kind == "event"
            else {**MEASURES, **dict.fromkeys([*registry("metrics").names(), *of_tasks(spec)])}
        )
        assert part.measure in known, part.name
    for cell in spec.cells:
        known = (
            EVENTS
            if cell.kind == "event"
            else {**MEASURES, **dict.fromkeys([*registry("metrics").names(), *of_tasks(spec)])}
        )
        assert cell.measure in known


def test_it_is_about_what_it_should_be(spec: ClaimSpec) -> None:
    assert {part.measure for part in spec.parts} >= AT_LEAST.get(spec.name, set())


def test_it_can_be_judged(spec: ClaimSpec) -> None:
    assert spec.decisive
    for kind in kinds.REGISTRY:
        assert len([cell for cell in spec.cells if takes_of(cell.measure) in kind.gives]) <= 3
    assert spec.cells
    assert spec.pictures and spec.caveat.endswith(".") and not spec.title.endswith(".")
    assert len({part.name for part in spec.parts}) == len(spec.parts)
    assert {part.instead for part in spec.parts} - {""} <= {part.name for part in spec.parts}


def test_its_thresholds_have_reasons(spec: ClaimSpec) -> None:
    for part in spec.decisive:
        assert part.reason != SHOWN and part.reason.endswith("."), part.name
        assert part.kind not in {"sensitivity", "event"}, "neither can decide with a handful of runs"
        if part.scale == "ratio":
            assert part.threshold > 0


def test_a_use_is_decided_by_what_decides_its_task_and_by_what_needs_no_model(spec: ClaimSpec) -> None:
    for asked in spec.tasks:
        task = registry("tasks").get(asked.task)
        parts = [part for part in spec.parts if part.measure == f"{task.name}.{task.decisive}"]
        assert {part.better for part in parts} == {task.measure(task.decisive).better}
        assert {"mean", "baseline"} <= {part.kind for part in parts if part.decisive}
        assert request_of(asked).items == asked.items and not request_of(asked).is_attempt


def test_what_it_says_is_that_the_families_differ(spec: ClaimSpec) -> None:
    """A claim that families which are the same would fulfil is no comparison: some part asks for a real difference."""
    neutral = [part.threshold > (1 if part.scale == "ratio" else 0) or part.kind == "has" for part in spec.decisive]
    assert any(neutral)

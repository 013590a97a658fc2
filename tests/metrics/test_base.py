"""What metrics share: sets of items, evidence and what it lacks, and when a metric says nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from genlab.metrics import REGISTRY, remarks
from genlab.metrics.base import MISSING, Codes, Evidence, Items, Measured, MetricSpec


def items(n: int, *, told: bool = True) -> Items:
    rng = np.random.default_rng(n)
    images = rng.random((n, 1, 4, 4), dtype=np.float32)
    shares = np.full((n, 2), 0.5, np.float32) if told else None
    return Items(images, images.reshape(n, -1), shares, np.arange(n) % 2 if told else None)


def spec(**changes: Any) -> MetricSpec:
    about: dict[str, Any] = {
        "title": "Count",
        "summary": "How many",
        "group": "fidelity",
        "better": "up",
        "compute": lambda evidence, options, rng: Measured(float(evidence.pairs), n=evidence.pairs),
    }
    return MetricSpec(**(about | changes))


RNG = np.random.default_rng(0)


def test_some_items_keep_what_is_said_of_them():
    whole = items(6)
    some = whole.take(np.array([4, 1]))
    assert len(some) == 2
    for name in ("images", "features", "probabilities", "labels"):
        assert np.array_equal(getattr(some, name), getattr(whole, name)[[4, 1]]), name
    bare = items(6, told=False).take(slice(0, 3))
    assert len(bare) == 3 and bare.probabilities is None and bare.labels is None


def test_sets_of_unequal_size_are_compared_by_the_smaller():
    evidence = Evidence(items(5), items(9))
    assert evidence.pairs == 5
    assert evidence.table is evidence.table, "neighbours are found once"


def test_the_reference_has_real_items_in_the_place_of_all_that_is_generated():
    fresh = items(3)
    found = Evidence(items(5), items(9), fitted=items(4)).floor(fresh)
    assert found.fake is fresh and found.fitted is fresh and len(found.real) == 5


@pytest.mark.parametrize("need", [need for need in MISSING if need != "features"])
def test_what_is_not_there_is_lacking(need: Any):
    bare = Evidence(items(4, told=False), items(4, told=False), pixels=False)
    assert bare.lacks(need)
    assert spec(needs=(need,)).missing(bare) == MISSING[need]


def test_what_is_there_is_not_lacking():
    whole = Evidence(
        items(4),
        items(4),
        train=items(4),
        mixture=object(),
        codes=Codes(np.zeros((4, 2), np.float32), None, np.zeros((4, 2), np.float32), None),
        factors={"size": np.zeros(4, np.float32)},
        reconstructions=items(4),
        bounds={"elbo": np.zeros(4)},
        walks=object(),  # type: ignore[arg-type]
        fitted=items(4),
        history=({"images": 1},),
        seeds=np.zeros(3),
        symbols=(" ", "a"),
        grammar=bool,
    )
    assert [need for need in MISSING if whole.lacks(need)] == ["frames"], "items are pictures or films, never both"
    assert replace(whole, factors={}, history=()).lacks("factors") and replace(whole, history=()).lacks("history")


def test_a_metric_with_too_few_items_says_so_and_computes_nothing():
    few, enough = Evidence(items(4), items(3)), Evidence(items(4), items(4))
    metric = spec(minimum=4)
    assert metric.is_short(few) and not metric.is_short(enough)
    refused = metric.measure(few, None, RNG)
    assert refused.value is None and refused.why == "It takes at least 4 items of each kind; there are 3."
    assert metric.measure(enough, None, RNG) == Measured(4.0, n=4)


def test_a_metric_that_lacks_evidence_is_not_merely_short():
    metric = spec(minimum=4, needs=("codes",))
    assert not metric.is_short(Evidence(items(3), items(3)))
    assert metric.measure(Evidence(items(3), items(3)), None, RNG).why == MISSING["codes"]


@pytest.mark.parametrize(
    ("needs", "expected"),
    [(("features",), True), (("codes",), True), (("codes", "labels"), False), (("history",), False)],
)
def test_metrics_that_look_at_sets_alone_are_known(needs: tuple[Any, ...], expected: bool):
    assert spec(needs=needs).compares_sets is expected


def test_a_kept_line_is_current_while_its_version_is():
    assert spec().is_current({}) and spec(version=2).is_current({"version": 2})
    assert not spec(version=2).is_current({}) and not spec().is_current({"version": 2})


def test_what_stands_behind_the_title_of_a_score():
    today = {"version": REGISTRY.get("ssim").version}
    assert remarks("ssim", today) == remarks("of_my_own", {}) == ""
    assert remarks("ssim", {"version": 1}) == " (earlier version of this metric)"
    told = remarks("ssim", today | {"blunt": ["blobs", "blank pictures"], "against": "train"})
    assert told == " (against training items) (does not tell blobs, blank pictures from real data here)"

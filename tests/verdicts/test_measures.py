"""The match's own measures: said in words, bounded where they are, and each asked for by somebody."""

from __future__ import annotations

import pytest

from genlab.registry import registry
from genlab.verdicts.asked import measures_of
from genlab.verdicts.measures import MEASURES


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_says_what_it_is(name: str):
    spec = MEASURES[name]
    assert spec.title[0].isupper() and spec.summary[0].isupper()
    low, high = spec.limits
    assert low is None or high is None or low < high
    assert spec.better in {"up", "down", "none"}


def test_no_measure_bears_the_name_of_a_metric():
    assert not set(MEASURES) & set(registry("metrics").names())


def test_the_measures_are_what_claims_ask_for_and_metrics_do_not_give():
    asked = {part.measure for spec in registry("claims") for part in spec.parts if part.kind not in {"event", "has"}}
    asked |= {cell.measure for spec in registry("claims") for cell in spec.cells if cell.kind != "event"}
    of_tasks = {measure for spec in registry("claims") for task in spec.tasks for measure in measures_of(task)}
    unknown = asked - set(MEASURES) - set(registry("metrics").names()) - of_tasks
    assert unknown == set(), "a claim rests on something that nobody measures"

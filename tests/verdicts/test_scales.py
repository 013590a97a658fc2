"""What measures are called, and how their values are written."""

from __future__ import annotations

import pytest

from genlab.verdicts.measures import MEASURES
from genlab.verdicts.scales import describe, plain, written


def test_a_measure_of_the_match_goes_before_a_metric_and_another_name_stands_for_itself() -> None:
    assert describe("code_seconds") is MEASURES["code_seconds"]
    kid = describe("kid")
    assert (kid.title, kid.better, kid.limits, kid.unit) == ("Kernel distance", "down", (None, None), "")
    unknown = describe("of_my_own")
    assert (unknown.title, unknown.better, unknown.limits) == ("Of my own", "none", (None, None))


@pytest.mark.parametrize(
    ("unit", "text"),
    [("", "0.610 (0.590 to 0.630)"), ("s", "0.610 (0.590 to 0.630) s"), ("×", "0.610 (0.590 to 0.630)×")],
)
def test_a_number_is_written_with_interval_and_unit(unit: str, text: str) -> None:
    assert written(0.61, 0.59, 0.63, unit) == text
    assert written(0.5, None, None, "s") == "0.5 s"


def test_a_number_beside_an_interval_has_its_digits() -> None:
    assert plain(1234.5678, 0.04) == "1,234.568"
    assert plain(0.5, None) == plain(0.5, 0.0) == "0.5"


@pytest.mark.parametrize(
    ("name", "better", "limits", "unit"),
    [
        ("codes_linear", "up", (0, 1), ""),
        ("codes_knn", "up", (0, 1), ""),
        ("class_directions", "up", (0, 1), ""),
        ("dimensions_used", "none", (1, None), ""),
        ("code_seconds", "down", (0, None), "s"),
    ],
)
def test_scales_of_the_matchs_own_measures(name: str, better: str, limits: object, unit: str) -> None:
    spec = MEASURES[name]
    assert (spec.better, spec.limits, spec.unit) == (better, limits, unit)


def test_a_measure_of_a_task_says_whose_it_is_and_half_a_name_stands_for_itself() -> None:
    found = describe("anomaly.auroc")
    assert found.title.endswith(" (anomaly detection)") and found.better == "up" and found.limits == (0, 1)
    assert describe("anomaly").title == "Anomaly" and describe("no_task.auroc").title == "No task.auroc"

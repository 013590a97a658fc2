"""Rows of the Tasks page, which of them is measurably better, and who wins, in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.presentation.lineup import Entrant, gather
from genlab.presentation.tasks import (
    Method,
    best_of,
    gather_methods,
    heading,
    is_better,
    measures_of,
    milliseconds,
    missing_sentences,
    rankings,
    score_words,
    verdict,
)
from tests.support.tasks import GUESSING, answer, document, models

ERROR, LIKENESS, SIZE = (GUESSING.measure(name) for name in ("error", "likeness", "size"))


@pytest.fixture
def entrants(workspace: Path) -> list[Entrant]:
    lab = Lab()
    models(lab, "vae", "gan")
    return gather(lab, [lab.runs.find(f"run-{model}") for model in ("vae", "gan")])[0]


def method(name: str, error: float | None, owner: str = "", role: str = "model") -> Method:
    return Method(answer(name, role if owner else "baseline", error), Path("nowhere"), owner, "vae" if owner else "")


def with_line(one: Method, **line: float | None) -> Method:
    return replace(one, answer={**one.answer, "scores": {"error": {"value": None, "low": None, "high": None, **line}}})


def test_truth_and_input_come_first_then_methods_without_a_model_then_each_models(entrants: list[Entrant]):
    of_none = [answer("usual", "baseline", 0.5), answer("given", "input"), answer("truth", "truth")]
    results = [(one, document("guessing", [answer("search", "model", 0.4)], folder="b")) for one in entrants]
    found = gather_methods(document("guessing", of_none, folder="a"), results)
    assert [(one.role, one.family, str(one.folder)) for one in found] == [
        ("truth", "", "a"),
        ("input", "", "a"),
        ("baseline", "", "a"),
        ("model", "vae", "b"),
        ("model", "gan", "b"),
    ]
    assert [one.competes for one in found] == [False, False, True, True, True]
    assert found[3].full == "Search of my vae, seed 0"
    assert gather_methods(None, [(one, None) for one in entrants]) == []


def test_the_decisive_measure_is_the_first_column_and_measures_without_a_line_are_none():
    found = [method("search", 0.4, "A"), method("usual", 0.5)]
    assert [one.name for one in measures_of(GUESSING, found)] == ["error", "likeness"]
    assert [heading(one) for one in (ERROR, LIKENESS, SIZE)] == ["Error ↓", "Likeness (dB) ↑", "Size"]


def test_the_same_items_decide_by_their_differences_though_intervals_overlap():
    near, far = method("near", 0.40, "A"), method("far", 0.41, "B")
    assert near.scores["error"]["high"] > far.scores["error"]["low"]
    assert is_better(near, far, ERROR) and not is_better(far, near, ERROR)
    assert is_better(near, far, LIKENESS), "which goes the other way"
    assert not is_better(near, far, SIZE), "of which neither more nor less is better"
    assert not is_better(near, near, ERROR)


def test_numbers_without_items_need_intervals_that_do_not_overlap():
    low = with_line(method("low", 0.1, "A"), value=0.1, low=0.05, high=0.2)
    high = with_line(method("high", 0.3), value=0.3, low=0.21, high=0.4)
    wide = with_line(method("wide", 0.3), value=0.3, low=0.19, high=0.4)
    assert is_better(low, high, ERROR) and not is_better(low, wide, ERROR)
    assert not is_better(high, low, ERROR)
    assert not is_better(low, with_line(high, value=0.3), ERROR), "without an interval nothing is told"
    assert not is_better(low, method("none", None), ERROR)


def test_the_best_is_marked_only_where_it_beats_every_other_that_competes():
    best, second, bound = method("a", 0.2, "A"), method("b", 0.4, "B"), method("limit", 0.1, "A", "bound")
    assert best_of([second, best, bound], ERROR) is best
    assert best_of([best, method("c", 0.2)], ERROR) is None
    assert best_of([best], ERROR) is None, "alone it beats nobody"


def test_who_wins_is_a_model_a_method_without_one_or_nobody():
    usual = method("usual", 0.3)
    assert verdict(GUESSING, [usual, method("search", 0.2, "A"), method("guess", 0.4, "A")]).startswith(
        "**A wins on error:** Search of A (0.2"
    )
    lost = verdict(GUESSING, [usual, method("search", 0.4, "A"), method("search", 0.5, "B")])
    assert lost.startswith("**Both models lose to Usual on error:** Usual (0.3") and "Search of A (0.4" in lost
    assert verdict(GUESSING, [usual, method("x", 0.4, "A")]).startswith("**The model loses to Usual")
    many = [usual, *(method("x", 0.4, owner) for owner in "ABC")]
    assert verdict(GUESSING, many).startswith("**All models lose to Usual")
    nobody = verdict(GUESSING, [usual, method("search", 0.3, "A"), method("search", 0.6, "B")])
    assert nobody.startswith("**Nobody wins on error:**") and "of B" not in nobody
    assert verdict(GUESSING, [usual, method("none", None, "A")]) == ""


def test_what_is_missing_is_told_with_whose_it_is(entrants: list[Entrant]):
    results = [(entrants[0], document("guessing", [], missing=["No ear."])), (entrants[1], None)]
    found = missing_sentences(document("guessing", [], missing=["No time."]), results)
    assert found == [("", "No time."), ("my vae, seed 0", "No ear.")]


def test_numbers_are_short():
    assert [milliseconds(value) for value in (None, 3_042.3, 99.7, 13.14, 0.1113, 0.0001)] == [
        "–",
        "3,042",
        "100",
        "13.1",
        "0.111",
        "under 0.01",
    ]
    assert score_words(None) == score_words({"value": None}) == "–"
    assert score_words({"value": 0.613, "low": 0.59, "high": 0.63}) == "0.61 ± 0.02"


def test_ones_own_items_are_ranked_by_each_method_that_says_how_unlike_they_are(entrants: list[Entrant]):
    details = {"lower": {"usual": [0.2, 0.99, 0.95], "gone": [0, 0, 0], "short": [0.1]}, "rate": 0.05}
    of_none = document("guessing", [answer("usual", "baseline"), answer("short", "baseline")], details=details)
    own = document("guessing", [answer("search")], details={"lower": {"search": [0.5, 0.1, 0.3]}, "rate": 0.1})
    found = rankings(of_none, [(entrants[0], own), (entrants[1], None)], 3)
    assert [one.title for one in found] == ["Usual", "Search of my vae, seed 0"]
    assert found[0].order == [1, 2, 0] and [found[0].flagged(item) for item in range(3)] == [False, True, True]
    assert rankings(of_none, [], 0) == [], "of held-out items nothing is ranked"
    assert rankings(document("guessing", []), [], 3) == []

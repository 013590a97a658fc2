"""Verdicts on matches of known truth: never out of nothing, rarely false, and found where effects are large."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from genlab.verdicts.claims.base import ClaimSpec
from genlab.verdicts.facts import Facts
from genlab.verdicts.findings import beside_words, turned_words
from genlab.verdicts.judge import claims, judge, verdicts
from genlab.verdicts.match_run import MatchRun
from genlab.verdicts.statistics import MOST_MORE
from tests.support import claims as made

USES = tuple(spec.name for spec in claims() if spec.tasks)
SUPPORTABLE = (
    *("stability", "sharpness", "diversity", "structure", "interpretability", "control", "reconstruction", "faces"),
    *USES,
)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def judged(facts: Facts) -> dict[str, dict[str, Any]]:
    document = judge(facts)
    json.dumps(document, allow_nan=False)
    return {claim["claim"]: claim for claim in document["claims"]}


def shares(seeds: int, matches: int, textbook: bool) -> Counter[str]:
    """How often each claim is supported."""
    draw, specs, found = rng(1), claims(), Counter[str]()
    for _ in range(matches):
        facts = made.match(made.textbook(), seeds, draw) if textbook else made.same(seeds, draw)
        some = [one.claim for one in verdicts(specs, facts) if one.verdict == "supported"]
        found.update([*some, "any"] if set(some) - {"likelihood"} else some)
    return found


def test_families_that_are_the_same_are_rarely_told_apart() -> None:
    assert shares(3, 400, textbook=False)["any"] <= 20


def test_nor_when_any_difference_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without thresholds, which keep most of the mistakes away, the statistics hold their own."""
    from genlab.verdicts import judge as module

    def bare(spec: ClaimSpec) -> ClaimSpec:
        parts = [replace(part, threshold=1.0 if part.scale == "ratio" else 0.0) for part in spec.decisive]
        return replace(spec, parts=tuple(parts))

    specs = [bare(spec) for spec in module.claims() if spec.name != "likelihood"]
    draw = rng(2)
    wrong = 0
    for _ in range(400):
        found = verdicts(specs, made.same(3, draw))
        wrong += any(one.verdict == "supported" for one in found)
    assert wrong <= 20


def test_large_effects_are_found_with_three_seeds() -> None:
    found = shares(3, 100, textbook=True)
    assert min(found[name] for name in SUPPORTABLE if name != "stability") >= 80


def test_what_is_true_is_never_called_false() -> None:
    """Where three seeds do not show it, the verdict is that there is not enough evidence."""
    draw, specs = rng(3), claims()
    wrong = 0
    for _ in range(100):
        found = verdicts(specs, made.match(made.textbook(), 3, draw))
        wrong += any(one.verdict == "not_supported" for one in found)
    assert wrong <= 5


def test_the_textbook_reversed() -> None:
    found = judged(made.match(made.reversed_truths(), 3, rng()))
    for name in (*SUPPORTABLE, "hybrid"):
        assert found[name]["verdict"] == "not_supported", name
        assert found[name]["needs"] is None
    assert "other way round" in found["sharpness"]["why"]


def test_one_seed_is_never_enough() -> None:
    found = judged(made.match(made.textbook(), 1, rng()))
    assert {claim["verdict"] for claim in found.values()} == {"not_enough_evidence"}
    for name in (*SUPPORTABLE, "hybrid", "likelihood"):
        assert found[name]["needs"] == 2
        assert "One seed" in found[name]["why"]


def test_two_seeds_of_one_family_and_one_of_the_other() -> None:
    facts = made.match(made.textbook(), 2, rng())
    runs = tuple(run for run in facts.runs if (run.family, run.seed) != ("gan", 1))
    found = judged(replace(facts, runs=runs))
    assert {found[name]["verdict"] for name in SUPPORTABLE} == {"not_enough_evidence"}


def test_nothing_measured() -> None:
    facts = made.same(3, rng())
    empty = {name: {"value": None, "low": None, "high": None, "why": "It was not measured."} for name in made.SAME}
    for scores in ({}, empty):
        found = judged(replace(facts, trials=(), runs=tuple(run.known(scores=scores) for run in facts.runs)))
        for claim in found.values():
            assert claim["verdict"] == "not_enough_evidence"
            assert claim["effect"] is None and claim["needs"] is None
            assert claim["why"].endswith(".")


def test_numbers_that_are_none() -> None:
    facts = made.same(3, rng())
    broken = {"value": float("nan"), "low": float("nan"), "high": None}
    runs = tuple(run.known(scores=dict.fromkeys(run.outcome.scores, broken)) for run in facts.runs)
    assert {claim["verdict"] for claim in judged(replace(facts, runs=runs)).values()} == {"not_enough_evidence"}


def test_a_diverged_run_counts_as_that_and_nowhere_else() -> None:
    facts = made.match(made.textbook(), 3, rng())
    absurd = {"value": 1e9, "low": 1e9, "high": 1e9}

    def fallen(run: MatchRun) -> MatchRun:
        if (run.family, run.seed) != ("gan", 0):
            return run
        return run.known(state="diverged", scores=dict.fromkeys(run.outcome.scores, absurd))

    found = judged(replace(facts, runs=tuple(map(fallen, facts.runs))))
    (fell,) = [cell for cell in found["stability"]["cells"]["gan"] if cell["measure"] == "fell"]
    assert fell["text"] == "1 of 3 runs"
    assert found["sharpness"]["seeds"] == 2
    assert found["sharpness"]["verdict"] != "not_supported"
    assert "1 run diverged" in found["sharpness"]["caveat"]


def test_all_runs_of_a_family_diverged() -> None:
    facts = made.match(made.textbook(), 3, rng())
    runs = tuple(run.known(state="diverged") if run.family == "gan" else run for run in facts.runs)
    found = judged(replace(facts, runs=runs))
    assert {claim["verdict"] for claim in found.values()} == {"not_enough_evidence"}
    (fell,) = [part for part in found["stability"]["parts"] if part["part"] == "fell"]
    assert fell["p_for"] == pytest.approx(1 / 64)


@pytest.mark.parametrize("absent", made.FAMILIES)
def test_a_family_that_is_not_there(absent: str) -> None:
    facts = made.match({name: told for name, told in made.textbook().items() if name != absent}, 3, rng())
    found = judged(facts)
    for name in SUPPORTABLE:
        if absent == "vae_gan":
            assert found[name]["verdict"] != "not_supported"
        else:
            assert found[name]["verdict"] == "not_enough_evidence"
            assert "took part" in found[name]["why"]
    assert found["hybrid"]["verdict"] == "not_enough_evidence"
    assert absent not in found["sharpness"]["cells"]


def test_no_runs_at_all() -> None:
    assert {one["verdict"] for one in judged(Facts("none", "mnist-5k", (), (), ())).values()} == {"not_enough_evidence"}


def test_what_holds_by_definition_still_takes_two_seeds() -> None:
    two = judged(made.same(2, rng()))["likelihood"]
    assert two["verdict"] == "supported"
    assert two["definitional"]
    assert (two["effect"], two["low"], two["high"], two["threshold"]) == (None,) * 4, "no test was made"
    assert two["why"].startswith("By definition, not by a test: ")
    assert [cell["text"] for cell in two["cells"]["gan"][:2]] == ["has none", "has none"]
    assert two["cells"]["vae"][0]["value"] == pytest.approx(-105, abs=5)


def test_faces_are_judged_only_where_there_are_some() -> None:
    facts = made.match(made.textbook(), 3, rng())
    others, faces = judged(replace(facts, faces=False)), judged(facts)
    for name in ("faces", "realistic_faces"):
        without = others[name]
        assert without["why"].startswith("Not applicable") and all("faces" in part["why"] for part in without["parts"])
        assert (without["applicable"], without["cells"], without["pictures"]) == (False, {}, [])
        assert without["effect"] is None and without["needs"] is None
        assert faces[name]["applicable"] and faces[name]["verdict"] == "supported"


def test_a_model_has_to_be_better_than_what_needs_none() -> None:
    """The VAE is far ahead of the GAN, and both lose to a method without a model: that is the verdict."""
    facts = made.match(made.textbook(), 3, rng())
    line, measure = {"value": 0.99, "low": 0.98, "high": 1.0, "n": 100}, "representation.labels-100"
    beaten = {**facts.baselines, measure: {**facts.baselines[measure], "Somebody's method": line}}
    found = judged(replace(facts, baselines=beaten))["representation_learning"]
    assert (found["verdict"], found["part"]) == ("not_supported", "baseline")
    assert found["why"].startswith("Somebody's method, without a model, does better than the VAE here")
    assert "GAN (Somebody's method)" in found["why"] and found["why"].endswith("behind, too.")
    parts = {part["part"]: part for part in found["parts"]}
    assert parts["family"]["verdict"] == "supported" and parts["baseline"]["rival"] == "Somebody's method"


def test_a_use_waits_for_methods_without_a_model_and_for_its_task() -> None:
    facts = made.match(made.textbook(), 3, rng())
    found = judged(replace(facts, baselines={}))
    for name in USES:
        assert found[name]["verdict"] == "not_enough_evidence" and found[name]["needs"] is None
        assert "No method without a model has been measured" in found[name]["why"]


def test_what_would_decide_is_named() -> None:
    """Taking the named number of seeds with the same means and spreads does decide."""
    found = [judged(made.same(3, rng(seed))) for seed in range(6)]
    open_ones = [claim for claims_ in found for claim in claims_.values() if claim["needs"] is not None]
    assert open_ones
    assert all(1 <= claim["needs"] <= MOST_MORE for claim in open_ones)
    assert all(f"{claim['needs']} more seed" in claim["why"] for claim in open_ones if claim["needs"] < MOST_MORE)


def test_more_than_anybody_would_run() -> None:
    """An effect that sits at the threshold is not decided by a few seeds more."""
    told = {name: made.SAME | {"laplacian": made.Truth(0.8, 0.04, 0.01, True)} for name in made.FAMILIES}
    facts = made.match(told, 3, rng())

    def placed(run: MatchRun) -> MatchRun:
        value = {"vae": 0.05, "gan": 0.0, "vae_gan": 0.0}[run.family] + 0.5 + 0.01 * (run.seed - 1)
        line = {"value": value, "low": value - 0.02, "high": value + 0.02}
        return run.known(scores=dict(run.outcome.scores) | {"reach": line, "coverage_prior": line})

    diversity = judged(replace(facts, runs=tuple(map(placed, facts.runs))))["diversity"]
    assert diversity["verdict"] == "not_enough_evidence"
    assert diversity["needs"] == MOST_MORE
    assert diversity["needs_text"] == f"more than {MOST_MORE}"
    assert f"More than {MOST_MORE}" in diversity["why"]


def test_the_document_has_what_pages_read() -> None:
    document = judge(made.match(made.textbook(), 3, rng()))
    assert {
        "schema_version",
        "match",
        "data",
        "fingerprint",
        "preset",
        "seeds",
        "images",
        "versions",
        "machine",
    } <= set(document)
    for claim in document["claims"]:
        if not claim["applicable"]:
            continue
        assert set(claim["cells"]) == set(made.FAMILIES)
        assert all(1 <= len(cells) <= 3 for cells in claim["cells"].values())
        assert all(cell["text"] for cells in claim["cells"].values() for cell in cells)
        for part in claim["parts"]:
            assert part["effect"] is None or part["low"] <= part["effect"] <= part["high"]
        assert all(picture["runs"] for picture in claim["pictures"])


def test_pictures_are_of_one_run_of_each_family_or_of_every_seed() -> None:
    found = judged(made.same(3, rng()))
    numbers = {picture["kind"]: len(picture["runs"]) for claim in found.values() for picture in claim["pictures"]}
    assert numbers["seeds"] == 9
    assert {count for kind, count in numbers.items() if kind != "seeds"} == {3}


def test_the_trials_are_shown_and_not_judged() -> None:
    parts = {part["part"]: part for part in judged(made.same(3, rng()))["stability"]["parts"]}
    assert parts["learning_rate"]["p_for"] is None
    assert parts["learning_rate"]["verdict"] == "not_enough_evidence"
    assert parts["learning_rate"]["effect"] == pytest.approx(1.0)


def copying(facts: Facts, family: str, runs: int) -> Facts:
    """The same with an alarm of copies in so many runs of a family."""

    def told(run: MatchRun) -> MatchRun:
        alarm = "copies" if run.family == family and run.seed < runs else ""
        line = {"value": 0.2 if alarm else 0.01, "low": 0.0, "high": 0.3, "alarm": alarm}
        return run.known(scores={**run.outcome.scores, "copies": line})

    return replace(facts, runs=tuple(map(told, facts.runs)))


def test_copies_of_training_images_are_favoured_by_no_verdict() -> None:
    facts = made.match(made.textbook(), 3, rng())
    for family, claim, other in (("vae", "diversity", "sharpness"), ("gan", "sharpness", "diversity")):
        found = judged(copying(facts, family, 2))
        assert found[claim]["verdict"] == "not_enough_evidence" and found[claim]["copied"] == [family]
        assert "copies of training images" in found[claim]["why"] and found[claim]["needs"] is None
        assert found[other]["verdict"] == "supported" and found[other]["copied"] == []
        assert judged(copying(facts, family, 1))[claim]["verdict"] == "supported", "one alarm may be false"
    assert judged(copying(facts, "vae", 3))["likelihood"]["verdict"] == "supported"


def test_nor_by_one_that_speaks_against_the_other_family() -> None:
    facts = made.match(made.reversed_truths(), 3, rng())
    assert judged(facts)["diversity"]["verdict"] == "not_supported"
    assert judged(copying(facts, "gan", 3))["diversity"]["copied"] == ["gan"]
    assert judged(copying(facts, "vae", 3))["diversity"]["verdict"] == "not_supported"


def test_nobody_that_copies_is_level_with_anybody() -> None:
    quiet = {
        name: replace(truth, spread=truth.spread / 50, noise=truth.noise / 50) for name, truth in made.SAME.items()
    }
    facts = made.match(dict.fromkeys(made.FAMILIES, quiet), 5, rng())
    assert judged(facts)["diversity"]["verdict"] == "no_difference"
    for family in ("vae", "gan"):
        assert judged(copying(facts, family, 5))["diversity"]["copied"] == [family]


def test_false_alarms_of_many_seeds_are_no_copies() -> None:
    facts = made.match(made.textbook(), 20, rng())
    assert not any(copying(facts, "vae", alarms).copied("vae") for alarms in (0, 1, 3))
    assert all(copying(facts, "vae", alarms).copied("vae") for alarms in (4, 20))
    assert not facts.copied("vae"), "nobody has asked"


def with_modern(facts: Facts, like: str) -> Facts:
    """A contender of the VAE beside it whose runs are as those of the family ``like``."""
    runs = [run.model_copy(update={"family": "vae", "variant": "modern", "role": "beside"}) for run in facts.of(like)]
    return replace(facts, beside=tuple(runs))


def test_a_contender_is_judged_beside_its_familys_usual_model_and_changes_no_verdict_of_it() -> None:
    facts = made.match(made.textbook(), 3, np.random.default_rng(0))
    alone = {claim["claim"]: claim for claim in judge(facts)["claims"]}
    beside = {claim["claim"]: claim for claim in judge(with_modern(facts, "gan"))["claims"]}
    assert all(not claim["beside"] for claim in alone.values())
    assert {name: claim["verdict"] for name, claim in beside.items()} == {
        name: claim["verdict"] for name, claim in alone.items()
    }
    (found,) = beside["sharpness"]["beside"]
    assert (found["contender"], found["seeds"], beside["sharpness"]["verdict"]) == ("vae:modern", 3, "supported")
    assert found["verdict"] in {"not_supported", "no_difference"}
    same = {claim["claim"]: claim for claim in judge(with_modern(facts, "vae"))["claims"]}
    assert same["sharpness"]["beside"][0]["verdict"] == "supported"
    assert same["likelihood"]["beside"] == [], "what holds by definition is not asked again"


def test_what_contenders_change_is_said_and_counted() -> None:
    facts = made.match(made.textbook(), 3, np.random.default_rng(0))
    turned, same = (judge(with_modern(facts, like)) for like in ("gan", "vae"))
    claim = next(claim for claim in turned["claims"] if claim["claim"] == "sharpness")
    (told,) = beside_words(claim)
    assert told.startswith("With the modern VAE in place of the usual VAE: ") and "the same" not in told
    assert "verdicts change with the modern VAE in place of the usual model." in turned_words(turned)
    assert turned_words(same) == "No verdict changes with the modern VAE in place of the usual model."
    assert turned_words(judge(facts)) == turned_words(None) == ""


def test_a_verdict_stands_under_the_title_and_the_question_of_its_claim() -> None:
    found = judged(made.match(made.textbook(), 3, rng()))
    for spec in claims():
        assert (found[spec.name]["title"], found[spec.name]["question"]) == (spec.title, spec.question)

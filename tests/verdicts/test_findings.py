"""What became of the parts of a claim: verdicts by themselves, the part that leads, and how they are written down."""

from __future__ import annotations

import json
from dataclasses import replace
from math import log
from typing import Any

import pytest

from genlab.verdicts import statistics
from genlab.verdicts.claims.base import PartSpec
from genlab.verdicts.findings import VERDICTS, Finding, Judged, document_of, still_due

FOR = statistics.Test(effect=0.3, low=0.2, high=0.4, p_for=0.01, p_against=0.99)
AGAINST = statistics.Test(effect=-0.3, low=-0.4, high=-0.2, p_for=0.99, p_against=0.01)
OPEN = statistics.Test(effect=0.1, low=-0.2, high=0.4, p_for=0.3, p_against=0.7)


def finding(test: statistics.Test | None, name: str = "a", **changes: Any) -> Finding:
    part = PartSpec(
        **({"name": name, "title": name, "measure": "coverage", "first": "vae", "decisive": True} | changes)
    )
    return Finding(part, ("vae", "gan"), test, (0.5, 0.2), seeds=3, unit="points")


@pytest.mark.parametrize(
    ("test", "verdict"),
    [(FOR, "supported"), (AGAINST, "not_supported"), (OPEN, "not_enough_evidence"), (None, "not_enough_evidence")],
)
def test_a_part_by_itself(test: statistics.Test | None, verdict: str):
    assert finding(test).verdict() == verdict and verdict in VERDICTS


def test_the_level_is_what_chances_are_held_against():
    assert finding(FOR).verdict(level=0.005) == "not_enough_evidence"
    assert finding(OPEN).verdict(level=0.3) == "supported", "the level itself is enough"


def test_the_spread_of_trials_decides_nothing():
    assert finding(FOR, kind="sensitivity").verdict() == "not_enough_evidence"


def test_ratios_are_read_as_ratios():
    test = statistics.Test(effect=log(2), low=0.0, high=log(4), p_for=0.01, p_against=0.99)
    effect = finding(test, scale="ratio").effect
    assert effect is not None
    assert (effect.effect, effect.low, effect.high) == pytest.approx((2, 1, 4))
    assert finding(test).effect is test
    assert finding(None, scale="ratio").effect is None


def test_the_weakest_part_leads_a_claim_that_is_not_refuted_and_the_strongest_one_against_it_else():
    weak = replace(FOR, p_for=0.04)
    strong = replace(AGAINST, p_against=0.001)
    shown = finding(OPEN, "shown", decisive=False)
    told = Judged("c", (shown, finding(FOR, "sure"), finding(weak, "weak"), finding(None, "none")))
    assert told.lead.part.name == "weak"
    assert [one.part.name for one in told.decisive] == ["sure", "weak", "none"]
    refuted = Judged(
        "c", (finding(FOR, "sure"), finding(AGAINST, "no"), finding(strong, "never")), verdict="not_supported"
    )
    assert refuted.lead.part.name == "never"
    assert Judged("c", (shown, finding(None, "none"))).lead.part.name == "none"


def test_a_part_is_written_with_effect_interval_and_chances():
    document = document_of(finding(FOR, threshold=0.05), "Because.")
    json.dumps(document, allow_nan=False)
    assert (document["effect"], document["low"], document["high"]) == (0.3, 0.2, 0.4)
    assert (document["p_for"], document["p_against"], document["threshold"]) == (0.01, 0.99, 0.05)
    assert (document["verdict"], document["seeds"], document["why"]) == ("supported", 3, "Because.")
    assert document["families"] == ["vae", "gan"] and document["unit"] == "points"


@pytest.mark.parametrize("kind", ["sensitivity", "has"])
def test_what_is_not_tested_has_no_chances(kind: str):
    document = document_of(finding(FOR, kind=kind), "")
    assert document["effect"] == 0.3 and document["p_for"] is None and document["p_against"] is None


def test_a_part_without_a_test_has_no_numbers():
    document = document_of(finding(None), "No numbers.")
    assert {document[name] for name in ("effect", "low", "high", "p_for", "p_against")} == {None}


def test_what_is_due_is_told_by_its_title_with_the_way_to_have_it() -> None:
    for nothing in (None, {}, {"due": []}, {"due": "kid"}, {"due": [3]}):
        assert still_due(nothing) == ""
    found = still_due({"due": ["kid", "of_my_own"], "match": "m1"})
    assert found.startswith("Missing, because they have changed or are new since the runs were evaluated: ")
    assert "evaluated: Kernel distance, Of my own. Judge the match again" in found
    assert found.endswith("nothing is trained: genlab match --judge m1.")

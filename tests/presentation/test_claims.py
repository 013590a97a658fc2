from __future__ import annotations

import pytest

from genlab.presentation.claims import UNDECIDED, ClaimCell, read_claims, tally
from tests.support.matches import COURSE, claim, claims_document, part


def test_claims_are_read_in_their_order_with_cells_parts_and_pictures():
    claims = read_claims(claims_document(["run-a"]))
    assert [item.name for item in claims] == ["sharpness", "diversity", "stability", "control"]
    first = claims[0]
    assert (first.verdict_words, first.effect_words, first.threshold) == ("supported", "0.20 (0.10 to 0.30)", 0.05)
    assert first.cells["gan"][0].words == "0.60 ± 0.02"
    assert first.parts[0].decisive and first.pictures[0].runs == ("run-a",)
    assert (first.needs, claims[2].needs) == (None, 2)
    assert tally(claims) == "1 supported · 1 not supported · 1 no difference that matters · 1 not enough evidence"


@pytest.mark.parametrize("document", [None, {}, {"claims": None}, {"claims": "x"}, {"claims": [1, {}, None]}])
def test_what_is_no_list_of_claims_gives_none(document):
    assert read_claims(document) == []


def test_a_damaged_claim_says_nothing_that_it_does_not_know():
    broken = {
        "claim": "sharpness",
        "verdict": "surely",
        "effect": float("nan"),
        "needs": -1,
        "cells": {"vae": [{"measure": "recall", "value": "high"}, 3]},
        "parts": [{"part": "x", "verdict": 7, "effect": True}],
        "pictures": [{"kind": "samples", "runs": "none"}],
    }
    (found,) = read_claims({"claims": [broken]})
    assert (found.verdict, found.effect, found.needs, found.effect_words) == (UNDECIDED, None, None, "")
    assert (found.cells["vae"][0].value, found.cells["vae"][0].words) == (None, "no number")
    assert found.parts[0].effect is None and not found.parts[0].is_drawable
    assert found.pictures[0].runs == ()


def test_a_cell_without_a_number_says_why_and_counts_keep_their_words():
    assert ClaimCell("elbo", "mean", "ELBO", None, text="has none").words == "has none"
    assert ClaimCell("fell", "event", "Runs that fell", 0.0, 0.0, 0.5, text="0 of 3 runs").words == "0 of 3 runs"
    assert ClaimCell("frechet", "spread", "Spread", 4.81, 1.0, 20.0, unit="%", text="long").words == "± 4.8 %"
    assert ClaimCell("recall", "mean", "Recall", 0.61, 0.59, 0.63, floor=0.9).note == "real data 0.9"


def test_ratios_carry_their_sign_at_the_number():
    known = claim("x", "supported", unit="×", effect=3.2, low=2.9, high=3.5, parts=[part("p", "supported", unit="×")])
    (found,) = read_claims({"claims": [known]})
    assert found.effect_words == "3.20× (2.90 to 3.50)"


def test_what_is_not_asked_of_these_data_is_not_applicable():
    (found,) = read_claims({"claims": [claim("faces", "not_enough_evidence", applicable=False)]})
    assert found.verdict_words == "not applicable" and found.badge == (":material/remove:", "gray")
    assert tally([found]) == "1 not applicable"
    (asked,) = read_claims({"claims": [claim("faces", "supported")]})
    assert asked.verdict_words == "supported" and asked.badge == (":material/check:", "green")


def test_a_verdict_says_which_of_its_sides_were_far_from_their_plateau():
    first, *_ = read_claims(claims_document(course=COURSE))
    assert [told.split(" at ")[0] for told in first.plateaus] == [
        "The VAE was near its plateau",
        "The GAN was still far from its plateau",
    ]
    assert (first.early, first.early_words) == (("GAN",), "made early: GAN far from the plateau")
    bare, *_ = read_claims(claims_document())
    assert (bare.plateaus, bare.early, bare.early_words) == ((), (), "")


def test_a_contender_that_changes_the_verdict_is_named_beside_it():
    other = {"contender": "vae:modern", "verdict": "not_supported", "why": "It is the other way round."}
    (found,) = read_claims({"claims": [claim("sharpness", "supported", beside=[other, {"contender": 3}, None])]})
    assert found.turned_words == "with the modern VAE: not supported"
    assert found.beside == ("With the modern VAE in place of the usual VAE: not supported. It is the other way round.",)
    (same,) = read_claims({"claims": [claim("sharpness", "not_supported", beside=[other])]})
    assert same.turned == () and "the same, not supported" in same.beside[0]

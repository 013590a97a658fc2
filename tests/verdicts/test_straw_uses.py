"""Claims on uses, held against generators of which it is known beforehand what they can do.

A model that makes the right pictures restores and translates; a table of training pictures is nothing but the nearest
neighbour; one that has collapsed restores nothing, and a filter does better. What is known stands in `TRUE`.
"""

from __future__ import annotations

import pytest

from genlab.verdicts.applicable import NO_FACES
from genlab.verdicts.findings import Judged
from genlab.verdicts.judge import claims, verdicts
from tests.support import straw_uses as straw

SPECS = {spec.name: spec for spec in claims() if spec.name in straw.CLAIMS}
NAMES = ("perfect", "turned", "lookup", "holes", "collapsed", "blurred")

ABLE: dict[str, tuple[str, ...]] = {
    # Who restores better than a filter: whoever makes held-out pictures, or near ones.
    "denoising": ("perfect", "turned", "lookup", "blurred"),
    # Who tells strange pictures better than the nearest training picture does: nobody who is made of those.
    "anomaly_detection": ("perfect", "blurred", "turned"),
    # Who keeps more of a picture than the nearest one of the other width: nobody by exchanging mean codes.
    "style_transfer": (),
    # Who makes new pictures that look real: not who copies or blurs; one corner over and over is new and real, too.
    "realistic_faces": ("perfect", "turned", "collapsed"),
}


@pytest.fixture(scope="module")
def table() -> dict[tuple[str, str], dict[str, Judged]]:
    specs = list(SPECS.values())
    return {
        (vae, gan): {judged.claim: judged for judged in verdicts(specs, straw.meeting(vae, gan))}
        for vae in NAMES
        for gan in NAMES
    }


@pytest.mark.parametrize("claim", SPECS)
def test_only_who_is_better_than_what_needs_no_model_is_supported(claim, table):
    first = SPECS[claim].decisive[0].first
    for (vae, gan), judged in table.items():
        if judged[claim].verdict == "supported":
            assert (vae if first == "vae" else gan) in ABLE[claim], (vae, gan)


@pytest.mark.parametrize("claim", SPECS)
def test_nobody_is_better_than_another_of_its_kind(claim, table):
    for name in NAMES:
        assert table[name, name][claim].verdict != "supported", name


def test_restoring_with_the_right_pictures_is_better_than_with_some_of_them_or_a_filter(table):
    for bad in ("holes", "collapsed"):
        assert table["perfect", bad]["denoising"].verdict == "supported"
        assert table[bad, "perfect"]["denoising"].verdict == "not_supported"


def test_where_all_lose_to_a_filter_that_is_the_verdict(table):
    judged = table["collapsed", "collapsed"]["denoising"]
    assert judged.verdict == "not_supported" and judged.lead.rival == "A filter"


def test_a_table_of_training_pictures_is_the_nearest_neighbour_and_no_better(table):
    """It is far ahead of a model that has collapsed, and adds nothing to what needs no model."""
    judged = table["lookup", "collapsed"]["anomaly_detection"]
    family, baseline, *_ = judged.findings
    assert family.verdict() == "supported" and baseline.verdict() != "supported"
    assert judged.verdict == "not_supported" and judged.lead.rival == "Nearest"


def test_replacing_a_picture_keeps_little_of_it(table):
    """A table reaches the other width, with whatever picture stands there: a model of the world keeps the place."""
    judged = table["lookup", "perfect"]["style_transfer"]
    family, baseline, *_ = judged.findings
    assert family.verdict() == "supported" and judged.verdict == "not_supported"
    assert baseline.rival == "Nearest of the class"


def test_new_pictures_that_look_real_are_neither_copies_nor_blurred(table):
    for bad in ("lookup", "holes", "blurred"):
        for good in ABLE["realistic_faces"]:
            assert table[bad, good]["realistic_faces"].verdict == "supported", (bad, good)
            assert table[good, bad]["realistic_faces"].verdict != "supported", (good, bad)


def test_a_claim_on_faces_is_not_asked_of_anything_else():
    (judged,) = verdicts([SPECS["realistic_faces"]], straw.meeting("blurred", "perfect", faces=False))
    assert judged.verdict == "not_enough_evidence" and judged.not_asked == NO_FACES
    assert all(finding.test is None for finding in judged.findings)

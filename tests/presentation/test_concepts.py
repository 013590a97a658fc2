from __future__ import annotations

import pytest

from genlab.families import REGISTRY
from genlab.numbers import nats
from genlab.presentation.concepts import concepts, newest
from tests.support.runs import metrics_row

CONCEPTS = concepts()


def test_families_with_a_concept_come_in_their_order():
    assert list(CONCEPTS)[:3] == ["vae", "gan", "vae_gan"]
    assert set(CONCEPTS) == {spec.name for spec in REGISTRY if spec.concept is not None}


@pytest.mark.parametrize("family", list(CONCEPTS))
def test_numbers_of_terms_are_those_of_the_drawing_in_order(family):
    numbers = [term.number for term in CONCEPTS[family].terms if term.number]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(f"({number})" in CONCEPTS[family].described for number in numbers)


@pytest.mark.parametrize("family", list(CONCEPTS))
def test_no_term_invents_a_number(family):
    assert all(term.read({}) is None for term in CONCEPTS[family].terms)


def test_terms_read_the_run_s_own_newest_numbers():
    rows = [metrics_row("vae", images) for images in (1_024, 2_048)]
    readings = {term.title: term.read(newest(rows)) for term in CONCEPTS["vae"].terms}
    assert all(readings.values())
    assert readings["KL divergence"].words == nats(rows[1]["kl/total"])
    assert readings["Encoder"].words == f"{rows[1]['units/active']:.0f} of 8"
    kl = rows[1]["vector/kl"]
    assert readings["Reparameterisation"].words == f"{min(kl):.2g} to {max(kl):.2g} nats"


def test_a_value_that_rows_hold_now_and_then_is_found():
    rows = [{"images": 1, "watch/modes": 7.0}, {"images": 2}, {"images": 3, "watch/critic_gap": 0.5}]
    assert newest(rows) == {"images": 3, "watch/modes": 7.0, "watch/critic_gap": 0.5}
    collapse = next(term for term in CONCEPTS["gan"].terms if term.title == "Mode collapse")
    assert collapse.read(newest(rows)).words == "7"

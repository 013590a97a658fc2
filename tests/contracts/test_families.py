"""What every family must keep to: signs that tell it from all others, colours that can be read, a sound Guide."""

from __future__ import annotations

import re

import pytest

from genlab.families.base import PARTS, FamilySpec
from genlab.playground.scenario import Scenario, offered, repeats, run_config
from genlab.plots import theme
from genlab.plots.concepts import concept_svg
from genlab.registry import registry
from tests.plots.test_theme import contrast

FAMILIES: list[FamilySpec] = list(registry("families"))
each = pytest.mark.parametrize("family", FAMILIES, ids=registry("families").names())


@each
@pytest.mark.parametrize(("mode", "ground"), [("light", "#FFFFFF"), ("dark", "#12151B")])
def test_its_colour_stands_out_from_the_ground(family: FamilySpec, mode: theme.Mode, ground: str) -> None:
    assert contrast(theme.family_colour(family.name, mode), ground) > 3.0


@each
@pytest.mark.parametrize(("mode", "ground"), [("light", "#F4F5F8"), ("dark", "#1C212A")])
def test_its_name_can_be_read_in_small_letters(family: FamilySpec, mode: theme.Mode, ground: str) -> None:
    assert contrast(theme.family_ink(family.name, mode), ground) >= 4.5


@each
@pytest.mark.parametrize("sign", ["title", "colour", "colour_dark", "glyph"])
def test_it_is_told_from_all_others(family: FamilySpec, sign: str) -> None:
    others = [getattr(other, sign) for other in FAMILIES if other.name != family.name]
    assert getattr(family, sign) not in others
    assert len(family.glyph) == 1


@each
def test_its_parts_are_parts(family: FamilySpec) -> None:
    assert set(family.parts) <= set(PARTS) and len(set(family.parts)) == len(family.parts)


@each
def test_the_guides_numbers_are_those_of_the_drawing_and_no_term_invents_one(family: FamilySpec) -> None:
    concept = family.concept
    if concept is None:
        pytest.skip("the Guide has no section on it")
    numbers = [term.number for term in concept.terms if term.number]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(term.read({}) is None for term in concept.terms)
    if concept.drawing is None:
        assert not numbers
        return
    svg = concept_svg(concept, family.colour, "#1C2128")
    assert set(re.findall(r"\((\d)\)", concept.described)) == {str(number) for number in numbers}
    assert all(f">{number}</text>" in svg for number in numbers)


@each
def test_the_playground_can_set_it_up_where_it_is_offered(family: FamilySpec) -> None:
    if family.name not in offered():
        pytest.skip("it is not offered there")
    scenario = Scenario(generator_repeats=3, critic_repeats=2)
    config = run_config(scenario, family.name)
    assert config.model.name == family.name and config.training.batch_size == scenario.batch_size
    assert all(count in {1, 2, 3} for count in repeats(scenario, family.name).values())
    assert family.play is not None and set(family.play.knobs) <= set(Scenario.model_fields)

"""Options refuse what they do not know, in one sentence; choices resolve to complete options."""

from __future__ import annotations

from typing import Annotated

import pytest

from genlab.errors import InputError
from genlab.options import Options, parse, setting
from genlab.registry import Choice, FromRegistry


class Toy(Options):
    """Two settings."""

    width: int = setting(8, "how wide", ge=1, le=64)
    loss: Annotated[Choice, FromRegistry("losses")] = setting("hinge", "which loss")


def test_defaults_of_choices_are_resolved():
    toy = Toy()
    assert isinstance(toy.loss, Choice)
    assert toy.loss.name == "hinge"


def test_a_choice_is_written_flat_and_read_back():
    class WithPenalty(Options):
        penalty: Annotated[Choice, FromRegistry("penalties")] = setting("r1_r2", "which penalty")

    document = WithPenalty(penalty={"name": "r1", "weight": 0.25}).model_dump()
    assert document == {"penalty": {"name": "r1", "weight": 0.25}}
    assert parse(WithPenalty, document).model_dump() == document


def test_an_unknown_option_names_the_known_ones():
    with pytest.raises(InputError, match="no option 'widht'") as caught:
        parse(Toy, {"widht": 3})
    assert "width" in caught.value.hint
    assert caught.value.kind == "unknown_option"


@pytest.mark.parametrize(("value", "reason"), [(0, "greater than or equal to 1"), (65, "less than"), ("x", "integer")])
def test_a_bad_value_is_named_with_the_reason(value, reason):
    with pytest.raises(InputError, match="width") as caught:
        parse(Toy, {"width": value})
    assert reason in caught.value.message
    assert caught.value.kind == "bad_value"


def test_an_unknown_choice_is_refused():
    with pytest.raises(InputError, match="no GAN loss called 'hing'"):
        Toy(loss="hing")


def test_an_unknown_option_of_a_choice_is_refused():
    with pytest.raises(InputError, match=r"no option 'strength' of hinge"):
        parse(Toy, {"loss": {"name": "hinge", "strength": 3}})


def test_options_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        Toy().width = 3


@pytest.mark.parametrize("value", ["bad\udcff", "\ud800"])
def test_text_that_cannot_be_written_is_refused_where_it_is_given(value: str):
    from genlab.config import RunConfig
    from genlab.matches.match_request import MatchRequest

    for model, document in (
        (RunConfig, {"name": value}),
        (RunConfig, {"data": {"name": "digits", "options": {"a": [value]}}}),
        (MatchRequest, {"name": value}),
    ):
        with pytest.raises(InputError, match="text has to be UTF-8") as caught:
            parse(model, document)
        caught.value.message.encode()


def test_a_huge_value_is_cut_in_the_sentence():
    from genlab.config import RunConfig

    with pytest.raises(InputError) as caught:
        parse(RunConfig, {"latent_dim": "9" * 100_000})
    assert len(caught.value.message) < 300

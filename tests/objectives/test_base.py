"""What objectives have in common: who decides the size of the latent space, and what has to be there."""

from __future__ import annotations

from math import prod
from typing import Any

import pytest

from genlab.errors import InputError
from genlab.objectives.base import Assembly, Objective, ObjectiveSpec


def spec(**changes: Any) -> ObjectiveSpec:
    about: dict[str, Any] = {"title": "Toy", "summary": "Toy", "family": "vae", "build": lambda parts, options: None}
    return ObjectiveSpec(**(about | changes))


def test_the_latent_size_is_asked_for_unless_the_data_decide_it():
    assert spec().latent_size((3, 8, 8), 16) == 16
    assert spec(latent=prod).latent_size((3, 8, 8), 16) == 192


def test_a_model_has_a_decoder_and_nothing_else_that_is_not_named():
    from torch import nn

    decoder = nn.Identity()
    assert Assembly(decoder) == Assembly(decoder, encoder=None, critic=None, likelihood=None)


def test_a_model_without_a_decoder_says_so_in_a_sentence():
    from torch import nn

    restorer, there, back = nn.Identity(), nn.Identity(), nn.Identity()
    with pytest.raises(InputError, match="This model restores items and draws none from noise"):
        _ = Assembly(restorer=restorer).sampler
    with pytest.raises(InputError, match="This model translates items"):
        _ = Assembly(translators=(there, back)).sampler
    assert Assembly(restorer=restorer).networks == [restorer]
    assert Assembly(translators=(there, back)).networks == [there, back]


@pytest.mark.parametrize("left_out", ["terms", "assemble"])
def test_an_objective_says_what_is_minimised_and_what_comes_of_it(left_out: str):
    methods = {name: lambda self: None for name in ("terms", "assemble") if name != left_out}
    with pytest.raises(TypeError, match=left_out):
        type("Half", (Objective,), methods)()

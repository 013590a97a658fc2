from __future__ import annotations

import pytest

from genlab.errors import InputError
from genlab.lessons._address import parameters, query, read_options
from tests.support.lessons import lesson


def test_the_address_names_what_differs_from_the_defaults():
    spec = lesson("posterior-collapse")
    assert query(spec, spec.Options()) == "lesson=posterior-collapse"
    assert query(spec, spec.Options(beta=12.5, seed=1)) == "lesson=posterior-collapse&beta=12.5&seed=1"


def test_settings_are_read_from_strings():
    spec = lesson("posterior-collapse")
    asked = {"lesson": ["posterior-collapse"], "beta": ["0.1"], "seed": ["7"]}
    assert read_options(spec, asked) == spec.Options(beta=0.1, seed=7)


def test_what_belongs_to_the_guide_is_no_setting():
    spec = lesson("hybrid")
    assert read_options(spec, {"lesson": ["hybrid"], "section": ["lessons"], "match": ["m"]}) == spec.Options()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"bta": ["5"]}, "There is no option 'bta' of the lesson posterior-collapse."),
        ({"beta": ["much"]}, "beta of the lesson posterior-collapse = 'much'"),
        ({"beta": ["-1"]}, "greater than or equal to 0"),
        ({"beta": ["nan"]}, "finite"),
        ({"beta": ["1", "2"]}, "gives 'beta' 2 times"),
        ({"images": ["10"]}, "greater than or equal to 1000"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_sentence(asked, words):
    with pytest.raises(InputError) as refused:
        read_options(lesson("posterior-collapse"), asked)
    assert words in refused.value.message and refused.value.hint


def test_an_empty_setting_stays_empty_in_the_address():
    spec = lesson("walking-the-latent-space")
    assert parameters(spec, spec.Options(images=5_000)) == {"lesson": spec.name, "images": "5000"}

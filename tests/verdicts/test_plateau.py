"""Whether a family is still on its way at the end of its runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from genlab.verdicts.plateau import (
    MATTERS,
    Course,
    approaches,
    courses_of,
    document_of_courses,
    documents_of_sides,
    early_words,
    plateau_words,
    sides,
)
from tests.support.matches import COURSE, claim, part


def power_law(family: str, seed: int, power: float, scale: float = 1.0) -> Course:
    """A run whose score falls as a power of its images."""
    return Course(
        family, seed, tuple((n, scale * 50 * (n / 10_000) ** -power) for n in (25_000, 50_000, 75_000, 100_000))
    )


@pytest.mark.parametrize(("power", "far"), [(0.5, True), (0.33, True), (0.31, False), (0.05, False), (-0.2, False)])
def test_a_family_is_far_where_twice_the_images_would_matter(power: float, far: bool):
    """The threshold of 1.25 lies at a power of 0.322."""
    (found,) = approaches([power_law("vae", seed, power) for seed in range(3)])
    assert found.doubled == pytest.approx(2**power) and found.far is far is (2**power > MATTERS)
    assert (found.seeds, found.spread) == (3, pytest.approx(0)) and (found.fall > 0) is (power > 0)


def test_the_heights_at_which_seeds_end_do_not_hide_a_fall_that_all_of_them_have():
    (wide,) = approaches([power_law("gan", seed, 0.4, 1 + 0.3 * seed) for seed in range(3)])
    assert wide.spread is not None and 0 < wide.fall < wide.spread
    assert wide.far and wide.low == pytest.approx(2**0.4), "each run is compared with itself"


def test_one_seed_has_no_spread():
    (found,) = approaches([power_law("vae", 0, 0.5)])
    assert found.spread is None and found.far


def test_what_was_not_followed_is_not_known():
    for points in ((), ((100, 5.0),), ((10, 9.0), (100, 5.0)), ((95, 5.5), (100, 5.0)), ((75, -1.0), (100, 5.0))):
        assert approaches([Course("vae", 0, points)]) == []
    assert document_of_courses([Course("vae", 0, ((100, 5.0),))]) is None
    assert plateau_words(None) == plateau_words({"claims": []}) == plateau_words({"course": None}) == ""


def test_the_checkpoint_nearest_to_three_quarters_counts():
    course = Course("vae", 0, ((50, 30.0), (70, 20.0), (88, 12.0), (100, 10.0)))
    assert course.last_quarter == ((70, 20.0), (100, 10.0))


def test_the_sentence_names_who_is_far_and_what_would_change():
    words = plateau_words({"course": COURSE})
    assert words.startswith("The GAN is still far from the plateau at this length")
    assert "divide the Fréchet distance by 5.31 (GAN)" in words and "Elsewhere it would be 1.06 (VAE)" in words
    flat = document_of_courses([power_law(family, seed, 0.1) for family in ("vae", "gan") for seed in (0, 1)])
    assert plateau_words({"course": flat}).startswith("At this length no family is far from its plateau")
    assert "1.07 (VAE) and 1.07 (GAN)" in plateau_words({"course": flat})
    assert "twice the images would" in plateau_words({"course": flat})


def test_sounds_are_not_called_images():
    courses = [replace(power_law(family, seed, 0.5), many="sounds") for family in ("vae", "gan") for seed in (0, 1)]
    written = document_of_courses(courses)
    assert courses_of({"course": written}) == courses
    assert "twice the sounds would divide" in plateau_words({"course": written})
    assert all("sounds: at the pace" in one.words and "images" not in one.words for one in approaches(courses))


def test_courses_survive_being_written():
    courses = [power_law("vae", 0, 0.3), power_law("gan", 1, 0.1)]
    assert courses_of({"course": document_of_courses(courses)}) == courses and courses_of({}) == []


def of_powers(family: str, *powers: float) -> list[Course]:
    """A family whose seeds fall with different powers of their images."""
    return [power_law(family, seed, power) for seed, power in enumerate(powers)]


def test_the_factor_has_the_interval_of_a_mean_over_seeds():
    from scipy.stats import t

    (found,) = approaches(of_powers("vae", 0.1, 0.2, 0.15))
    half = t.ppf(0.975, 2) * 0.05 / 3**0.5
    assert (found.low, found.high) == (pytest.approx(2 ** (0.15 - half)), pytest.approx(2 ** (0.15 + half)))
    (alone,) = approaches([power_law("vae", 0, 0.15)])
    assert (alone.low, alone.high, alone.images) == (None, None, 100_000)


@pytest.mark.parametrize(
    ("powers", "where"),
    [
        ((0.5, 0.51, 0.5), "was still far from its plateau at 100,000 images"),
        ((0.3, 0.36, 0.45), "was probably still far from its plateau"),
        ((0.1, 0.11, 0.1), "was near its plateau at 100,000 images"),
        ((0.05, 0.3, 0.2), "was near its plateau, as far as its seeds tell, at"),
    ],
)
def test_each_side_has_a_sentence_of_its_own_curve(powers: tuple[float, ...], where: str):
    (found,) = approaches(of_powers("gan", *powers))
    assert found.words.startswith(f"The GAN {where}") and "1.25 would matter" in found.words
    assert f"divide its Fréchet distance by {found.doubled:.1f}"[:-1] in found.words and " to " in found.words


def test_a_verdict_has_the_sides_that_it_compares_and_others_have_none():
    document = {"course": COURSE}
    both = sides(document, claim("sharpness", "supported"))
    assert [(one.family, one.far) for one in both] == [("vae", False), ("gan", True)]
    alone = claim("likelihood", "supported", parts=[part("a", "supported", families=["vae"])])
    assert [one.family for one in sides(document, alone)] == ["vae"]
    beside = claim("x", "supported", parts=[part("a", "supported", decisive=False)])
    assert sides(document, beside) == sides({}, claim("x", "supported")) == []
    for aside in ({"definitional": True}, {"applicable": False}):
        assert sides(document, claim("sharpness", "supported", **aside)) == []
    assert documents_of_sides(both)["gan"]["far"] is True and "far" in documents_of_sides(both)["gan"]["words"]


def test_a_contender_has_a_sentence_where_a_claim_was_judged_with_it():
    both = document_of_courses([*of_powers("vae", 0.1, 0.1), *of_powers("vae:modern", 0.5, 0.51)])
    asked = claim("sharpness", "supported", beside=[{"contender": "vae:modern", "verdict": "supported"}])
    assert [(one.family, one.far) for one in sides({"course": both}, asked)] == [("vae", False), ("vae:modern", True)]
    assert sides({"course": both}, asked)[1].words.startswith("The modern VAE was still far from its plateau")
    assert len(sides({"course": both}, claim("sharpness", "supported"))) == 1
    assert early_words({"course": both, "claims": [asked]}) == "", (
        "the verdict of the usual model is not the contender's"
    )


def test_decided_verdicts_that_were_made_early_are_counted():
    near = claim("y", "no_difference", parts=[part("a", "supported", families=["vae"])])
    claims = [claim("sharpness", "supported"), near, claim("z", "not_enough_evidence")]
    assert early_words({"course": COURSE, "claims": claims}) == (
        "1 of the 2 decided verdicts compares a family that was still far from its plateau, and was made early."
    )
    assert (
        early_words({"course": COURSE, "claims": [near]}) == early_words({"claims": claims}) == early_words(None) == ""
    )

"""Whether a family is still on its way at the end of its runs."""

from __future__ import annotations

import pytest

from genlab.verdicts.plateau import MATTERS, Course, approaches, courses_of, document_of_courses, plateau_words
from tests.support.matches import COURSE


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


def test_a_fall_within_what_seeds_differ_by_is_none():
    near, wide = ([power_law("gan", seed, 0.4, 1 + width * seed) for seed in range(3)] for width in (0.01, 0.3))
    assert approaches(near)[0].far and not approaches(wide)[0].far
    fall, spread = approaches(wide)[0].fall, approaches(wide)[0].spread
    assert spread is not None and 0 < fall < spread


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


def test_courses_survive_being_written():
    courses = [power_law("vae", 0, 0.3), power_law("gan", 1, 0.1)]
    assert courses_of({"course": document_of_courses(courses)}) == courses and courses_of({}) == []

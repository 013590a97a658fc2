"""What is written of pictures is said of items of other kinds in their words."""

from __future__ import annotations

import pytest

from genlab import kinds
from genlab.kinds._wording import reworded, worded


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("texts", "more real images lie among VAE samples", "more real texts lie among VAE samples"),
        ("texts", "Images? An image, or a picture of a picture.", "Texts? A text, or a text of a text."),
        ("sound", "Pictures half-way between codes of two images", "Sounds half-way between codes of two sounds"),
        (
            "film",
            "one image in fifty; imagery, depicted, image-like",
            "one film in fifty; imagery, depicted, film-like",
        ),
        ("points", "Held-out images and their reconstructions", "Held-out points and their reconstructions"),
        ("texts", "nothing of the sort", "nothing of the sort"),
    ],
)
def test_images_and_pictures_get_the_word_of_the_kind(kind: str, text: str, said: str):
    assert worded(text, kinds.get(kind)) == said


def test_every_kind_has_words_for_both():
    for spec in kinds.REGISTRY:
        assert worded("An image of many pictures", spec).endswith(f" of many {spec.many}")


def test_only_what_people_read_is_said_otherwise():
    document = {
        "title": "images",
        "kind": "images",
        "parts": [{"title": "an image", "run": "an image", "n": 3}],
        "none": None,
    }
    assert reworded(document, kinds.get("texts"), frozenset({"title"})) == {
        "title": "texts",
        "kind": "images",
        "parts": [{"title": "a text", "run": "an image", "n": 3}],
        "none": None,
    }


def test_pictures_are_spoken_of_as_it_is_written_and_so_are_kinds_that_are_not_here():
    document = {"title": "a picture of images"}
    for kind in (kinds.USUAL, "smells"):
        assert kinds.in_words(document, kind, frozenset({"title"})) is document
    assert kinds.in_words(document, "texts", frozenset({"title"})) == {"title": "a text of texts"}

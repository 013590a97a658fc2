"""Single films of a person's: as many frames, as large and in the colours of a data set's, with what was done told."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest

from genlab import kinds
from genlab.kinds import _film_files
from genlab.kinds._film_files import Cutting, decoded
from genlab.kinds.base import DataLike, OwnFile, ReadItems
from tests.kinds.test_film_files import READ, animation, picture, shade, shades, sound, video
from tests.kinds.test_recordings import sine, wav

KIND = kinds.get("film")
GREY = (1, 5, 16, 16)


def alike(*files: tuple[str, bytes], shape: tuple[int, ...] = GREY, most: int = 9, **options: object) -> ReadItems:
    assert KIND.read_like is not None
    own = [OwnFile(name, lambda content=content: content) for name, content in files]  # type: ignore[misc]
    return KIND.read_like(own, DataLike(shape, options=options), most)


def still(value: int) -> bytes:
    buffer = io.BytesIO()
    picture(value).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_format_is_read_as_an_import_reads_it(name: str, channels: int) -> None:
    (found,) = alike((f"mine.{name.split()[0]}", READ[name]()), shape=(channels, *GREY[1:])).items
    imported = decoded(READ[name], Cutting(5, 16, "all", "crop", channels == 3))
    np.testing.assert_array_equal(found.item, imported)
    assert found.item.shape == (5, 16, 16, channels)
    colour = "colour" if channels == 3 else "grey"
    assert found.notes == (f"Of its 10 frames 5 are kept, spread evenly over it, at 16 × 16 px, in {colour}.",)


def test_the_part_and_the_border_are_those_of_the_import() -> None:
    wide = animation(20, size=(64, 32))
    (found,) = alike(("a.gif", wide), part="first", fit="pad").items
    np.testing.assert_array_equal(found.item, decoded(lambda: wide, Cutting(5, 16, "first", "pad", False)))
    assert found.notes == ("Of its 20 frames 5 are kept, its first, at 16 × 16 px, in grey.",)


def test_frames_of_a_short_film_stand_longer_and_that_is_told() -> None:
    (found,) = alike(("a.gif", animation(3))).items
    assert shades(found.item)[0] == shade(0, 3) and shades(found.item)[-1] == shade(2, 3)
    assert found.notes == ("It has 3 frames, some of which stand longer; they are kept at 16 × 16 px, in grey.",)
    (exact,) = alike(("a.gif", animation(5))).items
    assert exact.notes == ("It has 5 frames; they are kept at 16 × 16 px, in grey.",)


def test_pictures_of_a_folder_are_one_film_in_the_order_of_their_numbers() -> None:
    frames = [(f"walk/frame{number}.png", still(20 * number)) for number in (10, 9, 2, 1, 3)]
    found = alike(*frames, ("b.gif", animation()), ("moving.png", READ["apng"]()), ("alone.png", still(9)))
    assert [item.name for item in found.items] == ["b.gif", "moving.png", "walk"]
    assert shades(found.items[2].item) == [20, 40, 60, 180, 200]
    assert found.problems == [("alone.png", "cannot be read: it is one picture, and a film takes at least 2 frames")]


def test_an_animation_of_too_many_pixels_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_film_files, "MOST_DECODED", 40 * 32 * 32)
    assert alike(("a.gif", animation(40))).items
    ((_, why),) = alike(("a.gif", animation(41))).problems
    assert why == "cannot be read: its 41 frames of 32 × 32 px have more than 0.04096 megapixels"


def test_more_films_than_are_wanted_are_counted() -> None:
    found = alike(*[(f"{number}.gif", animation()) for number in range(4)], most=3)
    assert len(found.items) == 3 and found.more == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lambda: b"", "it is empty"),
        (lambda: wav(sine()), "it is neither a GIF, WebP or PNG that moves nor an MP4"),
        (lambda: b"no film", "it is neither a GIF, WebP or PNG that moves nor an MP4"),
        (lambda: animation(1), "it has 1 frame, and a film takes at least 2"),
        *((lambda length=length: animation()[:length], "it is damaged") for length in (20, 400)),
        (lambda: READ["webp"]()[:300], "it is damaged"),
        (lambda: READ["apng"]()[:300], "it is damaged"),
        (lambda: video()[:600], "it is damaged"),
        (sound, "it holds no pictures"),
    ],
)
def test_what_is_no_film_is_a_problem_with_the_reason(content: Callable[[], bytes], why: str) -> None:
    found = alike(("mine.gif", content()))
    assert not found.items and found.problems[0][1].startswith(f"cannot be read: {why}")

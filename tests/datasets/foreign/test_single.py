"""A single item of one's own becomes what a model's data look like, or is refused in a sentence."""

from __future__ import annotations

import base64
import io
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab import kinds
from genlab.config import DataConfig
from genlab.datasets.foreign import single
from genlab.datasets.foreign.importer import add
from genlab.datasets.foreign.single import FittedItems, data_like, fit_items, fit_picture, unpacked
from genlab.datasets.sentences import SYMBOLS, WORDS
from genlab.datasets.store import open_store
from genlab.errors import InputError
from genlab.kinds.base import DataLike, KindSpec, OwnFile, as_public
from tests.kinds.test_film_files import animation
from tests.kinds.test_own_texts import SENTENCES
from tests.kinds.test_recordings import sine, wav
from tests.support.images import picture


def _file(array: np.ndarray, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, format=kind)
    return buffer.getvalue()


def _pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def test_one_that_fits_already_stays_as_it_is():
    array = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    assert np.array_equal(_pixels(fit_picture(_file(array), (28, 28), 1)), array)


def test_the_centre_of_a_wide_one_is_kept():
    array = np.zeros((20, 60), np.uint8)
    array[:, 20:40] = 200
    assert np.array_equal(_pixels(fit_picture(_file(array), (20, 20), 1)), np.full((20, 20), 200))


@pytest.mark.parametrize(("channels", "shape"), [(1, (16, 16)), (3, (16, 16, 3))])
def test_colours_become_those_of_the_data(channels: int, shape: tuple[int, ...]):
    colour = np.zeros((32, 32, 3), np.uint8)
    colour[..., 0] = 255
    assert _pixels(fit_picture(_file(colour, "JPEG"), (16, 16), channels)).shape == shape


def test_dark_and_light_change_places():
    assert (_pixels(fit_picture(_file(np.full((8, 8), 255, np.uint8)), (8, 8), 1, invert=True)) == 0).all()


@pytest.mark.parametrize("content", [b"", b"no picture at all", _file(np.zeros((9, 9), np.uint8))[:40]])
def test_what_is_no_picture_is_refused(content: bytes):
    with pytest.raises(InputError, match=r"The picture (is not|is damaged)"):
        fit_picture(content, (8, 8), 1)


IMAGES, SOUND, FILM = (kinds.get(name) for name in ("images", "sound", "film"))
GREY = DataLike((1, 8, 8))


def files(*contents: bytes, name: str = "mine") -> list[OwnFile]:
    return [OwnFile(f"{name}-{at}", lambda content=content: content) for at, content in enumerate(contents)]  # type: ignore[misc]


def only(found: FittedItems, kind: KindSpec, like: DataLike) -> np.ndarray:
    """The one item that was read, as models see it."""
    (item,) = found.items
    assert not found.problems and base64.b64decode(item.text) == item.content
    public = unpacked(item.content, kind, like.shape)
    assert public.dtype == np.float32 and public.shape == like.shape
    return public


def test_a_picture_is_a_png_of_the_size_of_the_data():
    like = DataLike((3, 8, 12))
    item = only(fit_items(files(picture(side=40)), IMAGES, like), IMAGES, like)
    (fitted,) = fit_items(files(picture(side=40)), IMAGES, like).items
    assert fitted.content == fit_picture(picture(side=40), (8, 12), 3)
    np.testing.assert_allclose(item, _pixels(fitted.content).transpose(2, 0, 1) / 255, atol=1e-6)


def test_a_sound_and_a_film_are_kept_without_loss():
    like = DataLike((1, 32, 32))
    item = only(fit_items(files(wav(sine())), SOUND, like), SOUND, like)
    assert SOUND.read_like is not None and FILM.read_like is not None
    levels = SOUND.read_like(files(wav(sine())), like, 1).items[0].item
    np.testing.assert_allclose(item, levels, atol=0.51 / 255)
    like = DataLike((3, 6, 16, 16))
    item = only(fit_items(files(animation(), name="a.gif"), FILM, like), FILM, like)
    frames = FILM.read_like(files(animation(), name="a.gif"), like, 1).items[0].item
    np.testing.assert_allclose(item, np.moveaxis(frames, -1, 0) / 255, atol=1e-6)


def test_films_that_are_not_square_are_cut_to_those_of_the_data():
    like = DataLike((1, 4, 8, 16))
    assert only(fit_items(files(animation(), name="a.gif"), FILM, like), FILM, like).shape == (1, 4, 8, 16)


def test_dark_and_light_change_places_where_items_have_pixels():
    for kind, like, content in ((IMAGES, GREY, picture(side=9)), (FILM, DataLike((1, 4, 8, 8)), animation())):
        usual, swapped = (
            only(fit_items(files(content), kind, like, invert=invert), kind, like) for invert in (False, True)
        )
        np.testing.assert_allclose(usual + swapped, 1, atol=1e-6)
    with pytest.raises(InputError, match="Of sounds dark and light cannot change places"):
        fit_items(files(wav(sine())), SOUND, DataLike((1, 32, 32)), invert=True)


def test_problems_are_sentences_with_the_name_and_a_next_step():
    found = fit_items(files(wav(sine()), b"no sound", b""), SOUND, DataLike((1, 32, 32)), most=9)
    assert len(found.items) == 1 and found.hint.startswith("Choose another sound. WAV, FLAC, OGG and MP3 are read")
    assert found.problems == (
        "mine-1 cannot be read: it is none of WAV, FLAC, OGG and MP3.",
        "mine-2 cannot be read: it is empty.",
    )
    with pytest.raises(InputError, match="mine-0 cannot be read: it is empty") as refusal:
        fit_items(files(b""), SOUND, DataLike((1, 32, 32))).first("sound", "sounds")
    assert refusal.value.hint == found.hint
    with pytest.raises(InputError, match="There is no sound"):
        FittedItems(()).first("sound", "sounds")


def test_files_that_are_too_large_are_not_decoded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(single, "MOST_BYTES", 2**20)
    (why,) = fit_items(files(bytes(3 * 2**20)), SOUND, DataLike((1, 32, 32))).problems
    assert why == "mine-0 cannot be read: it has 3 MiB, and at most 1 MiB are read."


def test_the_first_of_several_says_that_there_are_others():
    kind, like = kinds.get("texts", WORDS), DataLike((len(WORDS), 8), WORDS)
    content = b"the dog follows the map\nthe cat follows the map\n"
    item = fit_items(files(content), kind, like).first(kind.one, kind.many)
    assert item.notes == ("There are 2 texts: the first is taken.",)


def test_kinds_that_are_in_no_files_are_refused():
    with pytest.raises(InputError, match="Points are not read from files"):
        fit_items(files(b"1 2"), kinds.in_plane(), DataLike((2,)))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no item", "That is no sound"),
        (zlib.compress(b"too short"), "This sound does not fit the model"),
        (zlib.compress(bytes(2**24)), "This sound does not fit the model"),
        (zlib.compress(bytes(32 * 32))[:-9], "This sound does not fit the model|That is no sound"),
    ],
)
def test_what_is_no_item_of_that_shape_is_refused(content: bytes, why: str):
    with pytest.raises(InputError, match=why):
        unpacked(content, SOUND, (1, 32, 32))


def test_built_in_data_say_how_texts_are_written():
    space = {"kind": "texts", "shape": [len(SYMBOLS), 10], "symbols": list(SYMBOLS)}
    kind, like = data_like(DataConfig(name="sentences"), space, Path("nowhere"))
    assert like.shape == (len(SYMBOLS), 10) and like.written is not None
    item = only(fit_items(files(b"the dogs saw the map"), kind, like), kind, like)
    assert kind.text is not None and kind.text(item) == "the dogs saw the map"
    words = {"kind": "texts", "shape": [len(WORDS), 8], "symbols": list(WORDS)}
    _, like = data_like(DataConfig(name="sentences", options={"units": "words"}), words, Path("nowhere"))
    assert like.written is None


def test_single_items_are_read_by_the_options_of_the_import(tmp_path: Path):
    """A sentence, and a film with a border, are exactly what the import made of the same files."""
    (tmp_path / "in").mkdir()
    for at in range(16):
        (tmp_path / "in" / f"{at:02}.gif").write_bytes(animation(6 + at, size=(40, 20)))
    (tmp_path / "texts.txt").write_text("\n".join(SENTENCES), encoding="utf-8")
    options = {"frames": 4, "size": 16, "part": "middle", "fit": "pad"}
    add(tmp_path / "in", "films", tmp_path / "sets", kind="film", options=options, classes="none")
    add(tmp_path / "texts.txt", "said", tmp_path / "sets", options={"units": "words"})
    given = {"films": animation(9, size=(40, 20)), "said": SENTENCES[3].encode()}
    for name, content in given.items():
        stored = open_store(tmp_path / "sets" / "added" / name)
        space = {"kind": stored.info.kind, "shape": list(stored.info.shape), "symbols": list(stored.info.symbols)}
        kind, like = data_like(DataConfig(name=name), space, tmp_path / "sets")
        item = only(fit_items(files(content, name="a.gif"), kind, like), kind, like)
        every = as_public(np.concatenate([stored.items("train"), stored.items("test")]))
        assert np.isclose(every, item, atol=1e-6).all(axis=tuple(range(1, every.ndim))).any(), name

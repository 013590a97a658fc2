"""Samples that can be heard or watched stand in a report as far as there is room, of all runs alike."""

from __future__ import annotations

import base64
import io
import wave
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab import kinds
from genlab.reports.players import MOST, Players, players
from genlab.store.shown import keep

SHAPES = {"sound": (1, 16, 16), "film": (1, 4, 8, 8), "images": (1, 8, 8)}


def sheet(folder: Path, name: str, kind: str, count: int = 6) -> tuple[Path, kinds.KindSpec]:
    """A sheet with its items beside it."""
    items = np.random.default_rng(0).uniform(size=(count, *SHAPES[kind])).astype(np.float32)
    keep(folder / f"{name}.png", items, kinds.get(kind))
    return folder / f"{name}.png", kinds.get(kind)


def content(source: str) -> bytes:
    return base64.b64decode(source.partition(",")[2])


def test_sounds_are_heard_as_they_are_kept(tmp_path: Path) -> None:
    found = players({"a": sheet(tmp_path, "a", "sound")})["a"]
    assert (found.title, found.sounds, len(found.sources)) == (f"Listen to the first {MOST} sounds", True, MOST)
    assert len(set(found.sources)) == MOST, "each is a sound of its own"
    with wave.open(io.BytesIO(content(found.sources[0]))) as file:
        assert file.getnframes() > 100


def test_films_are_watched(tmp_path: Path) -> None:
    found = players({"a": sheet(tmp_path, "a", "film", count=1)})["a"]
    assert (found.title, found.sounds) == ("Watch the first film", False)
    assert found.sources[0].startswith("data:image/webp;base64,")
    assert getattr(Image.open(io.BytesIO(content(found.sources[0]))), "n_frames", 1) == 4


def test_every_run_has_one_before_any_has_two(tmp_path: Path) -> None:
    sheets = {name: sheet(tmp_path, name, "sound") for name in "abc"}
    each = len(players({"a": sheets["a"]})["a"].sources[0])
    for room, counts in ((3 * each, [1, 1, 1]), (4 * each, [2, 1, 1]), (7 * each - 1, [2, 2, 2]), (2 * each, [1, 1])):
        found = players(sheets, room)
        assert [len(one.sources) for one in found.values()] == counts
        assert sum(len(source) for one in found.values() for source in one.sources) <= room
    assert players(sheets, each - 1) == {}


@pytest.mark.parametrize("what", ["pictures", "gone", "damaged"])
def test_what_cannot_be_played_is_left_out(tmp_path: Path, what: str) -> None:
    path, kind = sheet(tmp_path, "a", "images" if what == "pictures" else "sound")
    if what == "gone":
        path.with_suffix(".npz").unlink()
    if what == "damaged":
        path.with_suffix(".npz").write_bytes(b"PK")
    good = sheet(tmp_path, "b", "sound", count=1)
    found = players({"a": (path, kind), "b": good})
    assert list(found) == ["b"] and isinstance(found["b"], Players)

"""Digests are worked out once, noted, and while a page is drawn only behind its back."""

from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path

import pytest

from genlab.store import digests
from genlab.store.digests import Elsewhere, behind, file_digest, remembered
from genlab.store.drawing import drawing, is_drawing


def weights_in(folder: Path, content: bytes = b"weights") -> Path:
    path = folder / "run" / "checkpoints" / "000000000100" / "model.safetensors"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_a_file_is_read_once_as_long_as_it_does_not_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = weights_in(tmp_path)
    assert remembered(path) is None
    assert file_digest(path) == hashlib.sha256(b"weights").hexdigest() == remembered(path)
    with monkeypatch.context() as patched:
        patched.setattr(digests.hashlib, "file_digest", lambda *_: pytest.fail("read again"))
        assert file_digest(path) == remembered(path)
    path.write_bytes(b"other weights")
    assert remembered(path) is None
    assert file_digest(path) == hashlib.sha256(b"other weights").hexdigest()


def test_elsewhere_tells_what_it_was_told_and_what_was_noted_of_the_same_file(tmp_path: Path):
    path = weights_in(tmp_path)
    place = Elsewhere({"000000000200": "told"}, tmp_path / "notes" / "digests.json")
    assert place.look(path) is None
    place.note(path, "noted")
    assert place.look(path) == "noted"
    assert Elsewhere(file=tmp_path / "notes" / "digests.json").look(path) == "noted"
    assert Elsewhere({"000000000100": "told"}, place.file).look(path) == "told"
    path.write_bytes(b"other weights")
    assert place.look(path) is None
    Elsewhere().note(path, "nowhere")
    assert Elsewhere().look(path) is None


def test_notes_that_are_damaged_count_as_none_and_are_written_anew(tmp_path: Path):
    path, file = weights_in(tmp_path), tmp_path / "digests.json"
    file.write_text('{"run/000000000100": 5')
    place = Elsewhere(file=file)
    assert place.look(path) is None
    place.note(path, "noted")
    assert place.look(path) == "noted"


def test_what_a_page_needs_is_read_behind_it_once_at_a_time(tmp_path: Path):
    path, gate, told = weights_in(tmp_path), threading.Event(), []

    def read(note: bool) -> None:
        assert not is_drawing()
        gate.wait(10)
        told.append(note)

    assert not is_drawing()
    with drawing(note=True):
        assert is_drawing()
        behind(path, read)
        behind(path, read)
        assert told == []
    assert not is_drawing()
    gate.set()
    until = time.monotonic() + 10
    while not told and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.05)
    assert told == [True]


def test_a_reading_that_fails_can_be_tried_again(tmp_path: Path):
    path, tries = weights_in(tmp_path), []

    def read(note: bool) -> None:
        tries.append(note)
        raise OSError("gone")

    with drawing(note=False):
        for count in (1, 2):
            behind(path, read)
            until = time.monotonic() + 10
            while (len(tries) < count or path in digests._reading) and time.monotonic() < until:
                time.sleep(0.01)
    assert tries == [False, False]

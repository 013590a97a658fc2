"""Which checkpoint is meant; and the digest of its weights: noted when saved, added once to older ones."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.store import atomic, digests
from genlab.store import checkpoints as of
from genlab.store.checkpoints import CATALOGUE, pick_checkpoint, weights_digest
from genlab.store.digests import Elsewhere, UnreadError
from genlab.store.drawing import drawing
from genlab.store.run import Checkpoint
from genlab.store.run_directory import RunDirectory
from tests.support.runs import make_run

CONTENT = b"weights"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def test_the_newest_up_to_a_point(tmp_path: Path):
    run = make_run(tmp_path)
    with pytest.raises(InputError, match="no checkpoint yet"):
        pick_checkpoint(run)
    for images in (100, 200):
        run.write_checkpoint(images, lambda folder: (folder / "meta.json").write_text("{}"), keep=8)
    assert pick_checkpoint(run).images == 200
    assert pick_checkpoint(run, 199).images == 100
    assert pick_checkpoint(run, 200).images == 200
    with pytest.raises(InputError, match="up to 99 images"):
        pick_checkpoint(run, 99)


def saved(runs: Path, meta: str = '{"images": 100}', **options: str) -> Checkpoint:
    """A checkpoint whose description is ``meta``."""
    run = make_run(runs, samples=(), **options)

    def fill(folder: Path) -> None:
        (folder / "model.safetensors").write_bytes(CONTENT)
        (folder / "meta.json").write_text(meta)

    run.write_checkpoint(100, fill, keep=8)
    return pick_checkpoint(run)


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on no file is read for its digest."""
    monkeypatch.setattr(digests.hashlib, "file_digest", lambda *_: pytest.fail("weights are read"))
    monkeypatch.setattr(digests, "_KNOWN", {})


def about(checkpoint: Checkpoint) -> dict[str, object]:
    return dict(json.loads((checkpoint.path / "meta.json").read_text()))


def test_a_digest_that_was_saved_is_taken_from_there(tmp_path: Path, unread: None):
    assert weights_digest(saved(tmp_path, '{"sha256": {"model.safetensors": "abc"}}')) == "abc"


def test_an_older_checkpoint_gets_its_digest_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    checkpoint = saved(tmp_path)
    assert weights_digest(checkpoint) == DIGEST
    assert about(checkpoint) == {"images": 100, "sha256": {"model.safetensors": DIGEST}}
    monkeypatch.setattr(digests.hashlib, "file_digest", lambda *_: pytest.fail("weights are read again"))
    monkeypatch.setattr(digests, "_KNOWN", {})
    assert weights_digest(checkpoint) == DIGEST


def test_a_run_that_trains_is_left_to_its_worker(tmp_path: Path):
    checkpoint = saved(tmp_path, state="running")
    assert weights_digest(checkpoint) == DIGEST
    assert about(checkpoint) == {"images": 100}


def test_nothing_is_written_into_what_comes_with_genlab(tmp_path: Path):
    checkpoint = saved(tmp_path / "runs")
    (tmp_path / CATALOGUE).write_text("{}")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert weights_digest(checkpoint) == DIGEST
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_may_not_be_changed_is_noted_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = saved(tmp_path / "runs").path
    checkpoint = Checkpoint(path, 100, Elsewhere(file=tmp_path / "workspace" / "digests.json"))
    assert weights_digest(checkpoint) == DIGEST
    assert about(checkpoint) == {"images": 100}
    monkeypatch.setattr(digests.hashlib, "file_digest", lambda *_: pytest.fail("weights are read again"))
    monkeypatch.setattr(digests, "_KNOWN", {})
    assert weights_digest(checkpoint) == DIGEST


def test_weights_that_cannot_be_read_are_told(tmp_path: Path):
    checkpoint = saved(tmp_path)
    (checkpoint.path / "model.safetensors").unlink()
    with pytest.raises(InputError, match=r"model\.safetensors cannot be read") as refusal:
        weights_digest(checkpoint)
    assert refusal.value.kind == "damaged"


def test_while_a_page_is_drawn_no_weights_are_read(tmp_path: Path):
    checkpoint = saved(tmp_path)
    with drawing(note=True), pytest.raises(UnreadError, match="100 images are being read"):
        weights_digest(checkpoint)
    until = time.monotonic() + 10
    while "sha256" not in about(checkpoint) and time.monotonic() < until:
        time.sleep(0.01)
    with drawing(note=True):
        assert weights_digest(checkpoint) == DIGEST


def test_a_page_for_looking_only_has_them_read_and_writes_nothing(tmp_path: Path):
    checkpoint = saved(tmp_path)
    found = None
    until = time.monotonic() + 10
    while found is None and time.monotonic() < until:
        with drawing(note=False):
            try:
                found = weights_digest(checkpoint)
            except UnreadError:
                time.sleep(0.01)
    assert found == DIGEST
    assert about(checkpoint) == {"images": 100}


def written(run: RunDirectory, images: int, weights: bytes = b"w") -> Path:
    """A checkpoint with its digests, as it is written today."""

    def fill(folder: Path) -> None:
        (folder / of.WEIGHTS).write_bytes(weights)
        (folder / of.PROGRESS).write_bytes(b"p")
        atomic.write_json(folder / of.META, {of.DIGESTS: of.digests(folder)})

    run.write_checkpoint(images, fill, keep=8)
    return pick_checkpoint(run, images).path


def test_digests_are_those_of_the_files(tmp_path: Path):
    folder = written(make_run(tmp_path), 100)
    expected = {of.WEIGHTS: hashlib.sha256(b"w").hexdigest(), of.PROGRESS: hashlib.sha256(b"p").hexdigest()}
    assert of.digests(folder) == expected
    assert atomic.read_json(folder / of.META) == {of.DIGESTS: expected}


def test_damage_is_told_file_by_file(tmp_path: Path):
    folder = written(make_run(tmp_path), 100)
    assert of.damage(folder) is None and of.damage(folder, (of.WEIGHTS, of.PROGRESS)) is None
    (folder / of.PROGRESS).write_bytes(b"other")
    assert of.damage(folder) is None
    assert of.damage(folder, (of.WEIGHTS, of.PROGRESS)) == "state.pt is not what was saved"
    (folder / of.WEIGHTS).unlink()
    assert of.damage(folder) == "model.safetensors is missing"
    assert of.damage(folder, ("unknown",)) == "unknown is missing"


def test_a_file_that_changes_is_read_again(tmp_path: Path):
    folder = written(make_run(tmp_path), 100)
    assert of.damage(folder) is None
    (folder / of.WEIGHTS).write_bytes(b"x")
    os.utime(folder / of.WEIGHTS, ns=(1, 1))
    assert of.damage(folder) == "model.safetensors is not what was saved"


def test_a_checkpoint_without_digests_passes_when_it_is_there(tmp_path: Path):
    folder = written(make_run(tmp_path), 100)
    for meta in ({}, {of.DIGESTS: "none"}):
        atomic.write_json(folder / of.META, meta)
        assert of.damage(folder) is None


def test_an_older_checkpoint_that_is_intact_is_named(tmp_path: Path):
    run = make_run(tmp_path)
    first, second, third = (written(run, images, str(images).encode()) for images in (1_000, 2_000, 3_000))
    error = of.damaged(run.path, third, "model.safetensors is missing")
    assert error.kind == "damaged" and error.message.endswith("is damaged: model.safetensors is missing.")
    assert error.hint == "Choose the one of 2,000 images, which is intact."
    (second / of.WEIGHTS).write_bytes(b"spoiled")
    assert of.damaged(run.path, third, "x").hint == "Choose the one of 1,000 images, which is intact."
    (first / of.WEIGHTS).unlink()
    assert of.damaged(run.path, third, "x").hint == "No older one is intact."

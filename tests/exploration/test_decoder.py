"""Sliders need the decoder alone: the worker leaves it, older checkpoints get it in moments, without any data."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from genlab.errors import InputError
from genlab.exploration import decoder as module
from genlab.exploration.decoder import prepare_decoder
from genlab.exploration.exploration_request import kept_decoder
from genlab.exploration.explored import BrowserDecoder
from genlab.latent.directions import Direction
from genlab.models import onnx
from genlab.store.checkpoints import pick_checkpoint
from tests.evaluation.conftest import Trained


def nothing(share: float, what: str) -> None:
    pass


def test_a_run_that_has_ended_has_its_decoder(trained: Trained):
    for name in ("vae", "gan", "conditional", "plane"):
        found = trained.lab.models.decoder(name)
        assert found is not None and found.graph, name
        assert (trained.lab.runs.read(name).path / "latent" / found.graph).is_file()
        assert trained.lab.models.start_decoder(name) is None
    assert trained.lab.models.decoder("points") is None


def test_an_earlier_checkpoint_gets_one_without_the_data(trained: Trained, monkeypatch):
    monkeypatch.setattr("genlab.datasets.store.prepare", lambda *_: 1 / 0)
    first = trained.lab.runs.read("gan").checkpoints()[0].images
    assert trained.lab.models.decoder("gan", first) is None
    job = trained.lab.models.start_decoder("gan", first)
    assert job is not None and job.state == "completed", job
    found = trained.lab.models.decoder("gan", first)
    assert found is not None and found.images == first


def test_a_decoder_that_cannot_be_written_is_noted_and_the_server_decodes(trained: Trained, monkeypatch):
    def refuse(*_: object, **how) -> float:
        raise InputError("This decoder cannot be written as ONNX.", kind="export")

    directory = trained.lab.runs.read("plane")
    file = kept_decoder(directory, pick_checkpoint(directory)).path
    kept = file.read_bytes()
    file.unlink()
    monkeypatch.setattr(module, "export_decoder", refuse)
    try:
        document = prepare_decoder(directory, None, nothing)
        assert document["graph"] is None and "cannot be written" in document["why"]
        found = trained.lab.models.decoder("plane")
        assert found is not None and found.graph is None
    finally:
        file.write_bytes(kept)


def test_points_have_none(trained: Trained):
    with pytest.raises(InputError, match="points in the plane"):
        prepare_decoder(trained.lab.runs.read("points"), None, nothing)


def test_directions_go_with_it(trained: Trained, tmp_path):
    directory = trained.lab.runs.read("vae")
    copy = type(directory)(tmp_path / "copy")
    shutil.copytree(directory.path, copy.path, ignore=shutil.ignore_patterns("latent"))
    axis, way = np.eye(4, dtype=np.float32)[2], np.full(4, 0.5, np.float32)
    directions = [
        Direction("dimension-2", "Dimension 2", "dimension", axis, 1.0, 0.3),
        Direction("pca-0", "Component 1", "pca", way, 2.0, 0.5, "a note"),
    ]
    prepare_decoder(copy, None, nothing, directions)
    found = BrowserDecoder.read(kept_decoder(copy, pick_checkpoint(copy)).path)
    assert found is not None
    assert [each["vector"] for each in found.directions] == [[0, 0, 1, 0], [0.5, 0.5, 0.5, 0.5]]
    assert (found.directions[1]["scale"], found.directions[1]["note"]) == (2.0, "a note")


@pytest.mark.parametrize(
    "damage", ['{"graph": 5}', "[]", '{"images": 1, "graph": null, "weights": [1], "directions": []}']
)
def test_a_damaged_document_is_none(tmp_path, damage):
    (tmp_path / "decoder.json").write_text(damage)
    assert BrowserDecoder.read(tmp_path / "decoder.json") is None


def test_the_exported_decoder_is_checked(trained: Trained, monkeypatch, tmp_path):
    monkeypatch.setattr(onnx, "TOLERANCE", -1.0)
    directory = trained.lab.runs.read("vae")
    copy = type(directory)(tmp_path / "copy")
    shutil.copytree(directory.path, copy.path, ignore=shutil.ignore_patterns("latent"))
    assert prepare_decoder(copy, None, nothing)["graph"] is None

"""A real training of a tiny model through the command line, and samples of it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.commands.sample import class_number
from genlab.errors import InputError
from genlab.store.run_directory import RunDirectory
from tests.support.command import Capture, genlab
from tests.support.runs import make_run

TINY = (
    "--data",
    "digits",
    "--images",
    "128",
    "--set",
    "network=mlp",
    "--set",
    "threads=1",
    "--set",
    "conditional=true",
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace in which a tiny conditional VAE was trained by the command line."""
    workspace = tmp_path_factory.mktemp("trained")
    result = genlab("train", "--model", "vae", *TINY, "--workspace", workspace, "--json", timeout=250)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["state"] == "completed"
    return workspace


@pytest.fixture
def run(trained: Path, monkeypatch: pytest.MonkeyPatch, cli: Capture) -> str:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(trained))
    return str(cli.json("runs")["runs"][0]["run"])


def test_a_picture_is_a_grid_of_the_samples(run: str, cli: Capture, tmp_path: Path):
    out = tmp_path / "grid.png"
    document = cli.json("sample", run, "-n", "10", "--out", out)
    asked = {"run": run, "samples": 10, "seed": 0, "label": None, "path": str(out), "files": [str(out)]}
    assert document == asked
    with Image.open(out) as picture:
        assert (picture.size, picture.mode) == ((32, 24), "L")
        assert np.asarray(picture).std() > 0


def test_numbers_are_in_range_and_follow_the_seed(run: str, cli: Capture, tmp_path: Path):
    contents = []
    for name, seed in [("a", "1"), ("b", "1"), ("c", "2")]:
        cli.json("sample", run, "-n", "12", "--seed", seed, "--out", tmp_path / f"{name}.npz")
        with np.load(tmp_path / f"{name}.npz", allow_pickle=False) as stored:
            contents.append(stored["samples"])
            assert list(stored["labels"]) == [*range(10), 0, 1]
    assert contents[0].shape == (12, 1, 8, 8) and contents[0].dtype == np.float32
    assert contents[0].min() >= 0 and contents[0].max() <= 1
    assert np.array_equal(contents[0], contents[1])
    assert not np.array_equal(contents[0], contents[2])


def test_a_class_can_be_chosen(run: str, cli: Capture, tmp_path: Path):
    cli.json("sample", run, "-n", "3", "--label", "7", "--out", tmp_path / "sevens.npz")
    with np.load(io.BytesIO((tmp_path / "sevens.npz").read_bytes()), allow_pickle=False) as stored:
        assert list(stored["labels"]) == [7, 7, 7]
    for label in ("10", "seven", "-1"):
        cli.refusal("sample", run, "--label", label, "--out", tmp_path / "x.npz")
    assert not (tmp_path / "x.npz").exists()


def test_an_older_checkpoint_that_is_not_there_is_refused(run: str, cli: Capture, tmp_path: Path):
    message, _ = cli.refusal("sample", run, "--checkpoint", "5", "--out", tmp_path / "x.png")
    assert "checkpoint" in message


@pytest.mark.parametrize(
    ("out", "word"), [("nowhere/x.png", "folder"), ("x.jpg", ".png"), ("folder.png", "folder"), ("x", ".npz")]
)
def test_a_file_that_cannot_be_written_is_refused_before_any_work(out: str, word: str, cli: Capture, tmp_path: Path):
    (tmp_path / "folder.png").mkdir()
    message, _ = cli.refusal("sample", "nix", "--out", tmp_path / out)
    assert word in message


@pytest.mark.parametrize("number", ["0", "-3", "1000000", "many"])
def test_a_number_out_of_range_is_refused(number: str, cli: Capture):
    cli.refusal("sample", "nix", "-n", number)


def test_classes_have_names_and_numbers(tmp_path: Path):
    directory: RunDirectory = make_run(tmp_path)
    assert class_number("3", directory) == 3
    directory.write_environment({"data": {"classes": ["cat", "dog"]}})
    assert class_number("dog", directory) == 1
    with pytest.raises(InputError, match="bird"):
        class_number("bird", directory)


def test_a_run_without_a_checkpoint_is_refused(cli: Capture, workspace: Path, tmp_path: Path):
    directory = make_run(workspace / "runs")
    message, _ = cli.refusal("sample", directory.path.name, "--out", tmp_path / "x.png")
    assert "no checkpoint" in message

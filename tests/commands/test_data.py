"""Listing, showing, adding and removing data sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.command import Capture


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty grey images in two classes."""
    rng = np.random.default_rng(0)
    for index in range(40):
        place = tmp_path / "images" / ("left", "right")[index % 2]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (20, 20), np.uint8)).save(place / f"{index}.png")
    return tmp_path / "images"


def test_list_has_the_promised_keys_and_the_default_set(cli: Capture):
    found = {info["name"]: info for info in cli.json("data", "list")["datasets"]}
    assert all(set(info) >= {"name", "shape", "count", "classes", "available", "why"} for info in found.values())
    default = found["mnist-5k"]
    assert (default["shape"], default["count"], len(default["classes"])) == ([1, 28, 28], 5_000, 10)
    assert default["available"] is True and default["why"] is None
    assert all(info["why"] for info in found.values() if not info["available"])
    _, out, _ = cli("data", "list")
    assert {line.split()[0] for line in out.splitlines()[1:] if line} >= set(found)


def test_show_tells_all_that_is_known(cli: Capture):
    code, out, _ = cli("data", "show", "digits")
    assert code == 0
    assert "1 × 8 × 8" in out and "1,797" in out
    assert cli.json("data", "show", "digits")["kind"] == "images"
    assert "2-D points" in cli("data", "show", "ring")[1]


def test_an_unknown_set_is_refused_with_close_names_and_nothing_written(cli: Capture, workspace: Path):
    message, hint = cli.refusal("data", "show", "mnist5k")
    assert "mnist5k" in message and "mnist-5k" in hint
    assert not workspace.exists()


def test_add_show_train_and_remove_ones_own_images(cli: Capture, folder: Path):
    code, out, err = cli("data", "add", folder, "--name", "mine", "--size", "16")
    assert code == 0, err
    assert "1 × 16 × 16" in out and "left, right" in out and "genlab train --data mine" in out
    info = cli.json("data", "show", "mine")
    assert (info["count"], info["classes"], info["source"]) == (40, ["left", "right"], "added")
    assert cli.json("data", "remove", "mine") == {"removed": "mine"}
    assert "mine" not in [info["name"] for info in cli.json("data", "list")["datasets"]]


def test_a_bad_file_is_refused_or_skipped_by_choice(cli: Capture, folder: Path):
    (folder / "left" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    message, _ = cli.refusal("data", "add", folder, "--name", "mine")
    assert "broken.png" in message
    assert cli.json("data", "add", folder, "--name", "mine", "--on-bad", "skip")["skipped"] == 1


@pytest.mark.parametrize(
    "words", [("--size", "16"), ("--name", "mine", "--fit", "nix"), ("--name", "../x"), ("--name", "mnist-5k"), ()]
)
def test_bad_usage_of_add_is_refused(words: tuple[str, ...], cli: Capture, folder: Path):
    cli.refusal("data", "add", folder, *words)


def test_missing_and_empty_folders_are_refused(cli: Capture, tmp_path: Path):
    cli.refusal("data", "add", tmp_path / "nix", "--name", "mine")
    (tmp_path / "empty").mkdir()
    cli.refusal("data", "add", tmp_path / "empty", "--name", "mine")
    assert cli.json("data", "list")["datasets"]
    assert "mine" not in [info["name"] for info in cli.json("data", "list")["datasets"]]


def test_a_built_in_set_is_not_removed(cli: Capture):
    cli.refusal("data", "remove", "mnist-5k")


def test_few_images_are_told_what_cannot_be_measured(cli: Capture, tmp_path: Path):
    source = tmp_path / "few.npz"
    np.savez(source, x=np.random.default_rng(0).integers(0, 255, (60, 16, 16), dtype=np.uint8))
    _, added, _ = cli("data", "add", str(source), "--name", "few")
    _, shown, _ = cli("data", "show", "few")
    for out in (added, shown):
        assert "cannot be measured" in out and "10 items held out" in out

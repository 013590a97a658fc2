"""Listing, showing, adding and removing data sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.support.browser import wait_until
from tests.support.command import Capture
from tests.support.images import foreign_zip, many, picture


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
    assert "points in the plane" in cli("data", "show", "ring")[1]


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
    assert info["about"] == "" and cli.json("data", "mark", "mine", "--faces")["about"] == "faces"
    assert "said to be photographs of faces" in cli("data", "show", "mine")[1]
    assert cli.json("data", "mark", "mine", "--no-faces") == info
    cli.refusal("data", "mark", "mnist-5k", "--faces")
    assert cli.json("data", "remove", "mine") == {"removed": "mine"}
    assert "mine" not in [info["name"] for info in cli.json("data", "list")["datasets"]]


@pytest.mark.usefixtures("jobs_here")
def test_a_bad_file_is_refused_or_skipped_by_choice(cli: Capture, folder: Path):
    (folder / "left" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    message, _ = cli.refusal("data", "add", folder, "--name", "mine")
    assert "broken.png" in message
    assert cli.json("data", "add", folder, "--name", "mine", "--on-bad", "skip")["skipped"] == 1


@pytest.mark.usefixtures("jobs_here")
def test_a_mixed_tree_is_refused_with_the_option_and_read_by_choice(cli: Capture, folder: Path):
    Image.fromarray(np.zeros((20, 20), np.uint8)).save(folder / "stray.png")
    message, hint = cli.refusal("data", "add", folder, "--name", "mine")
    assert "1 picture beside its class folders" in message
    assert "--classes none takes 41 pictures" in hint and "--classes 1 takes 40 pictures, 2 classes" in hint
    every = cli.json("data", "add", folder, "--name", "every", "--classes", "none")
    assert (every["count"], every["classes"]) == (41, None)
    labelled = cli.json("data", "add", folder, "--name", "labelled", "--classes", "1")
    assert (labelled["count"], labelled["classes"]) == (40, ["left", "right"])
    assert "--classes from: none, 1" in cli.refusal("data", "add", folder, "--name", "x", "--classes", "4")[1]


@pytest.mark.usefixtures("jobs_here")
def test_a_tree_in_three_parts_keeps_them_and_says_so(cli: Capture, folder: Path, tmp_path: Path):
    for part, indices in (("Train", range(0, 24)), ("VALID", range(24, 32)), ("test", range(32, 40))):
        for index in indices:
            label = ("left", "right")[index % 2]
            (tmp_path / "parts" / part / label).mkdir(parents=True, exist_ok=True)
            (folder / label / f"{index}.png").rename(tmp_path / "parts" / part / label / f"{index}.png")
    info = cli.json("data", "add", tmp_path / "parts", "--name", "mine")
    assert (info["train"], info["test"], info["classes"]) == (32, 8, ["left", "right"])
    assert "24 for training (8 for validation joined them), 8 for testing" in cli("data", "show", "mine")[1]


@pytest.mark.usefixtures("jobs_here")
def test_a_folder_with_a_label_file(cli: Capture, folder: Path, tmp_path: Path):
    (tmp_path / "flat").mkdir()
    rows = ["file_name,species,age"]
    for index in range(40):
        name = f"{index}.png"
        (folder / ("left", "right")[index % 2] / name).rename(tmp_path / "flat" / name)
        rows.append(f"{name},{'cat' if index < 10 else 'dog'},{index % 3}")
    (tmp_path / "flat" / "metadata.csv").write_text("\n".join(rows))
    message, hint = cli.refusal("data", "add", tmp_path / "flat", "--name", "mine")
    assert "several ways" in message and "--classes metadata.csv:age" in hint
    info = cli.json("data", "add", tmp_path / "flat", "--name", "mine", "--classes", "metadata.csv:species")
    assert (info["classes"], info["notes"][0]) == (["cat", "dog"], "Classes are the column species of metadata.csv.")


@pytest.mark.usefixtures("jobs_here")
def test_twelve_bit_pictures_are_scaled_and_shown_as_such(cli: Capture, tmp_path: Path):
    (tmp_path / "deep").mkdir()
    for index in range(20):
        values = np.linspace(0, 4_095, 400).astype(np.uint16).reshape(20, 20)
        Image.fromarray(values).save(tmp_path / "deep" / f"{index}.tif")
    cli.json("data", "add", tmp_path / "deep", "--name", "mine")
    assert "0 to 4,095, which holds all their values, became 0 to 255" in cli("data", "show", "mine")[1]


@pytest.mark.usefixtures("jobs_here")
def test_a_zip_with_names_in_another_encoding(cli: Capture, tmp_path: Path):
    path = tmp_path / "gbk.zip"
    foreign_zip(path, {f"{label}/{i}.png": picture(i) for label in ("猫", "狗") for i in range(10)}, "gbk")
    guessed = cli.json("data", "add", path, "--name", "guessed")
    assert sorted(guessed["classes"]) == sorted(["猫", "狗"])
    said = cli.json("data", "add", path, "--name", "said", "--encoding", "gbk")
    assert said["classes"] == guessed["classes"] and not any("guess" in note for note in said["notes"])
    assert "is not the name of an encoding" in cli.refusal("data", "add", path, "--name", "x", "--encoding", "no")[0]


@pytest.mark.parametrize(
    "words", [("--size", "16"), ("--name", "mine", "--fit", "nix"), ("--name", "../x"), ("--name", "mnist-5k"), ()]
)
def test_bad_usage_of_add_is_refused(words: tuple[str, ...], cli: Capture, folder: Path):
    cli.refusal("data", "add", folder, *words)


@pytest.mark.usefixtures("jobs_here")
def test_missing_and_empty_folders_are_refused(cli: Capture, tmp_path: Path):
    cli.refusal("data", "add", tmp_path / "nix", "--name", "mine")
    (tmp_path / "empty").mkdir()
    cli.refusal("data", "add", tmp_path / "empty", "--name", "mine")
    assert cli.json("data", "list")["datasets"]
    assert "mine" not in [info["name"] for info in cli.json("data", "list")["datasets"]]


def test_a_built_in_set_is_not_removed(cli: Capture):
    cli.refusal("data", "remove", "mnist-5k")


@pytest.mark.usefixtures("jobs_here")
def test_few_images_are_told_what_cannot_be_measured(cli: Capture, tmp_path: Path):
    source = tmp_path / "few.npz"
    np.savez(source, x=np.random.default_rng(0).integers(0, 255, (60, 16, 16), dtype=np.uint8))
    _, added, _ = cli("data", "add", str(source), "--name", "few")
    _, shown, _ = cli("data", "show", "few")
    for out in (added, shown):
        assert "cannot be measured" in out and "10 items held out" in out


def test_an_import_that_nobody_waited_for_is_listed_and_given_up(cli: Capture, workspace: Path, tmp_path: Path):
    (tmp_path / "torn.zip").write_bytes(b"torn")
    Lab(workspace, launcher=InlineLauncher()).imports.start(tmp_path / "torn.zip", "pets")
    (found,) = cli.json("data", "list")["imports"]
    assert (found["name"], found["state"]) == ("pets", "failed") and "torn.zip" in found["error"]["message"]
    assert "pets: not added: torn.zip" in cli("data", "list")[1]
    assert cli.json("data", "remove", "pets") == {"removed": "pets"}
    assert cli.json("data", "list")["imports"] == []
    assert "No data set called 'pets'" in cli.refusal("data", "remove", "pets")[0]


def test_an_import_under_way_is_listed_and_ended(cli: Capture, workspace: Path, tmp_path: Path):
    (tmp_path / "many.zip").write_bytes(many(1_000, 150))
    lab = Lab(workspace)
    lab.imports.start(tmp_path / "many.zip", "many")
    wait_until(lambda: lab.imports.all()[0].job.share > 0, what="progress")
    assert "many: being added, " in cli("data", "list")[1]
    assert "is being added at this moment" in cli.refusal("data", "add", tmp_path, "--name", "many")[0]
    assert cli.json("data", "remove", "many") == {"removed": "many"}
    assert lab.imports.all() == [] and not list((workspace / "datasets" / "added").glob("*"))

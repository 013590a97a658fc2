"""``genlab latent``: maps, directions, walks and inversions as documents, and refusals in one sentence."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY
from tests.support.command import Capture


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lab = Lab(tmp_path_factory.mktemp("latent"), launcher=InlineLauncher())
    lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "name": "seen"}))
    return lab.workspace.path


@pytest.fixture(autouse=True)
def _workspace(cli: Capture, trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(trained))
    monkeypatch.setattr("genlab.lab.default_launcher", InlineLauncher)


@pytest.mark.timeout(240)
def test_a_map_is_kept_and_written(cli: Capture, tmp_path: Path):
    words = ("latent", "map", "seen", "--items", "50", "--samples", "20", "--out", str(tmp_path / "map.csv"))
    document = cli.json(*words)
    assert document["n"] == 70 and document["projection"] == "pca" and "kl" in document["attributes"]
    assert Path(document["path"]).is_dir()
    rows = list(csv.DictReader((tmp_path / "map.csv").read_text().splitlines()))
    assert len(rows) == 70 and rows[0]["part"] == "data" and rows[69]["part"] == "sample"
    assert rows[0]["class"].isdecimal() and float(rows[0]["kl"]) > 0 and rows[69]["kl"] == ""
    code, out, _ = cli(*words)
    assert code == 0 and "70 of 4 dimensions (posterior means)" in out


@pytest.mark.timeout(240)
def test_directions_come_with_vectors(cli: Capture):
    found = cli.json("latent", "directions", "seen", "--method", "sefa")["directions"]
    assert [about["method"] for about in found] == ["sefa"] * 4
    assert np.linalg.norm(found[0]["vector"]) == pytest.approx(1, abs=1e-4)
    assert found[0]["strength"] >= found[1]["strength"]
    code, out, _ = cli("latent", "directions", "seen")
    assert code == 0 and "dimension-" in out and "class" in out


@pytest.mark.timeout(240)
@pytest.mark.parametrize("ending", ["gif", "mp4", "png"])
def test_a_walk_is_a_film(cli: Capture, tmp_path: Path, ending: str):
    saved = tmp_path / "saved.json"
    saved.write_text(json.dumps({"genlab": "latent", "z": [0.1, 0.2, 0.3, 0.4]}))
    target = tmp_path / f"walk.{ending}"
    found = cli.json("latent", "walk", "seen", "3", "sample:5", str(saved), "--steps", "4", "--out", str(target))
    assert target.stat().st_size > 100 and found["out"] == str(target)
    assert len(found["spherical"]["midpoints"]) == 2


@pytest.mark.timeout(240)
def test_images_of_ones_own_are_inverted(cli: Capture, tmp_path: Path):
    for name, colour in (("a.png", 0), ("b.jpg", 200)):
        Image.new("RGB", (20, 14), (colour, colour, colour)).save(tmp_path / name)
    words = ("latent", "invert", "seen", str(tmp_path / "a.png"), str(tmp_path / "b.jpg"))
    images = cli.json(*words)["images"]
    assert [Path(image["file"]).name for image in images] == ["a.png", "b.jpg"]
    assert all(len(image["z"]) == 4 and image["residual"] > 0 for image in images)
    code, out, _ = cli(*words)
    assert code == 0 and "nearest training images" in out


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("map", "nothing"), "not_found"),
        (("map", "seen", "--projection", "mds"), "bad_usage"),
        (("map", "seen", "--items", "80000"), "bad_value"),
        (("map", "seen", "--items", "0", "--samples", "0"), "bad_value"),
        (("map", "seen", "--out", "map.txt"), "bad_value"),
        (("map", "seen", "--checkpoint", "3"), "no_checkpoint"),
        (("directions", "seen", "--method", "magic"), "unknown_name"),
        (("walk", "seen", "3"), "bad_value"),
        (("walk", "seen", "3", "here"), "bad_value"),
        (("walk", "seen", "3", "4", "--out", "walk.avi"), "bad_value"),
        (("walk", "seen", "3", "4", "--out", "nowhere/walk.gif"), "not_found"),
        (("invert", "seen", "nothing.png"), "not_found"),
    ],
)
@pytest.mark.timeout(240)
def test_bad_input_is_one_sentence_and_exit_code_2(cli: Capture, words: tuple[str, ...], kind: str):
    error = cli.json("latent", *words, code=2)["error"]
    assert error["kind"] == kind and error["message"] and error["hint"]

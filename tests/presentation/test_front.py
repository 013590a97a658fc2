"""The front page's models: which are shown, what is said of them, and that it follows from their scores alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from genlab.lab import Lab
from genlab.plots.scores import Score, ScorePanel
from genlab.presentation.front import (
    LEVEL,
    NO_DECODER,
    UNJUDGED,
    FrontFiles,
    characters,
    for_lessons,
    front_data,
    front_groups,
    headline,
)
from genlab.registry import registry
from tests.support.command import ROOT, child_environment
from tests.support.runs import make_run

FAMILIES = ("vae", "gan", "vae_gan")


def panel(name: str, *values: tuple[float, float, float] | None, floor: float | None = None) -> ScorePanel:
    """A panel with (value, low, high) of each family."""
    spec = registry("metrics").get(name)
    scores = tuple(
        Score(family, family, 0, *(value or (None, None, None))) for family, value in zip(FAMILIES, values, strict=True)
    )
    about = {part: getattr(spec, part) for part in ("title", "summary", "group", "better", "unit", "limits")}
    return ScorePanel(
        name=name, **about, encoder="in-domain", floor=floor, floor_low=None, floor_high=None, scores=scores
    )


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped models of digits, to be damaged."""
    folder = tmp_path / "zoo"
    for family in ("vae", "gan", "vae-gan"):
        name = f"runs/mnist-5k-{family}-balanced"
        shutil.copytree(ROOT / "assets" / "zoo" / name, folder / name)
    monkeypatch.setenv("GENLAB_ZOO", str(folder))
    return folder


def test_the_best_is_named_alone_where_its_interval_is_clear_of_all_others():
    found = {"path_length": panel("path_length", (300, 280, 320), (900, 800, 1_000), (600, 500, 700))}
    (vae, numbers), *others = characters(found, FAMILIES)
    assert vae == "Smoothest latent space of the three"
    assert numbers.startswith("Path length, lower is better: VAE 300 (280 to 320), GAN 900")
    # The VAE-GAN beats one and is beaten by another: that is no character.
    assert [words for words, _ in others] == [LEVEL, LEVEL]


def test_two_that_cannot_be_told_apart_are_named_better_than_the_third_and_in_different_ways():
    found = {
        "frechet": panel("frechet", (16, 14, 18), (1.0, 0.4, 1.6), (1.1, 0.5, 1.7)),
        "recall": panel("recall", (0.6, 0.55, 0.65), (0.88, 0.85, 0.91), (0.89, 0.86, 0.92)),
    }
    words = [line for line, _ in characters(found, FAMILIES)]
    assert words == [LEVEL, "Closer to the data than the VAE", "More varied samples than the VAE"]


def test_nothing_is_said_of_overlapping_scores_nor_without_any():
    level = {"coverage": panel("coverage", *[(0.9, 0.8, 1.0)] * 3)}
    assert {line for line, _ in characters(level, FAMILIES)} == {LEVEL}
    partly = {"coverage": panel("coverage", (0.9, 0.8, 1.0), None, (0.2, 0.1, 0.3))}
    assert {line for line, _ in characters(partly, FAMILIES)} == {UNJUDGED}
    assert {line for line, _ in characters({}, FAMILIES)} == {UNJUDGED}


def test_the_headline_has_an_interval_and_what_real_data_score():
    found = {
        "coverage": panel("coverage", (0.5, 0.45, 0.55), (0.9, 0.88, 0.92), (0.8, 0.7, 0.9), floor=0.97),
        "recall": panel("recall", *[(0.5, 0.4, 0.6)] * 3, floor=0.9),
    }
    assert headline(found, 3)[1] == ("Coverage 0.900 (0.880 to 0.920)", "0.970")
    without_reference = {**found, "coverage": panel("coverage", *[(0.5, 0.4, 0.6)] * 3)}
    assert headline(without_reference, 3)[0][0].startswith("Recall")
    assert headline({}, 3) == [("", "")] * 3


def test_shipped_families_stand_side_by_side_with_film_and_decoder(workspace: Path, zoo: Path):
    (group,) = front_groups(Lab(workspace))
    assert [model.run.family for model in group.models] == ["vae", "gan", "vae_gan"]
    for model in group.models:
        assert model.decoder is not None and model.decoder.opening is not None and not model.trouble
        assert model.character not in {LEVEL, UNJUDGED} and model.reference
        assert (model.shape, model.conditional) == ((1, 28, 28), False)
    assert len({model.decoder.opening.waves for model in group.models if model.decoder and model.decoder.opening}) == 1


def test_a_model_that_was_made_by_other_settings_than_todays_preset_says_so(workspace: Path, zoo: Path):
    (group,) = front_groups(Lab(workspace))
    assert [model.settings for model in group.models] == ["", "", ""]
    file = zoo / "runs" / "mnist-5k-gan-balanced" / "config.json"
    config = json.loads(file.read_text())
    assert config["optimiser"]["lr"] == 0.002
    config["optimiser"]["lr"] = 0.003
    file.write_text(json.dumps(config))
    (group,) = front_groups(Lab(workspace))
    told = "Made by other settings than today's preset balanced: optimiser.lr 0.003 (today 0.002)."
    assert [model.settings for model in group.models] == ["", told, ""]
    (document,) = front_data([group], lambda model: FrontFiles())
    assert document["models"][1]["settings"] == told


def test_a_damaged_decoder_is_said_and_the_others_are_shown(workspace: Path, zoo: Path):
    (file,) = (zoo / "runs" / "mnist-5k-gan-balanced" / "latent").glob("decoder-*.json")
    file.write_text("{")
    (group,) = front_groups(Lab(workspace))
    assert [model.trouble for model in group.models] == ["", NO_DECODER, ""]
    (document,) = front_data([group], lambda model: FrontFiles(still="still.png"))
    broken = document["models"][1]
    assert (broken["source"], broken["opening"]) == ({"graph": None, "weights": None}, None)
    assert (broken["trouble"], broken["still"]) == (NO_DECODER, "still.png")


def test_one_family_alone_is_no_comparison_and_own_runs_are_not_shown(workspace: Path, tmp_path, monkeypatch):
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    make_run(tmp_path / "zoo" / "runs", "mnist-5k-vae")
    make_run(workspace / "runs", "20261122-120000-gan-x", model="gan")
    assert front_groups(Lab(workspace)) == []


def test_runs_of_teaching_presets_are_for_lessons(workspace: Path, monkeypatch):
    monkeypatch.setenv("GENLAB_ZOO", str(ROOT / "assets" / "zoo"))
    runs = {run.id: for_lessons(run) for run in Lab(workspace).runs.all()}
    assert runs["gan-collapsed"] and runs["vae-healthy"]
    assert not runs["mnist-5k-vae"] and not runs["fashion-mnist-gan-balanced"]


def test_none_of_it_loads_torch(workspace: Path, zoo: Path):
    code = (
        "import sys; from genlab.lab import Lab; from genlab.presentation.front import front_groups;"
        "assert front_groups(Lab()); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=child_environment(), check=True, timeout=120)

"""What is shipped loads, is judged as shipped, and holds nothing that it need not."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.torch import load_file

from benchmarks import _packing, _shipping, zoo
from benchmarks._common import BenchmarkError
from benchmarks._packing import PICTURES, _pictures, compact, slim
from benchmarks._shipping import Recipe, finish, renamed, ship, ship_match, slimmer, without_items
from genlab.lab import Lab
from genlab.presentation.command_line import command_line
from genlab.presentation.matches import run_of
from genlab.registry import registry
from genlab.store.atomic import write_json
from genlab.store.run_directory import RunDirectory
from genlab.store.shipped import CATALOGUE, folder_digest
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY
from tests.support.images import picture

RECIPE = Recipe("tiny", "A tiny VAE", "For tests.", "vae", "digits", "quick", {**TINY, "training.seed": 3})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lab, Path, dict[str, Any]]:
    """A lab, a zoo with one run in it, and that run's line of the catalogue."""
    folder = tmp_path_factory.mktemp("zoo")
    lab = Lab(folder / "workspace", launcher=InlineLauncher())
    line = ship(lab, zoo.trained(lab, RECIPE), RECIPE, folder / "zoo")
    finish(folder / "zoo", [line], ("tiny",), "make it")
    return lab, folder / "zoo", line


@pytest.fixture
def shown(made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A fresh workspace that sees the zoo."""
    monkeypatch.setenv("GENLAB_ZOO", str(made[1]))
    return Lab(tmp_path / "fresh", launcher=InlineLauncher())


def test_a_recipe_is_trained_once(made: Any):
    lab, _, _ = made
    assert zoo.trained(lab, replace(RECIPE, title="Other words")).id == zoo.trained(lab, RECIPE).id
    assert len(lab.runs.all()) == 1


def test_the_weights_are_averaged_and_in_half_precision_and_the_model_computes_in_full(made: Any, shown: Lab):
    lab, folder, _ = made
    (original,) = [run for run in lab.runs.all() if not run.shipped]
    (checkpoint,) = RunDirectory(folder / "runs" / "tiny").checkpoints()
    assert {path.name for path in checkpoint.path.iterdir()} == {"model.safetensors", "meta.json"}
    weights = load_file(checkpoint.path / "model.safetensors")
    assert not any(name.startswith("average.") for name in weights)
    assert {str(tensor.dtype) for tensor in weights.values() if tensor.is_floating_point()} == {"torch.float16"}
    ours, theirs = shown.models.load("tiny").sample(16), lab.models.load(original).sample(16)
    assert str(ours.dtype) == "torch.float32"
    assert (ours - theirs).abs().max() < 0.01
    plain = lab.models.load(original, averaged=False).sample(16)
    assert (ours - theirs).abs().mean() < (ours - plain).abs().mean()


def test_it_is_there_at_once_with_its_scores_and_portrait(made: Any, shown: Lab):
    (run,) = shown.runs.all()
    assert (run.id, run.name, run.shipped, run.state) == ("tiny", "A tiny VAE", True, "completed")
    document = shown.evaluations.known(run)
    assert document is not None
    assert document["run"] == "tiny"
    assert shown.evaluations.start([run]) is None
    assert shown.models.start_portraits([run]) is None
    assert shown.runs.read(run).metrics()[0]
    assert not shown.workspace.path.exists()


def test_nothing_of_the_maker_is_in_it(made: Any):
    _, folder, line = made
    lab = made[0]
    status = RunDirectory(folder / "runs" / "tiny").status()
    assert not {"pid", "process_started", "slot"} & set(status)
    for path in folder.rglob("*"):
        if path.is_file():
            assert str(lab.workspace.path).encode() not in path.read_bytes(), path
    assert line["digest"] == folder_digest(folder / "runs" / "tiny")
    table = (folder / "README.md").read_text()
    assert "genlab train --data digits" in table
    assert "`tiny`" in table


def test_a_run_is_made_slim_and_says_the_same(made: Any, tmp_path: Path):
    lab, folder, line = made
    shutil.copytree(folder / "runs" / "tiny", tmp_path / "runs" / "tiny")
    target = RunDirectory(tmp_path / "runs" / "tiny")
    (original,) = [run for run in lab.runs.all() if not run.shipped]
    full = lab.runs.read(original)
    shutil.copyfile(full.path / "metrics.jsonl", target.path / "metrics.jsonl")
    for images, path in full.samples():
        shutil.copyfile(path, target.path / "samples" / path.name)
        assert images >= 0
    again = slimmer(line, tmp_path)
    assert again["digest"] == folder_digest(target.path)
    assert len(target.samples()) <= PICTURES
    assert {path.name for _, path in target.samples()} <= {path.name for _, path in full.samples()}
    for before, after in zip(full.metrics()[0], target.metrics()[0], strict=True):
        assert (before["images"], before["seconds"], before["lr"]) == (after["images"], after["seconds"], after["lr"])
        numbers = {name: each for name, each in before.items() if isinstance(each, float)}
        assert {name: after[name] for name in numbers} == pytest.approx(numbers, rel=1e-5)
    assert (target.path / "metrics.jsonl").stat().st_size < (full.path / "metrics.jsonl").stat().st_size
    assert slimmer(line, tmp_path)["digest"] == again["digest"], "doing it twice changes nothing"


def test_of_large_pictures_the_later_ones_are_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = RunDirectory(tmp_path)
    (tmp_path / "samples").mkdir()
    for images in range(0, 1_000, 100):
        (tmp_path / "samples" / f"{images:012d}.png").write_bytes(bytes(100))
    assert [path.name for path in _pictures(target)] == [f"{each:012d}.png" for each in (0, 300, 600, 900)]
    monkeypatch.setattr(_packing, "PICTURES_BYTES", 250)
    assert [path.name for path in _pictures(target)] == [f"{each:012d}.png" for each in (600, 900)]
    monkeypatch.setattr(_packing, "PICTURES_BYTES", 50)
    assert [path.name for path in _pictures(target)] == [f"{900:012d}.png"], "the newest in any case"


def test_json_travels_without_spaces_and_says_the_same(tmp_path: Path):
    document = {"a b": [1, 2.5, None, True], "é": {"nested": "two words\n"}}
    (tmp_path / "deep").mkdir()
    write_json(tmp_path / "deep" / "one.json", document)
    before = (tmp_path / "deep" / "one.json").stat().st_size
    compact(tmp_path)
    text = (tmp_path / "deep" / "one.json").read_text(encoding="utf-8")
    assert json.loads(text) == document and len(text.encode()) < before and text.count("\n") == 1


def test_long_evidence_travels_in_32_bits(tmp_path: Path):
    target = RunDirectory(tmp_path)
    (tmp_path / "evaluations").mkdir()
    (tmp_path / "samples").mkdir()
    (tmp_path / "metrics.jsonl").write_text("")
    few, many = np.linspace(0, 1, 10), np.linspace(0, 1, 5_000)
    np.savez(tmp_path / "evaluations" / "one.npz", few=few, many=many, covered=many > 0.5)
    slim(target)
    with np.load(tmp_path / "evaluations" / "one.npz") as arrays:
        assert {name: str(arrays[name].dtype) for name in arrays.files} == {
            "few": "float64",
            "many": "float32",
            "covered": "bool",
        }
        np.testing.assert_allclose(arrays["many"], many, rtol=1e-6)


def test_entries_that_were_there_stay_and_are_put_in_order(made: Any, tmp_path: Path):
    _, folder, line = made
    lines = [line, {**line, "run": "tiny", "about": "New words."}]
    finish(folder, lines, ("tiny",), "make it")
    entries = json.loads((folder / CATALOGUE).read_text())["runs"]
    assert [(entry["run"], entry["about"]) for entry in entries] == [("tiny", "New words.")]


def test_matches_stand_in_the_order_of_their_data(made: Any):
    _, folder, _ = made
    for match, data in (("20260101-a", "clothes"), ("20260102-b", "digits"), ("20260103-c", "else")):
        (folder / "matches" / match).mkdir(parents=True)
        write_json(folder / "matches" / match / "claims.json", {"data": data})
    finish(folder, [], (), "make it", ("digits", "clothes"))
    told = json.loads((folder / CATALOGUE).read_text())["matches"]
    shutil.rmtree(folder / "matches")
    assert told == ["20260102-b", "20260101-a", "20260103-c"]


def test_too_large_a_zoo_is_refused(made: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_shipping, "LARGEST_OF_ALL", 10)
    with pytest.raises(BenchmarkError, match="too large"):
        finish(made[1], [], (), "make it")


def test_a_match_is_shipped_with_its_runs_under_their_new_names(made: Any, tmp_path: Path):
    lab, _, _ = made
    (run,) = lab.runs.all()
    config = lab.runs.read(run).config().model_dump(mode="json")
    entry = {"family": "vae", "model": "vae", "seed": 0, "role": "seed", "lr_factor": 1.0, "config": config}
    plan = {"entries": [{**entry, "run": run.id}, {**entry, "run": "gone", "seed": 1}, {**entry, "role": "trial"}]}
    folder = lab.workspace.path / "matches" / "20260101-000000-digits-abcd"
    folder.mkdir(parents=True)
    measures = {"runs": {run.id: {"a": 1}, "gone": {}}}
    lab.evaluations.make([run], lab.evaluations.request(samples=64))
    about = {"match": folder.name, "request": {"data": "digits", "families": ["vae", "gan"], "samples": 64}}
    written = {"match": about, "plan": plan, "measures": measures, "claims": {"runs": [run.id]}}
    with pytest.raises(BenchmarkError, match="has no match, plan, claims"):
        list(zoo.of_match(lab, folder))
    for name, document in written.items():
        (folder / f"{name}.json").write_text(json.dumps(document))
    ((found, recipe),) = zoo.of_match(lab, folder)
    assert (found.id, recipe.run) == (run.id, "digits-vae")
    ship_match(lab, folder, {run.id: recipe.run}, tmp_path)
    target = tmp_path / "matches" / folder.name
    assert json.loads((target / "plan.json").read_text())["entries"][0]["run"] == "digits-vae"
    assert set(json.loads((target / "measures.json").read_text())["runs"]) == {"digits-vae", "gone"}
    assert json.loads((target / "claims.json").read_text()) == {"runs": ["digits-vae"]}
    scores = json.loads((target / "evaluations.json").read_text())["runs"]
    assert set(scores) == {"digits-vae"}
    assert scores["digits-vae"]["modes"]["n"] == 64


def test_numbers_of_single_items_stay_behind():
    line = {"value": 2.0, "items": [1.0, 3.0], "of": [{"items": [5.0], "n": 1}], "about": {"items": 3}}
    assert without_items(line) == {"value": 2.0, "of": [{"n": 1}], "about": {"items": 3}}


def test_only_whole_identifiers_are_renamed():
    assert renamed({"a": ["a", "ab", {"b": "a"}], "ab": 1}, {"a": "x"}) == {"x": ["x", "ab", {"b": "x"}], "ab": 1}


def test_there_is_one_of_each_kind_of_data():
    shown = {recipe.data for recipe in zoo.ONE_OF_EACH}
    assert shown >= {"tones", "sentences", "moving-digits", "shapes"}
    assert all(recipe.run in zoo.ORDER for recipe in zoo.ONE_OF_EACH)
    assert zoo.without_critics() >= {recipe.run for recipe in zoo.ONE_OF_EACH if not recipe.critic}
    assert "gan-cured" not in zoo.without_critics(), "data are followed through it, back from its critic"


def test_the_twins_can_be_configured(tmp_path: Path):
    lab = Lab(tmp_path)
    for recipe in zoo.TWINS:
        config = zoo.configured(lab, recipe)
        assert config.training.images <= 60_000
        assert recipe.run in zoo.ORDER


@pytest.mark.parametrize("data", zoo.FAMILIES_ON)
def test_the_families_at_their_best_come_first_and_are_todays_preset(data: str, tmp_path: Path):
    lab = Lab(tmp_path)
    recipes = zoo.at_best(data)
    assert [recipe.model for recipe in recipes] == ["vae", "gan", "vae_gan"]
    first_of_match = min(place for place, run in enumerate(zoo.ORDER) if not run.endswith("-balanced"))
    for recipe in recipes:
        assert zoo.ORDER.index(recipe.run) < first_of_match
        assert zoo.configured(lab, recipe) == lab.configs.make(
            recipe.model, data, "balanced", {"training.threads": 1}
        ), recipe.run


def stand_in(lab: Lab, name: str, side: int, folder: Path) -> None:
    """A few colour pictures in place of data that do not come with genlab."""
    for label in "ab":
        (folder / label).mkdir(parents=True)
        for seed in range(12):
            (folder / label / f"{seed}.png").write_bytes(picture(seed, side))
    lab.data.add(folder, name)


SHIPPED = json.loads((zoo.ZOO / CATALOGUE).read_text(encoding="utf-8"))["runs"]


@pytest.mark.parametrize("line", SHIPPED, ids=[line["run"] for line in SHIPPED])
def test_the_command_that_is_shipped_with_a_run_makes_it_again(line: dict[str, Any], tmp_path: Path):
    """Also after a preset has changed: what it no longer says stands in the command then."""
    directory, lab = RunDirectory(zoo.ZOO / "runs" / line["run"]), Lab(tmp_path / "workspace")
    config = directory.config()
    if config.data.name not in registry("datasets"):
        stand_in(lab, config.data.name, directory.environment()["data"]["shape"][-1], tmp_path / "pictures")
    assert line["command"] == command_line(lab, config.model_copy(update={"name": ""}))
    assert line["command"] in (zoo.ZOO / "README.md").read_text(encoding="utf-8")


def test_a_run_of_a_shipped_match_is_that_run_or_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Never another one of the same family and data, whose scores are not the match's."""
    monkeypatch.setenv("GENLAB_ZOO", str(zoo.ZOO))
    lab = Lab(tmp_path / "workspace")
    runs = {run.id: run for run in lab.runs.all()}
    for match in lab.matches.all():
        for entry in match.entries:
            if entry.run in runs:
                assert runs[entry.run].target == entry.config["training"]["images"]
            else:
                assert not any(name.startswith(str(entry.run)) for name in runs), "a key may be a run's beginning"
            assert run_of(entry, runs) is runs.get(str(entry.run))

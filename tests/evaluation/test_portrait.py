"""Portraits: the sheets there are, what each family lacks, and that models of one latent size share latents."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from genlab.evaluation.portrait import dimension_effects
from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import Trained


def drawn(trained: Trained, name: str, **more: Any) -> dict[str, Any]:
    lab, run = trained.lab, trained.runs[name]
    job = lab.models.start_portraits([run], **more)
    assert job is None or job.state == "completed", job
    document = lab.models.portrait(run)
    assert document is not None
    return dict(document)


def test_a_vae_has_every_sheet(trained: Trained):
    document = drawn(trained, "vae")
    assert set(document["sheets"]) == {"samples", "fitted", "ways", "reconstructions", "dimensions"}
    for name, sheet in document["sheets"].items():
        with Image.open(Path(document["folder"]) / f"{name}.png") as picture:
            assert picture.size == (8 * sheet["columns"], 8 * sheet["rows"]), name
    assert len(document["effects"]) == 4
    assert document["effects"][document["dimensions"][0]] >= document["effects"][document["dimensions"][1]]


def test_a_gan_has_no_codes_to_reconstruct_from_or_to_fit_a_prior_to(trained: Trained):
    assert not {"reconstructions", "fitted"} & set(drawn(trained, "gan")["sheets"])


def test_points_have_samples_only(trained: Trained):
    assert set(drawn(trained, "points")["sheets"]) == {"samples"}


def test_ways_begin_and_end_at_latents_of_the_seed(trained: Trained):
    document = drawn(trained, "vae")
    with Image.open(Path(document["folder"]) / "ways.png") as picture:
        tiles = np.asarray(picture).reshape(4, 8, 10, 8)
    model = trained.lab.models.load(trained.runs["vae"])
    first = model.decode(model.sample_latents(8, 1))[:4, 0].numpy()
    assert np.abs(tiles[:, :, 0] / 255 - first).max() < 1 / 255


def test_all_checkpoints_can_be_drawn_and_a_second_call_finds_them(trained: Trained):
    lab, run = trained.lab, trained.runs["gan"]
    drawn(trained, "gan", every=True)
    assert {lab.models.portrait(run, images)["images"] for images in (256, 300, 512)} == {256, 512}  # type: ignore[index]
    assert lab.models.start_portraits([run], every=True) is None


def test_effects_are_of_single_dimensions(trained: Trained):
    effects = dimension_effects(trained.lab.models.load(trained.runs["vae"]), seed=0)
    assert effects.shape == (4,) and (effects > 0).all()


def test_what_is_worked_out_about_a_shipped_run_is_kept_in_the_workspace(trained: Trained, tmp_path: Path, monkeypatch):
    run = trained.runs["points"]
    folder = tmp_path / "zoo" / "runs" / "twin"
    shutil.copytree(run.path, folder, ignore=shutil.ignore_patterns("portraits", "evaluations", "state.pt"))
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    before = sorted(folder.rglob("*"))
    lab = Lab(tmp_path / "workspace", launcher=InlineLauncher())
    held = lab.runs.find("twin")
    assert lab.models.portrait(held) is None
    job = lab.models.start_portraits([held])
    assert job is not None and job.state == "completed", job
    found = lab.models.portrait(held)
    assert found is not None
    assert Path(found["folder"]).is_relative_to(lab.workspace.shipped / "twin")
    assert lab.models.start_portraits(["twin"]) is None
    assert sorted(folder.rglob("*")) == before
    (document,) = lab.evaluations.make(["twin"], lab.evaluations.request(metrics=("modes",), samples=64))
    assert document["run"] == "twin"
    assert lab.evaluations.all("twin") == [document]

from __future__ import annotations

import pytest

from genlab.lab import Lab
from genlab.presentation.exemplars import beside, opening, shelved, suited
from tests.support.command import ROOT
from tests.support.runs import make_run


@pytest.fixture
def lab(workspace) -> Lab:
    return Lab()


@pytest.fixture
def zoo(tmp_path, monkeypatch):
    """Models that come with genlab: of three families, longer and shorter trained, and one for lessons."""
    folder = tmp_path / "zoo" / "runs"
    for name, model, images, more in (
        ("vae-short", "vae", 1_000, {}),
        ("vae-long", "vae", 9_000, {}),
        ("gan", "gan", 5_000, {}),
        ("fallen", "gan", 99_000, {"settings": {"preset": "collapsing-gan"}}),
        ("other", "gan", 99_000, {"data": "digits"}),
    ):
        make_run(folder, name, model=model, images=images, target=images, **({"data": "mnist-5k"} | more))
    monkeypatch.setenv("GENLAB_ZOO", str(tmp_path / "zoo"))
    return folder


def test_without_runs_there_is_nothing_and_no_reason(lab):
    assert opening(lab.runs.all()).runs == () and opening([]).why == ""


def test_an_empty_workspace_opens_on_the_best_shipped_model_and_says_why(lab, zoo):
    found = opening(lab.runs.all())
    assert found.runs == ("vae-long",)
    assert found.why == (
        "No finished run of your own yet: this is the VAE that comes with genlab, trained on mnist-5k."
    )


def test_a_page_about_a_part_or_about_data_opens_on_what_suits_it(lab, zoo):
    assert opening(lab.runs.all(), part="critic").runs == ("gan",)
    assert opening(lab.runs.all(), data="digits").runs == ("other",)
    assert suited(lab.runs.all())[0].id == "vae-long"


def test_several_are_the_best_of_each_family_on_one_data_set(lab, zoo):
    found = opening(lab.runs.all(), 6)
    assert found.runs == ("vae-long", "gan")
    assert "these are the VAE and the GAN that come with genlab, trained on mnist-5k." in found.why


def test_own_runs_come_first_once_they_are_finished(lab, zoo):
    make_run(lab.workspace.runs, "mine", model="gan", data="mnist-5k", state="failed", created=2.0)
    found = opening(lab.runs.all())
    assert found.runs == ("vae-long",) and found.why.startswith("None of your own runs has finished yet: this is")
    make_run(lab.workspace.runs, "done", model="gan", data="mnist-5k", state="completed", created=1.0)
    found = opening(lab.runs.all())
    assert (found.runs, found.why) == (("done",), "Your newest finished run, trained on mnist-5k.")


def test_the_newest_of_each_family_on_the_newest_ones_data(lab):
    models = (("vae", "mnist-5k"), ("gan", "digits"), ("gan", "mnist-5k"), ("vae", "mnist-5k"))
    for index, (model, data) in enumerate(models):
        make_run(lab.workspace.runs, f"{index}-{model}", model=model, data=data, created=float(index))
    found = opening(lab.runs.all(), 6)
    assert found.runs == ("3-vae", "2-gan")
    assert found.why == "Your newest finished runs on mnist-5k, one of each family."


def test_what_was_made_for_lessons_is_opened_on_only_where_there_is_nothing_else(lab, zoo):
    make_run(lab.workspace.runs, "lesson", model="gan", data="mnist-5k", settings={"preset": "collapsing-gan"})
    assert opening(lab.runs.all()).runs == ("vae-long",)
    usual, lessons = shelved(lab.runs.all())
    assert {run.id for run in lessons} == {"lesson", "fallen"}
    assert {run.id for run in usual} == {"vae-short", "vae-long", "gan", "other"}
    assert opening(lessons).runs == ("lesson",)


def test_a_page_opens_on_what_it_can_show(lab, zoo):
    make_run(lab.workspace.runs, "mine", model="vae", data="mnist-5k")
    assert opening(lab.runs.all(), fits=lambda run: run.family == "gan").runs == ("gan",)


def test_a_finished_run_stands_beside_the_best_shipped_one_of_its_family_and_data(lab, zoo):
    make_run(lab.workspace.runs, "mine", model="vae", data="mnist-5k")
    make_run(lab.workspace.runs, "hybrid", model="vae_gan", data="mnist-5k")
    make_run(lab.workspace.runs, "sharp", model="gan", data="mnist-5k")
    make_run(lab.workspace.runs, "else", model="gan", data="moons")
    make_run(lab.workspace.runs, "young", model="gan", data="mnist-5k", state="failed")
    runs = {run.id: run for run in lab.runs.all()}
    names = ("mine", "hybrid", "sharp", "else", "young", "vae-long")
    found = {name: beside(runs[name], runs.values()) for name in names}
    assert {name: each and each.id for name, each in found.items()} == {
        "mine": "vae-long",
        "hybrid": "vae-long",
        "sharp": "gan",
        "else": None,
        "young": None,
        "vae-long": None,
    }


def test_the_zoo_that_ships_has_a_model_for_every_page(lab, monkeypatch):
    monkeypatch.setenv("GENLAB_ZOO", str(ROOT / "assets" / "zoo"))
    found = opening(lab.runs.all(), 6)
    assert len(found.runs) == 3 and all("balanced" in run for run in found.runs)
    assert opening(lab.runs.all(), part="critic").runs == ("mnist-5k-gan-balanced",)

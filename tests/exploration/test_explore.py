"""What an exploration keeps is what the model says, and a second one costs nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from genlab.errors import GenlabError, InputError
from genlab.exploration.exploration_request import ExplorationRequest
from genlab.exploration.explored import Exploration
from tests.evaluation.conftest import Trained
from tests.exploration.conftest import FEW

NAMES = ("vae", "gan", "conditional", "plane")


@pytest.mark.parametrize("name", NAMES)
def test_everything_a_page_needs_is_there(explored: dict[str, Exploration], name: str):
    found = explored[name]
    n, dim = len(found), found.latent_dim
    assert n == 180 and found.part("data") == slice(0, 120) and found.part("samples") == slice(120, 180)
    assert found.codes().shape == (n, dim) and found.map("pca").shape == (n, 2)
    for about in found.document["attributes"]:
        values = found.attribute(about["name"])
        known = values[np.isfinite(values)]
        assert values.shape == (n,) and len(known)
        assert about["low"] == pytest.approx(known.min()) and about["high"] == pytest.approx(known.max())
        if about["kind"] == "category":
            assert known.min() >= 0 and known.max() < len(about["categories"])
    for about, vector in found.directions():
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4), about
        assert about["scale"] > 0 and about["title"] and about["method"]
    assert found.pending == ()
    assert len(found.pictures([0, 100, 179])) == 3 and len(found.pictures([0, 119], again=True)) == 2


def test_codes_are_posterior_means_then_latents_of_the_prior(trained: Trained, explored: dict[str, Exploration]):
    model = trained.lab.models.load("vae")
    data = trained.lab.data.open("digits")
    codes = explored["vae"].codes()
    x = torch.as_tensor(data.items("test")[:120].astype(np.float32) / 255)
    assert np.allclose(codes[:120], model.encode(x).mean.numpy(), atol=1e-5)
    assert np.allclose(codes[120:], model.sample_latents(60, 0).numpy())
    classes = explored["vae"].attribute("class")[:120]
    assert np.array_equal(classes, data.labels("test")[:120])  # type: ignore[index]


def test_pictures_are_those_of_the_items(trained: Trained, explored: dict[str, Exploration]):
    data, model = trained.lab.data.open("digits"), trained.lab.models.load("vae")
    found = explored["vae"]
    first, sample = found.pictures([7, 125])
    assert np.array_equal(np.asarray(first), data.items("test")[7, 0])
    drawn = model.decode(torch.as_tensor(found.codes()[125:126]))[0, 0].numpy()
    assert np.abs(np.asarray(sample) / 255 - drawn).max() <= 0.5 / 255 + 1e-6
    (again,) = found.pictures([7], again=True)
    drawn = model.decode(torch.as_tensor(found.codes()[7:8]))[0, 0].numpy()
    assert np.abs(np.asarray(again) / 255 - drawn).max() <= 0.5 / 255 + 1e-6


def test_families_differ_only_in_what_they_can_have(explored: dict[str, Exploration]):
    names = {name: {about["name"] for about in found.document["attributes"]} for name, found in explored.items()}
    assert names["vae"] == {"class", "split", "kl", "residual", "density", "cluster"}
    assert names["gan"] == {"class", "split", "residual", "score", "density", "cluster"}
    methods = {about["method"] for about, _ in explored["gan"].directions()}
    assert methods == {"dimension", "pca", "ganspace", "sefa", "class"}
    assert "inversion" in explored["gan"].document["codes"]


def test_a_gans_codes_are_better_than_none(trained: Trained, explored: dict[str, Exploration]):
    residual = explored["gan"].attribute("residual")[:120]
    data, model = trained.lab.data.open("digits"), trained.lab.models.load("gan")
    x = data.items("test")[:120].astype(np.float32) / 255
    middle = model.decode(torch.zeros(1, model.latent_dim)).numpy()
    assert residual.mean() < ((x - middle) ** 2).mean()


def test_samples_of_a_conditional_model_are_what_they_were_asked_to_be(explored: dict[str, Exploration]):
    assert np.array_equal(explored["conditional"].attribute("class")[120:], np.arange(60) % 10)


def test_a_latent_plane_is_a_map_itself(explored: dict[str, Exploration]):
    found = explored["plane"]
    assert found.document["projections"] == ["latent", "pca"]
    assert np.allclose(found.map("latent"), found.codes(), atol=1e-5)
    assert explored["vae"].document["projections"] == ["pca"]


def test_the_same_question_is_answered_at_once_and_another_is_another(
    trained: Trained, explored: dict[str, Exploration]
):
    assert trained.lab.latents.start("vae", FEW) is None
    assert trained.lab.latents.known("vae", ExplorationRequest(items=121, samples=60)) is None
    assert trained.lab.latents.known("vae", FEW.model_copy(update={"images": 256})) is None


def test_points_and_too_many_codes_are_refused(trained: Trained):
    with pytest.raises(GenlabError, match="points in the plane"):
        trained.lab.latents.explore("points", FEW)
    with pytest.raises(InputError, match="more than a map can show"):
        trained.lab.latents.request(items=70_000, samples=10)
    with pytest.raises(InputError, match="nothing to explore"):
        trained.lab.latents.request(items=0, samples=1)


def test_only_samples_or_only_images_will_do(trained: Trained):
    samples = trained.lab.latents.explore("vae", ExplorationRequest(items=0, samples=40))
    assert len(samples) == 40 and samples.part("data") == slice(0, 0)
    images = trained.lab.latents.explore("vae", ExplorationRequest(items=40, samples=0))
    assert len(images) == 40 and images.part("samples") == slice(40, 40)


def test_cancelling_leaves_nothing_half_done(trained: Trained):
    from genlab.exploration.explore import explore
    from genlab.jobs.queue import Cancelled

    request = ExplorationRequest(items=50, samples=10)
    directory = trained.lab.runs.read("vae")

    def cancel(share: float, what: str) -> None:
        if share > 0.3:
            raise Cancelled

    before = sorted(path.name for path in (directory.path / "latent").iterdir())
    with pytest.raises(Cancelled):
        explore(directory, request, trained.lab.workspace, cancel)
    assert sorted(path.name for path in (directory.path / "latent").iterdir()) == before
    assert trained.lab.latents.known("vae", request) is None


@pytest.mark.parametrize("name", ["vae", "gan"])
def test_the_map_waits_for_no_feature_encoder_and_the_rest_follows(trained: Trained, name: str, monkeypatch):
    from genlab.exploration import explore as module

    request = ExplorationRequest(items=150, samples=30, refine=2)
    directory, workspace = trained.lab.runs.read(name), trained.lab.workspace

    def tell(share: float, what: str) -> None:
        pass

    with monkeypatch.context() as without:
        without.setattr(module, "open_encoder", lambda *_: 1 / 0)
        folder = module.explore(directory, request, workspace, tell, whole=False)
        first = trained.lab.latents.known(name, request)
        assert first is not None and first.pending == ("directions", "classes")
        assert first.map("pca").shape == (180, 2) and len(first.pictures([179])) == 1
        assert np.isnan(first.attribute("class")[150:]).all() and not np.isnan(first.attribute("class")[:150]).any()
        assert {about["method"] for about, _ in first.directions()} == {"dimension", "pca", "class"}
        with pytest.raises(ZeroDivisionError):
            module.explore(directory, request, workspace, tell)
    # What was worked out before it failed is kept; asking again goes on from there.
    half = trained.lab.latents.known(name, request)
    assert half is not None and half.pending == ("classes",) and half.document["changes"] == 1
    job = trained.lab.latents.start(name, request)
    assert job is not None and job.state == "completed", job
    whole = trained.lab.latents.known(name, request)
    assert whole is not None and whole.folder == folder and whole.pending == () and whole.document["changes"] == 2
    assert np.array_equal(whole.codes(), first.codes())
    assert not np.isnan(whole.attribute("class")).any()
    assert {"ganspace", "sefa"} <= {about["method"] for about, _ in whole.directions()}

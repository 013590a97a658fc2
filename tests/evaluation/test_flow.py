"""Numbers of a data flow against the objective's own loss, and gradients against finite differences."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from genlab.datasets.store import prepare
from genlab.errors import InputError
from genlab.evaluation._generated import SAMPLES, gradients, loss_of
from genlab.evaluation._held_items import ITEMS, held_out
from genlab.evaluation._reconstructed import DRAWS, objective_of
from genlab.evaluation.flow import describe_flow
from genlab.kinds.base import as_public
from genlab.lab import Lab
from genlab.models.generative import GenerativeModel
from genlab.objectives.base import Batch
from genlab.store.run import Run
from genlab.training.seeding import Drawn, generator
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY, Trained

CONV = {**TINY, "network": "conv", "network.width": 8, "training.images": 256}


@pytest.fixture(scope="module")
def hybrid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lab, Run]:
    """A conditional VAE-GAN with convolutions."""
    lab = Lab(tmp_path_factory.mktemp("hybrid"), launcher=InlineLauncher())
    run = lab.runs.submit(lab.configs.make("vae_gan", "digits", "quick", {**CONV, "conditional": True}))
    assert run.state == "completed", run.error
    return lab, run


def followed(lab: Lab, run: Run) -> dict[str, Any]:
    found = lab.models.flow(run)
    assert found is not None, "the worker leaves it when a run ends"
    return dict(found)


def held(lab: Lab, run: Run) -> Any:
    return held_out(
        prepare(lab.runs.read(run).config().data, lab.workspace.datasets, lab.workspace.source, lambda *_: None)
    )


def noise_of(draw: int, dim: int) -> torch.Tensor:
    return torch.randn((ITEMS, dim), generator=generator(0, "flow", draw))


def test_kl_and_reconstruction_of_an_item_are_the_objectives_own(trained: Trained):
    lab, run = trained.lab, trained.runs["vae"]
    found, items = followed(lab, run), held(lab, run)
    model = lab.models.load(run, device="cpu")
    objective = objective_of(model, lab.runs.read(run).config())
    assert objective is not None
    for draw in range(DRAWS):
        with torch.no_grad():
            terms = objective.terms("vae", Batch(items.items), Drawn(noise_of(draw, model.latent_dim)))
        drawn = [item["draws"][draw] for item in found["items"]]
        assert [item["total_kl"] for item in found["items"]] == pytest.approx(terms.logs["kl/total"].tolist(), rel=1e-4)
        assert [each["nats"] for each in drawn] == pytest.approx(terms.logs["reconstruction/nats"].tolist(), rel=1e-4)
        assert [each["mse"] for each in drawn] == pytest.approx(terms.logs["reconstruction/mse"].tolist(), rel=1e-4)
        assert [each["loss"] for each in drawn] == pytest.approx(terms.loss.tolist(), rel=1e-4)
        for item, each in zip(found["items"], drawn, strict=True):
            assert each["loss"] == pytest.approx(each["nats"] + item["total_kl"], rel=1e-4), "beta is 1 at the end"


def test_a_code_is_its_mean_plus_width_times_noise_and_what_is_decoded(trained: Trained):
    lab, run = trained.lab, trained.runs["vae"]
    found, model = followed(lab, run), lab.models.load(run, device="cpu")
    item = found["items"][1]
    drawn = item["draws"][2]
    z = np.array(item["mean"]) + np.array(item["sigma"]) * np.array(drawn["noise"])
    assert drawn["z"] == pytest.approx(z.tolist(), rel=1e-4, abs=1e-5)
    again = model.decode(torch.tensor([drawn["z"]]).float())[0].numpy()
    shown = np.frombuffer(base64.b64decode(drawn["picture"]), np.uint8).reshape(found["shape"])
    assert np.abs(again * 255 - shown).max() < 1
    kl = 0.5 * (np.square(item["mean"]) + np.square(item["sigma"]) - 1 - 2 * np.log(item["sigma"]))
    assert item["kl"] == pytest.approx(kl.tolist(), rel=1e-3, abs=1e-5)
    assert item["total_kl"] == pytest.approx(kl.sum(), rel=1e-3)


def test_items_are_held_out_and_of_different_classes(trained: Trained):
    lab, run = trained.lab, trained.runs["vae"]
    found = followed(lab, run)
    data = lab.data.open(lab.runs.read(run).config().data)
    labels = data.labels("test")
    assert len({item["label"] for item in found["items"]}) == ITEMS
    for item in found["items"]:
        original = as_public(data.items("test")[item["index"] : item["index"] + 1])[0]
        shown = np.frombuffer(base64.b64decode(item["picture"]), np.uint8).reshape(found["shape"])
        assert np.abs(original * 255 - shown).max() <= 0.5
        assert data.info.classes[labels[item["index"]]] == item["label"]


def test_a_gan_has_samples_scores_and_no_codes(trained: Trained):
    found = followed(trained.lab, trained.runs["gan"])
    assert found["encoder"] is None and found["critic"] and len(found["samples"]) == SAMPLES
    assert all(item["draws"] == [] and item["total_kl"] is None for item in found["items"])
    model = trained.lab.models.load(trained.runs["gan"], device="cpu")
    items = held(trained.lab, trained.runs["gan"])
    assert [i["score"] for i in found["items"]] == pytest.approx(model.critic_scores(items.items).tolist(), rel=1e-4)
    z = torch.tensor([sample["z"] for sample in found["samples"]])
    scores = model.critic_scores(model.decode(z))
    assert [s["score"] for s in found["samples"]] == pytest.approx(scores.tolist(), rel=1e-3, abs=1e-5)


def test_the_generators_loss_is_the_objectives_own(trained: Trained):
    lab, run = trained.lab, trained.runs["gan"]
    found, items = followed(lab, run), held(lab, run)
    model = lab.models.load(run, device="cpu")
    objective = objective_of(model, lab.runs.read(run).config())
    assert objective is not None
    z = model.sample_latents(SAMPLES, 0)
    real = items.items[torch.arange(SAMPLES) % ITEMS]
    with torch.no_grad():
        terms = objective.terms("generator", Batch(real), Drawn(z))
    assert [sample["loss"] for sample in found["samples"]] == pytest.approx(terms.loss.tolist(), rel=1e-4)


@pytest.mark.parametrize("name", ["gan", "hybrid"])
def test_gradients_are_what_a_small_step_changes(trained: Trained, hybrid: tuple[Lab, Run], name: str):
    lab, run = (trained.lab, trained.runs["gan"]) if name == "gan" else hybrid
    model, loss = lab.models.load(run, device="cpu"), loss_of(lab.runs.read(run).config())
    assert loss is not None
    critic: Any = model.assembly.critic
    z, y, real = model.sample_latents(3, 1), model.labels(3), torch.tensor([0.3, -0.2, 1.0])
    losses, by_item, by_latent = gradients(model, loss, z, y, real)

    @torch.no_grad()
    def of_items(items: torch.Tensor) -> torch.Tensor:
        return loss.generator(real, critic(items, y))

    @torch.no_grad()
    def of_latents(latents: torch.Tensor) -> torch.Tensor:
        return of_items(model.decode_with_gradient(latents, y))

    torch.testing.assert_close(losses, of_latents(z))
    steps = STEP * torch.eye(model.latent_dim)
    slopes = torch.stack([(of_latents(z + step) - of_latents(z - step)) / (2 * STEP) for step in steps], dim=1)
    assert alike(by_latent, slopes)
    with torch.no_grad():
        items = model.decode_with_gradient(z, y)
    ways = torch.randn(16, *items.shape, generator=generator(0, "ways"))
    found = torch.stack([(of_items(items + FINE * way) - of_items(items - FINE * way)) / (2 * FINE) for way in ways])
    assert alike((by_item * ways).flatten(2).sum(2), found)


STEP, FINE = 1e-3, 3e-5
"""Of finite differences of latents and of items, in float32: above the rounding of losses, and so small that few
activations turn, of which items reach more at once."""


def alike(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two sets of slopes agree to some per cent of their length; kinks of activations keep them from more."""
    return float((one - other).norm()) < 0.03 * float(other.norm()) and float(other.norm()) > 0


def test_a_hybrid_has_both_ways_its_encoders_loss_and_the_class_of_every_sample(hybrid: tuple[Lab, Run]):
    lab, run = hybrid
    found = followed(lab, run)
    assert found["encoder"] and found["critic"] and found["likelihood"] == ""
    drawn = found["items"][0]["draws"][0]
    assert drawn["nats"] is None and drawn["loss"] > 0 and drawn["score"] is not None
    assert drawn["terms"]["reconstruction/mse"] == pytest.approx(drawn["mse"], rel=1e-4)
    assert [sample["label"] for sample in found["samples"]] == [str(place) for place in range(SAMPLES)]
    assert all(layer["height"] * layer["width"] > 1 for layer in found["decoder"] if layer["maps"] > 1)
    assert all(len(sample["pull"]) == found["latent_dim"] and sample["gradient"] for sample in found["samples"])


def test_other_noise_than_the_objectives_gives_no_loss(hybrid: tuple[Lab, Run], monkeypatch: pytest.MonkeyPatch):
    lab, run = hybrid
    model, config = lab.models.load(run, device="cpu"), lab.runs.read(run).config()
    monkeypatch.setattr("genlab.evaluation._reconstructed._First.normal", lambda self, *shape: torch.zeros(shape))
    found = describe_flow(model, config, held(lab, run), 0)
    assert all(draw["loss"] is None for item in found["items"] for draw in item["draws"])
    assert found["items"][0]["draws"][0]["mse"] > 0


def test_without_critic_and_encoder_a_latent_becomes_a_picture(trained: Trained):
    model = trained.lab.models.load(trained.runs["gan"], device="cpu")
    bare = GenerativeModel(replace(model.assembly, critic=None), model.space, model.latent_dim)
    found = describe_flow(bare, trained.lab.runs.read(trained.runs["gan"]).config(), None, 0)
    assert found["items"] == [] and found["critic"] is None and found["encoder"] is None
    assert found["samples"][0]["score"] is None and found["samples"][0]["picture"]


def test_what_is_not_finite_is_told_and_not_kept(trained: Trained):
    model = trained.lab.models.load(trained.runs["vae"], device="cpu")
    config = trained.lab.runs.read(trained.runs["vae"]).config()
    encoder: Any = model.assembly.encoder
    with torch.no_grad():
        encoder.head.weight.fill_(torch.inf)
    with pytest.raises(InputError, match="not a finite number"):
        describe_flow(model, config, held(trained.lab, trained.runs["vae"]), 0)


def test_it_is_kept_and_a_second_call_finds_it(trained: Trained):
    lab, run = trained.lab, trained.runs["gan"]
    job = lab.models.start_flow(run, seed=3)
    assert job is not None and job.state == "completed", job
    assert lab.models.start_flow(run, seed=3) is None
    one, other = lab.models.flow(run, seed=3), followed(lab, run)
    assert one is not None and one["samples"][0]["z"] != other["samples"][0]["z"]


def test_a_decoder_that_reads_is_judged_by_the_true_words_and_shown_by_its_own(tmp_path: Path):
    lab = Lab(tmp_path, launcher=InlineLauncher())
    settings = {**TINY, "network": "autoregressive", "word_dropout": 0.5, "beta": 1.0}
    run = lab.runs.submit(lab.configs.make("vae", "sentences", "quick", settings))
    assert run.state == "completed", run.error
    found, items, model = followed(lab, run), held(lab, run), lab.models.load(run, device="cpu")
    posterior = model.encode(items.items)
    z = posterior.mean + (0.5 * posterior.log_variance).exp() * noise_of(0, model.latent_dim)
    given = model.assembly.sampler.given(z, items.items)
    nats = -model.assembly.likelihood.log_prob(items.items, given)
    drawn = [item["draws"][0] for item in found["items"]]
    assert [each["nats"] for each in drawn] == pytest.approx(nats.tolist(), rel=1e-4)
    errors = (items.items - model.decode(z)).square().flatten(1).mean(1)
    assert [each["mse"] for each in drawn] == pytest.approx(errors.tolist(), rel=1e-4)
    for item, each in zip(found["items"], drawn, strict=True):
        assert each["loss"] == pytest.approx(each["nats"] + item["total_kl"], rel=1e-4)

"""Data of every built-in kind but images and points: trained for a moment, judged, and shown on every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from genlab.lab import Lab
from genlab.registry import registry
from genlab.store.run import Run
from genlab.worker.inline import InlineLauncher
from tests.support.features import hasty_features  # noqa: F401
from tests.support.pages import open_page, words

TINY = {
    "latent_dim": 4,
    "training.images": 512,
    "training.batch_size": 64,
    "training.threads": 1,
    "watch.checkpoint_every": 256,
    "watch.sample_every": 256,
    "watch.log_every": 64,
}


@dataclass(frozen=True)
class Shown:
    """A built-in data set of a kind.

    Attributes:
        data: Its name.
        said: What stands on its page.
        metrics: Metrics of the kind's own that have a value for a VAE.
        settings: Settings that make a model small.
    """

    data: str
    said: tuple[str, ...]
    metrics: tuple[str, ...]
    settings: dict[str, Any] = field(default_factory=dict)


SHOWN = [
    Shown(
        "sentences",
        ("texts", "up to 10 parts of words of 69 different ones"),
        ("grammatical", "unique", "novel", "self_bleu", "ngram_jsd", "perplexity", "exact", "frechet", "coverage"),
        {"network.width": 16, "data.options.count": 1_500},
    ),
    Shown(
        "tones",
        ("sounds", "1.02 s at 8 kHz, 64 bands × 64 frames"),
        ("coverage", "confidence"),
        {"network.width": 8, "data.options": {"count": 600, "bands": 32, "frames": 16}},
    ),
    Shown(
        "moving-digits",
        ("films", "16 frames, 32 × 32 px, grey"),
        (
            "speed_distance",
            "flicker",
            "laplacian",
            "power_spectrum",
            "psnr",
            "ssim",
            "frechet",
            "coverage",
        ),
        {"network.width": 8, "data.options.count": 900, "data.options.frames": 8},
    ),
]
CASES = [pytest.param(one, id=one.data) for one in SHOWN]


@dataclass(frozen=True)
class Trained:
    """A workspace with runs on a data set of one kind."""

    lab: Lab
    runs: dict[str, Run]
    shown: Shown


@pytest.fixture(scope="module", params=CASES)
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    shown: Shown = request.param
    lab = Lab(tmp_path_factory.mktemp(shown.data), launcher=InlineLauncher())
    settings = {**TINY, **shown.settings}
    runs = {
        model: lab.runs.submit(lab.configs.make(model, shown.data, "quick", settings))
        for model in ("vae", "gan", "vae_gan")
    }
    assert {run.state for run in runs.values()} == {"completed"}, [run.error for run in runs.values()]
    every = list(runs.values())
    lab.evaluations.make(every, lab.evaluations.request(samples=140))
    lab.jobs.wait_for(lab.models.start_portraits(every))
    lab.jobs.wait_for(lab.models.start_neighbours(every))
    return Trained(lab, runs, shown)


@pytest.fixture(autouse=True)
def _here(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENLAB_WORKSPACE", str(trained.lab.workspace.path))


@pytest.mark.parametrize(
    "page", ["home", "data", "train", "curves", "compare", "collapse", "latent", "tasks", "match", "guide"]
)
def test_every_page_shows_it(trained: Trained, page: str) -> None:
    one = trained.runs["vae"].id
    query = {"data": {"data": trained.shown.data}, "home": {}, "match": {}, "guide": {}}.get(page, {"run": one})
    app = open_page(f"{page}.py", **query)
    assert not app.error, words(app)
    if page == "data":
        assert [part for part in trained.shown.said if part not in words(app)] == [], words(app)


@pytest.mark.parametrize("page", ["compare", "collapse", "latent", "curves"])
def test_a_model_without_an_encoder_is_shown_as_well(trained: Trained, page: str) -> None:
    app = open_page(f"{page}.py", run=trained.runs["gan"].id)
    assert not app.error, words(app)


def test_it_is_judged_by_metrics_of_its_own(trained: Trained) -> None:
    lines = trained.lab.runs.read(trained.runs["vae"]).evaluations()[0][-1]["metrics"]
    for name in trained.shown.metrics:
        assert lines[name]["value"] is not None, (name, lines[name].get("why"))
        assert not registry("metrics").get(name).floored or lines[name]["floor"] is not None, name


def test_its_latent_space_is_worked_out(trained: Trained) -> None:
    lab = trained.lab
    lab.latents.explore(trained.runs["vae"], lab.latents.request(items=100, samples=40))
    app = open_page("latent.py", run=trained.runs["vae"].id)
    assert not app.error, words(app)


def test_every_damage_that_fits_is_done_in_the_sandbox(trained: Trained) -> None:
    lab = trained.lab
    info = lab.data.describe(trained.shown.data)
    own = set(info.spec.damages) - {"fresh", "identical", "one_image", "one_class", "half_classes"}
    config = lab.runs.read(trained.runs["vae"]).config().data
    damage = sorted(own - {"memorised", "shuffled_labels", "noisy"})[0]
    lab.jobs.wait_for(lab.sandbox.start(config, damage, lab.evaluations.request(samples=100)))
    found = lab.sandbox.known(config, damage, lab.evaluations.request(samples=100))
    assert found is not None and found["sheets"]

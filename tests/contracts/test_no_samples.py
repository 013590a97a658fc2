"""A model that draws no samples is trained and seen like any other; what needs samples says so in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from genlab.corruptions.base import CorruptionSpec
from genlab.errors import InputError
from genlab.evaluation.evaluation_request import EvaluationRequest
from genlab.exploration.exploration_request import ExplorationRequest
from genlab.lab import Lab
from genlab.plots.theme import family_label
from genlab.registry import registry
from genlab.store.run import Run
from genlab.training.seeding import SharedRandom
from genlab.worker.inline import InlineLauncher
from tests.support.command import Capture
from tests.support.pages import open_page, words

DATA = "digits"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("no-samples") / "workspace"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENLAB_WORKSPACE", str(path))
        yield path


@pytest.fixture(scope="module")
def lab(folder: Path) -> Lab:
    return Lab(folder, launcher=InlineLauncher())


@pytest.fixture(scope="module")
def run(lab: Lab) -> Run:
    settings = {"images": 20_000, "threads": 1, "network.width": 16, "adversarial": 0.0, "distance": "l2"}
    found = lab.runs.submit(lab.configs.make("restorer", DATA, "quick", settings))
    assert found.state == "completed", found.error
    return found


def test_it_restores_held_out_items(lab: Lab, run: Run) -> None:
    config = lab.runs.read(run).config()
    data, chosen = lab.data.open(config.data), config.model.options.corruption
    x = torch.from_numpy(data.items("test")[:100].copy()).float() / 255
    spec: CorruptionSpec = registry("corruptions").get(chosen.name)
    model = lab.models.load(run)
    given = spec.apply(x, model.space, SharedRandom(1, "test"), chosen.options)
    restored = model.restore(given)
    assert (model.can_sample, model.can_encode, model.can_restore, model.can_translate) == (False, False, True, False)
    assert float((restored - x).square().mean()) < 0.4 * float((given - x).square().mean())
    assert not (run.path / "decoders").exists()


def test_what_needs_samples_refuses_in_a_sentence(lab: Lab, run: Run) -> None:
    model = lab.models.load(run)
    for ask in (model.sample, model.sample_latents):
        with pytest.raises(InputError, match="draws none from noise"):
            ask(3)
    with pytest.raises(InputError, match="draws no samples, so that there is nothing to score"):
        lab.evaluations.make([run], EvaluationRequest(samples=100))
    with pytest.raises(InputError, match="draws none from noise"):
        lab.latents.explore(run, ExplorationRequest(items=50, samples=50, refine=1))
    with pytest.raises(InputError, match="Restorer draws no samples, and a match compares what is sampled"):
        lab.matches.request(data=DATA, families="vae,restorer")


def test_the_command_line_says_so_too(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = Capture(capsys)
    for line in (("sample", run.id, "--out", str(tmp_path / "one.png")), ("evaluate", run.id)):
        code, _, said = call(*line)
        assert code and ("draws no samples" in said or "draws none from noise" in said), (line, said)
        assert "Traceback" not in said


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("home", "Translator"),
        ("train", "Restorer on digits"),
        ("curves", "Curves"),
        ("compare", "A Translator turns items into others and draws no samples"),
        ("collapse", "Nothing of it can collapse"),
        ("latent", "No latent space to explore yet"),
    ],
)
def test_pages_open_on_it(run: Run, page: str, told: str) -> None:
    assert told in words(open_page(f"{page}.py", run=run.id))


def test_train_offers_it_without_a_latent_size_and_a_match_does_not(run: Run) -> None:
    app = open_page("train.py", model="restorer", data=DATA)
    assert "Restorer" in words(app) and "cannot be trained" not in words(app)
    assert not any(str(item.key).endswith("/latent_dim") for item in app.number_input)
    offered = [option for box in open_page("match.py").multiselect for option in box.options]
    assert not any("Restorer" in option for option in offered)
    assert family_label("item_to_item") == "✚ Translator"


def test_the_guide_explains_it(run: Run) -> None:
    told = words(open_page("guide.py", section="works", family="item_to_item"))
    assert "Turn an image into the image that it should be, in one pass." in told
    assert "mean squared error of restored images" in told

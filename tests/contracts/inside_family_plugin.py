"""What `test_family_plugin.py` runs in a process that has the plugin: a family from a folder, on every page and way.

The family is flow matching (`tests/support/flow`): neither encoder nor critic, and a latent space as large as the data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from genlab import families
from genlab.errors import InputError
from genlab.evaluation.evaluation_request import EvaluationRequest
from genlab.exploration.exploration_request import ExplorationRequest
from genlab.lab import Lab
from genlab.matches import uses
from genlab.matches.measures import subject
from genlab.matches.uses import request_of as uses_of
from genlab.plots.theme import family_colour, family_label
from genlab.store.run import Run
from genlab.worker.inline import InlineLauncher
from tests.support.command import Capture
from tests.support.features import hasty_features  # noqa: F401
from tests.support.pages import checked, open_page, words

NAME, TITLE, COLOUR = "flow_matching", "Flow matching", "#AA4499"
DATA, SIZE = "digits", 64
TINY = {"network": "mlp", "network.width": 32, "batch_size": 64, "watch.log_every": 64, "watch.checkpoint_every": 512}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("family") / "workspace"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENLAB_WORKSPACE", str(path))
        yield path


@pytest.fixture(scope="module")
def lab(folder: Path) -> Lab:
    return Lab(folder, launcher=InlineLauncher())


@pytest.fixture(scope="module")
def run(lab: Lab) -> Run:
    found = lab.runs.submit(lab.configs.make(NAME, DATA, "quick", {"images": 15_000, "threads": 1}))
    assert found.state == "completed", found.error
    return found


@pytest.fixture(scope="module")
def match(lab: Lab) -> Any:
    """A match between it and a VAE, with verdicts."""
    settings = {**TINY, "threads": 1}
    asked = {"data": DATA, "families": f"vae,{NAME}", "seeds": 2, "images": 512, "trials": False, "samples": 100}
    with pytest.MonkeyPatch.context() as patch:
        for name, few in {"HELD_OUT": 150, "TRAIN": 150, "REFINE": 3, "RECONSTRUCTED": 8, "STEPS": 8}.items():
            patch.setattr(subject, name, few)
        patch.setattr(uses, "request_of", lambda asked: uses_of(replace(asked, items=20)))
        return lab.matches.hold(lab.matches.request(**asked, settings=settings))


def test_it_trains_and_learns(lab: Lab, run: Run) -> None:
    assert run.family == NAME and lab.runs.read(run).config().latent_dim == SIZE
    rows = lab.runs.read(run).metrics()[0]
    assert rows[-1]["velocity/error"] < 0.7 * rows[0]["velocity/error"]
    model = lab.models.load(run)
    assert (model.can_encode, model.can_score, model.has_likelihood) == (False, False, False)
    pictures = model.sample(32)
    assert pictures.shape == (32, 1, 8, 8) and 0 <= float(pictures.min()) < float(pictures.max()) <= 1


def test_its_latent_space_is_that_of_the_data(lab: Lab) -> None:
    assert lab.configs.make(NAME, "mnist-5k").latent_dim == 784
    assert lab.configs.make(NAME, "mnist-5k", settings={"data.size": 16}).latent_dim == 256
    assert lab.configs.make(NAME, "ring").network.name == "mlp"
    with pytest.raises(InputError, match="latent_dim is 64 for 'digits', not 7"):
        lab.configs.make(NAME, DATA, settings={"latent_dim": 7})
    with pytest.raises(InputError, match="less than or equal to 1024"):
        lab.configs.make("vae", DATA, settings={"latent_dim": 2_000})


def test_a_preset_that_teaches_something_else_is_not_for_it(lab: Lab) -> None:
    with pytest.raises(InputError, match="is not for the model 'flow_matching'") as refusal:
        lab.configs.make(NAME, DATA, "posterior-collapse")
    assert "quick" in refusal.value.hint


def test_it_is_evaluated_and_explored(lab: Lab, run: Run) -> None:
    (document,) = lab.evaluations.make([run], EvaluationRequest(samples=500))
    scores = document["metrics"]
    assert scores["frechet"]["value"] > 0 and scores["coverage"]["value"] is not None
    assert scores["elbo"]["value"] is None and "no likelihood" in scores["elbo"]["why"]
    assert scores["active_units"]["value"] is None and "no encoder" in scores["active_units"]["why"]
    explored = lab.latents.explore(run, ExplorationRequest(items=200, samples=200, refine=5))
    assert explored.latent_dim == SIZE and explored.document["codes"].startswith("inversion")


def test_the_command_line_knows_it(folder: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    call = Capture(capsys)
    known = call.json("models")
    assert next(one for one in known["models"] if one["name"] == NAME)["family"] == NAME
    assert next(one for one in known["families"] if one["name"] == NAME)["parts"] == []
    trained = call.json("train", "--data", DATA, "--model", NAME, "--images", "256", "--set", "threads=1")
    assert (trained["state"], trained["family"]) == ("completed", NAME)
    judged = call.json("evaluate", run.id, "--samples", "500")
    assert "frechet" in str(judged)


def test_home_curves_compare_and_live_show_it_in_its_colour(run: Run) -> None:
    label = family_label(NAME)
    assert label == f"★ {TITLE}" and family_colour(NAME) == COLOUR
    assert TITLE in words(open_page("home.py"))
    assert TITLE in words(open_page("train.py", run=run.id))
    for page in ("curves.py", "compare.py"):
        app = open_page(page, run=run.id)
        assert any("★" in option for box in app.multiselect for option in box.options), page
    assert COLOUR in words(open_page("compare.py", run=run.id)), "its chip in the picker"


def test_train_offers_it_and_asks_for_no_latent_size(folder: Path) -> None:
    app = open_page("train.py", model=NAME, data=DATA)
    assert f"★ {TITLE} on" in words(app)
    assert not any(str(item.key).endswith("/latent_dim") for item in app.number_input)
    assert "--model flow_matching" in app.code[0].value
    points = open_page("train.py", model=NAME, data="ring")
    assert "cannot be trained" not in words(points)


def test_collapse_latent_and_data_open(run: Run) -> None:
    assert "no encoder" in words(open_page("collapse.py", run=run.id))
    app = open_page("latent.py", run=run.id)
    assert any(item.key == "latent/refine" for item in app.number_input)
    assert f"A {TITLE} has no encoder" in str([item.help for item in app.number_input])
    open_page("data.py", data=DATA)


def test_the_guide_explains_it(run: Run) -> None:
    told = words(open_page("guide.py", section="works", family=NAME))
    assert "Learn which way every point between noise and an item has to go." in told
    assert "Velocity" in told and "mean squared error of the velocity" in told


def test_the_playground_plays_it(folder: Path) -> None:
    from genlab.playground.scenario import Scenario
    from genlab.playground.session import PlaygroundSession
    from genlab.ui.views.playground import families as told

    open_page("playground.py")
    assert [one["name"] for one in told()] == ["vae", "gan", "vae_gan", NAME]
    assert next(one for one in told() if one["name"] == NAME)["light"] == COLOUR
    assert next(one for one in told() if one["name"] == NAME)["engine"] is None, "the server trains it"
    session = PlaygroundSession(Scenario(models=["vae", NAME], width=16, layers=1, batch_size=32, latent_dim=5))
    for _ in range(3):
        session.one_step()
    assert session.stages[NAME].latents.shape[1] == 2
    assert session.rows[-1]["models"][NAME]["losses"].keys() == {"flow"}
    assert session.frame(full=True)


def test_a_match_meets_it(lab: Lab, match: Any, tmp_path: Path) -> None:
    assert match.state == "completed" and match.request.families == ("vae", NAME)
    totals = [counts["total"] for counts in match.parameters.values()]
    assert set(match.parameters) == {"vae", NAME} and min(totals) >= 0.9 * max(totals)
    assert match.latent_dim != SIZE, "the size that the VAE chooses"
    claims = {claim["claim"]: claim for claim in match.claims["claims"]}
    cells = {cell["measure"]: cell["text"] for cell in claims["likelihood"]["cells"][NAME]}
    assert cells == {"elbo": "has none", "iwae": "has none", "bits_per_dim": "has none"}
    assert any(cell["value"] is not None for claim in claims.values() for cell in claim["cells"][NAME])
    report = lab.matches.report(match.id, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "--family-flow_matching: #8F2F80;" in report and "--family-flow_matching: #DB7FCB;" in report
    assert f"★ {TITLE}" in report and "var(--family-flow_matching)" in report


def test_match_and_guide_show_the_match(match: Any) -> None:
    app = open_page("match.py", match=match.id)
    assert TITLE in words(app)
    assert f"★ {TITLE}" in [option for box in open_page("match.py").multiselect for option in box.options]
    assert TITLE in words(open_page("guide.py", section="comparison", match=match.id))


def test_families_that_claims_do_not_speak_of_meet_only_when_asked(lab: Lab) -> None:
    assert [spec.name for spec in families.in_order()] == ["vae", "gan", "vae_gan", "item_to_item", NAME]
    assert lab.matches.request(data=DATA).families == ("vae", "gan", "vae_gan")


def test_compare_reports_name_it(run: Run, lab: Lab) -> None:
    app = checked(open_page("compare.py", run=run.id))
    assert "latent size 64" in words(app)

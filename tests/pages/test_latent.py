from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from genlab.exploration.kept import Exploration
from genlab.exploration.request import kept_decoder, kept_exploration
from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from genlab.store import atomic
from genlab.store.run import RunDirectory
from genlab.ui.components.explorer import pack
from tests.support.evaluations import make_checkpoint
from tests.support.exploration import synthetic
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run

N = 200


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Folders of jobs that were asked for; none is done."""
    paths: list[Path] = []
    for name in ("CommandLauncher", "ProcessLauncher"):
        monkeypatch.setattr(f"genlab.jobs.launcher.{name}.launch_job", lambda self, path: paths.append(path))
    return paths


def decodable(directory: RunDirectory) -> None:
    """The run's decoder has been prepared: it is one that the server runs."""
    file = kept_decoder(directory, directory.checkpoints()[-1]).path
    file.parent.mkdir(exist_ok=True)
    atomic.write_json(file, {"images": 16_384, "latent_dim": 6, "graph": None, "weights": None, "directions": []})


def explored(lab: Lab, name: str = "run", model: str = "vae") -> Exploration:
    """A run whose latent space is known."""
    directory = make_run(lab.workspace.runs, name, model=model)
    make_checkpoint(directory, 16_384)
    decodable(directory)
    folder = kept_exploration(directory, lab.latents.request()).folder
    synthetic(folder, N, 6, run=name)
    document = atomic.read_json(folder / "exploration.json") or {}
    document.update(projections=["pca"], codes="posterior means")
    atomic.write_json(folder / "exploration.json", document)
    found = Exploration.read(folder)
    assert found is not None
    return found


def tell(app: AppTest, found: Exploration | None = None, **settled: Any) -> AppTest:
    """What the browser would tell of the explorer that shows ``found``."""
    of = [] if found is None else [f"genlab/runs/run/latent/{found.folder.name}/"]
    app.session_state["latent/explorer"] = {name: {**value, "of": of} for name, value in settled.items()}
    return checked(app.run())


def test_without_models_it_says_what_to_do(lab: Lab):
    app = open_page("latent.py")
    assert "No latent space to explore yet" in words(app) and "Train a model" in labels(app.get("page_link"))


def test_a_decoder_that_is_missing_is_exported_first(lab: Lab, started: list[Path]):
    make_checkpoint(make_run(lab.workspace.runs, "run"), 16_384)
    app = open_page("latent.py")
    (path,) = started
    assert JobDirectory(path).request() == ("decoder", {"run": "run", "images": None})
    assert "Exporting the decoder of run" in app.get("progress")[0].text and "Cancel" in labels(app.button)
    JobDirectory(path).update(state="failed", error={"kind": "internal", "message": "It broke", "hint": "Mend it"})
    checked(app.run())
    # The server decodes instead, and the map is begun.
    assert "It broke" in words(app) and [each.name.partition("-")[0] for each in started] == ["decoder", "explore"]


def test_a_model_is_explored_without_being_asked(lab: Lab, started: list[Path]):
    directory = make_run(lab.workspace.runs, "run")
    make_checkpoint(directory, 16_384)
    decodable(directory)
    app = open_page("latent.py")
    (path,) = started
    assert JobDirectory(path).request()[1]["run"] == "run" and "Cancel" in labels(app.button)
    error = {"kind": "internal", "message": "It broke", "hint": "Mend it"}
    JobDirectory(path).update(state="failed", error=error)
    checked(app.run())
    assert "It broke" in words(app) and "Explore run" in labels(app.button) and len(started) == 1


def test_another_map_is_made_on_request(lab: Lab, started: list[Path]):
    explored(lab)
    app = open_page("latent.py", run="run")
    assert not started and {"Add a UMAP map", "Add a t-SNE map"} <= set(labels(app.button))
    app.button(key="latent/add/umap").click()
    checked(app.run())
    (path,) = started
    assert JobDirectory(path).request()[1]["method"] == "umap" and "Cancel" in labels(app.button)


def test_a_group_becomes_a_direction(lab: Lab):
    found = explored(lab)
    app = open_page("latent.py", run="run")
    assert "Draw a lasso" in words(app)
    tell(app, found, save_group={"name": "round *ones*", "bits": [pack(np.arange(30), N)]})
    assert "round \\*ones\\*" in words(app) and "30 items" in words(app)
    tell(app)
    app.button(key="latent/make").click()
    checked(app.run())
    (way,) = app.session_state["latent/ways"][f"run/{found.folder.name}"]
    others = np.arange(30, found.part("data").stop)
    vector, scale = found.between(np.arange(30), others)
    assert np.allclose(way["vector"], vector) and way["scale"] == scale and way["title"] == "round *ones*"
    key = next(button.key for button in app.button if button.key.startswith("latent/forget/"))
    app.button(key=key).click()
    assert "30 items" not in words(tell(app))


def test_chosen_images_are_sent_to_compare(lab: Lab):
    explored(lab)
    app = open_page("latent.py", run="run")
    app.session_state["latent/groups"] = {"mine": {f"run/{_key(lab)}": np.array([1, 2, 199])}}
    checked(app.run())
    assert "mine" in words(app)
    key = next(button.key for button in app.button if button.key.startswith("latent/compare/"))
    app.button(key=key).click()
    app.run()
    assert app.session_state["compare/items"]["run"][1] == [1, 2]


def _key(lab: Lab) -> str:
    return kept_exploration(lab.runs.directory("run"), lab.latents.request()).folder.name


def test_a_walk_is_drawn_in_the_background(lab: Lab, started: list[Path]):
    found = explored(lab)
    app = open_page("latent.py", run="run")
    points = [{"index": 3}, {"z": [0.0] * 6}]
    tell(app, found, export_walk={"format": "gif", "points": points, "loop": True, "source": 0})
    (path,) = started
    walk = JobDirectory(path).request()[1]["walk"]
    assert walk["points"] == [{"item": 3}, {"z": [0.0] * 6}] and walk["loop"] and walk["label"] is None


def test_a_latent_in_the_address_that_does_not_fit_is_a_sentence(lab: Lab):
    explored(lab)
    app = open_page("latent.py", run="run", z="AAAA")
    assert "does not belong to this model" in words(app)


def test_an_image_of_ones_own_is_placed_in_the_background(lab: Lab, started: list[Path]):
    explored(lab)
    app = open_page("latent.py", run="run")
    buffer = io.BytesIO()
    Image.new("L", (40, 30), 90).save(buffer, format="PNG")
    app.get("file_uploader")[0].upload("mine.png", buffer.getvalue(), "image/png")
    checked(app.run())
    key = next(button.key for button in app.button if button.key.endswith("/start"))
    app.button(key=key).click()
    checked(app.run())
    (path,) = started
    assert path.name.startswith("place-") and "Cancel" in labels(app.button)
    app.get("file_uploader")[0].upload("mine.png", b"no picture", "image/png")
    assert "is not a picture of a format that is read" in words(checked(app.run()))

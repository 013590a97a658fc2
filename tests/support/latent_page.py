"""The Latent page as tests see it: runs whose latent spaces are known, and what the browser tells of its explorer."""

from __future__ import annotations

from typing import Any

from streamlit.testing.v1 import AppTest

from genlab.exploration.exploration_request import kept_decoder, kept_exploration
from genlab.exploration.explored import Exploration
from genlab.lab import Lab
from genlab.store import atomic
from genlab.store.run_directory import RunDirectory
from tests.support.evaluations import make_checkpoint
from tests.support.exploration import synthetic
from tests.support.pages import checked
from tests.support.runs import make_run

N = 200


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

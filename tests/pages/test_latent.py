from __future__ import annotations

from pathlib import Path

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from tests.support.evaluations import make_checkpoint
from tests.support.latent_page import decodable, explored
from tests.support.pages import checked, labels, open_page, words
from tests.support.runs import make_run


def test_without_models_it_says_what_to_do(lab: Lab):
    app = open_page("latent.py")
    assert "No latent space to explore yet" in words(app) and "Train a model" in labels(app.get("page_link"))


def test_a_decoder_that_is_missing_is_exported_first(lab: Lab, started: list[Path]):
    make_checkpoint(make_run(lab.workspace.runs, "run"), 16_384)
    app = open_page("latent.py")
    (path,) = started
    assert JobDirectory(path).request() == ("decoder", {"run": "run", "images": None})
    assert "Exporting the decoder of VAE on " in app.get("progress")[0].text and "Cancel" in labels(app.button)
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
    assert "It broke" in words(app) and "Explore VAE on mnist-5k" in labels(app.button) and len(started) == 1


def test_a_latent_in_the_address_that_does_not_fit_is_a_sentence(lab: Lab):
    explored(lab)
    app = open_page("latent.py", run="run", z="AAAA")
    assert "does not belong to this model" in words(app)

"""Latent: how many codes are looked at and at which checkpoint, as the reader says."""

from __future__ import annotations

from pathlib import Path

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from tests.support.evaluations import make_checkpoint
from tests.support.latent_page import decodable, explored
from tests.support.pages import checked, open_page
from tests.support.runs import make_run


def asked(path: Path) -> dict[str, object]:
    arguments = JobDirectory(path).request()[1]
    found = arguments["request"]
    assert isinstance(found, dict)
    return found


def test_what_is_chosen_is_what_is_explored(lab: Lab, started: list[Path]):
    explored(lab)
    app = open_page("latent.py", run="run")
    assert not started, "what is usual has been explored"
    app.number_input(key="latent/items").set_value(500)
    app.number_input(key="latent/samples").set_value(100)
    app.number_input(key="latent/seed").set_value(4)
    checked(app.run())
    (path,) = started
    chosen = asked(path)
    assert (chosen["items"], chosen["samples"], chosen["seed"]) == (500, 100, 4)


def test_inversion_is_offered_where_a_model_has_no_encoder(lab: Lab, started: list[Path]):
    for name, model in (("one", "vae"), ("two", "gan")):
        directory = make_run(lab.workspace.runs, name, model=model)
        make_checkpoint(directory, 16_384)
        decodable(directory)
    keys = {each.key for each in open_page("latent.py", run="one").number_input}
    assert "latent/items" in keys and "latent/refine" not in keys
    assert "latent/refine" in {each.key for each in open_page("latent.py", run="two").number_input}


def test_a_checkpoint_can_be_chosen_where_there_are_several(lab: Lab, started: list[Path]):
    directory = make_run(lab.workspace.runs, "run")
    make_checkpoint(directory, 8_192)
    decodable(directory)
    assert not open_page("latent.py", run="run").select_slider
    make_checkpoint(directory, 16_384)
    decodable(directory)
    app = open_page("latent.py", run="run")
    (slider,) = app.select_slider
    assert list(slider.options) == ["8,192 images", "16,384 images"] and slider.value == 16_384

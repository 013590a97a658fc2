"""Latent: what is known of a model before its latent space has been explored, and after."""

from __future__ import annotations

import pytest

from genlab.errors import InputError
from genlab.exploration.exploration_request import ExplorationRequest
from genlab.lab import Lab
from genlab.ui.views.latent_shown import Model, describe
from tests.support.evaluations import make_checkpoint
from tests.support.latent_page import explored
from tests.support.runs import make_run


def test_a_model_is_described_from_its_files_alone(lab: Lab):
    directory = make_run(lab.workspace.runs, "run", name="mine")
    for images in (8_192, 16_384):
        make_checkpoint(directory, images)
    run = directory.summary()
    about = describe(lab, run, None)
    assert (about["name"], about["images"], about["data"]) == ("mine", 16_384, "mnist-5k")
    assert about["latent_dim"] == directory.config().latent_dim
    assert about["shape"] == [1, 28, 28] and about["conditional"] is False
    assert describe(lab, run, 10_000)["images"] == 8_192


def test_a_run_without_a_checkpoint_is_refused(lab: Lab):
    with pytest.raises(InputError, match="no checkpoint"):
        describe(lab, make_run(lab.workspace.runs, "run").summary(), None)


def test_only_a_model_that_was_explored_has_something_to_show(lab: Lab):
    found = explored(lab)
    run, request = lab.runs.find("run"), ExplorationRequest()
    about = describe(lab, run, None)
    bare = Model(run, request, about, None, None)
    assert bare.shown is None and bare.latent_dim == about["latent_dim"]
    shown = Model(run, request, about, None, found).shown
    assert shown is not None and shown.found is found
    assert shown.key == f"run/{found.folder.name}"

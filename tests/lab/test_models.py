"""The lab's verbs for models: pictures and decoders are made once, by jobs, and found again."""

from __future__ import annotations

import pytest

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    lab = Lab(tmp_path_factory.mktemp("models"), launcher=InlineLauncher())
    lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "name": "one"}))
    return lab


def test_a_portrait_is_drawn_once_and_found_again(lab: Lab):
    job = lab.models.start_portraits(["one"])
    assert job is not None and job.state == "completed"
    assert lab.models.start_portraits(["one"]) is None
    assert lab.models.portrait("one") is not None
    assert lab.models.portrait("one", seed=1) is None


def test_a_decoder_that_the_worker_left_is_not_written_again(lab: Lab):
    assert lab.models.decoder("one") is not None
    assert lab.models.start_decoder("one") is None


def test_a_model_is_loaded_with_what_it_learned(lab: Lab):
    assert lab.models.load("one").sample(2).shape == (2, 1, 8, 8)


def test_unknown_runs_are_refused(lab: Lab):
    for verb in (lab.models.load, lab.models.portrait, lab.models.decoder, lab.models.start_decoder):
        with pytest.raises(InputError, match="no run 'nothing'"):
            verb("nothing")
    with pytest.raises(InputError, match="no run 'nothing'"):
        lab.models.start_portraits(["nothing"])

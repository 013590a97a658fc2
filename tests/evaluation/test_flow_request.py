"""Where data flows are kept, and of which models there are none."""

from __future__ import annotations

import pytest

from genlab.errors import InputError
from genlab.evaluation.flow_request import FlowRequest, flow, require_flow
from tests.evaluation.conftest import Trained


def test_before_it_was_followed_there_is_nothing_of_another_seed(trained: Trained):
    run = trained.lab.runs.read(trained.runs["vae"])
    assert flow(run, seed=99) is None
    assert FlowRequest().seed == 0


def test_points_have_no_pictures_to_follow(trained: Trained):
    with pytest.raises(InputError, match="no pictures to follow") as refusal:
        require_flow(trained.lab.runs.read(trained.runs["points"]))
    assert "Playground" in refusal.value.hint
    require_flow(trained.lab.runs.read(trained.runs["gan"]))

"""Keys of explorations: everything that matters changes them, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import InputError
from genlab.exploration.exploration_request import (
    ExplorationRequest,
    WalkRequest,
    kept_exploration,
    kept_place,
    kept_walk,
)
from genlab.options import parse
from tests.support.evaluations import make_checkpoint
from tests.support.runs import make_run


def test_the_folder_depends_on_weights_and_request(tmp_path: Path):
    run = make_run(tmp_path, "run")
    make_checkpoint(run, 8_192)
    make_checkpoint(run, 16_384)
    usual = kept_exploration(run, ExplorationRequest()).folder
    assert usual.parent == run.path / "latent" and usual.name.startswith("000000016384-")
    assert kept_exploration(run, ExplorationRequest(images=20_000)).folder == usual
    others = [ExplorationRequest(items=10), ExplorationRequest(samples=10), ExplorationRequest(seed=1)]
    others += [ExplorationRequest(refine=1), ExplorationRequest(images=8_192)]
    assert len({usual, *(kept_exploration(run, other).folder for other in others)}) == 6


def test_a_run_without_a_checkpoint_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="no checkpoint"):
        kept_exploration(make_run(tmp_path, "run"), ExplorationRequest())


@pytest.mark.parametrize("bad", [{"items": -1}, {"samples": 70_001}, {"seed": -1}, {"refine": 9_999}, {"colour": 1}])
def test_settings_out_of_range_are_refused(bad: dict[str, int]):
    with pytest.raises(InputError):
        parse(ExplorationRequest, bad)


def test_walks_and_places_have_files_of_their_own(tmp_path: Path):
    here, there = ({"item": 1}, {"item": 2}), ({"item": 2}, {"item": 1})
    assert kept_walk(tmp_path, WalkRequest(points=here)).path == kept_walk(tmp_path, WalkRequest(points=here)).path
    assert kept_walk(tmp_path, WalkRequest(points=here)).path != kept_walk(tmp_path, WalkRequest(points=there)).path
    assert (
        kept_place(tmp_path, "a", None).path != kept_place(tmp_path, "a", 1).path != kept_place(tmp_path, "b", 1).path
    )

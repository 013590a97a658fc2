from __future__ import annotations

import pytest

from genlab.lab import Lab
from genlab.matches.match_request import MatchRequest
from genlab.presentation import matches
from tests.support.matches import MODELS, make_match


def found(workspace, **options):
    folder = make_match(workspace, **options)
    lab = Lab(workspace)
    return lab.matches.find(folder.path.name), {run.id: run for run in lab.runs.all()}


def test_runs_stand_by_seed_and_family(tmp_path):
    match, runs = found(tmp_path)
    assert matches.seeds_of(match) == [0, 1]
    assert matches.families_of(match) == list(MODELS)
    judged = matches.judged_runs(match, runs)
    assert [(run.family, run.seed) for run in judged] == [(family, seed) for seed in (0, 1) for family in MODELS]
    assert len(matches.judged_runs(match, runs, 1)) == 3
    assert set(matches.runs_by_id(match, runs)) == set(match.runs)


def test_runs_that_are_gone_are_left_out(tmp_path):
    match, runs = found(tmp_path, with_runs=False)
    assert runs == {} and matches.judged_runs(match, runs) == []
    assert matches.newest_seed(match, runs) == 0


def test_a_match_has_room_for_twenty_seeds():
    rooms = [matches.room_for_seeds(MatchRequest(seeds=seeds), 5) for seeds in (2, 15, 18, 20)]
    assert rooms == [5, 5, 2, 0]


@pytest.mark.parametrize(("form", "note"), [("best", "Each at its own best: "), ("images", "Equal images: ")])
def test_where_numbers_come_from_is_told(tmp_path, form, note):
    match, _ = found(tmp_path, request={"fairness": form})
    words = matches.provenance(match)
    assert note in words and ("each at its own best" in matches.label(match)) == (form == "best")
    assert "a machine of the tests" in words and "2 seeds" in words and "20,480 images each" in words


def test_only_matches_with_claims_are_judged(tmp_path):
    make_match(tmp_path, state="stopped", seeds=1, with_runs=False)
    done = make_match(tmp_path, seeds=1, with_runs=False)
    every = Lab(tmp_path).matches.all()
    assert [match.id for match in matches.judged(every)] == [done.path.name]
    assert matches.first_active(every) is None

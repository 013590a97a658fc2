"""What is gathered of a match, and the verdicts that are kept of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from genlab.evaluation.evaluation_request import kept_evaluation
from genlab.lab import Lab
from genlab.matches.folder import MatchDirectory
from genlab.matches.gathering import gather
from genlab.matches.measures.keeping import keep
from genlab.registry import registry
from genlab.reports._match_runs import gather as takers
from genlab.store.run_directory import RunDirectory
from genlab.verdicts.judge import judge
from tests.support.evaluations import make_evaluation
from tests.support.matches import make_match
from tests.support.runs import directory_of, make_run


def scored(value: float) -> dict[str, Any]:
    return {"value": value, "low": value - 0.1, "high": value + 0.1, "n": 100}


def made(workspace: Path, seeds: int = 2) -> tuple[Lab, MatchDirectory]:
    """A completed match whose runs have been evaluated and measured."""
    lab = Lab(workspace)
    folder = make_match(workspace, seeds=seeds)
    match = folder.summary(lab.workspace.jobs)
    metrics = {
        spec.name: {"value": None, "why": "It was not asked for.", "version": spec.version}
        for spec in registry("metrics")
    }
    for place, entry in enumerate(match.entries):
        directory = directory_of(lab, str(entry.run))
        if not directory.checkpoints():
            make_checkpoint(directory)
        checkpoint = directory.checkpoints()[-1]
        settled = match.request.evaluation().settled("images")
        scores = metrics | {"frechet": scored(10.0 + place), "coverage": scored(0.5)}
        make_evaluation(
            directory, checkpoint.images, key=kept_evaluation(directory, checkpoint, settled).key, metrics=scores
        )
        keep(directory, checkpoint, {"codes_linear": scored(0.9)}, 1.0)
    return lab, folder


def make_checkpoint(directory: RunDirectory) -> None:
    from tests.support.evaluations import make_checkpoint

    make_checkpoint(directory, 20_480)


def test_everything_about_a_match_is_gathered(tmp_path: Path) -> None:
    lab, folder = made(tmp_path)
    facts = gather(folder.summary(lab.workspace.jobs), lab)
    assert facts.match == folder.path.name and facts.data == "mnist-5k" and facts.preset == "quick"
    assert facts.families == ("vae", "gan", "vae_gan") and facts.seeds == (0, 1)
    assert {run.outcome.state for run in facts.runs} == {"completed"} and len(facts.runs) == 6
    assert facts.sample("vae", "frechet").values == (10.0, 13.0)
    assert facts.sample("vae", "frechet").noise == pytest.approx((0.051, 0.051), abs=1e-3)
    assert facts.sample("gan", "codes_linear").values == (0.9, 0.9)
    assert facts.why_not("gan", "kid") == "It was not asked for."
    assert "/" not in facts.machine and facts.images == 20_480
    assert judge(facts)["match"] == folder.path.name


def test_runs_that_are_gone(tmp_path: Path) -> None:
    """What was measured of them stands in the match's own files, but without their states nothing is judged."""
    lab = Lab(tmp_path)
    folder = make_match(tmp_path, with_runs=False, runs={("vae", 0): "gone-vae", ("gan", 0): "gone-gan"})
    facts = gather(folder.summary(lab.workspace.jobs), lab)
    assert {run.outcome.state for run in facts.runs} == {"missing"}
    assert {claim["verdict"] for claim in judge(facts)["claims"]} == {"not_enough_evidence"}


def test_no_other_run_stands_in_for_one_that_is_gone(tmp_path: Path) -> None:
    """Not one whose identifier begins alike, nor one that somebody named so."""
    lab = Lab(tmp_path)
    make_run(lab.workspace.runs, "gone-vae-2")
    make_run(lab.workspace.runs, "other", name="gone-gan")
    folder = make_match(tmp_path, with_runs=False, runs={("vae", 0): "gone-vae", ("gan", 0): "gone-gan"})
    match = folder.summary(lab.workspace.jobs)
    assert {run.outcome.state for run in gather(match, lab).runs} == {"missing"}
    assert [taker.run for taker in takers(match, lab)] == [None] * len(match.entries)


def test_runs_without_scores(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    folder = make_match(tmp_path)
    facts = gather(folder.summary(lab.workspace.jobs), lab)
    assert facts.lines("vae", "frechet") == []
    assert facts.why_not("vae", "frechet") == "It has not been measured."


def test_a_match_that_has_not_been_planned(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    folder = make_match(tmp_path, state="queued", planned=False, with_runs=False)
    facts = gather(folder.summary(lab.workspace.jobs), lab)
    assert facts.runs == () and facts.families == ()

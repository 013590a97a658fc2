"""What is gathered of a match, and the verdicts that are kept of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from genlab.encoders import REGISTRY as ENCODERS
from genlab.evaluation.evaluation_request import kept_evaluation
from genlab.lab import Lab
from genlab.matches.folder import MatchDirectory
from genlab.matches.gathering import NOT_YET, gather
from genlab.matches.measures.keeping import MEASURES, keep
from genlab.registry import registry
from genlab.reports._match_runs import gather as takers
from genlab.store.kept import kept
from genlab.store.run_directory import RunDirectory
from genlab.verdicts.asked import asked_claims, resting
from genlab.verdicts.findings import still_due
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
        folder.add_measures(str(entry.run), dict.fromkeys(resting(), scored(0.5)))
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


def test_the_score_is_followed_over_checkpoints_that_were_evaluated_alike(tmp_path: Path) -> None:
    lab, folder = made(tmp_path)
    match = folder.summary(lab.workspace.jobs)
    directory, asked = directory_of(lab, str(match.entries[0].run)), match.request.evaluation()
    for images, samples, value in ((10_240, asked.samples, 30.0), (15_360, asked.samples, 20.0), (15_361, 2_000, 1.0)):
        line = scored(value) | {"version": registry("metrics").get("frechet").version}
        make_evaluation(directory, images, key=f"course-{images}", samples=samples, seed=0, metrics={"frechet": line})
    courses = {(course.family, course.seed): course.points for course in gather(match, lab).courses}
    assert courses["vae", 0] == ((10_240, 30.0), (15_360, 20.0), (20_480, 10.0))
    assert courses["gan", 0] == ((20_480, 11.0),), "its end alone"
    told = judge(gather(match, lab))["course"]
    assert [(run["family"], run["seed"]) for run in told["runs"]] == [("vae", 0)]
    assert told["families"]["vae"]["far"] is True


def age(lab: Lab, folder: MatchDirectory, metric: str, version: int | None) -> None:
    """Let every run's evaluation be of a time when ``metric`` had another version, or was not there."""
    for entry in folder.summary(lab.workspace.jobs).entries:
        for path in (directory_of(lab, str(entry.run)).path / "evaluations").glob("*.json"):
            document = json.loads(path.read_text())
            line = document["metrics"].pop(metric)
            if version is not None:
                document["metrics"][metric] = line | {"version": version}
            path.write_text(json.dumps(document))


def test_of_an_older_evaluation_only_lines_count_whose_version_has_not_moved(tmp_path: Path) -> None:
    lab, folder = made(tmp_path)
    before = gather(folder.summary(lab.workspace.jobs), lab)
    age(lab, folder, "coverage", 0)
    age(lab, folder, "kid", None)
    match = folder.summary(lab.workspace.jobs)
    run = str(match.entries[0].run)
    assert lab.evaluations.known(run, match.request.evaluation()) is None
    facts = gather(match, lab)
    assert facts.sample("vae", "frechet").values == before.sample("vae", "frechet").values == (10.0, 13.0)
    assert before.lines("vae", "coverage") and not facts.lines("vae", "coverage")
    assert facts.why_not("vae", "coverage") == (
        "Computed by an earlier version of this metric: evaluate its run again."
    )
    assert facts.why_not("vae", "kid") == "Not evaluated with this metric: evaluate its run again."
    assert before.due == () and facts.due == ("coverage", "kid")
    told = judge(facts)
    assert told["due"] == ["coverage", "kid"]
    assert "Coverage, Kernel distance" in still_due(told) and f"genlab match --judge {match.id}" in still_due(told)
    assert still_due(judge(before)) == still_due(None) == ""
    lines = {taker.entry.run: taker.scores for taker in takers(match, lab)}[run]
    assert lines["frechet"]["value"] == 10.0 and lines["coverage"]["value"] is None


def test_measures_that_are_newer_than_a_run_say_so(tmp_path: Path) -> None:
    lab, folder = made(tmp_path)
    for entry in folder.summary(lab.workspace.jobs).entries:
        directory = directory_of(lab, str(entry.run))
        place = kept(directory, directory.checkpoints()[-1], MEASURES)
        older = kept(directory, directory.checkpoints()[-1], replace(MEASURES, version=1))
        place.path.rename(older.path)
    match = folder.summary(lab.workspace.jobs)
    facts = gather(match, lab)
    assert facts.sample("gan", "codes_linear").values == (0.9, 0.9) and "codes_linear" not in facts.due
    assert "reach" in facts.due and facts.why_not("gan", "reach") == NOT_YET["why"]
    folder.add_measures(str(match.entries[0].run), {"reach": scored(0.4)})
    (line,) = gather(folder.summary(lab.workspace.jobs), lab).lines(match.entries[0].family, "reach")
    assert line["value"] == 0.4, "what the match's own files hold is not lost"


def test_of_an_older_feature_extractor_only_lines_without_features_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, folder = made(tmp_path)
    encoder = registry("encoders").get("in-domain")
    for entry in folder.summary(lab.workspace.jobs).entries:
        for path in (directory_of(lab, str(entry.run)).path / "evaluations").glob("*.json"):
            document = json.loads(path.read_text())
            document["metrics"]["frechet"]["encoder"] = "in-domain"
            document["metrics"]["elbo"] |= scored(-90.0) | {"encoder": None}
            path.write_text(json.dumps(document))
    match = folder.summary(lab.workspace.jobs)
    assert gather(match, lab).lines("vae", "frechet")
    monkeypatch.setattr(ENCODERS, "get", lambda name: replace(encoder, version=encoder.version + 1))
    facts = gather(match, lab)
    assert not facts.lines("vae", "frechet") and "frechet" in facts.due
    assert facts.sample("vae", "elbo").values == (-90.0, -90.0) and "elbo" not in facts.due


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


def test_tasks_that_a_run_has_not_done_are_due(tmp_path: Path) -> None:
    lab, folder = made(tmp_path)
    folder.add_baselines({"anomaly.auroc": {"Pixels": scored(0.4)}})
    facts = gather(folder.summary(lab.workspace.jobs), lab)
    assert not set(resting()) & set(facts.due)
    assert facts.baseline("anomaly.auroc")["Pixels"].values == (0.4,)
    for name in ("measures.json", "baselines.json"):
        (folder.path / name).unlink()
    facts = gather(folder.summary(lab.workspace.jobs), lab)
    assert set(resting(asked_claims(faces=False))) <= set(facts.due) and facts.baselines == {}
    assert "(anomaly detection)" in still_due(judge(facts))


def test_a_task_on_faces_is_due_where_data_are_that(tmp_path: Path) -> None:
    lab, folder = made(tmp_path)
    (folder.path / "measures.json").unlink()
    match, of_faces = folder.summary(lab.workspace.jobs), {"synthesis.fresh", "synthesis.covered", "synthesis.copied"}
    assert not of_faces & set(gather(match, lab).due)
    faces = replace(match, request=match.request.model_copy(update={"faces": True}))
    assert of_faces <= set(gather(faces, lab).due)

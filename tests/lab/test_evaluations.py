"""The lab's verbs for evaluations: jobs are started once, waited for, and their failures told."""

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.errors import GenlabError, InputError
from genlab.jobs.background import Job, JobDirectory
from genlab.lab import Lab
from genlab.store.run_directory import RunDirectory
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY


class Nobody:
    """A launcher whose workers never come; it counts them."""

    def __init__(self) -> None:
        self.jobs: list[Path] = []

    def launch(self, run: RunDirectory) -> None:
        """Do nothing."""

    def launch_job(self, path: Path) -> None:
        """Note the job."""
        self.jobs.append(path)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    lab = Lab(tmp_path_factory.mktemp("judging"), launcher=InlineLauncher())
    lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "name": "one"}))
    return lab


def test_evaluating_waits_and_gives_documents(judged: Lab):
    request = judged.evaluations.request(metrics=("coverage",), samples=200)
    (document,) = judged.evaluations.make(["one"], request)
    assert document["metrics"]["coverage"]["value"] is not None
    assert judged.evaluations.known("one", request) == document
    assert judged.evaluations.start(["one"], request) is None, "nothing is left to do"
    assert document in judged.evaluations.all("one")


def test_asking_twice_starts_one_job(judged: Lab):
    nobody = Nobody()
    lab = Lab(judged.workspace.path, launcher=nobody)
    request = lab.evaluations.request(metrics=("recall",), samples=200)
    first, second = lab.evaluations.start(["one"], request), lab.evaluations.start(["one"], request)
    assert first is not None and second is not None and first.id == second.id
    assert len(nobody.jobs) == 1
    lab.jobs.cancel(first.id)
    assert JobDirectory(first.path).cancelled


def test_a_failed_evaluation_says_why(judged: Lab, monkeypatch: pytest.MonkeyPatch):
    from genlab.evaluation import job

    def refuse(*arguments: object) -> None:
        raise InputError("No such thing.", "Take another.", kind="encoder_unavailable")

    monkeypatch.setattr(job, "evaluate", refuse)
    with pytest.raises(GenlabError, match="No such thing") as error:
        judged.evaluations.make(["one"], judged.evaluations.request(metrics=("density",), samples=200))
    assert error.value.kind == "encoder_unavailable" and error.value.hint == "Take another."


def test_a_wrong_request_is_refused_at_once(judged: Lab):
    with pytest.raises(InputError, match="There is no option"):
        judged.evaluations.request(sample=3)
    with pytest.raises(InputError, match="no metric called"):
        judged.evaluations.start(["one"], judged.evaluations.request(metrics=("fid",)))


def test_whoever_gives_up_waiting_cancels_the_job(judged: Lab):
    lab = Lab(judged.workspace.path, launcher=Nobody())
    seen: list[str] = []

    def give_up(job: Job) -> None:
        seen.append(job.id)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lab.evaluations.make(["one"], lab.evaluations.request(metrics=("precision",), samples=200), give_up)
    assert JobDirectory(lab.workspace.jobs / seen[0]).cancelled

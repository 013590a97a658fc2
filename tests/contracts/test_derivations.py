"""What every derivation promises: what it keeps is found again, under old names too, and two who ask start one job."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from genlab.config import DataConfig
from genlab.encoders import REGISTRY as ENCODERS
from genlab.errors import GenlabError
from genlab.evaluation.evaluation_request import EvaluationRequest, sandbox_request
from genlab.exploration.exploration_request import ExplorationRequest, WalkRequest
from genlab.jobs.background import JobDirectory
from genlab.jobs.derivation import Derivation, derivations, result_types
from genlab.lab import Lab
from genlab.store import digests
from genlab.store.checkpoints import WEIGHTS, pick_checkpoint
from genlab.store.kept import Kept, ResultType, kept, kept_in
from genlab.store.liveness import identity
from genlab.store.run_directory import RunDirectory
from genlab.store.workspace import Workspace
from genlab.worker.inline import InlineLauncher
from tests.docs.blocks import files
from tests.evaluation.conftest import TINY
from tests.support.command import child_environment
from tests.support.evaluations import document_of, sandbox_of
from tests.support.runs import make_run

EVERY = derivations()
ROOT = Path(__file__).parents[2]


def is_ours(result: ResultType) -> bool:
    """Whether it is no plug-in's, and the core makes its name; features of real items are named by their items."""
    if result.document is None:
        return result.older is not None
    return Path(inspect.getfile(result.document)).is_relative_to(ROOT / "genlab")


KEPT = [result for result in result_types() if is_ours(result)]

LINE = {"value": 0.5}
WAY = {"realism": [1.0], "midpoints": [1.0]}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "evaluation": document_of(),
    "validation": document_of(),
    "portrait": {"sheets": {"samples": {"columns": 6, "rows": 6}}},
    "sandbox": sandbox_of(),
    "flow": {
        **{
            "images": 100,
            "seed": 5,
            "shape": [1, 2, 2],
            "latent_dim": 2,
            "dimensions": [0],
            "decoder": [],
            "items": [],
        },
        "samples": [{"z": [0.5], "layers": "", "picture": "AAAA"}],
    },
    "exploration": {
        **{"images": 100, "n": 0, "latent_dim": 2, "conditional": False, "codes": "posterior means", "parts": []},
        **{"projections": [], "attributes": [], "directions": [], "atlas": {"tile": 28, "columns": 1, "rows": 1}},
    },
    "decoder": {"images": 100, "latent_dim": 2, "graph": None},
    "walk": {"rows": ["linear", "spherical"], "linear": WAY, "spherical": WAY, "files": {"gif": "walk.gif"}},
    "place": {
        **{"z": [0.0], "places": {}, "residual": 0.1, "percentile": 0.5, "relative": 1.0},
        **{"neighbours": [], "neighbour_classes": [], "distances": []},
    },
    "measures": {"measures": {"class_alignment": LINE}},
    "task": {"task": "editing", "run": "run", "images": 100, "items": 8, "answers": []},
    "baselines": {"task": "editing", "items": 8, "answers": []},
}
"""Kind of result -> the least that its description may say."""

REQUESTS: dict[str, Any] = {
    "evaluation": {"encoder": ["in-domain", ENCODERS.get("in-domain").version], "samples": 500, "seed": 3},
    "portrait": {"seed": 5},
    "flow": {"seed": 5},
    "validation": {"encoder": ["in-domain", ENCODERS.get("in-domain").version], "samples": 500, "seed": 3},
    "sandbox": sandbox_request(DataConfig(name="digits"), "blurred", EvaluationRequest(metrics=("coverage",))),
    "exploration": ExplorationRequest(items=120, samples=60, refine=3).model_dump(mode="json", exclude={"images"}),
    "decoder": None,
    "inverter": {"seed": 7},
    "walk": WalkRequest(points=({"item": 3}, {"sample": 5}), steps=4).model_dump(mode="json"),
    "place": ["aGVsbG8=", 2],
    "measures": None,
    "task": {"task": {"name": "editing", "largest_strength": 2.0}, "items": 8},
    "baselines": {"data": "d" * 64, "task": {"name": "editing", "largest_strength": 2.0}, "items": 8},
}

OLDER = {
    "evaluation": "evaluations/000000000100-7784568ff188.json",
    "portrait": "portraits/000000000100-cb34dd62/portrait.json",
    "sandbox": "sandbox-blurred-41efd2028246.json",
    "exploration": "latent/000000000100-d4289d159952/exploration.json",
    "decoder": "latent/decoder-000000000100-3634dea57cc5.json",
    "inverter": "latent/inverter-000000000100-9a129038d9a0-7.safetensors",
    "walk": "walk-91169c6cd181.json",
    "place": "place-053d31884bfe.json",
    "measures": "measures/000000000100-8caabe9be5e7.json",
    "task": "tasks/000000000100-fa41561c0771/task.json",
    "baselines": "task-4af922bd0d27/task.json",
}
"""Names that earlier releases gave to results of weights ``weights`` and data ``ddd…``, asked for as above."""


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    directory = make_run(tmp_path / "runs", "run", samples=())
    directory.write_environment({**directory.environment(), "data": {"fingerprint": "d" * 64, "test": 1_000}})

    def fill(folder: Path) -> None:
        (folder / WEIGHTS).write_bytes(b"weights")
        (folder / "meta.json").write_text("{}")

    directory.write_checkpoint(100, fill, keep=8)
    return directory


def place_of(run: RunDirectory, result: ResultType, request: Any = ...) -> Kept:
    asked = REQUESTS[result.name] if request is ... else request
    if result.within == "run":
        return kept(run, pick_checkpoint(run), result, asked)
    return kept_in(run.path, result, asked)


def changed(result: ResultType) -> ResultType:
    """The same in a version that would give other results."""
    return replace(result, version=result.version + 1)


by_result = pytest.mark.parametrize("result", KEPT, ids=[result.name for result in KEPT])
documented = pytest.mark.parametrize("result", [r for r in KEPT if r.document], ids=lambda result: result.name)
by_kind = pytest.mark.parametrize("kind", EVERY, ids=[kind.name for kind in EVERY])


def test_every_kind_of_result_is_tried_here():
    assert {result.name for result in KEPT} == set(REQUESTS)
    assert {result.name for result in KEPT if result.document} == set(DOCUMENTS)
    assert {result.name for result in KEPT if result.older} >= set(OLDER)


@documented
def test_what_is_written_is_found_until_the_version_changes(run: RunDirectory, result: ResultType):
    assert place_of(run, result).read() is None
    place_of(run, result).write(DOCUMENTS[result.name])
    assert place_of(run, result).read() == DOCUMENTS[result.name]
    assert place_of(run, changed(result)).read() is None
    place = place_of(run, result)
    assert result.is_name(place.folder.name if result.file else place.path.name.removesuffix(result.suffix))


@pytest.mark.parametrize("result", [r for r in KEPT if r.older], ids=lambda result: result.name)
def test_what_an_older_release_kept_is_found_under_its_name(run: RunDirectory, result: ResultType):
    old = run.path / OLDER[result.name]
    old.parent.mkdir(parents=True, exist_ok=True)
    new = place_of(run, result).path
    assert new != old
    atomic_json(old, DOCUMENTS.get(result.name, {}))
    place = place_of(run, result)
    if result.version == result.older_version:
        assert place.path == old and place.read() == DOCUMENTS.get(result.name)
    else:
        assert place.path == new, "it would be another today"
    assert place_of(run, changed(result)).path != old
    name = old.parent.name if result.file else old.name.removesuffix(result.suffix)
    assert result.is_name(name), "genlab tidy knows it"


def atomic_json(path: Path, document: Any) -> None:
    from genlab.store.atomic import write_json

    write_json(path, document)


@documented
def test_what_is_damaged_is_told_and_not_fatal(run: RunDirectory, result: ResultType):
    place_of(run, result).write(DOCUMENTS[result.name])
    place_of(run, result).path.write_text('{"torn": ')
    place = place_of(run, result)
    assert place.read() is None
    assert str(place.problem()).startswith(f"{place.path.name} of the ")
    place.write(DOCUMENTS[result.name])
    assert place_of(run, result).read() is not None and place_of(run, result).problem() is None


@by_result
def test_no_weights_are_read_for_a_name_where_the_checkpoint_says_its_digest(
    run: RunDirectory, result: ResultType, monkeypatch: pytest.MonkeyPatch
):
    meta = pick_checkpoint(run).path / "meta.json"
    meta.write_text('{"sha256": {"model.safetensors": "told"}}')
    monkeypatch.setattr(digests.hashlib, "file_digest", lambda *_: pytest.fail("weights are read"))
    assert place_of(run, result).path.name


def test_results_of_different_kinds_never_share_a_name(run: RunDirectory):
    names = [place_of(run, result, None).key for result in KEPT if result.older is None or result.name == "decoder"]
    assert len(set(names)) == len(names)
    for result in KEPT:
        others = [other for other in KEPT if other.within == result.within and other.folder == result.folder]
        key = place_of(run, result).key
        assert [other.name for other in others if other.is_name(key)] == [result.name]


# Jobs


@by_kind
def test_it_says_what_it_is(kind: Derivation):
    assert kind.called.startswith("the ") and kind.title[0].isupper() and not kind.summary.endswith(".")
    assert 0 <= kind.rank <= 9 and kind.group


@by_kind
def test_its_work_is_there(kind: Derivation, tmp_path: Path):
    """With nothing asked for, it looks for what it is to do and says that this is missing."""
    with pytest.raises((KeyError, GenlabError)):
        kind.work({}, Workspace(tmp_path), lambda share, what: None)


class Working:
    """A launcher that starts nothing: the job is worked at by this process."""

    def __init__(self) -> None:
        self.started: list[Path] = []

    def launch(self, run: RunDirectory) -> None: ...

    def launch_job(self, path: Path) -> None:
        self.started.append(path)
        pid, since = identity(os.getpid())
        JobDirectory(path).update(pid=pid, process_started=since)


@by_kind
def test_two_who_ask_for_the_same_start_one_job(kind: Derivation, tmp_path: Path):
    launcher = Working()
    one, other = (Lab(tmp_path, launcher=launcher) for _ in range(2))
    assert one.jobs.under_way(kind.name) is None
    first = one.jobs.start(kind.name, {"run": "a", "request": {"seed": 1}})
    second = other.jobs.start(kind.name, {"request": {"seed": 1}, "run": "a"})
    assert first.id == second.id and len(launcher.started) == 1 and second.active
    for found in (one.jobs.under_way(kind.name), other.jobs.under_way(kind.name, ["b", "a"], request={"seed": 1})):
        assert found is not None and found.id == first.id
    assert one.jobs.under_way(kind.name, ["b"]) is None
    assert one.jobs.under_way(kind.name, request={"seed": 2}) is None


def test_a_kind_that_there_is_not_is_refused(tmp_path: Path):
    with pytest.raises(GenlabError, match="no kind of job called 'guess'"):
        Lab(tmp_path, launcher=Working()).jobs.start("guess", {})
    assert not (tmp_path / "jobs").exists()


@pytest.mark.slow
def test_a_plug_in_adds_a_kind_of_its_own(tmp_path: Path):
    """As docs/adding.md tells: done by a process that knows nothing of it, found again, and tidied."""
    name = "derivations/brightness.py"
    (tmp_path / "plugins" / "derivations").mkdir(parents=True)
    (tmp_path / "plugins" / name).write_text(files(ROOT / "docs" / "adding.md")[name])
    lab = Lab(tmp_path / "workspace", launcher=InlineLauncher())
    lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "name": "one"}))
    script = f"""
from genlab.derivations.brightness import place
from genlab.lab import Lab
lab = Lab({str(lab.workspace.path)!r})
run = lab.runs.read("one")
asked = {{"run": run.path.name, "request": {{"seed": 1}}}}
print(place(run, seed=1).read())
lab.jobs.wait_for(lab.jobs.start("brightness", asked))
print(0 < place(run, seed=1).read()["mean"] < 1, place(run, seed=2).read())
print([each.run == run.path.name for each in lab.holdings.tidy(size=0) if each.of == "brightness"])
print(place(run, seed=1).read())
"""
    environment = child_environment(GENLAB_PLUGINS=str(tmp_path / "plugins"))
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=200
    )
    assert done.stdout.splitlines() == ["None", "True None", "[True]", "None"], done.stderr

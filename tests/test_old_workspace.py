"""A workspace of an earlier genlab opens, goes on and is judged as it was; nothing in it is worked out a second time.

``tests/support/old_workspace.py`` made it, and says how and when.
"""

from __future__ import annotations

import json
import math
import re
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from genlab.jobs.launcher import CommandLauncher, ProcessLauncher
from genlab.lab import Lab
from genlab.matches.gathering import NOT_YET
from genlab.metrics import REGISTRY as METRICS
from genlab.store import digests
from genlab.verdicts.findings import judged_before, still_due
from genlab.verdicts.scales import describe
from genlab.worker.inline import InlineLauncher
from tests.support.pages import open_page, words

FIXTURES = Path(__file__).parent / "fixtures"
OLD: dict[str, Any] = json.loads((FIXTURES / "old_workspace.json").read_text())
RUNS: dict[str, str] = OLD["runs"]
TILES = Path("/proc/cpuinfo")
"""Where Linux says what the CPU has besides, which the archive's had not: units for tiles of matrices; bf16."""

ALIKE = (OLD["torch"], OLD["cpu"]) == (torch.__version__, torch.backends.cpu.get_cpu_capability()) and not (
    TILES.is_file() and any(unit in TILES.read_text() for unit in ("amx_tile", "avx512_bf16"))
)
"""Whether numbers have to agree to the last digit; elsewhere sums may be taken in another order. Capabilities of one
name are not enough: on CPUs with such units other kernels compute single precision as well."""

CLOCK = {"seconds", "images_per_second"}
MOVED = {"class_kl", "jsd", "ssim"}
"""Metrics that compute another number today: what was kept of them counts no more."""

AROUND = {"low", "high", "floor", "floor_low", "floor_high"}
"""What is told around a score and estimated in another way today: intervals, and what real data reach."""

NEWER = {"watch/copies"}
"""What training records today and did not then."""

LOOSE = 0.0 if ALIKE else 1e-3


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace, for tests that only look."""
    folder = tmp_path_factory.mktemp("old") / "workspace"
    with tarfile.open(FIXTURES / "old_workspace.tar.xz") as tar:
        tar.extractall(folder, filter="data")
    return folder


@pytest.fixture
def copied(unpacked: Path, tmp_path: Path) -> Lab:
    """A lab in a copy, for tests that change it."""
    return Lab(shutil.copytree(unpacked, tmp_path / "workspace"), launcher=InlineLauncher())


@pytest.fixture
def looking(unpacked: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A lab that pages open, in which nothing is started: a test fails that needs it."""

    def launch(self: object, path: Path) -> None:
        pytest.fail(f"{path} was started")

    for launcher in (ProcessLauncher, CommandLauncher, InlineLauncher):
        for verb in ("launch", "launch_job"):
            monkeypatch.setattr(launcher, verb, launch)
    monkeypatch.setenv("GENLAB_WORKSPACE", str(unpacked))
    return Lab()


def same(found: object, known: object) -> bool:
    """Whether two numbers, or lists of numbers, are the same as far as this machine can tell."""
    if isinstance(found, list) and isinstance(known, list):
        return len(found) == len(known) and all(map(same, found, known))
    if isinstance(found, float) and isinstance(known, int | float):
        return math.isclose(found, known, rel_tol=LOOSE, abs_tol=LOOSE)
    return found == known


def different(found: dict[str, Any], known: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Name -> both values, of those that are not the same; times that a clock told, and what is newer, are left out."""
    names = (found.keys() | known.keys()) - CLOCK - NEWER
    pairs = {name: (found.get(name, "missing"), known.get(name, "missing")) for name in names}
    return {name: pair for name, pair in pairs.items() if not same(*pair)}


def test_the_archive_is_small_and_names_no_place_on_a_machine(unpacked: Path) -> None:
    assert (FIXTURES / "old_workspace.tar.xz").stat().st_size < 1.5 * 2**20
    places = re.compile(rb"(?<![\w.~])/(work|root|home/\w+|Users/\w+|tmp)/")
    files = [path for path in unpacked.rglob("*") if path.suffix in {".json", ".jsonl", ".txt"}]
    assert len(files) > 50
    assert [path.name for path in files if places.search(path.read_bytes())] == []


def test_everything_is_listed_and_nothing_is_damaged(looking: Lab) -> None:
    listed = {run.id: run for run in looking.runs.all()}
    assert set(listed) == {*RUNS.values(), *OLD["match"]["runs"]}
    assert {name: listed[run].state for name, run in RUNS.items()} == {
        **dict.fromkeys(("vae", "gan", "vae_gan"), "completed"),
        "stopped": "stopped",
    }
    assert {name: listed[RUNS[name]].family for name in ("vae", "gan", "vae_gan")} == {
        name: name for name in ("vae", "gan", "vae_gan")
    }
    assert [match.id for match in looking.matches.all()] == [OLD["match"]["id"]]
    assert looking.holdings.damaged() == []
    for run in listed:
        assert looking.runs.read(run).problems() == []


def test_a_stopped_run_goes_on_as_if_it_had_never_stopped(copied: Lab) -> None:
    stopped, straight = copied.runs.read(RUNS["stopped"]), copied.runs.read(RUNS["vae_gan"])
    early, _ = stopped.metrics()
    assert early and early[-1]["images"] == OLD["stopped_at"]
    assert copied.runs.resume(RUNS["stopped"]).state == "completed"
    rows, known = stopped.metrics()[0], OLD["rows"]["vae_gan"]
    assert [row["images"] for row in rows] == [row["images"] for row in known]
    assert rows[: len(early)] == early, "what had been written stays"
    assert [different(row, old) for row, old in zip(rows, known, strict=True)] == [{}] * len(rows)
    ends = [load_file(each.checkpoints()[-1].path / "model.safetensors") for each in (stopped, straight)]
    assert ends[0].keys() == ends[1].keys()
    for name, tensor in ends[0].items():
        torch.testing.assert_close(tensor, ends[1][name], rtol=LOOSE, atol=LOOSE, msg=name)


@pytest.mark.parametrize("name", ["vae", "gan", "vae_gan"])
def test_a_run_is_judged_again_with_the_same_numbers(copied: Lab, name: str) -> None:
    """By every metric whose version has not moved."""
    run, request = RUNS[name], copied.evaluations.request(samples=OLD["judged_again"])
    (known,) = (one for one in copied.evaluations.all(run) if one["samples"] == OLD["judged_again"])
    lines = {metric: line for metric, line in copied.evaluations.standing(run, request).items() if "due" not in line}
    assert set(lines) == set(known["metrics"]) - MOVED, "what was found is still found"
    assert {metric: line["value"] for metric, line in known["metrics"].items()} == OLD["scores"][run]
    for file in (copied.runs.read(run).path / "evaluations").glob(f"{known['key']}*"):
        file.unlink()
    assert copied.evaluations.standing(run, request) == {}
    (found,) = copied.evaluations.make([run], request)
    for metric, line in lines.items():
        kept = {name: value for name, value in line.items() if name not in AROUND}
        now = {name: found["metrics"][metric].get(name) for name in kept}
        if not ALIKE and line["value"] is not None and METRICS.get(metric).limits == (0, 1):
            assert abs(now.pop("value") - kept.pop("value")) <= 1 / line["n"] + LOOSE, f"{metric}: one item of a share"
        assert different(now, kept) == {}, metric


def test_pictures_and_latent_spaces_are_where_they_were(looking: Lab) -> None:
    vae, latent = RUNS["vae"], OLD["latent"]
    for name in ("vae", "gan", "vae_gan"):
        drawn = looking.models.portrait(RUNS[name])
        assert drawn is not None and "neighbours" in drawn["sheets"]
        assert looking.models.decoder(RUNS[name]) is not None
    found = looking.latents.known(vae)
    assert found is not None and found.folder.name == latent["folder"] and len(found) == latent["codes"]
    assert not found.pending
    assert list(found.document["projections"]) == latent["projections"]
    walk = looking.latents.walk(vae, looking.latents.walk_request(**latent["walk"]))
    assert walk is not None and all(Path(file).is_file() for file in walk["files"].values())
    placed = looking.latents.placement(vae, bytes.fromhex(latent["image"]))
    assert placed is not None and placed["file"] == latent["place"] and placed.get("residual") == latent["residual"]
    assert looking.latents.start(vae) is looking.models.start_portraits([vae]) is None
    assert looking.evaluations.start([vae], looking.evaluations.request(metrics=held(looking, vae))) is None


def held(lab: Lab, run: str) -> tuple[str, ...]:
    """The metrics that compute today what they computed then."""
    return tuple(name for name, line in lab.evaluations.standing(run).items() if "due" not in line)


def test_a_checkpoint_that_says_no_digest_gets_it_once_and_all_that_is_known_is_found(
    copied: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As releases before digests left it."""
    vae = RUNS["vae"]
    request = copied.evaluations.request(metrics=held(copied, vae))
    metas = [each.path / "meta.json" for each in copied.runs.read(vae).checkpoints()]
    newest = json.loads(metas[-1].read_text())["sha256"]["model.safetensors"]
    for meta in metas:
        meta.write_text(
            json.dumps({key: value for key, value in json.loads(meta.read_text()).items() if key != "sha256"})
        )

    def found() -> list[bool]:
        known = (
            copied.evaluations.known(vae, request),
            copied.models.portrait(vae),
            copied.models.decoder(vae),
            copied.latents.known(vae),
        )
        return [each is not None for each in known]

    monkeypatch.setattr(digests, "_KNOWN", {})
    assert found() == [True] * 4
    assert json.loads(metas[-1].read_text())["sha256"] == {"model.safetensors": newest}
    monkeypatch.setattr(digests, "_KNOWN", {})
    monkeypatch.setattr(digests.hashlib, "file_digest", lambda *_: pytest.fail("weights are read again"))
    assert found() == [True] * 4


def test_verdicts_stand_as_they_were_and_are_made_anew_when_judged_again(copied: Lab) -> None:
    """What an earlier judge said is shown as such; today's asks claims differently, of what was measured then."""
    match = OLD["match"]["id"]
    known = copied.matches.find(match)
    assert known.state == "completed" and list(known.runs) == OLD["match"]["runs"]
    assert known.claims is not None and judged_before(known.claims).startswith("Judged by version 1")
    assert {claim["claim"]: claim["verdict"] for claim in known.claims["claims"]} == OLD["match"]["verdicts"]
    judged = copied.matches.judge(match).claims
    assert judged is not None and judged_before(judged) == ""
    before, after = ({claim["claim"]: claim for claim in one["claims"]} for one in (known.claims, judged))
    # What was one claim on uses is one for each use today.
    assert set(after) >= set(before) - {"uses"} and {"denoising", "anomaly_detection"} <= set(after)
    kept = {part["part"]: part for part in after["structure"]["parts"]}
    assert kept["probe"]["effect"] == {part["part"]: part for part in before["structure"]["parts"]}["probe"]["effect"]
    assert NOT_YET["why"] in kept["midpoints"]["why"] and after["structure"]["verdict"] != "supported"


def test_an_old_match_is_judged_again_with_the_same_numbers(copied: Lab) -> None:
    """For every measure whose version has not moved; of the others it is said that they are missing."""
    match = OLD["match"]["id"]
    before, judged = numbers_of(copied.matches.find(match).claims), copied.matches.judge(match).claims
    assert judged is not None
    after = numbers_of(judged)
    due = set(judged["due"])
    assert due >= MOVED | {"copies"}
    assert not due & {"frechet", "kid", "laplacian", "coverage", "recall", "elbo", "codes_linear", "inversion_error"}
    shared = {key for key in before.keys() & after.keys() if key[-1] not in due}
    assert len(shared) > 40
    assert {key: (before[key], after[key]) for key in shared if not same(after[key], before[key])} == {}
    assert {after[key] for key in before.keys() & after.keys() if key[-1] in due} == {None}
    assert all(describe(name).title in still_due(judged) for name in due)


def numbers_of(document: Mapping[str, Any] | None) -> dict[tuple[str, ...], float | None]:
    """(claim, part, measure) -> effect, and (claim, family, kind, measure) -> value of a cell."""
    found: dict[tuple[str, ...], float | None] = {}
    for claim in (document or {})["claims"]:
        for part in claim["parts"]:
            found[claim["claim"], part["part"], part["measure"]] = part["effect"]
        for family, cells in claim["cells"].items():
            for cell in cells:
                found[claim["claim"], family, cell["kind"], cell["measure"]] = cell.get("value")
    return found


def test_latent_shows_maps_groups_and_places(looking: Lab) -> None:
    app = open_page("latent.py", run=RUNS["vae"])
    assert "Groups and attributes" in words(app), "what needs the exploration"
    assert [button.label for button in app.button] == ["Add a UMAP map", "Add a t-SNE map"]
    assert not app.get("progress") and not app.info and not app.warning and not app.error


def test_collapse_shows_verdicts_evidence_and_the_sandbox(looking: Lab) -> None:
    app = open_page("collapse.py", run=RUNS["vae"])
    text = words(app)
    assert "Is every class generated as often" in text and "8 of 10 classes have no sample" in text.replace("\\", "")
    assert "Not evaluated yet" not in text
    offered = ["Measure what is missing", "Evaluate every checkpoint"]
    assert [button.label for button in app.button] == offered, "a metric of this page has moved"
    assert len(app.get("plotly_chart")) == 5


def test_compare_shows_all_families_side_by_side(looking: Lab) -> None:
    app = open_page("compare.py", run=[RUNS[name] for name in ("vae", "gan", "vae_gan")])
    assert len(app.get("image")) == 13 and len(app.dataframe) == 2
    assert all(f"early {name}" in words(app).replace("\\", "") for name in ("vae", "gan", "vae_gan"))
    assert not app.get("progress") and "Evaluate 3 models here" in [button.label for button in app.button]


def test_match_shows_verdicts(looking: Lab) -> None:
    app = open_page("match.py", match=OLD["match"]["id"])
    assert "An early match" in words(app)
    assert [button.label for button in app.button].count("See it") == len(OLD["match"]["verdicts"])


def test_curves_shows_rows_and_scores_over_time(looking: Lab) -> None:
    app = open_page("curves.py", run=RUNS["vae"])
    (chart,) = app.get("plotly_chart")
    groups = [trace.get("legendgroup") for trace in json.loads(chart.proto.spec)["data"]]
    assert set(groups) - {None} == {"early vae, seed 0"} and groups.count("early vae, seed 0") > 5

"""The report on a match: whole, self-contained, and truthful about what is not there."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genlab import kinds
from genlab.lab import Lab
from genlab.reports.match import command, report_html, write_report
from genlab.store.atomic import write_json
from genlab.store.run_directory import RunDirectory
from genlab.store.shown import keep
from tests.support.evaluations import line, make_evaluation
from tests.support.matches import COURSE, claims_document, make_match, planned

VOID = {"meta", "img", "br", "link", "input", "hr", "col"}


class Page(HTMLParser):
    """Tags, attributes and whether every tag that is opened is closed."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def written(workspace: Path, tmp_path: Path, match: Any) -> str:
    lab = Lab(workspace)
    out = tmp_path / "out" / "report.html"
    write_report(lab.matches.find(match.path.name), lab, out)
    return out.read_text()


def checked(content: str) -> Page:
    """The page, after what must hold for every report."""
    page = Page(content)
    assert page.open == []
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "iframe", "object"}
    for tag, attributes in page.tags:
        kind = "data:audio/" if tag == "audio" else "data:image/"
        for name in ("src", "href"):
            assert str(attributes.get(name) or "#").startswith((kind, "#"))
    assert all(attributes.get("aria-label") for tag, attributes in page.tags if tag == "audio")
    assert not re.search(r"url\(|@import|https?://", content)
    assert all(attributes.get("alt") for tag, attributes in page.tags if tag == "img")
    assert all(attributes.get("aria-label") for tag, attributes in page.tags if tag == "svg")
    targets = {attributes["id"] for _, attributes in page.tags if attributes.get("id")}
    assert {str(a["href"])[1:] for tag, a in page.tags if tag == "a"} <= targets
    return page


@pytest.fixture
def whole(workspace: Path) -> Any:
    match = make_match(workspace, seeds=2)
    for entry in match.summary(None).entries:
        run = RunDirectory(workspace / "runs" / str(entry.run))
        make_evaluation(run, metrics={"frechet": line(30.0 + entry.seed, 28, 33, 1.0), "coverage": line(0.5)})
    return match


def test_it_holds_settings_verdicts_scores_pictures_and_the_command(workspace: Path, tmp_path: Path, whole: Any):
    content = written(workspace, tmp_path, whole)
    page = checked(content)
    assert len([tag for tag, _ in page.tags if tag == "img"]) == 6
    for words in (
        "✓ supported",
        "✕ not supported",
        "? not enough evidence",
        "= no difference that matters",
        "a machine of the tests",
        "latent size",
    ):
        assert words in content
    assert "Of 4 textbook claims" in content
    assert "Fréchet distance" in content
    assert command(Lab(workspace).matches.find(whole.path.name)) in content
    assert content.count("<h1>") == 1
    assert "prefers-color-scheme: dark" in content and "@media print" in content
    assert len(content) < 5_000_000


@pytest.mark.parametrize(
    ("kind", "shape", "words"),
    [("sound", (1, 16, 16), "Listen to the first 4 sounds"), ("film", (1, 4, 8, 8), "Watch the first 4 films")],
)
def test_samples_are_heard_and_watched_in_the_report(
    workspace: Path, tmp_path: Path, kind: str, shape: tuple[int, ...], words: str
):
    match = make_match(workspace, seeds=1)
    for entry in match.summary(None).entries:
        run = RunDirectory(workspace / "runs" / str(entry.run))
        run.write_environment({**run.environment(), "space": {"kind": kind, "shape": list(shape)}})
        items = np.random.default_rng(entry.seed).uniform(size=(6, *shape)).astype(np.float32)
        keep(run.samples()[-1][1], items, kinds.get(kind))
    content = written(workspace, tmp_path, match)
    page = checked(content)
    assert content.count(words) == 3 and "some of it can be played" in content
    tags = [attributes for tag, attributes in page.tags if tag == ("audio" if kind == "sound" else "img")]
    named = [str(one.get("aria-label") or one.get("alt")) for one in tags]
    assert sum(name.startswith("Sample 4 of the GAN, seed 0") for name in named) == 1
    assert sum(len(str(one["src"])) for one in tags if "Sample 1" in str(one.get("aria-label") or one["alt"])) < 300_000


def test_what_was_made_is_called_by_its_kind(workspace: Path, tmp_path: Path):
    match = make_match(workspace, seeds=1, data="sentences", claims=claims_document(seeds=1, kind="texts"))
    for entry in match.summary(None).entries:
        run = RunDirectory(workspace / "runs" / str(entry.run))
        run.write_environment({**run.environment(), "space": {"kind": "texts", "shape": [4, 8]}})
        make_evaluation(run, metrics={"frechet": line(20.0, 18, 22, 1.0)})
    content = written(workspace, tmp_path, match)
    checked(content)
    assert "texts of each kind" in content and re.search('alt="Samples of the [^"]* texts"', content)
    assert "images of each kind" not in content and not re.search('alt="Samples of the [^"]* images"', content)


def test_a_report_on_pictures_has_nothing_to_play(workspace: Path, tmp_path: Path, whole: Any):
    content = written(workspace, tmp_path, whole)
    assert 'class="players"' not in content and "can be played" not in content


def test_folders_of_this_computer_are_not_told(workspace: Path, tmp_path: Path, whole: Any):
    assert str(tmp_path) not in written(workspace, tmp_path, whole)


def test_runs_that_are_gone_are_said_to_be_gone(workspace: Path, tmp_path: Path):
    match = make_match(workspace, seeds=2, runs={("vae", 0): "20260101-000000-vae-gone"})
    content = written(workspace, tmp_path, match)
    checked(content)
    assert "run not in this workspace" in content
    assert "not begun" in content
    assert "✓ supported" in content


def test_scores_that_a_match_holds_are_shown_of_runs_that_are_gone(workspace: Path, tmp_path: Path):
    match = make_match(workspace, seeds=2, runs={("vae", 0): "gone-0", ("vae", 1): "gone-1"})
    assert "Fréchet distance" not in written(workspace, tmp_path, match)
    lines = {f"gone-{seed}": {"frechet": line(30.0 + seed, 28, 33, 1.0)} for seed in range(2)}
    write_json(match.path / "evaluations.json", {"runs": lines})
    content = written(workspace, tmp_path, match)
    checked(content)
    assert "Fréchet distance" in content
    assert "30, 31" in content


def test_what_a_guard_says_stands_among_the_alarms(workspace: Path, tmp_path: Path):
    match = make_match(workspace, seeds=1, runs={("vae", 0): "gone-0"})
    copies = line(0.2, 0.1, 0.3, 0.01, alarm="Some are copies.")
    write_json(match.path / "evaluations.json", {"runs": {"gone-0": {"copies": copies}}})
    content = written(workspace, tmp_path, match)
    checked(content)
    assert "Some are copies." in content


@pytest.mark.parametrize("state", ["queued", "running", "stopped", "failed"])
def test_an_unfinished_match_has_a_report_that_says_so(workspace: Path, tmp_path: Path, state: str):
    content = written(workspace, tmp_path, make_match(workspace, state=state, planned=state != "queued", claims={}))
    checked(content)
    assert "has not been judged yet" in content
    assert "Verdicts stand here once" in content


def test_one_seed_says_that_it_is_not_enough(workspace: Path, tmp_path: Path):
    content = written(workspace, tmp_path, make_match(workspace, seeds=1))
    checked(content)
    assert "One seed is never enough" in content
    assert "✓ supported" not in content


def test_what_people_write_is_escaped(workspace: Path, tmp_path: Path):
    content = written(workspace, tmp_path, make_match(workspace, name="<script>alert(1)</script> & co"))
    checked(content)
    assert "&lt;script&gt;" in content


def test_damaged_files_of_runs_do_not_end_it(workspace: Path, tmp_path: Path, whole: Any):
    runs = sorted((workspace / "runs").iterdir())
    (runs[0] / "metrics.jsonl").write_text("{")
    (runs[1] / "alarms.json").write_text("[")
    (runs[2] / "config.json").unlink()
    write_json(whole.path / "measures.json", {"runs": {}})
    checked(written(workspace, tmp_path, whole))


def test_the_command_repeats_what_was_asked(workspace: Path):
    asked = {"images": 4_096, "tuned": True, "settings": {"latent_dim": 8, "loss": "hinge"}, "preset": "balanced"}
    words = command(Lab(workspace).matches.find(make_match(workspace, seeds=3, request=asked).path.name))
    for part in (
        "--seeds 3",
        "--fairness best",
        "--set latent_dim=8",
        "--set loss=hinge",
        "--preset balanced",
        "--images",
    ):
        assert part in words


def test_it_is_quick(workspace: Path, tmp_path: Path, whole: Any):
    written(workspace, tmp_path, whole)
    start = time.perf_counter()
    written(workspace, tmp_path, whole)
    assert time.perf_counter() - start < 5


def test_settings_that_are_not_todays_presets_are_named(workspace: Path, tmp_path: Path):
    lab = Lab(workspace)
    told = "Made by other settings than today"
    assert told not in report_html(planned(workspace), lab)
    assert told in (html := report_html(planned(workspace, beta=7.0), lab)) and "model.beta 7.0 (today 1.0)" in html


def test_error_of_reconstructions_stands_against_time(workspace: Path, tmp_path: Path, whole: Any):
    title = "Reconstruction error against time"
    assert title not in written(workspace, tmp_path, whole)
    found = {"pass_seconds": 0.001, "pass_error": 0.02, "steps_seconds": 0.02, "steps_error": 0.01}
    for entry in whole.plan().entries:
        whole.add_measures(str(entry.run), {name: {"value": value} for name, value in found.items()})
    page = written(workspace, tmp_path, whole)
    checked(page)
    assert title in page and "VAE, 20 steps: 0.01 in 20 ms" in page


def test_the_course_of_the_score_stands_behind_the_verdicts(workspace):
    folder = make_match(workspace, claims=claims_document([], 2, course=COURSE))
    lab = Lab(workspace)
    html = report_html(lab.matches.find(folder.path.name), lab)
    assert "The GAN is still far from the plateau at this length" in html
    assert "over images seen: VAE from 60 to 40; GAN from 60 to 10." in html
    assert html.count("The GAN was still far from its plateau at 20,480 images") == 4, "in each verdict"
    assert "decided verdicts compare a family that was still far" in html
    bare = report_html(lab.matches.find(make_match(workspace).path.name), lab)
    assert "plateau" not in bare


def test_what_a_contender_makes_of_a_verdict_stands_beside_it(workspace):
    whole = claims_document([], 2)
    whole["claims"][0]["beside"] = [{"contender": "vae:modern", "verdict": "no_difference", "why": "They are level."}]
    folder, lab = make_match(workspace, claims=whole), Lab(workspace)
    html = report_html(lab.matches.find(folder.path.name), lab)
    assert "With the modern VAE in place of the usual VAE: no difference that matters. They are level." in html
    assert "1 of 1 verdicts changes with the modern VAE in place of the usual model." in html

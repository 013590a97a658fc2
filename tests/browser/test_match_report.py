"""A match's report in a real browser: opened from a file, without a network, in both themes, and as PDF."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from genlab.lab import Lab
from genlab.reports.match import write_report
from genlab.store.run_directory import RunDirectory
from tests.support.evaluations import line, make_evaluation
from tests.support.matches import make_match

A4 = {"width": 703, "height": 1030}
"""What of a page is printed on, in CSS pixels."""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    workspace = tmp_path / "workspace"
    match = make_match(workspace, seeds=2)
    for entry in match.summary(None).entries:
        run = RunDirectory(workspace / "runs" / str(entry.run))
        make_evaluation(run, metrics={"frechet": line(30.0 + entry.seed, 28, 33, 1.0), "coverage": line(0.5)})
    lab, out = Lab(workspace), tmp_path / "report.html"
    write_report(lab.matches.find(match.path.name), lab, out)
    return out


def opened(chromium: Any, report: Path, **options: Any) -> tuple[Any, list[str]]:
    """The report in a window without a network, and what went wrong or was asked for."""
    context = chromium.new_context(offline=True, **options)
    page, seen = context.new_page(), []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.goto(report.as_uri())
    foreign = [entry for entry in seen if entry != report.as_uri() and not entry.startswith("data:image/")]
    return page, foreign


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_from_a_file_and_asks_for_nothing(chromium: Any, report: Path, scheme: str):
    page, foreign = opened(chromium, report, color_scheme=scheme, viewport={"width": 900, "height": 900})
    assert foreign == []
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(map(int, re.findall(r"\d+", ground)[:3])) / 3
    assert (brightness > 200) == (scheme == "light")
    page.get_by_role("link", name="Scores").press("Enter")
    page.wait_for_function("document.querySelector('#scores').getBoundingClientRect().top < 300")
    page.context.close()


def test_it_prints_within_the_paper(chromium: Any, report: Path):
    page, foreign = opened(chromium, report, color_scheme="dark", viewport=A4)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= A4["width"]
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    content = page.pdf(format="A4", prefer_css_page_size=True)
    assert content.startswith(b"%PDF-")
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", content)) <= 12
    assert foreign == []
    page.context.close()

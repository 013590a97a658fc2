"""From the first click on Home to a model of one's own, and beside one that ships, as somebody new would go."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browser import Server, settle
from tests.support.command import ROOT

TRAINED, COMPARED = 240.0, 360.0
"""Seconds from the first click, on two cores that do nothing else."""


@pytest.fixture
def server(tmp_path: Any, chromium: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The app as it is installed, with what ships and an empty workspace."""
    monkeypatch.setenv("GENLAB_ZOO", str(ROOT / "assets" / "zoo"))
    server = Server(tmp_path / "workspace", tmp_path / "server.log")
    server.start()
    yield server
    server.stop()


@pytest.mark.slow
@pytest.mark.timed
@pytest.mark.timeout(1_800)
def test_a_model_of_ones_own_is_trained_within_four_minutes_and_compared_within_six(server: Server, page: Any):
    page.goto(server.url)
    page.locator(".front .picture").first.wait_for()
    began = time.monotonic()
    page.get_by_role("link", name="Plan a training").click()
    page.get_by_role("button", name="Start training").click()
    page.get_by_text("completed").first.wait_for(timeout=900_000)
    trained = time.monotonic() - began
    page.get_by_test_id("stMainBlockContainer").get_by_role("link", name=re.compile("Compare$")).click()
    page.get_by_role("button", name=re.compile(r"Evaluate \d models? here")).click()
    page.get_by_role("button", name="Evaluated here").wait_for(timeout=900_000)
    settle(page)
    page.locator(".js-plotly-plot").nth(1).wait_for()
    compared = time.monotonic() - began
    print(f"trained after {trained:.0f} s, compared after {compared:.0f} s")
    assert trained <= TRAINED
    assert compared <= COMPARED

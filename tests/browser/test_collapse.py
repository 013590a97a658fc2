from __future__ import annotations

import pytest

from genlab.config import DataConfig
from genlab.evaluation.evaluation_request import EvaluationRequest, kept_sandbox
from genlab.lab import Lab
from genlab.store import atomic
from genlab.ui.views.sandbox import SAMPLES
from tests.support.browser import Server, settle
from tests.support.evaluations import make_checkpoint, make_evaluation, sandbox_of
from tests.support.runs import make_run


@pytest.fixture(scope="module")
def full(server: Server) -> Server:
    lab = Lab(server.workspace)
    data = {"name": "mnist-5k", "fingerprint": lab.data.open("mnist-5k").fingerprint}
    run = make_run(lab.workspace.runs, "run-gan", model="gan", settings={"training": {"batch_size": 16}})
    make_checkpoint(run, 16_384)
    make_evaluation(run, collapsed=True, codes=False, data=data)
    request = EvaluationRequest(samples=SAMPLES)
    path = kept_sandbox(lab.workspace.encoders, DataConfig(name="mnist-5k"), "half_classes", request).path
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_json(path, sandbox_of())
    return server


def test_a_link_shows_the_verdict_and_its_evidence(full, page):
    page.goto(f"{full.url}/collapse?run=run-gan")
    settle(page)
    page.get_by_text("2 of 10 classes make 80 % of samples").wait_for()
    page.locator(".js-plotly-plot").nth(2).wait_for()
    assert page.locator("[data-testid=stImage] img").count() == 2
    assert page.locator(".genlab-numbers tbody tr").count() == 9


def test_the_slider_of_damage_changes_who_notices(full, page):
    page.goto(f"{full.url}/collapse?run=run-gan")
    settle(page)
    page.get_by_text("Notice: Coverage.").wait_for()
    slider = page.get_by_role("slider", name="Strength of the damage")
    slider.focus()
    slider.press("Home")
    page.get_by_text("Nothing is damaged").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("width", [900, 1440])
def test_nothing_is_wider_than_the_window(full, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{full.url}/collapse?run=run-gan")
    settle(page)
    page.locator(".js-plotly-plot").nth(2).wait_for()
    widest = "() => Math.max(...[...document.querySelectorAll('table, img, .js-plotly-plot')].map("
    assert page.evaluate(f"{widest}item => item.getBoundingClientRect().right))") <= width
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width

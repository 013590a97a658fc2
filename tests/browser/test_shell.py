from __future__ import annotations

import os

import pytest

from genlab.store.liveness import identity
from tests.support.browser import Server, settle
from tests.support.runs import make_run


@pytest.mark.parametrize(
    ("path", "sign"),
    [
        ("", "See all three families learn"),
        ("train", "Model"),
        ("guide", "The comparison"),
        *(
            pytest.param(path, sign, marks=pytest.mark.slow)
            for path, sign in (
                ("data", "Data sets"),
                ("curves", "curves"),
                ("compare", "Nothing to compare yet"),
                ("collapse", "Break it yourself"),
                ("match", "A fair match"),
            )
        ),
    ],
)
def test_each_page_can_be_the_first_request_to_a_fresh_server(tmp_path, chromium, page, path, sign):
    server = Server(tmp_path / "workspace", tmp_path / "server.log")
    server.start()
    try:
        page.goto(f"{server.url}/{path}")
        settle(page)
        for name in ("Home", "Data", "Train", "Match", "Curves", "Compare"):
            assert page.get_by_role("link", name=name, exact=True).first.is_visible()
        page.get_by_text(sign).first.wait_for()
        assert page.evaluate("document.querySelector('link[rel~=icon]').href").startswith(server.url)
    finally:
        server.stop()


def test_the_status_line_counts_what_is_active_on_every_page(server, page):
    pid, started = identity(os.getpid())
    alive = {"pid": pid, "process_started": started, "images": 1_024}
    running = make_run(server.workspace / "runs", "20261122-130000-gan-live", model="gan", state="running", **alive)
    queued = make_run(server.workspace / "runs", "20261122-130100-vae-live", state="queued", **alive)
    for path in ("", "data"):
        page.goto(f"{server.url}/{path}")
        settle(page)
        page.get_by_text("1 running · 1 queued").wait_for()
    running.update_status(state="completed")
    queued.update_status(state="stopped")
    page.get_by_text("1 running · 1 queued").wait_for(state="detached")


def test_two_tabs_and_a_restarted_server_show_the_same_truth(tmp_path, visit):
    server = Server(tmp_path / "workspace", tmp_path / "server.log")
    server.start()
    try:
        run = make_run(server.workspace / "runs", "20261122-140000-vae-x", name="the first", images=4_096, target=8_192)
        one, two = visit.page, visit.open()
        for tab in (one, two):
            tab.goto(server.url)
            settle(tab)
            tab.get_by_role("link", name="the first").wait_for()
        run.update_status(state="stopped")
        make_run(server.workspace / "runs", "20261122-140100-gan-x", model="gan", name="the second")
        for tab in (one, two):
            tab.get_by_role("link", name="the second").wait_for()
            tab.get_by_text("■ stopped").wait_for()
        server.stop()
        server.start()
        for tab in (one, two):
            tab.goto(server.url)
            settle(tab)
            assert tab.get_by_role("link", name="the second").is_visible()
            assert tab.get_by_text("■ stopped").is_visible()
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("scheme", "ground", "accent"),
    [("light", "rgb(255, 255, 255)", "rgb(74, 79, 191)"), ("dark", "rgb(18, 21, 27)", "rgb(108, 114, 224)")],
)
def test_light_and_dark_follow_the_reader(server, chromium, scheme, ground, accent):
    context = chromium.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(server.url)
    settle(page)
    colour = "element => getComputedStyle(element).backgroundColor"
    assert page.locator("[data-testid=stApp]").evaluate(colour) == ground
    assert page.get_by_test_id("stBaseButton-primary").first.evaluate(colour) == accent
    context.close()

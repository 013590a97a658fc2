from __future__ import annotations

import re
import time

from tests.support.browser import Server, settle
from tests.support.matches import claims_document, make_match
from tests.support.runs import grid_png, make_run


def test_a_match_is_watched_until_its_verdicts(server: Server, page):
    runs = {}
    for model in ("vae", "gan", "vae_gan"):
        run = make_run(server.workspace / "runs", f"run-{model}", model=model, name=f"the {model}")
        runs[model, 0] = run.path.name
    match = make_match(
        server.workspace, name="watched", state="running", seeds=1, runs=runs, phase="evaluating", share=0.5
    )
    page.goto(f"{server.url}/match")
    settle(page)
    page.get_by_role("button", name="watched").click()
    page.wait_for_url(re.compile(r"match\?match="))
    page.get_by_text("evaluating").wait_for()
    page.get_by_alt_text(re.compile("the same latents at every moment")).nth(2).wait_for()
    assert page.get_by_alt_text(re.compile("the same latents at every moment")).count() == 3
    run.write_sample(20_000, grid_png(5))
    page.get_by_alt_text(re.compile("the vae_gan after 20,000 images")).wait_for()
    match.write_claims(claims_document(seeds=1))
    match.job(server.workspace / "jobs").update(state="completed", told=time.time())
    page.get_by_text("4 not enough evidence").wait_for()
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").wait_for(state="detached")
    page.get_by_role("link", name="In the guide").click()
    page.wait_for_url(re.compile(r"guide\?match="))
    page.get_by_text("Guides say that sharpness differs").wait_for()

"""Guide, how each works: terms with the numbers of a run."""

from __future__ import annotations

from tests.support.pages import labels, open_page, words
from tests.support.runs import make_run


def test_terms_carry_the_numbers_of_the_user_s_newest_run(workspace):
    make_run(workspace / "runs", "20261122-120000-vae-old", name="the old one", created=1_000.0)
    make_run(workspace / "runs", "20261122-130000-vae-new", name="the new one", created=2_000.0)
    app = open_page("guide.py", section="works")
    shown = words(app)
    assert "the new one" in shown and "the old one" not in shown
    assert shown.count('class="genlab-reading"') == 5
    assert " of 8</b>" in shown and " nats</b>" in shown


def test_without_a_run_the_next_step_stands_there_and_no_number(workspace):
    make_run(workspace / "runs", "20261122-120000-vae-x")
    app = open_page("guide.py", section="works", family="gan")
    shown = words(app)
    assert "there is no GAN yet" in shown and 'class="genlab-reading"' not in shown
    assert "Train a GAN" in labels(app.page_link)

"""The first look: one model after another, and everything that is known at once."""

from __future__ import annotations

from genlab.lab import Lab
from genlab.tasks.task_request import kept_task
from tests.support.pages import checked, open_page, words
from tests.support.tasks import know


def test_models_have_their_turn_one_after_another(guessing: Lab, half_done: list[str]):
    app = open_page("tasks.py", task="guessing")
    checked(app.run())
    assert len(half_done) == 1, "the second waits for the first, however often the page is drawn"
    assert any("1 of 2" in bar.proto.text for bar in app.get("progress"))


def test_everything_that_is_known_is_shown_and_nothing_begun(guessing: Lab, half_done: list[str]):
    know(guessing)
    app = open_page("tasks.py", task="guessing")
    text = words(app)
    assert half_done == []
    for method in ("Truth", "Given", "Usual", "Search", "Limit"):
        assert f"<b>{method}</b>" in text
    assert "2 more solutions" in text and "no method knows which is true" in text
    assert "wins on error" in text and "nothing is heard" in text
    assert "alt='8 items: Search of my vae, seed 0'" in text


def test_a_method_without_a_model_may_win(guessing: Lab, half_done: list[str]):
    know(guessing, (0.8, 0.9))
    assert "Both models lose to Usual on error" in words(open_page("tasks.py", task="guessing"))


def test_a_damaged_result_counts_as_not_there(guessing: Lab, half_done: list[str]):
    know(guessing)
    request = guessing.tasks.request("guessing")
    place = kept_task(guessing.runs.read("run-vae"), request)
    place.path.write_text('{"torn')
    text = words(open_page("tasks.py", task="guessing"))
    assert "my gan" in text and len(half_done) == 1
    picture = kept_task(guessing.runs.read("run-gan"), request).folder / "search.png"
    picture.write_bytes(b"torn")
    assert "This picture cannot be read" in words(open_page("tasks.py", task="guessing"))

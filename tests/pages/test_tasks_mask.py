"""A mask that is drawn on the picture becomes an option of the task."""

from __future__ import annotations

import base64
import json

from genlab.lab import Lab
from genlab.ui.components.mask import hidden_pixels
from tests.support.pages import checked, open_page
from tests.support.tasks import asked_of, know


def test_a_mask_that_is_drawn_is_an_option(guessing: Lab, half_done: list[str]):
    know(guessing)
    app = open_page("tasks.py", task="guessing")
    assert half_done == []
    all_hidden = base64.b64encode(bytes([255] * (28 * 28 // 8))).decode()
    app.session_state["tasks/mask/28x28"] = {"mask": {"bits": all_hidden, "height": 28, "width": 28}}
    checked(app.run())
    text = asked_of(guessing, half_done[-1])["request"]["task"]["mask"]
    hidden = hidden_pixels(text, (28, 28))
    assert hidden is not None and hidden.all()
    assert json.loads(app.query_params["options"]) == {"mask": text}

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.lab import Lab
from tests.pages.test_lesson import press
from tests.support.pages import checked, open_page


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def test_settings_chosen_on_the_page_stand_in_the_address(lab):
    app = open_page("guide.py", lesson="posterior-collapse", section="lessons")
    (take,) = [button for button in app.button if button.label == "Use these settings"]
    assert take.disabled, "nothing has been changed"
    (beta,) = [field for field in app.number_input if field.label == "Beta"]
    checked(beta.set_value(7.0).run())
    press(app, "Use these settings")
    assert dict(app.query_params) == {"lesson": "posterior-collapse", "beta": "7"}
    assert "With weight 7" in app.radio[0].label


def test_the_way_back_leads_to_the_list(lab):
    app = press(open_page("guide.py", lesson="hybrid"), "All lessons")
    assert dict(app.query_params) == {"section": "lessons"}

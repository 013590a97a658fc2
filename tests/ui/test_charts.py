from __future__ import annotations

import json

import pytest

from genlab.lab import Lab
from genlab.ui.presenting import scale
from tests.support.compare_page import make, open_compare
from tests.support.pages import open_page


def sizes(app) -> list[tuple[float, float]]:
    found = [json.loads(chart.proto.spec)["layout"] for chart in app.get("plotly_chart")]
    return [(layout["height"], layout["template"]["layout"]["xaxis"]["tickfont"]["size"]) for layout in found]


def test_figures_grow_in_the_hall_and_nowhere_else(workspace):
    lab = Lab()
    for model in ("vae", "gan"):
        make(lab, model, model)
    desk, hall = sizes(open_compare("vae", "gan")), sizes(open_page("compare.py", run=["vae", "gan"], present="1"))
    assert len(desk) == len(hall) > 1
    for (_, at_desk), (_, in_hall) in zip(desk, hall, strict=True):
        assert in_hall == pytest.approx(scale() * at_desk)
    # Fewer of them stand side by side, so that there are more rows of them.
    assert hall[0][0] > scale() * desk[0][0]

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from genlab.plots.concepts import DESCRIPTIONS, HEIGHT, WIDTH, concept_svg


@pytest.mark.parametrize("family", list(DESCRIPTIONS))
def test_a_drawing_is_well_formed_stands_alone_and_stays_inside(family):
    svg = concept_svg(family, "#0072B2", "#1C2128")
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 <= float(text.get("x")) <= WIDTH and 0 <= float(text.get("y")) <= HEIGHT


@pytest.mark.parametrize("family", list(DESCRIPTIONS))
def test_every_number_of_the_description_is_drawn(family):
    svg = concept_svg(family, "#0072B2", "#1C2128")
    assert all(f">{number}</text>" in svg for number in re.findall(r"\((\d)\)", DESCRIPTIONS[family]))

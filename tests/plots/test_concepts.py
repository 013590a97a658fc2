from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from genlab.families import in_order
from genlab.plots.concepts import HEIGHT, WIDTH, concept_svg

DRAWN = {spec.name: spec.concept for spec in in_order() if spec.concept is not None and spec.concept.drawing}


@pytest.mark.parametrize("family", list(DRAWN))
def test_a_drawing_is_well_formed_stands_alone_and_stays_inside(family):
    svg = concept_svg(DRAWN[family], "#0072B2", "#1C2128")
    root = ElementTree.fromstring(svg)
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 <= float(text.get("x")) <= WIDTH and 0 <= float(text.get("y")) <= HEIGHT


def test_networks_wear_the_familys_colour():
    assert concept_svg(DRAWN["vae"], "#123456", "#1C2128").count("#123456") >= 2


@pytest.mark.parametrize("family", list(DRAWN))
def test_every_number_of_the_description_is_drawn(family):
    svg = concept_svg(DRAWN[family], "#0072B2", "#1C2128")
    assert all(f">{number}</text>" in svg for number in re.findall(r"\((\d)\)", DRAWN[family].described))

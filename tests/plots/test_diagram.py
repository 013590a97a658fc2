from __future__ import annotations

from xml.etree import ElementTree

import pytest

from genlab.plots.diagram import HEIGHT, LETTER, WIDTH, arrange, describe_diagram, diagram_svg, leads_back, wrapped
from genlab.registry import registry

GAN = (
    ("prior", "generator", "z"),
    ("generator", "samples", "G(z)"),
    ("samples", "critic", "fake"),
    ("data", "critic", "real"),
    ("critic", "generator", "gradient"),
)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def texts(svg: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


def test_the_longest_chain_runs_through_the_middle():
    places = arrange(GAN)
    chain = ["prior", "generator", "samples", "critic"]
    assert [places[name].column for name in chain] == [0, 1, 2, 3]
    assert {places[name].above for name in chain} == {0}
    assert (places["data"].column, places["data"].above) == (2, 1)


def test_arrows_that_close_a_loop_lead_back():
    assert leads_back(GAN, "critic", "generator")
    assert not any(leads_back(GAN, start, end) for start, end, _ in GAN[:-1])


@pytest.mark.parametrize("name", registry("objectives").names())
def test_every_model_has_a_diagram_that_can_be_drawn(name):
    spec = registry("objectives").get(name)
    svg = parsed(diagram_svg(spec.diagram, "#0072B2", "#000000"))
    shown = texts(svg)
    for start, end, label in spec.diagram:
        assert {start, end} <= set(shown)
        assert set(label.split()) <= set(" ".join(shown).split()), "a label may stand in two lines"
    width, height = float(svg.get("width")), float(svg.get("height"))
    boxes = [[float(box.get(key)) for key in ("x", "y", "width", "height")] for box in svg.iter(f"{SVG}rect")]
    assert all(x >= 0 and y >= 0 and x + w <= width and y + h <= height for x, y, w, h in boxes)
    corners = {(x, y) for x, y, _, _ in boxes}
    assert len(corners) == len(boxes) == len(arrange(spec.diagram))


def test_parameters_stand_in_the_blocks():
    assert "1,234" in texts(parsed(diagram_svg(GAN, "#D55E00", "#000000", {"critic": 1_234})))


def test_text_cannot_break_out_of_the_drawing():
    arrows = (("data", "<script>alert(1)</script>", '"&<'),)
    svg = parsed(diagram_svg(arrows, "#D55E00", "#000000"))
    assert "<script>alert(1)</script>" in texts(svg)
    assert not list(svg.iter(f"{SVG}script"))


def test_nothing_to_draw_is_drawn():
    assert texts(parsed(diagram_svg((), "#D55E00", "#000000"))) == []


def test_the_diagram_in_words():
    assert describe_diagram("GAN", GAN[:1]) == "Block diagram of GAN: prior to generator (z)."


@pytest.mark.parametrize("spec", list(registry("objectives")), ids=lambda spec: spec.name)
def test_labels_between_blocks_stay_between_them(spec):
    svg = parsed(diagram_svg(spec.diagram, "#0072B2", "#000000"))
    boxes = [(float(box.get("x", 0)), float(box.get("x", 0)) + WIDTH) for box in svg.iter(f"{SVG}rect")]
    levels = {float(box.get("y", 0)) + HEIGHT / 2 for box in svg.iter(f"{SVG}rect")}
    for text in svg.iter(f"{SVG}text"):
        x, y = float(text.get("x", 0)), float(text.get("y", 0))
        if text.get("font-size") != "11" or not any(-HEIGHT / 2 < y - level < 0 for level in levels):
            continue
        half = LETTER * len(text.text or "") / 2
        assert not any(left < x + half and x - half < right for left, right in boxes), text.text


def test_a_label_is_broken_where_it_has_places_to_break():
    assert wrapped("mean, variance", 12) == ["mean,", "variance"]
    assert wrapped("mean, variance", 14) == ["mean, variance"]
    assert wrapped("reconstruction", 5) == ["reconstruction"] and wrapped("", 5) == []

"""Small SVG charts: well-formed, inside their frame, with a text alternative, whatever the numbers."""

from __future__ import annotations

import math
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from genlab.plots.svg import MOST_POINTS, WIDTH, ChartLine, Dot, DotRow, dot_chart, line_chart, ticks

SPACE = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3.2, 17), (0.0011, 0.0019), (1e5, 3e6), (-1e-9, 1e-9)])
def test_ticks_are_round_and_within_the_ends(low: float, high: float):
    found = ticks(low, high)
    assert 2 <= len(found) <= 7
    assert all(low - 1e-12 <= value <= high * (1 + 1e-9) for value in found)
    steps = {f"{b - a:.6g}" for a, b in pairwise(found)}
    assert len(steps) == 1
    assert steps.pop().lstrip("0.")[0] in "125"


def test_a_dot_chart_has_a_symbol_and_a_whisker_for_each_seed_and_the_line_of_real_data():
    rows = [
        DotRow("VAE", "var(--vae)", [Dot(0.5, 0.4, 0.6), Dot(0.55)]),
        DotRow("GAN", "var(--gan)", [Dot(0.7, 0.6, 0.8)], "triangle-up"),
        DotRow("VAE-GAN", "var(--vae_gan)", [], "diamond"),
    ]
    root = parsed(dot_chart(rows, "coverage: <b>", real=0.9))
    assert root.get("role") == "img"
    assert root.get("aria-label") == "coverage: <b>"
    assert len(root.findall(f"{SPACE}circle")) == 2
    assert len(root.findall(f"{SPACE}path")) == 1
    whiskers = [line for line in root.findall(f"{SPACE}line") if line.get("stroke")]
    assert [line.get("stroke") for line in whiskers] == ["var(--vae)", "var(--gan)"]
    assert len([line for line in root.findall(f"{SPACE}line") if line.get("class") == "real"]) == 1
    assert "none" in [text.text for text in root.findall(f"{SPACE}text")]
    centre = float(root.findall(f"{SPACE}circle")[0].get("cx") or 0)
    assert float(whiskers[0].get("x1") or 0) < centre < float(whiskers[0].get("x2") or 0)


@pytest.mark.parametrize("values", [[], [0.0], [5.0, 5.0], [1e-12], [-1e9, 1e9], [math.inf, 1.0]])
def test_odd_values_stay_inside_the_frame(values: list[float]):
    finite = [value for value in values if math.isfinite(value)]
    root = parsed(dot_chart([DotRow("VAE", "red", [Dot(value) for value in finite])], "x"))
    assert all(0 <= float(dot.get("cx") or 0) <= WIDTH for dot in root.findall(f"{SPACE}circle"))
    points = [(float(place), value) for place, value in enumerate(values)]
    (line,) = parsed(line_chart([ChartLine("a", "red", points)], "y")).findall(f"{SPACE}polyline")
    for pair in (line.get("points") or "").split():
        x, y = map(float, pair.split(","))
        assert 0 <= x <= WIDTH
        assert 0 <= y <= 150


def test_long_lines_are_averaged_and_a_spike_does_not_flatten_them():
    points = [(float(i), math.sin(i / 100)) for i in range(5_000)]
    points[2_000] = (2_000.0, 1e6)
    (line,) = parsed(line_chart([ChartLine("a", "red", points)], "loss")).findall(f"{SPACE}polyline")
    drawn = [tuple(map(float, pair.split(","))) for pair in (line.get("points") or "").split()]
    assert len(drawn) <= MOST_POINTS
    heights = [y for _, y in drawn]
    assert sorted(heights)[-5] - sorted(heights)[5] > 60

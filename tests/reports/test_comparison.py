from __future__ import annotations

import io
import re
from html import unescape

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from genlab.reports.comparison import Column, Section, Shot, report_html

MB = 1e6


def picture(side: int = 28, noise: bool = False, seed: int = 0) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255 if noise else 2, (side, side, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def report(**changes) -> str:
    shots = {"Samples": Shot(picture(), "samples of it"), "Reconstructions": Shot(words="has no encoder")}
    column = Column(
        "GAN <b>", "#D55E00", [("seed", "3")], shots, {"configuration": {"latent_dim": 32, "x": "</script>"}}
    )
    figure = go.Figure(go.Scatter(x=[1], y=[2], name="</script><script>alert(1)</script>"))
    rows = [{"Metric": "Coverage", "Value": 0.61, "n": 833, "±": None}]
    section = Section("Scores", ["a note"], [("Fidelity", figure, "the figure in words")], [("Table", rows)])
    return report_html(**({"title": "T", "about": ["a"], "columns": [column], "sections": [section]} | changes))


def test_it_holds_pictures_figures_tables_and_what_reproduces_them():
    html = report()
    assert "data:image/png;base64," in html and "samples of it" in html and "has no encoder" in html
    assert 'aria-label="the figure in words"' in html
    assert ">0.61<" in html and ">833<" in html
    assert '"latent_dim": 32' in unescape(html)


def test_nothing_is_fetched_and_plotly_stands_in_it_once():
    html = report()
    assert not re.search(r'(?:src|href)\s*=\s*"(?!data:)', html.split("</script>", 1)[1])
    assert "<script src" not in html
    assert html.count("plotly.js v") == 1
    assert len(html.encode()) < 8 * MB
    assert "plotly.js v" not in report(sections=[])


def test_names_cannot_break_out_of_it():
    html = report()
    assert "GAN &lt;b&gt;" in html
    assert "<script>alert(1)" not in html


def test_large_pictures_are_made_smaller_until_it_fits():
    columns = [
        Column(f"m{i}", "#000000", [], {"Samples": Shot(picture(640, noise=True, seed=i), "p")}, {}) for i in range(6)
    ]
    html = report(columns=columns)
    assert len(html.encode()) < 8 * MB and "data:image/jpeg" in html

"""Templates: they escape what they are given, and miss nothing that they need."""

from __future__ import annotations

import re

import pytest
from jinja2 import UndefinedError

from genlab.families import in_order
from genlab.reports.page import TEMPLATES, Table, TableCell, colour, environment, render, style

BAD = "<b>&\"'"


def drawn(table: Table) -> str:
    return str(environment().get_template("macros.html").module.table(table))  # type: ignore[attr-defined]


def test_cells_say_what_they_hold_and_escape_it():
    row = [
        TableCell(BAD, ["gan"], [BAD, "small"]),
        BAD,
        [TableCell("one", kind="faint"), TableCell("two", code=True)],
        TableCell(families=["vae", "strange"]),
    ]
    html = drawn(Table(["a", TableCell(families=["gan"]), BAD, "d"], [row], (1,), "mine"))
    assert BAD not in html and html.count("&lt;b&gt;&amp;") == 4
    assert html.startswith('<div class="wide"><table class="mine">')
    assert '<th scope="row"><span class="family" style="color:var(--family-gan)">▲ GAN</span> &lt;b&gt;' in html
    assert "<small>small</small></th>" in html
    assert '<td class="number">&lt;b&gt;' in html and '<th scope="col" class="number">' in html
    assert '<span class="faint">one</span><code>two</code>' in html
    assert "● VAE</span>, <span" in html and "color:var(--real)" in html and "■ strange" in html


def test_a_template_that_is_not_given_everything_is_no_page():
    with pytest.raises(UndefinedError):
        render("match.html", title="t")


def test_every_family_has_a_colour_for_each_theme_and_for_paper():
    sheet = style()
    for name in (spec.name for spec in in_order()):
        assert colour(name) == f"var(--family-{name})"
        assert len(re.findall(rf"--family-{name}: #[0-9A-Fa-f]{{6}};", sheet)) == 3
    assert colour("strange") == "var(--real)"
    assert sheet.count("@media print") == 2 and sheet.count("prefers-color-scheme: dark") == 2


def test_there_is_one_style_sheet_and_nothing_is_styled_beside_it():
    assert [path.name for path in TEMPLATES.glob("*.css")] == ["style.css"]
    for path in TEMPLATES.glob("*.html"):
        assert "http" not in path.read_text(), path.name
        assert path.read_text().count("<style>") == (path.name == "page.html")
        assert "| safe" not in path.read_text(), path.name

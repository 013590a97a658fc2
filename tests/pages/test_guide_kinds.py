"""Guide, every kind of data: the table, and what leads to the evidence."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs

from genlab.registry import registry
from tests.support.matches import claim, claims_document, make_match
from tests.support.pages import labels, open_page, words


def cells(shown: str, title: str) -> list[str]:
    """The cells of the row of a claim."""
    (row,) = [row for row in re.findall(r"<tr>.*?</tr>", shown) if f'<th scope="row">{title}' in row]
    return re.findall(r"<td>(.*?)</td>", row)


def test_every_claim_stands_beside_itself_on_every_kind(workspace: Path) -> None:
    make_match(workspace, name="pictures", with_runs=False)
    faces = claim("faces", "not_enough_evidence", applicable=False, why="Not applicable: these are <b>no</b> faces.")
    sharp = claim("sharpness", "not_supported", without=["Edges are not measured of films."], why='It "is" so.')
    film = make_match(workspace, with_runs=False, claims=claims_document() | {"kind": "film", "claims": [sharp, faces]})
    app = open_page("guide.py", section="kinds")
    shown = "\n".join(item.value for item in app.html)
    assert shown.count('<th scope="row">') == len(registry("claims"))
    of_images, of_film = cells(shown, registry("claims").get("sharpness").title)
    assert "✓</span> supported" in of_images and "<b>0.20 (0.10&nbsp;to&nbsp;0.30)</b>" in of_images
    assert "✕</span> not supported" in of_film and "Edges are not measured of films." in of_film
    (address,) = re.findall(r'href="\?([^"]*)"', of_film)
    asked = {name: value[0] for name, value in parse_qs(unescape(address)).items()}
    assert asked == {"section": "comparison", "match": film.path.name, "claim": "sharpness"}
    assert 'title="It &quot;is&quot; so."' in of_film
    _, of_faces = cells(shown, registry("claims").get("faces").title)
    assert "not applicable" in of_faces and "These are &lt;b&gt;no&lt;/b&gt; faces." in of_faces
    assert "href" not in of_faces
    assert words(app).count("The preset quick was chosen on mnist") == 2, "one of each match"
    assert "Supported on one kind and not on another" in words(app)


def test_the_address_of_a_cell_opens_the_evidence(workspace: Path) -> None:
    film = make_match(workspace, with_runs=False, claims=claims_document() | {"kind": "film"})
    make_match(workspace, with_runs=False)
    app = open_page("guide.py", section="comparison", match=film.path.name, claim="diversity")
    assert app.selectbox[0].value == film.path.name
    assert "What diversity does not say" in words(app)


def test_several_matches_of_a_kind_can_be_reached_and_missing_kinds_are_named(workspace: Path) -> None:
    make_match(workspace, name="first", with_runs=False)
    make_match(workspace, name="second", with_runs=False)
    app = open_page("guide.py", section="kinds")
    reached = [label for label in labels(app.page_link) if label.startswith(("first", "second"))]
    assert len(reached) == 1 and "Plan a fair match" in labels(app.page_link)
    assert "Not measured yet" in words(app) and "texts" in words(app)


def test_an_empty_workspace_says_what_would_stand_here(workspace: Path) -> None:
    app = open_page("guide.py", section="kinds")
    assert "None has been judged in this workspace yet" in words(app) and "<table" not in words(app)


def test_the_comparison_leads_here(workspace: Path) -> None:
    make_match(workspace, with_runs=False)
    assert "The same claims on every kind of data" in labels(open_page("guide.py", section="comparison").page_link)


def test_it_stays_in_the_hall(workspace: Path) -> None:
    make_match(workspace, with_runs=False)
    app = open_page("guide.py", section="kinds", present="1")
    links = [link for item in app.html for link in re.findall(r'href="\?([^"]*)"', item.value)]
    assert links and all("present=1" in link for link in links)

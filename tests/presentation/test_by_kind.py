"""The same claim on every kind of data."""

from __future__ import annotations

import json
from pathlib import Path

from genlab.lab import Lab
from genlab.presentation.by_kind import KindTable, compare, in_a_sentence
from genlab.verdicts.judge import claims
from tests.support.matches import claim, claims_document, make_match

NO_EDGES = "Laplacian variance is not measured of films."


def table(workspace: Path) -> KindTable:
    """Images with a claim for every verdict; films, where sharpness is judged by half and faces not at all."""
    make_match(workspace, with_runs=False)
    of_film = [
        claim("sharpness", "not_supported", without=[NO_EDGES]),
        claim("diversity", "not_supported"),
        claim("faces", "not_enough_evidence", applicable=False, effect=1.0, why="Not applicable: these are no FACES."),
        claim("smell", "supported", title="Only films smell"),
    ]
    document = claims_document() | {"kind": "film", "claims": of_film}
    make_match(workspace, data="moving-digits", with_runs=False, claims=document)
    return compare(Lab().matches.by_kind())


def test_a_row_for_each_claim_and_a_column_for_each_kind(workspace: Path) -> None:
    found = table(workspace)
    assert [column.kind.name for column in found.columns] == ["images", "film"]
    assert found.columns[1].facts == ("moving-digits", "3 seeds", "your own")
    assert [row.name for row in found.rows] == [*(spec.name for spec in claims()), "smell"]
    assert found.rows[-1].title == "Only films smell"
    rows = {row.name: row for row in found.rows}
    sharp = rows["sharpness"].cells
    assert [(cell.glyph, cell.words, cell.effect) for cell in sharp] == [
        ("✓", "supported", "0.20 (0.10 to 0.30)"),
        ("✕", "not supported", "0.20 (0.10 to 0.30)"),
    ]
    assert sharp[0].note == "" and sharp[1].note == NO_EDGES
    assert sharp[1].address == {"section": "comparison", "match": found.columns[1].match.id, "claim": "sharpness"}


def test_what_is_not_asked_says_why_and_what_was_not_judged_says_that(workspace: Path) -> None:
    rows = {row.name: row for row in table(workspace).rows}
    old, faces = rows["faces"].cells
    assert (faces.verdict, faces.words, faces.effect, faces.note, faces.glyph) == (
        "not_applicable",
        "not applicable",
        "",
        "These are no FACES.",
        "–",
    )
    assert (old.verdict, old.words, old.note) == ("not_judged", "not judged yet", "")


def test_what_turns_from_kind_to_kind_is_said(workspace: Path) -> None:
    found = table(workspace)
    assert [row.name for row in found.turning] == ["sharpness"]
    assert in_a_sentence(found) == (
        "Claims that are supported, of those that are asked: images: 1 of 4, films: 1 of 3. Supported on one kind and "
        f"not on another: “{found.turning[0].title}”."
    )


def test_one_kind_alone_is_compared_with_nothing(workspace: Path) -> None:
    make_match(workspace, with_runs=False)
    found = compare(Lab().matches.by_kind())
    assert in_a_sentence(found) == "" and len(found.columns) == 1
    assert [kind.many for kind in found.missing] == [kind.many for kind in Lab().matches.by_kind().missing] != []


def test_kinds_that_agree_are_said_to(workspace: Path) -> None:
    make_match(workspace, with_runs=False)
    make_match(workspace, with_runs=False, claims=claims_document() | {"kind": "film"})
    assert in_a_sentence(compare(Lab().matches.by_kind())).endswith("None is supported on one kind and not on another.")


def test_the_document_holds_what_the_table_shows(workspace: Path) -> None:
    found = table(workspace)
    document = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert [one["kind"] for one in document["kinds"]] == ["images", "film"]
    assert document["kinds"][1]["data"] == "moving-digits" and document["kinds"][1]["others"] == []
    sharp = next(one for one in document["claims"] if one["claim"] == "sharpness")["kinds"]["film"]
    assert (sharp["verdict"], sharp["effect"], sharp["without"]) == ("not_supported", 0.2, [NO_EDGES])
    assert sharp["evidence"]["claim"] == "sharpness" and sharp["why"] == "What was found of sharpness."
    assert document["missing"] == [kind.name for kind in found.missing]

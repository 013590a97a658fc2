"""The same claims on every kind of data, from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import Capture
from tests.support.matches import claim, claims_document, make_match


def test_claims_of_every_kind_as_a_table_and_as_a_document(cli: Capture, workspace: Path) -> None:
    faces = claim("faces", "not_enough_evidence", applicable=False, why="Not applicable: these are no faces.")
    document = claims_document() | {"kind": "film", "claims": [claim("sharpness", "not_supported"), faces]}
    film = make_match(workspace, with_runs=False, claims=document)
    make_match(workspace, with_runs=False)
    code, out, _ = cli("claims")
    assert code == 0
    (line,) = [line.split() for line in out.splitlines() if line.startswith("sharpness")]
    assert line[:2] == ["sharpness", "✓"] and "✕" in line
    assert "faces, films: These are no faces." in out and f"genlab match --resume {film.path.name}" in out
    assert f"{film.path.name}: The preset quick was chosen on mnist-5k itself" in out
    assert "Not measured yet: " in out and "sounds" in out
    found = cli.json("claims")
    assert [kind["kind"] for kind in found["kinds"]] == ["images", "film"]
    verdicts = {one["claim"]: {kind: cell["verdict"] for kind, cell in one["kinds"].items()} for one in found["claims"]}
    assert verdicts["sharpness"] == {"images": "supported", "film": "not_supported"}
    assert verdicts["faces"]["film"] == "not_applicable"


def test_before_any_match_it_says_how_to_begin(cli: Capture, workspace: Path) -> None:
    assert "No match has been judged yet" in cli("claims")[1]
    assert cli.json("claims")["kinds"] == []

"""Which judged match speaks for a kind of data."""

from __future__ import annotations

from pathlib import Path

from genlab import kinds
from genlab.lab import Lab
from genlab.matches.by_kind import all_kinds, judged_seeds, kind_of
from tests.support.matches import claim, claims_document, make_match

FILM = {"kind": "film"}


def test_the_match_with_most_seeds_speaks_and_of_equals_the_one_listed_first(workspace: Path) -> None:
    names = {}
    for name, seeds in (("few", 2), ("most", 5), ("as many", 5)):
        document = claims_document() | FILM | {"claims": [claim("stability", "supported", seeds=seeds)]}
        names[name] = make_match(workspace, name=name, with_runs=False, claims=document).path.name
    listed = [match.name for match in Lab().matches.all()]
    (found,) = Lab().matches.by_kind().measured
    assert found.kind.name == "film" and judged_seeds(found.match) == 5
    speaks = next(name for name in listed if name in ("most", "as many"))
    assert found.match.id == names[speaks]
    assert [match.name for match in found.others] == [name for name in listed if name not in (speaks, "few")] + ["few"]
    assert found.claims["stability"]["verdict"] == "supported"


def test_every_kind_stands_there_once_and_those_without_a_match_are_named(workspace: Path) -> None:
    make_match(workspace, with_runs=False)
    make_match(workspace, with_runs=False, claims=claims_document() | FILM)
    found = Lab().matches.by_kind()
    assert [one.kind.name for one in found.measured] == [kinds.USUAL, "film"]
    wanted = {kind.name for kind in kinds.REGISTRY if kind.pictured} - {kinds.USUAL, "film"}
    assert {kind.name for kind in found.missing} == wanted != set()
    assert all_kinds()[0].name == kinds.USUAL and len(all_kinds()) == len(list(kinds.REGISTRY))


def test_matches_that_say_nothing_do_not_speak(workspace: Path) -> None:
    make_match(workspace, state="running", with_runs=False)
    make_match(workspace, state="running", with_runs=False, claims=claims_document() | FILM)
    gone = make_match(workspace, with_runs=False, claims=claims_document() | {"kind": "smells"})
    assert kind_of(Lab().matches.exact(gone.path.name)) == "smells"
    assert Lab().matches.by_kind().measured == ()


def test_what_earlier_releases_judged_was_of_the_usual_kind(workspace: Path) -> None:
    old = make_match(workspace, with_runs=False)
    assert kind_of(Lab().matches.exact(old.path.name)) == kinds.USUAL

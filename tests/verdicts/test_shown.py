"""Every verdict that the judge can give is known wherever verdicts are shown."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import genlab.reports
from genlab.plots import parts
from genlab.presentation import claims as shown
from genlab.reports import _match_claims
from genlab.verdicts.findings import VERDICTS, VERSION, Verdict, judged_before
from genlab.verdicts.power import OUTCOMES
from genlab.verdicts.words import LIKELY

ALL = set(get_args(Verdict))


def test_every_place_knows_every_verdict() -> None:
    for known in (VERDICTS, parts.VERDICTS, parts.GLYPHS, shown.BADGES, _match_claims.VERDICTS, _match_claims.OUTCOMES):
        assert set(known) == ALL
    assert dict(VERDICTS) == parts.VERDICTS
    assert set(LIKELY) == set(OUTCOMES) == ALL - {"not_enough_evidence"}


def test_no_two_verdicts_look_alike() -> None:
    for told in (parts.GLYPHS, shown.BADGES, _match_claims.VERDICTS):
        assert len(set(told.values())) == len(ALL)
    style = (Path(genlab.reports.__file__).parent / "templates" / "style.css").read_text("utf-8")
    assert all(f".{verdict} {{ color: var(" in style for verdict in ALL)


def test_verdicts_of_an_older_judge_say_so() -> None:
    assert judged_before({"schema_version": VERSION}) == judged_before({"schema_version": "x"}) == ""
    for older in ({"schema_version": 1}, {}, None):
        assert judged_before(older).startswith(f"Judged by version 1 of the verdicts, today's is {VERSION}")

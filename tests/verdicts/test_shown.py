"""Every verdict that the judge can give is known wherever verdicts are shown."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import genlab.reports
from genlab.plots import parts
from genlab.presentation import claims as shown
from genlab.reports import _match_claims
from genlab.verdicts.findings import VERDICTS, Verdict
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

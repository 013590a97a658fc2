"""Shipped matches know every claim: what they do not measure is not asked of their data, and says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from benchmarks._newer_claims import with_newer_claims
from genlab import kinds
from genlab.lab import Lab
from genlab.verdicts.applicable import NO_FACES
from genlab.verdicts.judge import claims

ZOO = Path(__file__).parents[2] / "assets" / "zoo"
MATCHES = sorted((ZOO / "matches").iterdir())


@pytest.mark.parametrize("match", MATCHES, ids=lambda folder: folder.name)
def test_every_use_is_judged_on_a_shipped_match_or_not_asked_of_its_data(match: Path) -> None:
    document = json.loads((match / "claims.json").read_text())
    found = {claim["claim"]: claim for claim in document["claims"]}
    every = document.get("kind", kinds.USUAL) == kinds.USUAL
    assert list(found) == [spec.name for spec in claims()], "the same, in the same order"
    for spec in claims():
        told = found[spec.name]
        if spec.faces:
            assert not told["applicable"] and told["why"] == NO_FACES
        elif spec.tasks:
            decisive = [part for part in told["parts"] if part["decisive"]]
            unmeasured = [part for part in decisive if part["p_for"] is None]
            assert not unmeasured or not every, spec.name
            # Of another kind some cannot be asked, or lack what they need, and say so.
            reasons = ("Not tested: ", "Not applicable: ")
            assert all(part["why"].startswith(reasons) for part in unmeasured), spec.name
            assert told["applicable"] or told["why"].startswith("Not applicable: ")


def test_a_claim_that_is_not_asked_is_added_in_its_place_and_what_was_judged_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zoo = tmp_path / "zoo"
    shutil.copytree(MATCHES[0], zoo / "matches" / MATCHES[0].name)
    monkeypatch.setenv("GENLAB_ZOO", str(zoo))
    file = zoo / "matches" / MATCHES[0].name / "claims.json"
    whole = json.loads(file.read_text())
    kept = [claim for claim in whole["claims"] if claim["claim"] not in {"realistic_faces", "denoising"}]
    file.write_text(json.dumps({**whole, "claims": kept}))
    lab = Lab(tmp_path / "workspace")
    (match,) = [each for each in lab.matches.all() if each.shipped]
    assert with_newer_claims(lab, match, zoo) == ["realistic_faces"], "what is asked has to be measured"
    # What is judged today says which version of a measure it asks for, and a claim of before that is of the first.
    (asked,) = [claim for claim in whole["claims"] if claim["claim"] == "realistic_faces"]
    asked["parts"] = [{"version": 1} | part for part in asked["parts"]]
    now = json.loads(file.read_text())
    assert now == {**whole, "claims": [claim for claim in whole["claims"] if claim["claim"] != "denoising"]}
    assert with_newer_claims(lab, match, zoo) == []

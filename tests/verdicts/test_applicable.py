"""Claims that are asked of pictures only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from genlab.verdicts.applicable import NO_FACES, not_asked, takes_of
from genlab.verdicts.claims import REGISTRY as CLAIMS
from genlab.verdicts.judge import judge
from tests.support import claims as made


def test_a_claim_on_pixels_is_not_asked_of_what_has_none() -> None:
    images = replace(made.match(made.textbook(), 3, np.random.default_rng(0)), faces=False)
    others = replace(images, kind="points")
    assert not_asked(CLAIMS.get("sharpness"), images) == ""
    assert not_asked(CLAIMS.get("sharpness"), others) == (
        "Not applicable: Laplacian variance is not measured of points."
    )
    assert not_asked(CLAIMS.get("diversity"), others) == ""
    for name in ("faces", "realistic_faces"):
        assert not_asked(CLAIMS.get(name), replace(images, faces=True)) == ""
        assert not_asked(CLAIMS.get(name), replace(others, faces=True)) == NO_FACES
        assert not_asked(CLAIMS.get(name), images) == NO_FACES


def test_the_judge_says_so_and_judges_the_others() -> None:
    facts = made.match(made.textbook(), 5, np.random.default_rng(0))
    before = {one["claim"]: one for one in judge(facts)["claims"]}
    document = judge(replace(facts, kind="points"))
    found = {one["claim"]: one for one in document["claims"]}
    assert document["kind"] == "points" and before["sharpness"]["applicable"]
    sharp = found["sharpness"]
    assert not sharp["applicable"] and sharp["verdict"] == "not_enough_evidence" and sharp["cells"] == {}
    assert sharp["why"].startswith("Not applicable: ") and sharp["needs"] is None
    assert found["diversity"]["applicable"] and found["diversity"]["verdict"] == before["diversity"]["verdict"]


def test_what_a_measure_asks_of_items() -> None:
    assert takes_of("laplacian") == "pixels" and takes_of("frechet") == "any"
    assert takes_of("super-resolution.features") == "pixels" and takes_of("edit_success") == "any"

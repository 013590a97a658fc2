"""Claims, and parts of them, that are asked of pictures only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from genlab.verdicts.applicable import NO_FACES, asked_of, left_out, not_asked, takes_of
from genlab.verdicts.claims import REGISTRY as CLAIMS
from genlab.verdicts.judge import judge
from tests.support import claims as made


def test_a_claim_on_pixels_is_not_asked_of_what_has_none() -> None:
    images = replace(made.match(made.textbook(), 3, np.random.default_rng(0)), faces=False)
    others = replace(images, kind="points")
    assert not_asked(CLAIMS.get("super_resolution"), images) == ""
    told = not_asked(CLAIMS.get("super_resolution"), others)
    assert told.startswith("Not applicable: ") and told.endswith("is not measured of points.")
    assert not_asked(CLAIMS.get("sharpness"), others) == not_asked(CLAIMS.get("diversity"), others) == ""
    for name in ("faces", "realistic_faces"):
        assert not_asked(CLAIMS.get(name), replace(images, faces=True)) == ""
        assert not_asked(CLAIMS.get(name), replace(others, faces=True)) == NO_FACES
        assert not_asked(CLAIMS.get(name), images) == NO_FACES


def test_a_part_on_pixels_is_left_out_and_the_others_decide() -> None:
    facts = made.match(made.textbook(), 5, np.random.default_rng(0))
    parts = {part.name: part for part in CLAIMS.get("sharpness").decisive}
    others = replace(facts, kind="points")
    assert asked_of(parts["edges"], facts) and not asked_of(parts["edges"], others)
    assert asked_of(parts["realism"], others)
    before = {one["claim"]: one for one in judge(facts)["claims"]}["sharpness"]
    sharp = {one["claim"]: one for one in judge(others)["claims"]}["sharpness"]
    assert before["without"] == [] and "not measured" not in before["why"]
    assert sharp["without"] == ["Laplacian variance is not measured of points."]
    assert sharp["why"].endswith("Laplacian variance is not measured of points.")
    assert sharp["applicable"] and (sharp["part"], sharp["verdict"]) == ("realism", "supported")
    assert {"realism": True, "edges": False}.items() <= {p["part"]: p["decisive"] for p in sharp["parts"]}.items()


def test_a_part_that_stands_for_another_is_asked_only_where_it_can_be() -> None:
    scores = made.textbook()
    facts = made.match(scores, 5, np.random.default_rng(0))
    texts = replace(facts, kind="texts")
    spec = CLAIMS.get("sharpness")
    assert left_out(spec, facts) == ()
    assert left_out(spec, texts) == ("Laplacian variance is not measured of texts; instead: JSD of n-grams.",)
    shown = {part["part"] for part in {one["claim"]: one for one in judge(facts)["claims"]}["sharpness"]["parts"]}
    sharp = {one["claim"]: one for one in judge(texts)["claims"]}["sharpness"]
    assert "phrases" not in shown and sharp["applicable"]
    assert {"phrases": True, "edges": False}.items() <= {p["part"]: p["decisive"] for p in sharp["parts"]}.items()


def test_the_judge_says_so_and_judges_the_others() -> None:
    facts = made.match(made.textbook(), 5, np.random.default_rng(0))
    before = {one["claim"]: one for one in judge(facts)["claims"]}
    document = judge(replace(facts, kind="points"))
    found = {one["claim"]: one for one in document["claims"]}
    assert document["kind"] == "points" and before["super_resolution"]["applicable"]
    larger = found["super_resolution"]
    assert not larger["applicable"] and larger["verdict"] == "not_enough_evidence" and larger["cells"] == {}
    assert larger["why"].startswith("Not applicable: ") and larger["needs"] is None
    assert found["diversity"]["applicable"] and found["diversity"]["verdict"] == before["diversity"]["verdict"]


def test_what_a_measure_asks_of_items() -> None:
    assert takes_of("laplacian") == "pixels" and takes_of("frechet") == "any"
    assert takes_of("ngram_jsd") == "symbols" and takes_of("flicker") == "frames"
    assert takes_of("super-resolution.features") == "pixels" and takes_of("edit_success") == "any"

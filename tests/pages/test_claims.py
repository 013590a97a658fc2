"""One line per claim, with what each family gave and the verdict."""

from __future__ import annotations

from genlab.registry import registry
from tests.support.matches import COURSE, claims_document, make_match
from tests.support.pages import labels, open_page, words


def test_damaged_claims_are_told_in_a_sentence_and_parts_of_them_are_left_out(workspace):
    damaged = claims_document() | {"claims": [{"claim": "x", "verdict": 3, "cells": {"vae": [None]}}, 5]}
    folder = make_match(workspace, claims=damaged)
    assert "is damaged: claims.0.verdict is 3" in words(open_page("match.py", match=folder.path.name))
    folder.write_claims(claims_document() | {"claims": [{"claim": "x", "verdict": "?", "cells": {"vae": [None]}}]})
    assert "1 not enough evidence" in words(open_page("match.py", match=folder.path.name))


def test_before_anything_is_measured_the_claims_stand_there_as_such(workspace):
    app = open_page("guide.py", section="comparison")
    shown = words(app)
    assert shown.count("not measured yet") == len(registry("claims"))
    assert "supported" not in shown
    assert "Plan a fair match" in labels(app.page_link)


def test_whether_families_are_still_on_their_way_stands_beside_the_verdicts(workspace):
    folder = make_match(workspace, claims=claims_document([], 2, course=COURSE))
    app = open_page("match.py", match=folder.path.name)
    assert any("The GAN is still far from the plateau" in each.label for each in app.expander)
    assert len(app.get("plotly_chart")) >= 1
    assert "3 of the 3 decided verdicts compare a family that was still far" in words(app)
    assert words(app).count("made early: GAN far from the plateau") == 4
    shown = words(open_page("match.py", match=folder.path.name, claim="sharpness"))
    assert shown.count("The VAE was near its plateau at 20,480 images") == 2, "beside the curve and in the evidence"
    before = make_match(workspace)
    assert not any("plateau" in each.label for each in open_page("match.py", match=before.path.name).expander)


def test_a_verdict_that_a_contender_changes_says_so(workspace):
    whole = claims_document([], 2)
    whole["claims"][0]["beside"] = [{"contender": "vae:modern", "verdict": "no_difference", "why": "They are level."}]
    folder = make_match(workspace, claims=whole)
    shown = words(open_page("match.py", match=folder.path.name, claim="sharpness"))
    assert "with the modern VAE: no difference that matters" in shown and "They are level" in shown
    assert "1 of 1 verdicts changes with the modern VAE in place of the usual model" in shown

"""Pictures that make a claim visible, of the runs that are there."""

from __future__ import annotations

import pytest

from tests.support.matches import claim, claims_document, make_match
from tests.support.pages import checked, open_page, words
from tests.support.runs import make_run


def test_samples_of_every_seed_are_shown_and_what_is_gone_is_counted(workspace):
    match = make_match(workspace, seeds=2)
    runs = [entry.run for entry in match.plan().entries]
    pictures = [{"kind": "seeds", "title": "Samples of every seed", "runs": [*runs, "gone"]}]
    match.write_claims(claims_document() | {"claims": [claim("stability", "supported", pictures=pictures)]})
    app = open_page("guide.py", section="comparison")
    checked(app.button(key="claims/see/stability").click().run())
    assert len(app.get("image")) == len(runs) == 6
    assert any("seed 1" in str(image.proto) for image in app.get("image"))
    assert "1 run of this match is not here" in words(app)


@pytest.mark.parametrize(
    "kind", ["samples", "seeds", "reconstructions", "latent", "spectrum", "classes", "curves", "unheard of"]
)
def test_every_kind_of_picture_copes_with_runs_that_have_little(workspace, kind):
    runs = {("vae", 0): "a-run"}
    make_run(workspace / "runs", "a-run")
    pictures = [{"kind": kind, "title": "Pictures", "runs": ["a-run", "gone"]}]
    document = claims_document() | {"claims": [claim("sharpness", "supported", pictures=pictures)]}
    make_match(workspace, runs=runs, claims=document)
    checked(open_page("guide.py", claim="sharpness"))

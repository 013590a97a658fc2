"""Latent: an image of one's own is placed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from genlab import kinds
from genlab.lab import Lab
from genlab.ui.views import latent_place
from tests.support.latent_page import explored
from tests.support.pages import checked, labels, open_page, told


def test_an_image_of_ones_own_is_placed_in_the_background(lab: Lab, started: list[Path]):
    explored(lab)
    app = open_page("latent.py", run="run")
    buffer = io.BytesIO()
    Image.new("L", (40, 30), 90).save(buffer, format="PNG")
    app.get("file_uploader")[0].upload("mine.png", buffer.getvalue(), "image/png")
    checked(app.run())
    key = next(button.key for button in app.button if button.key.endswith("/start"))
    app.button(key=key).click()
    checked(app.run())
    (path,) = started
    assert path.name.startswith("place-") and "Cancel" in labels(app.button)
    app.get("file_uploader")[0].upload("mine.png", b"no picture", "image/png")
    refused = "mine.png cannot be read: it is damaged, or a kind of PNG that genlab does not read."
    assert refused in told(checked(app.run()))


@pytest.mark.parametrize(
    ("percentile", "relative", "begins", "says"),
    [
        (0.4, 1.1, "**On the manifold:**", "1.1 times that of a typical held-out sound"),
        (0.93, 2.0, "**At the edge:**", "reconstructs 93% of held-out sounds better"),
        (1.0, 9.0, "**Off the manifold:**", "the nearest sound that the model can generate, not your sound."),
    ],
)
def test_the_verdict_is_in_the_words_of_the_kind(percentile: float, relative: float, begins: str, says: str):
    found = {"residual": 0.0123, "percentile": percentile, "relative": relative}
    said = latent_place.verdict(found, kinds.get("sound"))
    assert said.startswith(begins) and says in said and "0.0123" in said

"""Latent: an image of one's own is placed."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from genlab.lab import Lab
from tests.support.latent_page import explored
from tests.support.pages import checked, labels, open_page, words


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
    assert "is not a picture of a format that is read" in words(checked(app.run()))

"""Compare as tests see it: runs with pictures and scores, and the page with some of them chosen."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from genlab.lab import Lab
from tests.support.comparison import add_checkpoint, add_evaluation, add_portrait, line
from tests.support.pages import open_page
from tests.support.runs import make_run

AT = 20_480
"""Images seen at the one checkpoint of most runs."""


def make(lab: Lab, name: str, model: str = "vae", moments=(AT,), drawn: bool = True, value: float | None = 0.5, **more):
    run = make_run(lab.workspace.runs, name, model=model, **more)
    for images in moments:
        add_checkpoint(run, images)
        if drawn:
            add_portrait(run, images, can_encode=model != "gan")
    if moments and value is not None:
        add_evaluation(run, moments[-1], {"coverage": line(value), "recall": line(value), "precision": line(value)})
    return run


def open_compare(*runs: str, **query: str) -> AppTest:
    return open_page("compare.py", **({"run": list(runs)} if runs else {}), **query)


def alts(app: AppTest) -> list[str]:
    return [image.proto.imgs[0].alt if hasattr(image.proto.imgs[0], "alt") else "" for image in app.get("image")]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]

from __future__ import annotations

from pathlib import Path

import pytest

from genlab.evaluation.evaluation_request import kept_portrait
from genlab.lab import Lab
from genlab.store import atomic
from tests.support.evaluations import evaluated_run
from tests.support.pages import labels, open_page, words
from tests.support.runs import grid_png


@pytest.fixture
def lab(workspace: Path) -> Lab:
    return Lab()


def test_a_vae_gets_a_second_verdict_and_its_dimensions(lab):
    evaluated_run(lab, model="vae")
    app = open_page("collapse.py")
    said = [item.value.replace("\\", "") for item in app.success]
    assert any("No sign of mode collapse: all 10 classes" in item for item in said)
    assert any("3 of 8 latent dimensions" in item for item in said)
    assert len(app.get("plotly_chart")) == 3
    assert "Draw it" in labels(app.button)


def test_a_gan_has_no_posterior_but_dimensions_to_move_along(lab):
    evaluated_run(lab)
    app = open_page("collapse.py")
    assert "no posterior that could collapse" in words(app)
    assert "Draw it" in labels(app.button)


def test_the_live_and_the_dead_dimension_stand_one_below_the_other(lab):
    run = evaluated_run(lab, model="vae")
    folder = kept_portrait(run, run.checkpoints()[-1], 0).folder
    folder.mkdir(parents=True)
    (folder / "dimensions.png").write_bytes(grid_png(columns=10, rows=2))
    document = {
        "sheets": {"dimensions": {"columns": 10, "rows": 2}},
        "effects": [0.2, *7 * [0.001]],
        "dimensions": [0, 4],
    }
    atomic.write_json(folder / "portrait.json", document)
    app = open_page("collapse.py")
    told = [image.proto.imgs[0].caption for image in app.get("image")]
    assert any("Most effective: dimension 0" in caption and "carries 2" in caption for caption in told)
    assert any("Least effective: dimension 4" in caption for caption in told)
    (folder / "dimensions.png").write_bytes(b"no picture")
    assert "cannot be read" in words(open_page("collapse.py"))

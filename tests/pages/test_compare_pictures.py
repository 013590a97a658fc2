"""Compare, the pictures: columns are models, rows the same latents or images."""

from __future__ import annotations

import pytest

from tests.support.compare_page import AT, make, open_compare
from tests.support.pages import checked, words

pytestmark = pytest.mark.usefixtures("half_done")


def test_families_stand_side_by_side_and_a_gan_has_no_encoder(lab, half_done):
    for model in ("vae", "gan", "vae_gan"):
        make(lab, model, model)
    app = open_compare()
    assert app.multiselect(key="compare/runs").value == ["vae", "gan", "vae_gan"]
    assert len(app.get("image")) == 3 + 2 + 2 + 3 + 3
    assert words(app).count("Has no encoder") == 2
    assert "Median distance 3, smallest 2" in words(app)
    assert len(app.get("plotly_chart")) == 2
    assert not half_done


def test_the_time_machine_takes_every_model_back(lab):
    make(lab, "vae", moments=(4_096, AT))
    make(lab, "gan", "gan", moments=(8_192, AT))
    app = open_compare("vae", "gan")
    assert "20,480 of 20,480 images" in words(app)
    (slider,) = app.select_slider
    slider.set_value(4_096.0)
    checked(app.run())
    assert "4,096 of 20,480 images" in words(app) and "No checkpoint before 8,192 images" in words(app)
    assert app.query_params["at"] == "4096" or app.query_params["at"] == ["4096"]
    assert "There are scores after 20,480 images" in words(app)
    again = open_compare("vae", "gan", at="4096")
    assert "4,096 of 20,480 images" in words(again)
    shares = open_compare("vae", "gan", over="share of training", at="0.4")
    assert "8,192 of 20,480 images" in words(shares)


def test_points_have_samples_only(lab):
    run = make(lab, "ring", "gan", data="ring", drawn=False)
    run.write_environment({"data": {"fingerprint": "2" * 64}, "space": {"kind": "points"}})
    app = open_compare("ring")
    assert "## Samples" in words(app) and "## Reconstructions" not in words(app)

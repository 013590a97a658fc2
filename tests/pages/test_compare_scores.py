"""Compare, the numbers."""

from __future__ import annotations

import pytest

from tests.support.compare_page import AT, make, open_compare
from tests.support.comparison import add_evaluation, line
from tests.support.pages import told, words

pytestmark = pytest.mark.usefixtures("half_done")


def test_scores_of_different_data_stand_apart(lab):
    make(lab, "vae")
    other = make(lab, "gan", "gan", data="digits")
    other.write_environment({"data": {"fingerprint": "1" * 64}, "space": {"kind": "images"}})
    app = open_compare("vae", "gan")
    assert "cannot be compared" in words(app)
    assert len([item for item in app.markdown if item.value.startswith("### ") and "Headlines" not in item.value]) == 2


def test_damaged_files_are_told_and_left_out(lab):
    run = make(lab, "vae")
    (run.path / "evaluations" / "bad.json").write_text("{")
    next((run.path / "portraits").glob("*/ways.png")).write_bytes(b"no picture")
    app = open_compare("vae")
    assert "1 evaluation of VAE" in words(app)
    assert "cannot be read" in words(app)
    assert len(app.get("image")) == 4


def test_a_metric_that_takes_blobs_for_real_says_so_in_its_title(lab):
    add_evaluation(make(lab, "vae"), AT, {"precision": line(0.9, blunt=["blobs"]), "recall": line(0.4)}, samples=5_000)
    app = open_compare("vae")
    titles = [title for table in app.dataframe for title in table.value.get("metric", [])]
    assert "Precision (does not tell blobs from real data here)" in titles and "Recall" in titles


def test_copies_of_training_items_raise_an_alarm_that_names_the_model(lab):
    make(lab, "gan", "gan")
    alarm = "20 % of generated items are nearer to a training item: some are copies."
    add_evaluation(make(lab, "vae"), AT, {"copies": line(0.2, alarm=alarm)})
    app = open_compare("vae", "gan")
    (warned,) = [words for words in told(app) if "some are copies" in words]
    assert warned == f"VAE, seed 0: {alarm}"
    assert "some are copies" not in words(open_compare("gan"))


def test_help_tells_the_value_at_so_many_items_from_that_of_a_population(lab):
    found = {"frechet": line(2.0, better="down"), "kid": line(0.1, better="down"), "precision": line(0.5)}
    add_evaluation(make(lab, "vae"), AT, found, samples=5_000)
    app = open_compare("vae")
    (heading,) = [item for item in app.markdown if item.value == "**Fidelity and diversity**"]
    assert "**Fréchet distance**: The value expected at so many items lies above" in heading.help
    assert "Here it is 0.90 ± 0.02 for real data." in heading.help
    assert "**Kernel distance**" in heading.help and "no bias" in heading.help and "Precision" not in heading.help

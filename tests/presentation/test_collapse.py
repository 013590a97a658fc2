from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from genlab.presentation.collapse import (
    Evaluated,
    dominating,
    latent_verdict,
    lost_classes,
    read_arrays,
    usable,
    verdict,
    written,
)
from tests.support.evaluations import arrays_of, document_of, line, make_evaluation
from tests.support.runs import make_run

NAMES = [str(digit) for digit in range(10)]
ALARM = {"symptom": "mode_collapse", "images": 210_000, "last": 220_000, "seen": "Samples are alike."}


def seen(*, collapsed: bool = False, metrics: dict[str, Any] | None = None, **arrays: Any) -> Evaluated:
    document = document_of(collapsed=collapsed)
    document["metrics"] |= metrics or {}
    return Evaluated(document, arrays_of(collapsed=collapsed) | arrays)


def test_a_healthy_model_is_reassured_with_its_numbers():
    found = verdict(seen(), None, NAMES)
    assert found.state == "clear"
    assert found.words.startswith("No sign of mode collapse: all 10 classes, near-duplicates 1 % (real data 1 %)")


def test_collapse_is_told_by_classes_and_twins_and_since_when():
    found = verdict(seen(collapsed=True), ALARM, NAMES)
    assert found.state == "collapse"
    assert found.words.startswith("Mode collapse since 210,000 images: 2 of 10 classes make 80 % of samples")
    assert "5 of 10 classes have no clear sample (5, 6, 7, 8, 9)" in found.words
    assert "near-duplicates 40 % (real data 1 %)" in found.words


def test_one_class_without_samples_is_a_part_of_the_data_missing():
    counts = np.full(10, 111)
    counts[4] = 0
    found = verdict(seen(**{"modes/counts": counts}), None, NAMES)
    assert (found.state, found.words) == (
        "partial",
        "Parts of the data are missing: 1 of 10 classes has no clear sample (4).",
    )


def test_low_coverage_alone_is_said():
    found = verdict(seen(metrics={"coverage": line(0.3, 0.28, 0.32, 0.97)}), None, NAMES)
    assert found.state == "partial"
    assert "coverage 30 % (real data 97 %)" in found.words


def test_what_lies_within_noise_is_no_sign():
    twins = line(0.3, 0.0, 0.9, 0.01)
    assert verdict(seen(metrics={"near_duplicates": twins}), None, NAMES).state == "clear"


def test_an_alarm_that_stands_is_not_hidden_by_a_good_evaluation():
    found = verdict(seen(), ALARM, NAMES)
    assert found.state == "partial"
    assert found.words.endswith("The collapse watch has raised an alarm since 210,000 images.")


def test_without_an_evaluation_only_the_watch_speaks():
    assert verdict(None, None, NAMES).words == "Not evaluated yet."
    found = verdict(None, ALARM, NAMES)
    assert found.state == "collapse" and "Samples are alike." in found.words


def test_an_evaluation_that_says_nothing_about_modes_gives_no_verdict():
    document = document_of()
    document["metrics"] = {"modes": line(None, why="No classes.")}
    assert verdict(Evaluated(document), None, None).state == "unknown"


@pytest.mark.parametrize(
    ("made", "expected"), [([1.0, 0.0], (1, 1.0)), ([0.5, 0.3, 0.2], (2, 0.8)), ([0.25] * 4, (4, 1.0))]
)
def test_how_few_classes_dominate(made, expected):
    count, share = dominating(np.asarray(made))
    assert (count, pytest.approx(share)) == expected


def test_where_hardly_any_sample_is_clear_any_sample_reaches_its_class():
    blurry = seen(**{"modes/clear": np.asarray(0.1), "modes/counts": np.zeros(10, int)})
    assert not len(lost_classes(blurry))
    assert len(lost_classes(seen(**{"modes/counts": np.zeros(10, int)}))) == 10


def test_samples_that_cannot_be_told_are_called_unclear_not_collapsed():
    few_twins = {"near_duplicates": line(0.01, 0.0, 0.02, 0.01)}
    blurry = seen(collapsed=True, metrics=few_twins, **{"modes/clear": np.asarray(0.2)})
    found = verdict(blurry, ALARM, NAMES)
    assert found.state == "partial" and found.words.startswith("The samples are too unclear to count modes")
    assert "confident about only 20 %" in found.words and "2 of 10 classes make 80 %" in found.words
    assert found.words.endswith("since 210,000 images.")
    twins = seen(collapsed=True, **{"modes/clear": np.asarray(0.2)})
    assert verdict(twins, None, NAMES).state == "collapse"


@pytest.mark.parametrize(
    ("units", "state", "words"),
    [
        (0, "collapse", "none of 8"),
        (3, "clear", "3 of 8 latent dimensions are active; 5 are inactive"),
        (8, "clear", "all 8 latent dimensions"),
    ],
)
def test_latents(units, state, words):
    found = latent_verdict(seen(metrics={"active_units": line(units, units, units)}), None)
    assert found.state == state
    assert words in found.words


def test_a_model_that_has_hardly_been_trained_is_not_called_collapsed():
    """At 16,384 images; what is judged from 19,200 images on has only begun."""
    found = verdict(seen(collapsed=True), None, NAMES, least=19_200)
    assert found.state == "early"
    assert found.words.startswith("Too early to tell after 16,384 images") and "from 19,200 images on" in found.words
    assert "2 of 10 classes make 80 % of samples" in found.words, "the numbers are said all the same"
    assert verdict(seen(collapsed=True), None, NAMES, least=16_384).state == "collapse"
    assert verdict(seen(), None, NAMES, least=19_200).state == "clear", "a model may be fine early"


def test_latents_are_not_judged_too_early_either():
    none = seen(metrics={"active_units": line(0, 0, 0)})
    assert latent_verdict(none, None, least=19_200).state == "early"
    assert latent_verdict(none, None, least=16_384).state == "collapse"
    assert latent_verdict(seen(metrics={"active_units": line(8, 8, 8)}), None, least=19_200).state == "clear"


def test_a_score_is_one_figure_in_the_sentence_and_in_the_table():
    low = line(0.253, 0.233, 0.273, 0.969)
    assert "coverage 25 % (real data 97 %)" in verdict(seen(metrics={"coverage": low}), None, NAMES).words
    assert (written(low, (0.0, 1.0)), written(low, (0.0, 1.0), "floor")) == ("25 ± 2 %", "97 ± 2 %")
    assert written(line(0.0153, 0.0121, 0.0185), (0.0, 1.0)) == "1.5 ± 0.3 %"
    assert written(line(4.0, 3.9, 4.1), (0.0, None)) == "4.00 ± 0.10"
    assert written(line(None), (0.0, 1.0)) == ""


def test_documents_that_are_not_whole_are_left_out():
    whole = document_of()
    assert usable([{}, {"metrics": 3}, {"images": 4, "metrics": {}}, whole]) == [whole]


def test_damaged_arrays_are_none(tmp_path):
    run = make_run(tmp_path)
    key = make_evaluation(run)["key"]
    assert "items/pairs" in (read_arrays(run.path, key) or {})
    path = run.path / "evaluations" / f"{key}.npz"
    path.write_bytes(path.read_bytes()[:100])
    assert read_arrays(run.path, key) is None
    assert read_arrays(run.path, "../../elsewhere") is None


def test_names_of_other_classes_are_not_used():
    found = verdict(seen(collapsed=True), None, ["only", "two"])
    assert "(6, 7, 8, 9, 10)" in found.words

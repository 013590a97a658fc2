"""Anomaly detection: every detector of every family, on other classes, on other data, and on a person's own items."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.store.run import Run
from genlab.worker.inline import InlineLauncher
from tests.evaluation.conftest import TINY
from tests.support.images import picture

Trained = tuple[Lab, dict[str, Run]]
OPTIONS = {"steps": 3, "samples": 4, "components": 8}

OF_CODES = {"reconstruction", "relative", "patch", "distance", "neighbours", "together"}
OF_VAE = OF_CODES | {"elbo", "iwae", "complexity", "anogan"}


@pytest.fixture(scope="module")
def zeros(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Models that have learned the zeros among tiny digits."""
    lab = Lab(tmp_path_factory.mktemp("anomaly"), launcher=InlineLauncher())
    settings = {**TINY, "data.classes": "0"}
    runs = {model: lab.runs.submit(lab.configs.make(model, "digits", "quick", settings)) for model in ("vae", "gan")}
    assert {run.state for run in runs.values()} == {"completed"}, [run.error for run in runs.values()]
    return lab, runs


def values(document: Any, measure: str = "auroc") -> dict[str, float]:
    return {
        answer["name"]: answer["scores"][measure]["value"]
        for answer in document["answers"]
        if measure in answer["scores"]
    }


def test_every_part_of_a_model_is_a_detector_of_the_other_classes(zeros: Trained):
    lab, runs = zeros
    request = lab.tasks.request("anomaly", OPTIONS, items=20, encoder="pixels")
    of_vae, of_gan = (lab.tasks.carry_out(runs[model], request) for model in ("vae", "gan"))
    plain = lab.tasks.baselines(runs["vae"], request)
    assert plain is not None and plain == lab.tasks.baselines(runs["gan"], request)
    assert set(values(of_vae)) == OF_VAE
    assert set(values(of_gan)) == OF_CODES | {"f-anogan", "anogan", "critic"}
    assert any("no likelihood" in sentence for sentence in of_gan["missing"])
    assert "It has no critic." in of_vae["missing"] and any("f-AnoGAN" in sentence for sentence in of_vae["missing"])
    assert not any("critic" in sentence for sentence in of_gan["missing"])
    known = values(plain)
    assert set(known) == {"pca", "pca-relative", "pca-together", "gaussian", "knn", "kde", "one-class-svm", "features"}
    # Zeros of 8 × 8 pixels are told from other digits by anything that knows them.
    assert min(known["pca"], known["knn"], known["kde"], known["gaussian"]) > 0.95
    assert of_vae["details"]["about"].startswith("the other 9 classes") and of_vae["details"]["others"] == 20


def test_what_is_drawn_is_half_normal_and_heat_maps_stand_beside(zeros: Trained):
    lab, runs = zeros
    request = lab.tasks.request("anomaly", OPTIONS, items=20, encoder="pixels")
    found, plain = lab.tasks.carry_out(runs["vae"], request), lab.tasks.baselines(runs["vae"], request)
    assert plain is not None
    truth = plain["answers"][0]
    assert truth["role"] == "truth" and truth["captions"] == ["normal"] * 4 + ["anomaly"] * 4
    by_name = {answer["name"]: answer for answer in found["answers"]}
    assert truth["note"] == f"Anomalies are held-out items of {plain['details']['about']}."
    assert by_name["elbo"]["picture"] is None and not by_name["elbo"]["captions"]
    drawn = {answer["name"] for answer in found["answers"] if answer["picture"]}
    assert drawn == {"reconstruction", "anogan"}, "the same heat-map is drawn once"
    for name in ("reconstruction", "anogan"):
        with Image.open(Path(found["folder"]) / by_name[name]["picture"]) as heat:
            assert heat.size == (8 * 8, 8)
    charts = {chart["name"]: chart for chart in found["charts"]}
    assert set(charts) == set(by_name)
    assert [curve["name"] for curve in charts["elbo"]["curves"]] == ["normal", "anomalous"]


def test_a_persons_own_items_are_ranked_and_have_no_area(zeros: Trained):
    lab, runs = zeros
    flat = np.full((8, 8), 255, np.uint8)
    own = tuple(lab.tasks.fit(runs["vae"], content) for content in (picture(side=30), _png(flat)))
    request = lab.tasks.request("anomaly", OPTIONS, own=own)
    found, plain = lab.tasks.carry_out(runs["vae"], request), lab.tasks.baselines(runs["vae"], request)
    assert plain is not None and not values(found) and not values(plain)
    assert set(values(found, "alarms")) == OF_VAE
    assert plain["details"]["lower"]["pca"][1] == 1.0, "a white square is unlike any zero"
    pca = next(answer for answer in plain["answers"] if answer["name"] == "pca")
    assert plain["answers"][0]["note"] == ""
    maps = {answer["name"] for answer in found["answers"] if answer["layers"]}
    assert maps == {"reconstruction", "relative", "patch", "together", "anogan"}, "each ranks the items for itself"
    assert pca["captions"][0] == "above 100% of normal items, anomalous" and pca["grid"] == {"columns": 2, "rows": 2}


def test_where_all_classes_were_learned_other_data_are_the_anomalies(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("anomaly", OPTIONS, items=8)
    lab.tasks.carry_out(runs["gan"], request)
    plain = lab.tasks.baselines(runs["gan"], request)
    assert plain is not None and plain["details"]["about"] == "Shapes"
    assert values(plain)["pca"] > 0.9
    chosen = lab.tasks.request("anomaly", {**OPTIONS, "against": "mnist-5k"}, items=8)
    lab.tasks.carry_out(runs["gan"], chosen)
    other = lab.tasks.baselines(runs["gan"], chosen)
    assert other is not None and other["details"]["about"] == "MNIST 5k"
    with pytest.raises(InputError, match="no anomalies"):
        lab.tasks.carry_out(runs["gan"], lab.tasks.request("anomaly", {**OPTIONS, "against": "digits"}, items=8))


def _png(pixels: np.ndarray) -> bytes:
    import io

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()

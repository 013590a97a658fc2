"""Reconstruction: every way in which a model can do it, and principal components beside it."""

from __future__ import annotations

import numpy as np

from genlab.lab import Lab
from genlab.store.run import Run

Trained = tuple[Lab, dict[str, Run]]


def test_a_long_search_comes_nearer_than_a_short_one_and_that_nearer_than_one_pass(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("reconstruction", {"steps": 20, "components": 4}, items=20)
    document = lab.tasks.carry_out(runs["vae"], request)
    psnr = {answer["name"]: answer["scores"]["psnr"]["value"] for answer in document["answers"]}
    assert psnr["encoder"] < psnr["inversion"] <= psnr["floor"] + 1e-6
    assert {answer["name"]: answer["role"] for answer in document["answers"]}["floor"] == "bound"
    assert all(answer["milliseconds"] > 0 for answer in document["answers"])
    assert all(set(answer["scores"]) == {"psnr", "ssim", "features"} for answer in document["answers"])


def test_all_components_give_the_items_back(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("reconstruction", {"steps": 1, "components": 64}, items=6)
    lab.tasks.carry_out(runs["gan"], request)
    known = lab.tasks.baselines(runs["gan"], request)
    assert known is not None
    pca = known["answers"][1]
    assert np.isclose(pca["scores"]["ssim"]["value"], 1, atol=1e-3) and pca["scores"]["psnr"]["value"] > 50

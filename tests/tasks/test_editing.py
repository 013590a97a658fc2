"""Editing: one class made into another by every means that a model has, beside pixels and the nearest training item."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from genlab.errors import GenlabError, InputError
from genlab.lab import Lab
from genlab.store.kept import Kept
from genlab.store.run import Run
from genlab.tasks import _moved
from genlab.tasks.editing import EditingOptions, among
from genlab.tasks.task_request import kept_baselines, kept_task
from tests.evaluation.conftest import TINY
from tests.support.images import picture

Trained = tuple[Lab, dict[str, Run]]
PAIR = {"source": "1", "target": "4", "steps": 5, "strengths": 3}
SCORES = {"success", "real", "distance", "features", "changed"}


def answers(document: Any) -> dict[str, Any]:
    return {answer["name"]: answer for answer in document["answers"]}


@pytest.fixture(scope="module")
def done(opened: Trained) -> tuple[Any, Any, Any]:
    """What baselines, a VAE and a GAN make of ones that are to be fours."""
    lab, runs = opened
    request = lab.tasks.request("editing", PAIR, items=20)
    found = lab.tasks.carry_out(runs["vae"], request)
    return lab.tasks.baselines(runs["vae"], request), found, lab.tasks.carry_out(runs["gan"], request)


def test_an_edit_is_real_and_of_the_target_class_and_still_the_item_or_counts_nothing(done):
    for document in done:
        for answer in document["answers"]:
            scores = {name: np.array(line["items"]) for name, line in answer["scores"].items()}
            assert set(scores) == SCORES and set(scores["success"]) <= {0, 1}
            reached = (scores["success"] > 0) & (scores["real"] > 0)
            expected = np.where(reached, np.clip(1 - scores["distance"], 0, 1), 0)
            np.testing.assert_allclose(scores["changed"], expected, atol=1e-6)


def test_the_item_itself_and_the_nearest_of_the_target_class_are_the_two_ends(done):
    baselines = answers(done[0])
    near, given = baselines["nearest"], baselines["input"]
    assert given["scores"]["distance"]["value"] == 0 and given["scores"]["success"]["value"] < 0.3
    assert near["scores"]["success"]["value"] > 0.7 and 0 < near["scores"]["distance"]["value"] < 1
    assert near["scores"]["real"]["value"] == 1, "it is a training item"
    assert set(near["captions"]) == {"4"}


def test_strength_is_chosen_on_the_other_half_and_all_strengths_are_drawn(done):
    for document, name in ((done[0], "pixels"), (done[1], "direction")):
        assert "other half" in answers(document)[name]["note"]
        (chart,) = document["charts"]
        (curve,) = chart["curves"]
        assert len(curve["x"]) == PAIR["strengths"]
        assert name != "pixels" or curve["x"] == sorted(curve["x"]), "the further pixels are moved, the further"
        assert all(low <= y <= high for low, y, high in zip(curve["low"], curve["y"], curve["high"], strict=True))


def test_a_model_without_an_encoder_edits_what_inversion_finds_or_says_what_it_lacks(done):
    document = done[2]
    assert [answer["title"].split(",")[0] for answer in document["answers"]] in ([], ["Inverted"])
    assert document["answers"] or "Too few codes" in document["missing"][-1]


def test_a_conditional_model_decodes_the_same_code_as_the_other_class(opened: Trained):
    lab, _ = opened
    run = lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "conditional": True}))
    document = lab.tasks.carry_out(run, lab.tasks.request("editing", PAIR, items=20))
    assert set(answers(document)) == {"class", "direction"} and document["missing"] == []
    assert answers(document)["direction"]["title"].endswith("and moved"), "its codes may still tell the class"
    (chart,) = document["charts"]
    assert [len(curve["x"]) for curve in chart["curves"]] == [1, 3]


def test_the_codes_of_what_is_shown_are_kept_and_moved_by_hand_they_give_the_pictures(opened: Trained):
    """An attempt goes the whole way: its picture is what a strength of 1 decodes."""
    lab, runs = opened
    document = lab.tasks.carry_out(runs["vae"], lab.tasks.request("editing", PAIR, items=4))
    moved = document["details"]["moved"]
    codes, ways = (np.array(moved[name], np.float32) for name in ("codes", "ways"))
    assert codes.shape == ways.shape == (4, lab.models.load(runs["vae"]).latent_dim)
    assert moved["towards"] == ["4"] * 4 and moved["classes"] is None and moved["largest_strength"] == 3.0
    made = lab.models.load(runs["vae"]).decode(torch.from_numpy(codes + ways)).numpy()[:, 0]
    with Image.open(Path(document["folder"]) / answers(document)["direction"]["picture"]) as sheet:
        found = np.asarray(sheet.convert("L"), np.float32).reshape(8, 4, 8).transpose(1, 0, 2)
    assert np.abs(found / 255 - made).max() < 0.02


def test_long_codes_are_not_kept(opened: Trained, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_moved, "LONGEST", 2)
    lab, runs = opened
    document = lab.tasks.carry_out(runs["vae"], lab.tasks.request("editing", PAIR, items=5))
    assert document["details"] == {} and answers(document)["direction"]["picture"]


def test_an_attempt_has_pictures_and_no_classifier(opened: Trained):
    lab, runs = opened
    request = lab.tasks.request("editing", PAIR, items=4)
    document = lab.tasks.carry_out(runs["vae"], request)
    (answer,) = document["answers"]
    assert set(answer["scores"]) == {"distance"} and answer["picture"] and document["charts"] == []


def test_every_class_has_its_turn_where_none_is_named(opened: Trained):
    lab, runs = opened
    document = lab.tasks.carry_out(runs["vae"], lab.tasks.request("editing", {"strengths": 2}, items=20))
    assert len(set(answers(document)["direction"]["captions"])) > 1


def test_a_class_that_is_not_there_is_refused_and_ones_own_items_need_one(opened: Trained):
    assert among(options(), ("zero", "one")) == (1,)
    with pytest.raises(InputError, match="no class 'two'"):
        among(options(source="two"), ("zero", "one"))
    lab, runs = opened
    own = (lab.tasks.fit(runs["vae"], picture(side=30)),)
    with pytest.raises(GenlabError, match="which class your own items"):
        lab.tasks.carry_out(runs["vae"], lab.tasks.request("editing", own=own))
    document = lab.tasks.carry_out(runs["vae"], lab.tasks.request("editing", PAIR, own=own))
    assert document["own"] and answers(document)["direction"]["captions"] == ["4"]


def test_what_was_kept_while_the_largest_strength_was_called_most_is_found(opened: Trained):
    """The place is worked out here as the release before the new name did it."""
    lab, runs = opened
    run, request = lab.runs.read(runs["vae"]), lab.tasks.request("editing", PAIR, items=4)
    document = lab.tasks.carry_out(runs["vae"], request)
    ours, theirs = kept_task(run, request), kept_baselines(run, request, lab.workspace.encoders)
    places = [(ours, old_key(ours)), (theirs, old_key(theirs))]
    for place, name in places:
        assert name != place.key
        place.folder.rename(place.folder.parent / name)
    again = kept_task(run, request)
    assert again.key == old_key(ours) and kept_baselines(run, request, lab.workspace.encoders).key == old_key(theirs)
    assert (again.read() or {})["answers"] == document["answers"]
    assert lab.tasks.known(runs["vae"], request) and lab.tasks.baselines(runs["vae"], request)
    assert not again.folder.with_name(ours.key).exists(), "it stays where it was"
    other = lab.tasks.request("editing", {**PAIR, "largest_strength": 4}, items=4)
    assert kept_task(run, other).read() is None


def old_key(place: Kept) -> str:
    depends = place._depends()
    task = dict(depends.request["task"])
    task["most"] = task.pop("largest_strength")
    return place.of.key(replace(depends, request={**depends.request, "task": task}))


def test_the_older_name_of_the_largest_strength_is_understood_and_todays_is_written(opened: Trained):
    lab, _ = opened
    request = lab.tasks.request("editing", {"most": 4})
    assert request == lab.tasks.request("editing", {"largest_strength": 4})
    task = request.model_dump(mode="json")["task"]
    assert task["largest_strength"] == 4 and "most" not in task
    with pytest.raises(InputError, match="no option 'most'"):
        lab.tasks.request("editing", {"most": 4, "largest_strength": 5})


def options(**changes: Any) -> Any:
    return EditingOptions(**{"source": "ONE", **changes})

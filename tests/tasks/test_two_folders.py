"""Two sets of a person's own items: the first becomes like the second, by what each has in common."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.store.run import Run
from genlab.tasks import _two_folders
from tests.evaluation.conftest import TINY

Trained = tuple[Lab, dict[str, Run]]


def drawn(column: int, n: int) -> tuple[str, ...]:
    """Pictures of a bar in a column, no two of the same brightness."""
    found = []
    for place in range(n):
        pixels = np.zeros((8, 8), np.uint8)
        pixels[:, column] = 200 + place
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG")
        found.append(base64.b64encode(buffer.getvalue()).decode())
    return tuple(found)


def answers(document: Any) -> dict[str, Any]:
    return {answer["name"]: answer for answer in document["answers"]}


def sheet(document: Any, name: str) -> Any:
    with Image.open(f"{document['folder']}/{answers(document)[name]['picture']}") as opened:
        return np.asarray(opened.convert("L"), np.float32)


def test_the_first_becomes_like_the_second_and_no_class_is_needed(opened: Trained) -> None:
    lab, runs = opened
    request = lab.tasks.request("translation", own=drawn(1, 20), other=drawn(6, 30))
    assert request.is_attempt, "two sets are never waited for a training"
    found = lab.tasks.carry_out(runs["vae"], request)
    baselines = lab.tasks.baselines(runs["vae"], request)
    assert set(answers(baselines)) == {"input", "others", "pixels", "nearest"} and set(answers(found)) == {"direction"}
    assert answers(baselines)["input"]["scores"]["distance"]["value"] == 0
    assert answers(baselines)["pixels"]["scores"]["distance"]["value"] == pytest.approx(1, abs=0.05)
    for name in ("pixels", "nearest"):
        made = sheet(baselines, name)
        assert made[:, 6::8].mean() > 190 and made[:, 1::8].mean() < 10, "the bar has moved"
    assert "20 and of 30 pictures" in answers(found)["direction"]["note"]


def test_the_codes_move_by_the_difference_of_the_means_and_can_be_moved_by_hand(opened: Trained) -> None:
    import torch

    lab, runs = opened
    own, other = drawn(1, 9), drawn(6, 4)
    found = lab.tasks.carry_out(runs["vae"], lab.tasks.request("translation", own=own, other=other))
    model, moved = lab.models.load(runs["vae"]), found["details"]["moved"]

    def codes(texts: tuple[str, ...]) -> Any:
        pixels = [np.asarray(Image.open(io.BytesIO(base64.b64decode(text)))) / 255 for text in texts]
        return model.encode(torch.as_tensor(np.stack(pixels)[:, None], dtype=torch.float32)).mean.numpy()

    way = codes(other).mean(axis=0) - codes(own).mean(axis=0)
    assert len(moved["codes"]) == 8 and moved["classes"] is None and moved["towards"][0] == "the second folder"
    np.testing.assert_allclose(moved["ways"], np.tile(way, (8, 1)), atol=1e-3)
    np.testing.assert_allclose(moved["codes"], codes(own)[:8], atol=1e-3)


def test_a_model_that_cannot_says_why(opened: Trained) -> None:
    lab, runs = opened
    told = lab.runs.submit(lab.configs.make("vae", "digits", "quick", {**TINY, "conditional": True}))
    sets = {"own": drawn(1, 3), "other": drawn(6, 3)}
    for run, why in ((runs["gan"], _two_folders.WITHOUT_ENCODER), (told, _two_folders.TOLD)):
        found = lab.tasks.carry_out(run, lab.tasks.request("translation", **sets))
        assert found["answers"] == [] and found["missing"] == [why]


def test_a_second_set_needs_the_first_and_a_task_that_takes_it(opened: Trained) -> None:
    lab, runs = opened
    with pytest.raises(InputError, match="needs the first set"):
        lab.tasks.request("translation", other=drawn(1, 2)).settled("images")
    with pytest.raises(InputError, match="takes no second set"):
        lab.tasks.request("editing", own=drawn(1, 2), other=drawn(1, 2)).settled("images")
    with pytest.raises(InputError, match="too many"):
        lab.tasks.request("translation", own=drawn(1, 2), other=drawn(1, 1) * 201).settled("images")
    one, two = (
        lab.tasks.request("translation", {"source": "1"}, own=drawn(1, 2), other=given) for given in ((), drawn(6, 2))
    )
    assert lab.tasks.carry_out(runs["vae"], one) != lab.tasks.carry_out(runs["vae"], two)

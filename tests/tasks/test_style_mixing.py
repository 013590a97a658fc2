"""Style mixing: coarse layers of one item, fine layers of another, and which of the two is followed."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.store.run import Run
from genlab.tasks import style_mixing
from tests.evaluation.conftest import TINY

Trained = tuple[Lab, dict[str, Run]]
STYLED = {
    **{name: value for name, value in TINY.items() if not name.startswith("network")},
    "network": {"name": "style", "width": 16, "features": 32},
}


def answers(document: Any) -> dict[str, Any]:
    return {answer["name"]: answer for answer in document["answers"]}


def curves(document: Any, chart: str) -> dict[str, Any]:
    (found,) = (each for each in document["charts"] if each["name"] == chart)
    return {curve["name"]: curve for curve in found["curves"]}


@pytest.fixture(scope="module")
def styled(opened: Trained) -> dict[str, Run]:
    """Models whose decoders are told styles: one with an encoder, one without, one that is told classes."""
    lab, _ = opened
    asked = {"vae": STYLED, "gan": STYLED, "conditional": {**STYLED, "conditional": True}}
    runs = {
        name: lab.runs.submit(lab.configs.make(name.replace("conditional", "vae"), "digits", "quick", settings))
        for name, settings in asked.items()
    }
    assert {run.state for run in runs.values()} == {"completed"}, [run.error for run in runs.values()]
    return runs


@pytest.fixture(scope="module")
def done(opened: Trained, styled: dict[str, Run]) -> tuple[Any, Any]:
    lab, _ = opened
    request = lab.tasks.request("style-mixing", {"steps": 5}, items=20)
    found = lab.tasks.carry_out(styled["vae"], request)
    return lab.tasks.baselines(styled["vae"], request), found


def test_an_item_follows_itself_alone_and_an_average_neither_source(done: tuple[Any, Any]) -> None:
    found = answers(done[0])
    assert {
        name: line["value"] for name, line in found["input"]["scores"].items() if name in {"structure", "features"}
    } == {
        "structure": 1.0,
        "features": 1.0,
    }
    assert found["input"]["scores"]["statistics"]["value"] == found["input"]["scores"]["mixed"]["value"] == 0
    assert 0.3 < found["average"]["scores"]["structure"]["value"] < 0.7
    assert found["transfer"]["scores"]["structure"]["value"] > 0.9 > found["hybrid"]["scores"]["structure"]["value"]
    assert found["input"]["layers"] == ["content source", "style source"]


def test_a_model_mixes_held_out_items_and_its_samples_at_every_crossover(done: tuple[Any, Any]) -> None:
    document = done[1]
    layers = document["details"]["style_layers"]
    assert document["details"]["crossover"] == len(layers) // 2 and not document["missing"]
    found = answers(document)
    assert list(found) == ["mixed", "mixed-grid", "samples", "samples-grid"]
    assert set(found["mixed"]["scores"]) == {measure.name for measure in style_mixing.SPEC.measures}
    assert found["mixed"]["role"] == "model" and found["samples"]["role"] == "bound"
    assert all(0 <= line["value"] <= 1 and line["n"] == 20 for line in found["samples"]["scores"].values())
    assert found["mixed"]["grid"] == {"columns": 8, "rows": len(layers) + 1}
    assert found["mixed-grid"]["grid"] == {"columns": 8, "rows": 4} and not found["mixed-grid"]["scores"]
    with Image.open(Path(document["folder"]) / "mixed-grid.png") as sheet:
        corner = np.asarray(sheet)[:8, :8]
        assert sheet.size == (64, 32) and not corner.any(), "no item stands between the sources"


def test_all_layers_of_one_sample_are_that_sample(done: tuple[Any, Any]) -> None:
    """Of samples the styles are known: with every layer as one source, that source is what is drawn."""
    found = curves(done[1], "samples")
    assert set(found) == set(style_mixing.RESPECTS.values())
    last = len(done[1]["details"]["style_layers"])
    for name in ("Coarse structure", "Statistics", "Features"):
        curve = found[name]
        assert curve["x"] == list(range(last + 1))
        assert curve["y"][0] == pytest.approx(0, abs=1e-4) and curve["y"][-1] == pytest.approx(1, abs=1e-4)
        assert all(
            low <= y + 1e-9 and y - 1e-9 <= high
            for y, low, high in zip(*(curve[k] for k in ("y", "low", "high")), strict=True)
        )
    assert found["Class of the content source"]["y"][-1] == found["Class of the style source"]["y"][0] == 1


def test_the_crossover_decides_which_row_is_scored(
    opened: Trained, styled: dict[str, Run], done: tuple[Any, Any]
) -> None:
    lab, _ = opened
    found = curves(done[1], "mixed")["Coarse structure"]["y"]
    assert answers(done[1])["mixed"]["scores"]["structure"]["value"] == pytest.approx(found[len(found) // 2])
    request = lab.tasks.request("style-mixing", {"steps": 5, "crossover": 1}, items=20)
    other = lab.tasks.carry_out(styled["vae"], request)
    assert answers(other)["mixed"]["scores"]["structure"]["value"] == pytest.approx(found[1])


def test_an_attempt_of_a_model_without_encoder_inverts_and_needs_no_features(
    opened: Trained, styled: dict[str, Run]
) -> None:
    lab, _ = opened
    document = lab.tasks.carry_out(styled["gan"], lab.tasks.request("style-mixing", {"steps": 2}, items=4))
    found = answers(document)
    assert found["mixed"]["title"].startswith("Inverted") and set(found["mixed"]["scores"]) == {
        "structure",
        "statistics",
    }
    assert found["mixed-grid"]["grid"] == {"columns": 3, "rows": 3}


def test_a_model_trained_with_one_style_for_all_layers_says_what_would_help(
    opened: Trained, styled: dict[str, Run]
) -> None:
    lab, _ = opened
    run = lab.runs.submit(lab.configs.make("gan", "digits", "quick", {**STYLED, "model.style_mixing": 0.5}))
    assert run.state == "completed", run.error
    request = lab.tasks.request("style-mixing", {"steps": 2}, items=4)
    notes = {
        name: answers(lab.tasks.carry_out(made, request))["mixed"]["note"]
        for name, made in {**styled, "regularised": run}.items()
    }
    assert [name for name, note in notes.items() if style_mixing.UNMIXED in note] == ["gan"]


def test_a_conditional_model_is_told_each_sources_class_or_looks_for_it(
    opened: Trained, styled: dict[str, Run]
) -> None:
    lab, _ = opened
    found = lab.tasks.carry_out(styled["conditional"], lab.tasks.request("style-mixing", {"steps": 2}, items=20))
    assert "kept" in answers(found)["mixed"]["scores"]
    own = {"own": drawn(3), "other": drawn(2, 40)}
    found = lab.tasks.carry_out(styled["conditional"], lab.tasks.request("style-mixing", {"steps": 2}, **own))
    assert answers(found)["mixed-grid"]["grid"] == {"columns": 3, "rows": 4}


def test_ones_own_items_are_mixed_with_each_other_or_with_a_second_set(opened: Trained, styled: dict[str, Run]) -> None:
    lab, _ = opened
    request = lab.tasks.request("style-mixing", {"steps": 2}, own=drawn(3))
    found = lab.tasks.carry_out(styled["vae"], request)
    assert answers(found)["mixed"]["grid"]["columns"] == 3
    with pytest.raises(InputError, match="One item alone"):
        lab.tasks.carry_out(styled["vae"], lab.tasks.request("style-mixing", own=drawn(1)))
    found = lab.tasks.carry_out(styled["vae"], lab.tasks.request("style-mixing", own=drawn(1), other=drawn(2, 40)))
    assert answers(found)["mixed"]["grid"]["columns"] == 1


def test_what_cannot_mix_says_why_in_a_sentence(opened: Trained, styled: dict[str, Run]) -> None:
    lab, runs = opened
    found = lab.tasks.carry_out(runs["vae"], lab.tasks.request("style-mixing", items=4))
    assert found["answers"] == [] and found["missing"] == [style_mixing._cannot((), None)]
    assert "Style-based" in found["missing"][0]
    layers = len(lab.models.load(styled["vae"].id).style_layers)
    found = lab.tasks.carry_out(styled["vae"], lab.tasks.request("style-mixing", {"crossover": 60}, items=4))
    assert found["missing"] == [f"Its decoder has {layers} layers: take a crossover from 1 to {layers - 1}."]
    settings = {name: value for name, value in TINY.items() if name != "latent_dim"}
    run = lab.runs.submit(lab.configs.make("restorer", "digits", "quick", settings))
    found = lab.tasks.carry_out(run, lab.tasks.request("style-mixing", items=4))
    assert found["missing"] == [style_mixing.DRAWS_NOTHING]
    assert "cannot be done with points" in lab.tasks.unfit("style-mixing", runs["points"])
    assert style_mixing.too_flat((1, 16, 32, 32)) and not style_mixing.too_flat((3, 8, 8))
    assert "nothing to mix" in style_mixing._cannot(("7 × 7",), None)


def drawn(count: int, first: int = 0) -> tuple[str, ...]:
    """Pictures of one's own: a square that moves, as a request takes them."""
    found = []
    for place in range(count):
        picture = np.zeros((8, 8), np.uint8)
        picture[place % 6 : place % 6 + 2, 2:6] = 120 + first
        file = io.BytesIO()
        Image.fromarray(picture).save(file, "PNG")
        found.append(base64.b64encode(file.getvalue()).decode())
    return tuple(found)

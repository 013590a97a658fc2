from __future__ import annotations

import base64
import json

import pytest
import torch
from safetensors.torch import load as unpack
from safetensors.torch import save as pack

from genlab.errors import InputError
from genlab.playground import document
from genlab.playground.scenario import Scenario
from genlab.playground.session import PlaygroundSession


@pytest.fixture(scope="module")
def session():
    found = PlaygroundSession(Scenario(models=["vae", "gan", "vae_gan"], width=8, layers=1, batch_size=16, sigma=0.3))
    for _ in range(4):
        found.one_step()
    return found


@pytest.fixture(scope="module")
def text(session):
    return document.write(session)


def test_a_loaded_session_goes_on_bit_for_bit(session, text):
    loaded = document.load(text)
    again = document.load(text)
    assert loaded.step == 4 and loaded.scenario == session.scenario
    assert [row["step"] for row in loaded.rows] == [row["step"] for row in session.rows]
    loaded.one_step()
    again.one_step()
    straight = PlaygroundSession(session.scenario)
    for _ in range(5):
        straight.one_step()
    for model, stage in straight.stages.items():
        for name, tensor in stage.state.weights().items():
            assert torch.equal(loaded.stages[model].state.weights()[name], tensor), (model, name)
            assert torch.equal(again.stages[model].state.weights()[name], tensor)


def test_a_session_from_which_a_model_was_taken_can_be_loaded_again():
    session = PlaygroundSession(Scenario(models=["vae", "gan"], width=8, layers=1, batch_size=16))
    session.one_step()
    session.set({"models": ["gan"]})
    loaded = document.load(document.write(session))
    assert [set(row["models"]) for row in loaded.rows] == [{"gan"}] * len(session.rows)


def broken(text, **changes):
    return json.dumps({**json.loads(text), **changes})


def with_weights(text, change):
    """The document with the GAN's tensors changed."""
    whole = json.loads(text)
    tensors = unpack(base64.b64decode(whole["models"]["gan"]["weights"]))
    whole["models"]["gan"]["weights"] = base64.b64encode(pack(change(tensors))).decode()
    return json.dumps(whole)


def nan(tensors):
    return {name: torch.full_like(t, torch.nan) if t.is_floating_point() else t for name, t in tensors.items()}


def without_one(tensors):
    name = next(name for name in tensors if name.startswith("weights/"))
    return {key: tensor for key, tensor in tensors.items() if key != name}


def wrong_moment(tensors):
    name = next(name for name in tensors if name.endswith("exp_avg"))
    return {**tensors, name: torch.zeros(3)}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: "[" * 100_000,
        lambda text: "[]",
        lambda text: broken(text, format="other"),
        lambda text: broken(text, version=2),
        lambda text: broken(text, scenario={"width": 10**9}),
        lambda text: broken(text, scenario=None),
        lambda text: broken(text, models={}),
        lambda text: broken(text, models={"vae": 1, "gan": 2, "vae_gan": 3}),
        lambda text: broken(text, step=-1),
        lambda text: broken(text, step=True),
        lambda text: broken(text, step=float("nan")),
        lambda text: broken(text, step="9" * 5_000),
        lambda text: text.replace('"step":4', '"step":' + "9" * 5_000),
        lambda text: broken(text, scenario={"width": "[" * 5_000}),
        lambda text: broken(text, scenario={"drawn": [["x" * 5_000] * 50] * 50}),
        lambda text: text.replace('"losses":{', '"losses":{"critic":' + "[" * 990 + "]" * 990 + ","),
        lambda text: broken(text, rows=[{"step": 1}]),
        lambda text: broken(text, rows=[{"step": 1, "models": {"gan": {"losses": {"critic": "much"}}}}]),
        lambda text: broken(text, scenario={**json.loads(text)["scenario"], "width": 16}),
        lambda text: with_weights(text, nan),
        lambda text: with_weights(text, without_one),
        lambda text: with_weights(text, wrong_moment),
        lambda text: " " * (document.LARGEST + 1),
    ],
)
def test_a_damaged_file_is_refused_in_a_sentence(text, change):
    with pytest.raises(InputError) as refused:
        document.load(change(text))
    assert refused.value.message and refused.value.hint
    assert "\n" not in refused.value.message and len(refused.value.message) < 250


def test_the_largest_session_fits_into_a_file():
    large = PlaygroundSession(Scenario(models=["vae", "gan", "vae_gan"], width=128, layers=5, batch_size=16))
    large.one_step()
    assert len(document.write(large)) < document.LARGEST

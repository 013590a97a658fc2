from __future__ import annotations

import json
import struct
import time
from itertools import count

import pytest
import torch

from genlab.errors import InputError
from genlab.playground import session as module
from genlab.playground.scenario import Scenario
from genlab.playground.session import PlaygroundSession

SMALL = {"width": 8, "layers": 1, "batch_size": 16}


def session_of(**settings):
    return PlaygroundSession(Scenario(**{**SMALL, **settings}))


def header(picture):
    length = struct.unpack("<I", picture[:4])[0]
    return json.loads(picture[4 : 4 + length])


def test_models_go_in_lock_step_for_about_as_long_as_they_may(monkeypatch):
    clock = count(step=0.01)
    monkeypatch.setattr(module.time, "monotonic", lambda: next(clock))
    session = session_of(models=["vae", "gan"])
    done = session.advance(0.2)
    assert 3 < done <= 20
    assert session.step == done
    assert {stage.state.step for stage in session.stages.values()} == {done}
    assert session.advance(0.0) == 1


def test_it_does_not_work_while_it_rests():
    session = session_of()
    assert session.due(0.0) == float("inf")
    session.running = True
    assert session.due(0.0) == 0.0


def test_slow_motion_is_one_turn_at_a_time_and_waits_in_between():
    session = session_of(speed="slow")
    session.running = True
    moved = []
    for _ in range(4):
        session.advance(1.0)
        moved.append(session.stages["gan"].moved)
        if len(moved) == 1:
            assert 0.0 < session.due(time.monotonic()) <= 0.51
    assert moved == [("critic",), ("generator",)] * 2
    assert session.step == 4


def test_a_knob_keeps_the_training_and_a_new_network_begins_anew():
    session = session_of()
    session.one_step()
    assert session.set({"beta": 3.0, "penalty": "none", "speed": "10"}) is False
    assert session.step == 1
    assert session.set({"latent_dim": 1}) is True
    assert session.step == 0 and session.rows[-1]["step"] == 0


def test_a_model_can_be_taken_away_without_a_new_beginning():
    session = session_of(models=["vae", "gan"])
    session.one_step()
    kept = session.stages["gan"]
    assert session.set({"models": ["gan"]}) is False
    assert session.stages == {"gan": kept}
    assert session.set({"models": ["gan", "vae_gan"]}) is True


def test_a_refused_change_changes_nothing():
    session = session_of()
    before = session.scenario
    with pytest.raises(InputError):
        session.set({"width": -1})
    assert session.scenario is before


def test_one_player_has_its_turn():
    session = session_of(models=["vae", "gan", "vae_gan"])
    session.one_step("maker")
    assert session.stages["vae"].moved == ()
    assert session.stages["gan"].moved == ("generator",)
    assert session.stages["vae_gan"].moved == ("decoder",)
    assert session.stages["vae_gan"].state.step == 2
    with pytest.raises(InputError, match="player"):
        session.one_step("teacher")
    with pytest.raises(InputError, match="only one"):
        session_of(models=["vae"]).one_step("critic")


def test_reset_repeats_the_same_training():
    session = session_of()
    session.one_step()
    first = session.stages["gan"].state.weights()["critic.head.weight"].clone()
    session.reset()
    session.one_step()
    assert torch.equal(session.stages["gan"].state.weights()["critic.head.weight"], first)


def test_the_curves_stay_few_and_in_order(monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 20)
    session = session_of()
    for step in range(100):
        session.step = step
        session.measure()
    steps = [row["step"] for row in session.rows]
    assert len(steps) <= 20
    assert steps == sorted(set(steps))
    assert steps[0] < 20 and steps[-1] == 99


def test_pictures_name_what_they_show():
    session = session_of(models=["vae", "gan"], show=["samples"])
    session.one_step("critic")
    found = header(session.frame(7, full=True))
    assert (found["kind"], found["number"], found["step"], found["full"]) == ("frame", 7, 1, True)
    assert {"vae/means", "gan/surface", "gan/arrows", "vae/samples"} <= set(found["arrays"])
    assert found["row"]["models"]["gan"]["modes"] is not None
    thin = header(session.frame(8))
    assert set(thin["arrays"]) == {"vae/samples", "gan/samples"}
    world = header(session.world())
    assert world["modes"] == 8 and world["scenario"]["show"] == ["samples"]
    assert world["arrays"]["data"][1] == [module.SHOWN, 2]

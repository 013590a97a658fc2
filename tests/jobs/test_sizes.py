from __future__ import annotations

import json
import sys
import time

import pytest

from genlab.config import RunConfig
from genlab.jobs import sizes
from genlab.jobs.sizes import Sizes, SizeService
from genlab.space import Space

DIGITS = Space("images", (1, 8, 8))
ECHO = """
import json, sys
for line in sys.stdin:
    question = json.loads(line)
    answer = {"parts": {"encoder": question["config"]["latent_dim"]}, "memory": 20, "why": ""}
    print(json.dumps(answer), flush=True)
"""


def wait(service: SizeService, config: RunConfig, space: Space = DIGITS, seconds: float = 60) -> Sizes:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = service.look(config, space)
        if found is not None:
            return found
        time.sleep(0.02)
    raise AssertionError("no answer")


@pytest.fixture
def echo():
    service = SizeService((sys.executable, "-c", ECHO))
    yield service
    service.close()


def test_an_unknown_size_is_none_first_and_known_later(echo):
    assert echo.look(RunConfig(latent_dim=5), DIGITS) is None
    assert wait(echo, RunConfig(latent_dim=5)) == Sizes({"encoder": 5}, 20)
    assert echo.look(RunConfig(latent_dim=5), DIGITS) == Sizes({"encoder": 5}, 20)


def test_settings_that_change_no_network_are_the_same_question(echo):
    wait(echo, RunConfig(latent_dim=5))
    again = RunConfig(latent_dim=5, training={"seed": 9, "batch_size": 7}, name="x")
    assert echo.look(again, DIGITS) is not None
    assert echo.look(RunConfig(latent_dim=6), DIGITS) is None


def test_a_process_that_was_ended_is_started_again(echo):
    wait(echo, RunConfig(latent_dim=5))
    echo.close()
    assert wait(echo, RunConfig(latent_dim=6)).parts == {"encoder": 6}


def test_a_process_that_does_not_answer_is_said_to():
    service = SizeService((sys.executable, "-c", "pass"))
    assert "does not answer" in wait(service, RunConfig()).why
    service.close()


def test_parts_are_counted_in_torch():
    found = sizes.measure(RunConfig(model="vae", network="mlp", latent_dim=4), DIGITS)
    assert set(found.parts) >= {"encoder", "decoder"}
    assert all(number > 0 for number in found.parts.values())
    assert found.memory >= 4 * 4 * found.total


@pytest.mark.parametrize(
    ("config", "words"),
    [({"network": "conv"}, "not for points"), ({"model": {"name": "vae", "likelihood": "bernoulli"}}, "points")],
)
def test_what_cannot_be_built_is_a_sentence(config, words):
    document = RunConfig.model_validate(config).model_dump(mode="json")
    space = {"kind": "points", "shape": [2], "classes": 0}
    answer = sizes._answer(json.dumps({"config": document, "space": space}))
    assert words in answer["why"] and "parts" not in answer


@pytest.mark.slow
def test_the_real_process_counts():
    service = SizeService()
    found = wait(service, RunConfig(model="gan", network="mlp"), seconds=120)
    service.close()
    assert found.why == "" and set(found.parts) == {"decoder", "critic"}

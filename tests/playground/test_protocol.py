from __future__ import annotations

import json

import pytest

from genlab.errors import InputError
from genlab.playground import protocol
from genlab.playground.scenario import Scenario
from genlab.playground.scenes import SCENES
from tests.support.documents import VALID


@pytest.mark.parametrize("message", VALID, ids=json.dumps)
def test_what_the_page_sends_is_a_command_and_arrives_as_it_was(message):
    command = protocol.command(json.dumps(message))
    order = protocol.Order(session="a", command=command)
    assert protocol.order(order.model_dump_json().encode()) == order
    assert {name: getattr(command, name) for name in message if name not in {"scenario", "changes"}} == {
        name: value for name, value in message.items() if name not in {"scenario", "changes"}
    }


@pytest.mark.parametrize("scenario", [Scenario(), *(scene.scenario for scene in SCENES)])
def test_every_scenario_can_be_sent(scenario):
    command = protocol.command(json.dumps({"do": "open", "scenario": scenario.model_dump()}))
    assert Scenario(**command.scenario) == scenario


@pytest.mark.parametrize(
    "message",
    [
        {"do": "run"},
        {"do": "run", "on": 1},
        {"do": "run", "on": True, "colour": "red"},
        {"do": "step", "player": "judge"},
        {"do": "poll", "drawn": 1.0},
        {"do": "poll", "drawn": True},
        {"do": "poll", "drawn": 2**53},
        {"do": "reset", "serial": -1},
        {"do": "load"},
        {"do": "set", "changes": {"width": {}}},
        {"do": "set", "changes": {"drawn": [[1, 2, 3]]}},
        {"do": "set", "changes": {"drawn": [[1, 2]] * 513}},
        {"do": "set", "changes": {str(number): 1 for number in range(65)}},
        {"do": "open", "document": "{}"},
        ["do", "open"],
    ],
    ids=lambda message: json.dumps(message)[:50],
)
def test_what_is_not_quite_a_command_is_refused(message):
    with pytest.raises(InputError) as refused:
        protocol.command(json.dumps(message))
    assert refused.value.hint


def test_only_a_file_may_be_long_and_length_is_looked_at_before_anything_is_parsed(monkeypatch):
    long = "x" * protocol.LARGEST_COMMAND
    assert protocol.command(json.dumps({"do": "load", "document": long})).document == long
    monkeypatch.setattr(protocol, "_COMMAND", None)
    for text in (
        json.dumps({"do": "set", "changes": {"data": long}}),
        json.dumps({"serial": 1, "do": "load", "document": long}),
        '{"do":"load","document":"' + "x" * (protocol.LARGEST_FILE + protocol.ENVELOPE),
    ):
        with pytest.raises(InputError):
            protocol.command(text)


def test_a_file_is_measured_in_bytes():
    with pytest.raises(InputError):
        protocol.command(
            json.dumps({"do": "load", "document": "é" * (protocol.LARGEST_FILE // 2 + 1)}, ensure_ascii=False)
        )


def test_a_report_says_why_it_is_none():
    with pytest.raises(protocol.ProtocolError, match="step"):
        protocol.report(b'{"kind": "kept", "session": "a", "step": "x"}')
    with pytest.raises(protocol.ProtocolError):
        protocol.order(b'{"session": 3}')

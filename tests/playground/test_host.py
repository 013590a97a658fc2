from __future__ import annotations

import json
import struct

import pytest

from genlab.playground import host as module
from genlab.playground import protocol
from genlab.playground.host import Host

SMALL = {"width": 8, "layers": 1, "batch_size": 16}


class Clock:
    """Seconds that pass only when they are told to."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class Desk:
    """A host, its clock, and what it has sent."""

    def __init__(self):
        self.clock, self.sent = Clock(), []
        self.host = Host(lambda report, body: self.sent.append((report.model_dump(), body)), self.clock)

    def do(self, session, do, saved=b"", **facts):
        self.host.take(json.dumps({"session": session, "command": {"do": do, **facts}}).encode(), saved)

    def take(self, kind):
        found = [(header, body) for header, body in self.sent if header["kind"] == kind]
        self.sent.clear()
        return found


@pytest.fixture
def desk():
    desk = Desk()
    desk.do("a", "open", scenario=SMALL)
    return desk


def frame(body):
    length = struct.unpack("<I", body[:4])[0]
    return json.loads(body[4 : 4 + length])


def test_opening_shows_the_world_and_a_first_picture(desk):
    desk.host.turn()
    (_, world), (header, picture) = desk.take("picture")
    assert frame(world)["kind"] == "world"
    assert header["number"] == 1 and frame(picture)["step"] == 0


def test_it_trains_only_when_told_and_sends_no_more_than_is_taken(desk):
    assert desk.host.turn() > 0
    assert desk.host.visitors["a"].session.step == 0
    desk.do("a", "run", on=True)
    desk.take("picture")
    for _ in range(6):
        desk.clock.now += 0.1
        assert desk.host.turn() == 0
    numbers = [header["number"] for header, _ in desk.take("picture")]
    assert numbers == [2]
    desk.do("a", "poll", drawn=2)
    for _ in range(6):
        desk.clock.now += 0.1
        desk.host.turn()
    assert len(desk.take("picture")) == module.AHEAD
    assert desk.host.visitors["a"].session.step >= 12


def test_an_answer_to_a_knob_does_not_wait_for_its_turn(desk):
    desk.host.turn()
    desk.do("a", "poll", drawn=1)
    desk.do("a", "set", changes={"critic_lr": 0.01}, serial=9)
    desk.take("picture")
    desk.host.turn()
    (_, picture) = desk.take("picture")[0]
    assert frame(picture)["serial"] == 9


def test_nobody_is_left_out(desk):
    for name in "bcd":
        desk.do(name, "open", scenario=SMALL)
    for name in "abcd":
        desk.do(name, "run", on=True)
    for _ in range(5):
        desk.host.turn()
    steps = [visitor.session.step for visitor in desk.host.visitors.values()]
    assert len(steps) == 4 and min(steps) >= 5


def test_more_visitors_get_fewer_pictures_each(desk):
    for name in "bcd":
        desk.do(name, "open", scenario=SMALL)
    for name in "abcd":
        desk.do(name, "run", on=True)
    desk.host.turn()
    desk.take("picture")
    for _ in range(40):
        desk.clock.now += 0.025
        for name, visitor in desk.host.visitors.items():
            desk.do(name, "poll", drawn=visitor.sent)
        desk.host.turn()
    numbers = [header["session"] for header, _ in desk.take("picture")]
    assert all(3 <= numbers.count(name) <= 6 for name in "abcd")


def test_training_rests_when_nobody_watches_and_is_forgotten_later(desk):
    desk.do("a", "run", on=True)
    desk.host.turn()
    step = desk.host.visitors["a"].session.step
    desk.clock.now += module.UNWATCHED + 1
    assert desk.host.turn() > 0
    assert desk.host.visitors["a"].session.step == step
    desk.do("a", "poll")
    desk.host.turn()
    assert desk.host.visitors["a"].session.step > step
    desk.clock.now += module.FORGOTTEN + 1
    desk.host.turn()
    assert desk.host.visitors == {}
    assert desk.take("dropped")


def test_coming_back_finds_the_session_as_it_was(desk):
    desk.do("a", "step")
    desk.take("picture")
    desk.do("a", "open", scenario={"width": 64})
    (_, world) = desk.take("picture")[0]
    assert frame(world)["rows"][-1]["step"] == 1
    assert frame(world)["scenario"]["width"] == 8


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ({"do": "set", "changes": {"width": 0}}, "width"),
        ({"do": "set", "changes": {"colour": "red"}}, "colour"),
        ({"do": "set", "changes": {"data": "drawn"}}, "drawn"),
        ({"do": "load", "document": "", "saved": b"{}"}, "not a saved"),
        ({"do": "step", "player": "critic"}, "one player"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(desk, command, word):
    desk.do("a", "set", changes={"models": ["vae"]})
    desk.do("a", serial=4, **command)
    (refusal, _) = desk.take("refused")[0]
    assert word in refusal["message"] and refusal["hint"] and refusal["serial"] == 4


def test_there_are_only_so_many_places(desk, monkeypatch):
    monkeypatch.setattr(protocol, "MOST_SESSIONS", 1)
    desk.do("b", "open", scenario=SMALL)
    (refusal, _) = desk.take("refused")[0]
    assert refusal["error"] == "full"
    desk.do("a", "close")
    desk.do("b", "open", scenario=SMALL)
    assert set(desk.host.visitors) == {"b"}


def test_a_copy_of_the_state_is_kept_and_can_be_gone_on_from(desk):
    desk.do("a", "step")
    desk.host.turn()
    (header, body) = desk.take("kept")[0]
    assert header["step"] == 1
    desk.do("b", "open", saved=body)
    assert desk.host.visitors["b"].session.step == 1


def test_a_session_that_is_gone_is_said_to_be():
    desk = Desk()
    desk.do("nobody", "run", on=True)
    assert desk.take("gone")


BAD = [
    b"",
    b"\xff\xfe",
    b"[" * 100_000,
    b"null",
    b'{"session": "a"}',
    b'{"session": ["a"], "command": {"do": "reset"}}',
    b'{"session": "a", "command": {"do": "dance"}}',
    b'{"session": "a", "command": {"do": "step", "player": "judge"}}',
    b'{"session": "a", "command": {"do": "run", "on": "yes"}}',
    b'{"session": "a", "command": {"do": "set", "changes": 3}}',
    b'{"session": "a", "command": {"do": "set", "changes": {"width": {"a": {}}}}}',
    *(
        f'{{"session": "a", "command": {{"do": "{do}", "{name}": {value}}}}}'.encode()
        for do, name in (("poll", "drawn"), ("poll", "serial"), ("reset", "serial"), ("open", "serial"))
        for value in ('"x"', "[]", "{}", "NaN", "Infinity", "1e999", "1.5", "true", "null", "9" * 5_000, "-1")
    ),
]


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:70].decode("latin-1"))
def test_what_is_no_message_is_left_out_and_logged(desk, caplog, text):
    desk.host.take(text)
    assert "left out" in caplog.text
    desk.sent.clear()
    desk.do("a", "step")
    desk.host.turn()
    assert desk.take("picture") and desk.host.visitors["a"].session.step == 1


def broken(*_, **__):
    raise ZeroDivisionError("of ours")


@pytest.mark.parametrize("part", ["one_step", "advance", "frame", "world", "set"])
def test_an_error_of_ours_ends_the_session_that_met_it_and_no_other(desk, caplog, part):
    desk.do("b", "open", scenario=SMALL)
    for name in "ab":
        desk.do(name, "run", on=True)
    setattr(desk.host.visitors["a"].session, part, broken)
    desk.sent.clear()
    for name in "ab":
        desk.do(
            name, "step" if part == "one_step" else "set", **({} if part == "one_step" else {"changes": {"beta": 2}})
        )
        desk.do(name, "reset" if part == "world" else "run", **({} if part == "world" else {"on": True}))
    desk.clock.now += 0.1
    desk.host.turn()
    assert set(desk.host.visitors) == {"b"} and desk.host.visitors["b"].session.step > 0
    ((ended, _),) = desk.take("ended")
    assert ended["session"] == "a" and ended["message"] and ended["hint"]
    assert "ZeroDivisionError: of ours" in caplog.text
    desk.do("a", "open", scenario=SMALL)
    assert desk.take("picture")


def test_a_flood_of_commands_leaves_the_others_their_turn(desk, monkeypatch):
    monkeypatch.setattr(module, "COMMAND_SLICE", 0.0)
    messages = module.Messages()
    for _ in range(3):
        messages.put((b'{"session": "a", "command": {"do": "reset"}}', b""))
    assert module.take_waiting(desk.host, messages, 0.0)
    assert messages.qsize() == 2
    messages.put(None)
    assert module.take_waiting(desk.host, messages, 0.0) and module.take_waiting(desk.host, messages, 0.0)
    assert not module.take_waiting(desk.host, messages, 0.0)

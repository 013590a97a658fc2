from __future__ import annotations

import asyncio
import json

import pytest

from genlab.playground import protocol, relay, wire
from genlab.playground.protocol import GoOn, KeptState, Open, Picture, Plain, Ready, Refused, Told
from genlab.playground.relay import Relay, Visitor
from tests.support.coroutines import in_a_thread


class FakeHost:
    """A process as the relay sees one: it keeps what it is told and says what it is made to."""

    def __init__(self):
        self.stdin, self.stdout, self.orders = self, asyncio.StreamReader(), []
        self.returncode, self._ended = None, asyncio.Event()

    def write(self, raw):
        length = wire.LENGTHS.unpack(raw[: wire.LENGTHS.size])[0]
        self.orders.append(protocol.order(raw[wire.LENGTHS.size :][:length]))

    async def drain(self):
        pass

    def say(self, *reports, raw=b""):
        for report in reports:
            self.stdout.feed_data(wire.message(report.model_dump_json()))
        self.stdout.feed_data(raw)

    def kill(self):
        self.returncode = -9
        self._ended.set()

    async def end(self):
        self.stdout.feed_eof()
        await self._ended.wait()
        await settled()

    async def wait(self):
        await self._ended.wait()
        return self.returncode

    def asked(self):
        """(session, command) so far."""
        return [(order.session, order.command.do) for order in self.orders]


async def settled():
    """Let every task go on as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


class Desk:
    """A relay and the hosts that it has started."""

    def __init__(self):
        self.hosts = []
        self.relay = Relay(self.start)

    async def start(self):
        self.hosts.append(FakeHost())
        return self.hosts[-1]

    async def open(self, name=""):
        """One more visitor with a session that the host has shown."""
        name, visitor, number = self.relay.attach(name)
        await self.relay.send(name, Open(do="open"))
        self.hosts[-1].say(Ready(), Picture(session=name))
        await settled()
        return name, visitor, number


def run(test):
    """A test that awaits."""

    def wrapped(monkeypatch):
        in_a_thread(test(Desk(), monkeypatch))

    wrapped.__name__ = test.__name__
    return wrapped


def events(visitor):
    return [json.loads(event) if isinstance(event, str) else event for event in visitor.events]


def test_the_latest_picture_wins():
    visitor, desk = Visitor(), Relay()
    desk.visitors["a"] = visitor
    for body in (b"1", b"2", b"3"):
        desk.sort(Picture(session="a", number=int(body)), body)
    assert visitor.frame == b"3" and not visitor.events
    desk.sort(Picture(session="a"), b"world")
    assert visitor.frame is None and list(visitor.events) == [b"world"]


@run
async def test_whoever_never_began_is_forgotten_and_whoever_left_is_later(desk, monkeypatch):
    name, _, number = desk.relay.attach("")
    desk.relay.detach(name, number)
    assert desk.relay.visitors == {}
    name, visitor, number = await desk.open()
    desk.relay.detach(name, number)
    assert desk.relay.attach(name)[0] == name
    desk.relay.detach(name, visitor.socket)
    monkeypatch.setattr(relay, "FORGOTTEN", -1.0)
    assert desk.relay.attach(name)[0] != name
    assert desk.hosts[0].asked()[-1] == (name, "close")


@run
async def test_whoever_left_before_the_session_was_there_gives_its_place_back_in_the_host_too(desk, _):
    name, _, number = desk.relay.attach("")
    await desk.relay.send(name, Open(do="open"))
    desk.relay.detach(name, number)
    assert desk.relay.visitors == {}
    assert desk.hosts[0].asked() == [(name, "open"), (name, "close")]


@pytest.mark.parametrize(
    "report", [Told(kind="dropped", session="a"), Refused(kind="ended", session="a", message="m", hint="h")]
)
def test_a_session_that_is_no_more_is_told_to_whoever_still_looks_and_else_forgotten(report):
    desk = Relay()
    visitor = desk.visitors["a"] = Visitor(opened=True, asked=True)
    desk.sort(report, b"")
    assert events(visitor)[0]["kind"] == report.kind and not visitor.opened
    visitor.left = 1.0
    desk.sort(report, b"")
    assert desk.visitors == {}


@run
async def test_when_the_host_dies_those_who_have_left_give_their_places_back(desk, monkeypatch):
    monkeypatch.setattr(relay, "MOST_VISITORS", 3)
    away = [await desk.open() for _ in range(2)]
    here, visitor, _ = await desk.open()
    for name, _, number in away:
        desk.relay.sort(KeptState(session=name, step=3), b"{}")
        desk.relay.detach(name, number)
    assert desk.relay.attach("") is None
    await desk.hosts[0].end()
    assert set(desk.relay.visitors) == {here} and events(visitor)[-1]["kind"] == "host_died"
    assert (await desk.open())[0] != here
    assert len(desk.hosts) == 2


@run
async def test_a_full_house_lets_nobody_in_until_a_place_has_been_held_long_enough(desk, monkeypatch):
    monkeypatch.setattr(relay, "MOST_VISITORS", 2)
    first, _, number = await desk.open()
    second, _, other = await desk.open()
    assert desk.relay.attach("") is None
    desk.relay.detach(first, number)
    desk.relay.detach(second, other)
    assert desk.relay.attach("") is None
    monkeypatch.setattr(relay, "HELD", 0.0)
    assert desk.relay.attach("") is not None
    assert set(desk.relay.visitors) & {first, second} == {second}
    assert desk.hosts[0].asked()[-1] == (first, "close")


@run
async def test_the_hosts_places_too_are_given_to_whoever_comes_when_one_has_left(desk, monkeypatch):
    monkeypatch.setattr(protocol, "MOST_SESSIONS", 1)
    monkeypatch.setattr(relay, "HELD", 0.0)
    first, _, number = await desk.open()
    desk.relay.detach(first, number)
    second, _, _ = await desk.open()
    assert desk.hosts[0].asked() == [(first, "open"), (first, "close"), (second, "open")]


@run
async def test_only_hosts_that_never_were_ready_count_as_failed_starts(desk, _):
    for _ in range(2 * relay.MOST_FAILURES):
        name, visitor, number = await desk.open()
        await desk.hosts[-1].end()
        assert events(visitor)[-1]["kind"] == "host_died"
        desk.relay.detach(name, number)
    started = len(desk.hosts)
    name, visitor, _ = desk.relay.attach("")
    for _ in range(relay.MOST_FAILURES + 2):
        await desk.relay.send(name, Open(do="open"))
        if desk.hosts[-1].returncode is None:
            await desk.hosts[-1].end()
    assert len(desk.hosts) == started + relay.MOST_FAILURES
    assert events(visitor)[-1]["error"] == "broken"


@run
async def test_a_report_that_fails_its_schema_is_left_out_and_the_next_one_arrives(desk, _):
    name, visitor, _ = await desk.open()
    visitor.empty()
    for text in (
        "",
        "[" * 1000,
        "null",
        '{"kind": "picture"}',
        f'{{"kind": "kept", "session": "{name}", "step": NaN}}',
    ):
        desk.hosts[0].say(raw=wire.message(text, b"\xff"))
    desk.hosts[0].say(raw=wire.message(Told(kind="saved", session=name).model_dump_json(), b"\xff"))
    desk.hosts[0].say(Told(kind="saved", session=name))
    await settled()
    assert events(visitor) == [{"kind": "saved", "document": ""}]


@run
async def test_what_a_browser_does_not_take_ends_its_stream_before_it_fills_the_memory(desk, monkeypatch):
    monkeypatch.setattr(relay, "LARGEST_BACKLOG", 1_000)
    name, visitor, number = await desk.open()
    visitor.empty()
    stream = visitor.stream(number)
    visitor.put(b"1" * 600)
    assert len(await anext(stream)) == 600
    for _ in range(2):
        desk.relay.sort(Told(kind="saved", session=name), b"2" * 600)
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
    desk.relay.detach(name, number)
    desk.relay.sort(Told(kind="saved", session=name), b"2" * 600)
    assert not visitor.events and visitor.waiting == 0


@run
async def test_commands_keep_their_order_and_documents_travel_beside_them(desk, _):
    name, visitor, _ = await desk.open()
    desk.relay.sort(KeptState(session=name, step=3), b'{"kept": 1}')
    for command in (GoOn(do="run", on=True), Plain(do="save"), Open(do="open", resume=True)):
        await desk.relay.send(name, command)
    assert [do for _, do in desk.hosts[0].asked()] == ["open", "run", "save", "open"]
    assert visitor.kept == '{"kept": 1}'

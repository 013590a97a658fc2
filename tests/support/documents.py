"""What a page could send to the playground's socket: valid messages, broken ones, random JSON, raw text; all seeded."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

SMALL = {"width": 8, "layers": 1, "batch_size": 16}

VALID: tuple[dict[str, Any], ...] = (
    {"do": "open", "scenario": SMALL, "serial": 1},
    {"do": "open", "scenario": {}, "resume": True, "serial": 1},
    {"do": "set", "changes": {"beta": 2.5, "show": ["data", "critic"]}, "serial": 2},
    {"do": "set", "changes": {"data": "drawn", "drawn": [[1, 2], [3, 4], [250, 128]]}, "serial": 3},
    {"do": "run", "on": True, "serial": 4},
    {"do": "step", "player": "critic", "serial": 5},
    {"do": "reset", "serial": 6},
    {"do": "poll", "drawn": 3, "serial": 6},
    {"do": "save", "serial": 7},
    {"do": "load", "document": '{"format": "genlab-playground", "version": 1, "models": {}}', "serial": 8},
)

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**53, 2**64, -(10**400), float("nan"), float("inf"), float("-inf"), 1e308,
    "", "x", "12", "\ud800", "\0", "é" * 70_000, "[" * 900, [], [[]], {}, {"": {}}, [None] * 1_000, {"do": "open"},
)  # fmt: skip

RAW = (
    "",
    "null",
    "[]",
    "{}",
    "[" * 60_000,
    '{"a":' * 10_000,
    '"',
    "{'do': 'run'}",
    '{"do":"run"',
    "\ufeff{}",
    "1e999",
    "\0",
)


def documents(count: int, seed: int) -> Iterator[str | bytes]:
    """``count`` documents, the same for the same seed; about one in twenty is a valid message."""
    rng = random.Random(seed)
    for _ in range(count):
        yield rng.choice((_valid, _changed, _changed, _changed, _torn, _torn, _any, _raw))(rng)


def _valid(rng: random.Random) -> str:
    cheap = rng.random() < 0.9
    return json.dumps(rng.choice([one for one in VALID if not cheap or one["do"] in {"poll", "run", "open"}]))


def _changed(rng: random.Random) -> str:
    """A valid message with one to three things in it replaced, removed, renamed, added or nested deeply."""
    message = json.loads(json.dumps(rng.choice(VALID)))
    for _ in range(rng.randint(1, 3)):
        inside = [message, *(value for value in message.values() if isinstance(value, dict))]
        where = rng.choice(inside)
        name = rng.choice([*where, "do", "serial", "drawn", "document", "session", "colour"])
        match rng.randrange(6):
            case 0 | 1:
                where[name] = deepcopy(rng.choice(ODD))
            case 2:
                where.pop(name, None)
            case 3:
                where[str(rng.choice(ODD))[:100_000]] = where.pop(name, 1)
            case 4:
                where[name] = _value(rng, 4)
            case _:
                where[name] = "@@"
    deep = rng.choice(("[", '{"a":')) * rng.choice((10, 150, 250, 990, 20_000))
    return json.dumps(message).replace('"@@"', rng.choice((deep, "9" * 5_000, "-0", "1E5", "nul")))


def _torn(rng: random.Random) -> str:
    """A valid message with characters changed, doubled or cut off."""
    text = json.dumps(rng.choice(VALID))
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(text) + 1)
        text = (
            text[:place]
            + rng.choice(('"', "{", "}", "[", "]", ",", ":", "\\", "\0", "é", "1", "", text))
            + text[place + rng.randrange(3) :]
        )
    return text[:20_000]


def _any(rng: random.Random) -> str:
    return json.dumps(_value(rng, 6))


def _value(rng: random.Random, depth: int) -> Any:
    kind = rng.randrange(4) if depth else 0
    if kind == 1:
        return [_value(rng, depth - 1) for _ in range(rng.randrange(4))]
    if kind == 2:
        names = ("do", "serial", "drawn", "changes", "scenario", "width", "kind", "session")
        return {rng.choice(names): _value(rng, depth - 1) for _ in range(rng.randrange(4))}
    return deepcopy(rng.choice((*ODD, "open", "set", "run", "step", "poll")))


def _raw(rng: random.Random) -> str | bytes:
    found = rng.randbytes(rng.randrange(60))
    return rng.choice((found, found.decode("latin-1"), rng.choice(RAW)))

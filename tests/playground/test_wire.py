from __future__ import annotations

import io
import json
import struct

import numpy as np
import pytest

from genlab.playground import wire


def test_messages_follow_each_other():
    stream = io.BytesIO(wire.message({"do": "run", "on": True}) + wire.message({"kind": "picture"}, b"\0\1"))
    assert wire.read(stream) == ({"do": "run", "on": True}, b"")
    assert wire.read(stream) == ({"kind": "picture"}, b"\0\1")
    assert wire.read(stream) is None


@pytest.mark.parametrize(
    "raw",
    [
        struct.pack("<II", 2**31, 0),
        struct.pack("<II", 2, 2**31) + b"{}",
        struct.pack("<II", 2, 0) + b"[]",
        struct.pack("<II", 3, 0) + b"\xff\xff\xff",
    ],
)
def test_what_is_no_message_is_refused_before_it_is_read(raw):
    with pytest.raises(wire.WireError):
        wire.read(io.BytesIO(raw))


def test_a_picture_names_its_arrays_and_aligns_them():
    arrays = {"odd": np.arange(5, dtype=np.uint8), "points": np.array([[1.5, -2.0]], np.float32)}
    raw = wire.picture({"step": 3, "pull": float("nan"), "deep": [{"x": float("inf")}]}, arrays)
    length = struct.unpack("<I", raw[:4])[0]
    header = json.loads(raw[4 : 4 + length])
    assert (header["step"], header["pull"], header["deep"]) == (3, None, [{"x": None}])
    assert length % 4 == 0
    kind, shape, offset = header["arrays"]["points"]
    assert (kind, shape, offset % 4) == ("f4", [1, 2], 0)
    start = 4 + length + offset
    assert np.frombuffer(raw[start : start + 8], np.float32).tolist() == [1.5, -2.0]

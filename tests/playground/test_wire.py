from __future__ import annotations

import io
import json
import struct

import numpy as np
import pytest

from genlab.playground import wire


def test_messages_follow_each_other():
    stream = io.BytesIO(wire.message('{"do":"run"}') + wire.message("{}", b"\0\1"))
    assert wire.read(stream) == (b'{"do":"run"}', b"")
    assert wire.read(stream) == (b"{}", b"\0\1")
    assert wire.read(stream) is None


@pytest.mark.parametrize("lengths", [(2**31, 0), (2, 2**31)])
def test_what_is_too_long_is_refused_before_it_is_read(lengths):
    with pytest.raises(wire.WireError):
        wire.read(io.BytesIO(struct.pack("<II", *lengths) + b"{}"))


def test_nothing_is_sent_that_would_not_be_read():
    with pytest.raises(wire.WireError):
        wire.message(" " * (wire.LONGEST_HEADER + 1))


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

"""How server, host and browser talk: length-prefixed JSON with raw bytes behind it. No torch, no pickle.

Between server and host a message is two little-endian uint32 (length of the JSON, length of the bytes), the JSON and
the bytes. A picture for the browser is one uint32 (length of the JSON) and the JSON, padded to a multiple of four, and
then the arrays that the JSON names with type, shape and offset.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

LENGTHS = struct.Struct("<II")
LONGEST_HEADER = 2**20
LONGEST_BODY = 32 * 2**20

TYPES = {"float32": "f4", "uint8": "u1"}


class WireError(Exception):
    """What was read is not a message."""


def message(text: str, body: bytes = b"") -> bytes:
    """One message between server and host: JSON and the bytes behind it.

    Raises:
        WireError: When it is longer than the other side would read.
    """
    raw = text.encode()
    if len(raw) > LONGEST_HEADER or len(body) > LONGEST_BODY:
        raise WireError(f"a message of {len(raw)} + {len(body)} bytes")
    return LENGTHS.pack(len(raw), len(body)) + raw + body


def lengths(prefix: bytes) -> tuple[int, int]:
    """Lengths of JSON and bytes behind the 8-byte ``prefix``.

    Raises:
        WireError: When no message is that long.
    """
    header, body = LENGTHS.unpack(prefix)
    if header > LONGEST_HEADER or body > LONGEST_BODY:
        raise WireError(f"a message of {header} + {body} bytes")
    return header, body


def read(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """JSON, not yet parsed, and bytes of the next message of a blocking stream; None at its end.

    Raises:
        WireError: When what comes next is not a message; there is no telling where another one begins.
    """
    prefix = stream.read(LENGTHS.size)
    if len(prefix) < LENGTHS.size:
        return None
    header, body = lengths(prefix)
    return stream.read(header), stream.read(body)


def picture(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """A picture for the browser; the JSON's ``arrays`` says name -> [type, shape, offset behind the JSON].

    Numbers that are not finite become null, which JSON has a word for.
    """
    layout: dict[str, tuple[str, list[int], int]] = {}
    parts: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        raw = np.ascontiguousarray(array).tobytes()
        layout[name] = (TYPES[array.dtype.name], list(array.shape), offset)
        parts += [raw, b"\0" * (-len(raw) % 4)]
        offset += len(raw) + -len(raw) % 4
    text = json.dumps(finite({**header, "arrays": layout}), separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return b"".join([struct.pack("<I", len(text)), text, *parts])


def finite(value: Any) -> Any:
    """``value`` with null in the place of numbers that are not finite, all through."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, list | tuple) else value

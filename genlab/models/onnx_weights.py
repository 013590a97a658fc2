"""A decoder written as ONNX without the weights that its checkpoint holds already: those are read from there.

What is left is a graph of some kilobytes. Its large tensors are ONNX's external data, all at `LOCATION`: a part of the
checkpoint's safetensors file. Weights in half precision are cast by the graph.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LOCATION = "weights"
"""What the graph calls its external data."""

LEAST = 1_024
"""Values of the smallest tensor that is shared; smaller ones stay in the graph."""

DTYPES: Mapping[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}
HEADER = 8
"""Bytes at the beginning of a safetensors file that say how long its description is."""


@dataclass(frozen=True)
class Stored:
    """A tensor of a safetensors file.

    Attributes:
        first: Its first byte in the file.
        last: The byte behind it.
        half: Whether it is in half precision.
        values: float32, of its shape.
    """

    first: int
    last: int
    half: bool
    values: NDArray[np.float32]


def share_weights(path: Path, weights: Path) -> tuple[int, int] | None:
    """Take the weights that ``weights`` holds out of the ONNX file ``path``.

    Args:
        path: ONNX in single precision; it is replaced.
        weights: A safetensors file.

    Returns:
        The bytes (first, last) of ``weights`` that are the graph's external data; None where it shares none, or where
        they lie so far apart that most of what lies between them would be read in vain. ``path`` is then as it was.
    """
    import onnx

    model = onnx.load(str(path))
    stored = _stored(weights)
    chosen = {}
    for tensor in model.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size >= LEAST:
            found = next((each for each in stored if _same(each, values)), None)
            if found is not None:
                chosen[tensor.name] = found
    if not chosen:
        return None
    first, last = min(each.first for each in chosen.values()), max(each.last for each in chosen.values())
    if last - first > 2 * sum(each.last - each.first for each in chosen.values()):
        return None
    for name, each in chosen.items():
        _refer(model, name, each, first)
    path.write_bytes(model.SerializeToString())
    return first, last


def _refer(model: Any, name: str, stored: Stored, start: int) -> None:
    """Let the initialiser ``name`` be read from outside; one in half precision is cast to what it was."""
    from onnx import TensorProto, external_data_helper, helper

    (tensor,) = (each for each in model.graph.initializer if each.name == name)
    tensor.raw_data = b""
    external_data_helper.set_external_data(
        tensor, LOCATION, offset=stored.first - start, length=stored.last - stored.first
    )
    tensor.ClearField("raw_data")
    tensor.ClearField("float_data")
    if stored.half:
        tensor.name, tensor.data_type = f"{name}/half", TensorProto.FLOAT16
        model.graph.node.insert(0, helper.make_node("Cast", [tensor.name], [name], to=TensorProto.FLOAT))


def _stored(path: Path) -> list[Stored]:
    """The large tensors of a safetensors file in single or half precision, in the order of the file."""
    content = np.memmap(path, np.uint8, "r")
    length = int(content[:HEADER].view("<u8")[0])
    about = json.loads(content[HEADER : HEADER + length].tobytes())
    found = []
    for name, tensor in about.items():
        dtype = DTYPES.get(tensor.get("dtype")) if name != "__metadata__" else None
        if dtype is None:
            continue
        first, last = (HEADER + length + offset for offset in tensor["data_offsets"])
        if (last - first) // dtype.itemsize >= LEAST:
            values = np.frombuffer(content[first:last].tobytes(), dtype).reshape(tensor["shape"])
            found.append(Stored(first, last, dtype.itemsize == 2, values.astype(np.float32)))
    return sorted(found, key=lambda each: each.first)


def _same(stored: Stored, values: NDArray[np.float32]) -> bool:
    return stored.values.shape == values.shape and bool(np.array_equal(stored.values, values))

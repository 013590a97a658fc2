"""Lines of a file that only grows; of one with very many those at places that are evenly spread. No torch.

A module of its own because curves (`genlab.store.tails`) and what is damaged of them (`genlab.store.run_files`) are
read alike: a million rows take half a minute, and a plot shows six hundred points of them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import BinaryIO

MOST_LINES = 10_000
"""Lines that are read of a file that is not read as a whole."""

SURE = 1.5
"""Times as many are still read as a whole."""

MEASURED = 2**16
"""Bytes by which the length of a line is estimated."""


@dataclass(frozen=True)
class LinesRead:
    """Lines of a file.

    Attributes:
        lines: In the order of the file, without line ends; the first and the last complete one are among them.
        offset: Where the last complete line ends.
        every: How many lines of the file each stands for, about; 1 where these are all.
    """

    lines: list[bytes]
    offset: int
    every: float = 1.0


def read_lines(file: BinaryIO, most: int = MOST_LINES, neighbours: int = 1) -> LinesRead:
    """The complete lines of ``file``, or about ``most`` of them where there are many more.

    Args:
        file: Open for reading.
        most: How many are wanted at most.
        neighbours: Of how many neighbouring lines the longest is taken: with two, what stands in some lines only is
            not missed.
    """
    size = os.fstat(file.fileno()).st_size
    start = file.read(MEASURED)
    length = len(start) / max(1, start.count(b"\n"))
    if size <= SURE * most * length:
        content = start + file.read()
        whole = content[: content.rfind(b"\n") + 1]
        return LinesRead(whole.splitlines(), len(whole))
    file.seek(-min(size, MEASURED), os.SEEK_END)
    tail = file.read()
    offset = size - len(tail) + tail.rfind(b"\n") + 1
    first, last = start.partition(b"\n")[0], tail[: tail.rfind(b"\n")].rpartition(b"\n")[2]
    found, behind, before = [first], len(first) + 1, offset - len(last) - 1
    draw = Random(0).random
    for place in range(1, most):
        # Anywhere within its share: what stands in every eighth line would otherwise be met always or never.
        file.seek(int(offset * (place + draw()) / (most + 1)))
        begin = file.tell() + len(file.readline())
        near = [file.readline() for _ in range(neighbours)]
        end = begin + sum(map(len, near))
        if begin >= behind and begin < end <= before:
            found.append(max(near, key=len)[:-1])
            behind = end
    return LinesRead([*found, last], offset, max(1.0, offset / length / (len(found) + 1)))


def lines_of(path: Path, most: int = MOST_LINES, neighbours: int = 1) -> LinesRead:
    """As `read_lines`, of the file ``path``.

    Raises:
        OSError: When it cannot be read.
    """
    with path.open("rb") as file:
        return read_lines(file, most, neighbours)

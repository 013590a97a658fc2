"""Lines of a file, and of a very long one those at places that are evenly spread."""

from __future__ import annotations

import pytest

from genlab.store.lines import lines_of


@pytest.mark.parametrize("content", [b"", b"half a line", b"one\n", b"one\ntwo\n", b"one\n\ntwo\nhal"])
def test_a_short_file_is_read_whole_but_for_what_is_half_written(tmp_path, content: bytes):
    path = tmp_path / "file"
    path.write_bytes(content)
    found = lines_of(path, most=1_000)
    whole = content[: content.rfind(b"\n") + 1]
    assert found.lines == whole.splitlines() and found.offset == len(whole) and found.every == 1


@pytest.mark.parametrize("neighbours", [1, 2, 3])
@pytest.mark.parametrize("rest", [b"", b"half a li"])
def test_of_a_long_file_lines_are_read_in_order_each_once(tmp_path, neighbours: int, rest: bytes):
    path, lines = tmp_path / "file", [b"%d%s" % (number, b"x" * (number % 37)) for number in range(60_000)]
    path.write_bytes(b"".join(line + b"\n" for line in lines) + rest)
    found = lines_of(path, 1_000, neighbours)
    numbers = [int(line.rstrip(b"x")) for line in found.lines]
    assert all(line == lines[number] for line, number in zip(found.lines, numbers, strict=True))
    assert numbers == sorted(set(numbers)) and numbers[0] == 0 and numbers[-1] == 59_999
    assert 900 < len(numbers) <= 1_001
    assert found.offset == path.stat().st_size - len(rest)
    assert found.every == pytest.approx(60, rel=0.2)


def test_of_neighbours_the_longest_is_taken(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"".join(b"%06d%s\n" % (number, b"" if number % 2 else b" more") for number in range(60_000)))
    inside = lines_of(path, 1_000, neighbours=2).lines[1:-1]
    assert all(line.endswith(b" more") for line in inside)
    assert sum(line.endswith(b" more") for line in lines_of(path, 1_000).lines) < 700

"""The report on mutants: what share the tests noticed, and each that they did not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, ROOT, Bar, describe, machine, table, write

EQUIVALENT = ROOT / "benchmarks" / "mutants_equivalent.json"
FEWEST, SHARE = 600, 0.9
Row = Mapping[str, Any]


def equivalents() -> dict[tuple[str, str, str], str]:
    """(file, line as it was, change) -> why nobody can tell the mutant from the original."""
    listed = json.loads(EQUIVALENT.read_text(encoding="utf-8")) if EQUIVALENT.is_file() else []
    return {(one["file"], one["before"], one["change"]): one["why"] for one in listed}


def why_equivalent(row: Row, known: Mapping[tuple[str, str, str], str]) -> str | None:
    """The reason, if a mutant is one of those."""
    return known.get((row["file"], row["before"], row["change"]))


def bars(rows: Sequence[Row], known: Mapping[tuple[str, str, str], str]) -> list[Bar]:
    """Number and share; a mutant that is equivalent counts as one that was not noticed."""
    killed = sum(row["state"] != "survived" for row in rows)
    same = sum(why_equivalent(row, known) is not None for row in rows if row["state"] == "survived")
    share, other = killed / len(rows), killed / max(1, len(rows) - same)
    told = f"{killed} of {len(rows)}, {share:.1%}; without {same} equivalent ones {other:.1%}"
    return [
        Bar("mutants", f"{len(rows)}", f"at least {FEWEST}", len(rows) >= FEWEST),
        Bar("noticed by the tests", told, f"at least {SHARE:.0%}", share >= SHARE),
    ]


def report(rows: Sequence[Row], *, command: str, files: int) -> int:
    """Write ``results/mutants.md`` and ``.json``; returns the exit code."""
    known, about = equivalents(), machine()
    survived = [row for row in rows if row["state"] == "survived"]
    parts = [
        describe("Mutants", about, command),
        f"One small change at a time, drawn evenly from {files} files by the seed, each against the tests that go "
        "through its line. Those that take for ever count as noticed.",
        table(("package", "mutants", "noticed", "share"), _shares(rows, _package)),
        table(("kind of change", "mutants", "noticed", "share"), _shares(rows, lambda row: str(row["operator"]))),
        "## Not noticed",
        "\n".join(_listed([row for row in survived if why_equivalent(row, known) is None], known)) or "None.",
        "## Equivalent",
        "\n".join(_listed([row for row in survived if why_equivalent(row, known) is not None], known)) or "None.",
    ]
    kept = [{**row, "equivalent": why_equivalent(row, known)} for row in rows]
    document = {"command": command, "files": files, "machine": about, "mutants": kept}
    return write("mutants", RESULTS, document, "\n\n".join(parts), bars(rows, known))


def _package(row: Row) -> str:
    return str(Path(row["file"]).parts[1])


def _shares(rows: Sequence[Row], of: Any) -> Iterable[tuple[str, ...]]:
    every, noticed = Counter(map(of, rows)), Counter(of(row) for row in rows if row["state"] != "survived")
    for name, count in sorted(every.items()):
        yield name, str(count), str(noticed[name]), f"{noticed[name] / count:.0%}"


def _listed(rows: Sequence[Row], known: Mapping[tuple[str, str, str], str]) -> Iterable[str]:
    for row in sorted(rows, key=lambda row: (row["file"], row["line"])):
        why = why_equivalent(row, known)
        yield f"- `{row['file']}:{row['line']}` `{row['change']}`" + (f": {why}" if why else "")

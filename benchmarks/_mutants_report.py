"""The report on mutants: what share the tests noticed, and each that they did not.

Of packages that were not tried now it repeats what the results file says, with the command and the day of that run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks._common import RESULTS, ROOT, Bar, describe, machine, table, write

EQUIVALENT = ROOT / "benchmarks" / "mutants_equivalent.json"
FEWEST, SHARE = 600, 0.9
Row = Mapping[str, Any]
Run = dict[str, Any]


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


def earlier_runs(tried: Collection[str], folder: Path | None = None) -> tuple[list[Run], list[Row]]:
    """What the results file says of packages that are not among those tried: the runs, and their mutants.

    Args:
        tried: Packages of which there are mutants of this run.
        folder: Where the file is; by default with the other results.
    """
    file = (folder or RESULTS) / "mutants.json"
    if not file.is_file():
        return [], []
    document = json.loads(file.read_text(encoding="utf-8"))
    rows = [row for row in document["mutants"] if package_of(row) not in tried]
    run = {"command": document["command"], "files": document["files"], "date": document["machine"]["date"]}
    runs = [
        run | one for one in document.get("runs", [{"packages": sorted(set(map(package_of, document["mutants"])))}])
    ]
    left = [run | {"packages": [name for name in run["packages"] if name not in tried]} for run in runs]
    return [run for run in left if run["packages"]], rows


def report(rows: Sequence[Row], *, command: str, files: int, drawn: Mapping[str, int]) -> int:
    """Write ``results/mutants.md`` and ``.json``; returns the exit code.

    Args:
        rows: What was found of each mutant that was tried.
        command: How they were drawn.
        files: From how many files.
        drawn: Package -> how many mutants were drawn of it.
    """
    known, about = equivalents(), machine()
    tried = sorted(set(map(package_of, rows)))
    before, old = earlier_runs(tried)
    run = {"packages": tried, "command": command, "files": files, "date": about["date"]}
    every = [*rows, *old]
    survived = [row for row in every if row["state"] == "survived"]
    parts = [
        describe("Mutants", about, command),
        f"One small change at a time, drawn evenly from {files} files by the seed, each against the tests that go "
        "through its line. Those that take for ever count as noticed.",
        *_said(rows, drawn, before),
        table(("package", "drawn", "tried", "noticed at first", "noticed", "share"), _packages(rows, old, drawn)),
        table(("kind of change", "mutants", "noticed", "share"), _kinds(every)),
        "## Not noticed",
        "\n".join(_listed([row for row in survived if why_equivalent(row, known) is None], known)) or "None.",
        "## Equivalent",
        "\n".join(_listed([row for row in survived if why_equivalent(row, known) is not None], known)) or "None.",
    ]
    kept = [{**row, "equivalent": why_equivalent(row, known)} for row in every]
    document = {"command": command, "files": files, "machine": about, "runs": [run, *before], "mutants": kept}
    return write("mutants", RESULTS, document, "\n\n".join(parts), bars(every, known))


def package_of(row: Row) -> str:
    """Of ``genlab/store/run.py`` it is ``store``."""
    return str(Path(row["file"]).parts[1])


def _said(rows: Sequence[Row], drawn: Mapping[str, int], before: Sequence[Run]) -> Iterator[str]:
    """What the shares are shares of."""
    counts = Counter(map(package_of, rows))
    short = [f"{counts[name]} of {drawn[name]} of {name}" for name in sorted(counts) if counts[name] < drawn[name]]
    if short:
        yield f"Not all that were drawn were tried, but {', '.join(short)}."
    missed = sum(first(row) == "survived" for row in rows)
    if any(first(row) != row["state"] for row in rows):
        yield (
            f"{missed} of these {len(rows)} mutants were not noticed at first. Then tests were added for those that "
            "had shown themselves, and they were tried again: the last share is of changes that had been seen, and a "
            "fresh seed may find less; what was noticed at first is what such a seed may find."
        )
    for run in before:
        yield (
            f"The figures of {' and '.join(run['packages'])} are those of an earlier run, of {run['date']}, with "
            f"`{run['command']}`, whose mutants were drawn from the {run['files']} files of that day. They, too, are "
            "shares after tests were added for mutants that had not been noticed."
        )


def first(row: Row) -> str:
    """What was found of a mutant when it was tried for the first time."""
    return str(row.get("first", row["state"]))


def _packages(rows: Sequence[Row], old: Sequence[Row], drawn: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    for name in sorted(set(map(package_of, [*rows, *old]))):
        own = [row for row in rows if package_of(row) == name]
        both = own or [row for row in old if package_of(row) == name]
        at_first = sum(first(row) != "survived" for row in both)
        noticed = sum(row["state"] != "survived" for row in both)
        yield (
            *(name, str(drawn.get(name, 0)) if own else "earlier", str(len(both))),
            *(str(at_first) if all("first" in row for row in both) else "not kept", str(noticed)),
            f"{noticed / len(both):.0%}",
        )


def _kinds(rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    every = Counter(str(row["operator"]) for row in rows)
    noticed = Counter(str(row["operator"]) for row in rows if row["state"] != "survived")
    for name, count in sorted(every.items()):
        yield name, str(count), str(noticed[name]), f"{noticed[name] / count:.0%}"


def _listed(rows: Sequence[Row], known: Mapping[tuple[str, str, str], str]) -> Iterable[str]:
    for row in sorted(rows, key=lambda row: (row["file"], row["line"])):
        why = why_equivalent(row, known)
        yield f"- `{row['file']}:{row['line']}` `{row['change']}`" + (f": {why}" if why else "")

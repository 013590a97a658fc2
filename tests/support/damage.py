"""Damage to the files of a workspace: every kind that disks, editors and other programs do, in turn, to every file.

`damages` gives the kinds for one JSON object, `fill` makes a workspace that holds each of them beside healthy things.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from genlab.jobs.background import JobDirectory
from genlab.lab import Lab
from genlab.matches.folder import MatchDirectory
from tests.support.evaluations import make_checkpoint, make_evaluation
from tests.support.images import pets, zipped
from tests.support.matches import make_match
from tests.support.runs import make_run

EVIL = "[Sign in](https://evil.example/) <img src=x onerror=alert(1)> $x$ `"
"""A name in Markdown and HTML; nothing of it may be rendered."""

WHOLE: Mapping[str, bytes] = {
    "empty": b"",
    "torn": b'{"schema_version": 1, "na',
    "list": b"[1, 2]",
    "null": b"null",
    "number": b"5",
    "text": b'"text"',
    "binary": bytes(range(256)) * 8,
    "not-utf-8": b'{"name": "bad\xff", "state": "completed"}',
    "nested": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "digits": b'{"images": ' + b"9" * 5_000 + b"}",
    "nothing-in-it": b"{}",
}
"""What a whole file may have become."""

VALUES: Mapping[str, Any] = {
    "text": "text",
    "null": None,
    "true": True,
    "minus": -1,
    "fraction": 0.5,
    "list": [],
    "object": {"a": 1},
    "surrogate": "\udcff\ud800",
    "markdown": EVIL,
    "long": "long " * 5_000,
    "huge": 10**400,
    "large": 1e308,
    "endless": "1e999",
    "nan": "NaN",
    "deep": json.loads("[" * 200 + "]" * 200),
}
"""What a single value may have become; the last but one are numbers that JSON cannot hold."""


Place = tuple[str | int, ...]
"""Keys and numbers of entries that lead to a value in a document."""


@dataclass
class Workspace:
    """What `fill` made: identifiers of damaged things and of healthy ones, and how many files were damaged.

    Attributes:
        damaged: Kind -> identifiers of what cannot be read, or of which something cannot.
        healthy: Kind -> identifiers of what is whole.
        files: Damaged files.
    """

    damaged: dict[str, list[str]] = field(
        default_factory=lambda: {kind: [] for kind in ("run", "match", "data", "job")}
    )
    healthy: dict[str, str] = field(default_factory=dict)
    files: int = 0


def damages(document: Any, fields: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Every kind of damage to a JSON document: (what, the file's content).

    Args:
        document: What it holds while it is whole.
        fields: How many of its fields are damaged at most; each in turn with another value, all values in all.
    """
    yield from WHOLE.items()
    places = list(_places(document))
    names = list(VALUES)
    for number in range(max(len(names), len(places)) + 6 if fields is None else fields):
        place, name = places[number % len(places)], names[number % len(names)]
        yield f"{'.'.join(map(str, place))}-{name}", written(_with(document, place, VALUES[name]), name)


def _places(document: Any, path: Place = ()) -> Iterator[Place]:
    """Every field, also within objects, and of lists the first entry."""
    inside = list(document.items()) if isinstance(document, dict) else list(enumerate(document[:1]))
    for key, value in inside:
        yield (*path, key)
        if isinstance(value, dict | list) and len(path) < 3:
            yield from _places(value, (*path, key))


def _with(document: Any, place: Place, value: Any) -> Any:
    first, rest = place[0], place[1:]
    changed = _with(document[first], rest, value) if rest else value
    if isinstance(document, dict):
        return {**document, first: changed}
    return [changed if number == first else item for number, item in enumerate(document)]


def written(document: Any, name: str) -> bytes:
    """A document with the value called ``name`` in it, as a file holds it; two of the values break JSON's rules."""
    text = json.dumps(document)
    return (text.replace('"1e999"', "1e999").replace('"NaN"', "NaN") if name in {"endless", "nan"} else text).encode()


RUN_FILES = ("config.json", "status.json", "environment.json", "alarms.json")
MATCH_FILES = ("match.json", "plan.json", "claims.json")


def fill(folder: Path) -> Workspace:
    """A workspace in ``folder`` with every kind of damage to every kind of file, beside healthy things."""
    found, lab = Workspace(), Lab(folder)
    template = _template_run(folder)
    found.healthy["run"] = template.name
    for file in RUN_FILES:
        document = json.loads((template / file).read_text())
        for number, (what, content) in enumerate(damages(document)):
            _copy(template, f"run-{file.partition('.')[0]}-{number:03d}", file, content, found, "run", what)
    _missing(template, RUN_FILES[:2], found)
    _damaged_rows(template, found)
    _damaged_evaluations(template, found)
    _damaged_matches(folder, found)
    _damaged_jobs(folder, found)
    _damaged_data(lab, folder, found)
    return found


def _template_run(folder: Path) -> Path:
    directory = make_run(folder / "runs", "20261101-120000-gan-mnist-5k-whole", model="gan", name="whole")
    make_checkpoint(directory, 16_384)
    make_evaluation(directory, codes=False)
    alarm = {"symptom": "mode_collapse", "title": "Modes", "seen": "s", "cause": "c", "images": 8_192, "last": 16_384}
    more: dict[str, Any] = {"numbers": {"watch/modes": 1.0}, "settings": {}, "pictures": ["samples/000000008192.png"]}
    directory.write_alarms([alarm | more])
    return directory.path


def _copy(template: Path, name: str, file: str, content: bytes, found: Workspace, kind: str, what: str) -> Path:
    path = template.with_name(name)
    shutil.copytree(template, path)
    (path / file).write_bytes(content)
    found.damaged[kind].append(name)
    found.files += 1
    return path


def _missing(template: Path, files: tuple[str, ...], found: Workspace) -> None:
    for file in files:
        path = _copy(template, f"run-{file.partition('.')[0]}-missing", file, b"", found, "run", "missing")
        (path / file).unlink()
        other = _copy(template, f"run-{file.partition('.')[0]}-folder", file, b"", found, "run", "folder")
        (other / file).unlink()
        (other / file).mkdir()


def _damaged_rows(template: Path, found: Workspace) -> None:
    whole = (template / "metrics.jsonl").read_bytes().splitlines(keepends=True)
    row = json.loads(whole[-1])
    for number, (what, line) in enumerate(damages(row)):
        content = b"".join([*whole[:2], line.replace(b"\n", b" ") + b"\n", *whole[2:]])
        _copy(template, f"run-metrics-{number:03d}", "metrics.jsonl", content, found, "run", what)
    for number, (what, line) in enumerate(damages(row)):
        _copy(template, f"run-metrics-only-{number:03d}", "metrics.jsonl", line, found, "run", what)


def _damaged_evaluations(template: Path, found: Workspace) -> None:
    json_file = next((template / "evaluations").glob("*.json"))
    arrays = json_file.with_suffix(".npz")
    for number, (what, content) in enumerate(damages(json.loads(json_file.read_text()))):
        place = str(json_file.relative_to(template))
        _copy(template, f"run-evaluation-{number:03d}", place, content, found, "run", what)
    for number, content in enumerate((b"", b"PK\x03\x04", arrays.read_bytes()[:2_000], WHOLE["binary"])):
        place = str(arrays.relative_to(template))
        _copy(template, f"run-arrays-{number:03d}", place, content, found, "run", "torn")


def _damaged_matches(folder: Path, found: Workspace) -> None:
    directory: MatchDirectory = make_match(folder, seeds=1)
    template = directory.path
    found.healthy["match"] = template.name
    for file in MATCH_FILES:
        for number, (what, content) in enumerate(damages(json.loads((template / file).read_text()))):
            _copy(template, f"match-{file.partition('.')[0]}-{number:03d}", file, content, found, "match", what)
    path = _copy(template, "match-missing", "match.json", b"", found, "match", "missing")
    (path / "match.json").unlink()


def _damaged_jobs(folder: Path, found: Workspace) -> None:
    jobs = folder / "jobs"
    template = JobDirectory(jobs / "evaluate-000000000000")
    template.create("evaluate", {"runs": ["a"], "request": {}})
    template.update(state="completed", share=1.0, phase="", error=None)
    found.healthy["job"] = template.path.name
    for file in ("request.json", "status.json"):
        for number, (what, content) in enumerate(damages(json.loads((template.path / file).read_text()))):
            name = f"{('evaluate', 'portrait', 'explore')[number % 3]}-{file[:3]}{number:09d}"
            _copy(template.path, name, file, content, found, "job", what)


def _damaged_data(lab: Lab, folder: Path, found: Workspace) -> None:
    pictures = folder / "pictures.zip"
    pictures.write_bytes(zipped(pets()))
    lab.data.add(pictures, "whole")
    template = folder / "datasets" / "added" / "whole"
    found.healthy["data"] = template.name
    for number, (what, content) in enumerate(damages(json.loads((template / "meta.json").read_text()))):
        _copy(template, f"data-{number:03d}", "meta.json", content, found, "data", what)
    for file in ("meta.json", "items.npy"):
        path = _copy(template, f"data-without-{file[:4]}", file, b"", found, "data", "missing")
        (path / file).unlink()

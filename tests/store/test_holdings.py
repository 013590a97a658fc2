"""What a workspace holds is counted once, and only what can be made again goes, the oldest first."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from genlab.evaluation.evaluation_request import EVALUATION, FEATURES, PORTRAIT, SANDBOX
from genlab.exploration.exploration_request import DECODER, EXPLORATION, WALK
from genlab.store import holdings
from genlab.store.holdings import Inventory, Protected, choose, look, remove, size_words
from genlab.store.workspace import Workspace

TYPES = (EVALUATION, PORTRAIT, EXPLORATION, DECODER, WALK, SANDBOX, FEATURES)
DAY = 86_400.0
NOW = 1_800_000_000.0
NAME = "000000000100-0123456789ab"


def put(path: Path, size: int, days: float) -> Path:
    """A file of so many bytes that is so many days old."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    os.utime(path, (NOW - days * DAY,) * 2)
    return path


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A workspace with a run, a copy of a shipped one, and what all runs share."""
    workspace = Workspace(tmp_path / "workspace")
    run = workspace.runs / "one"
    put(run / "config.json", 7, 50)
    put(run / "checkpoints" / "000000000100" / "model.safetensors", 1_000, 50)
    put(run / "evaluations" / f"{NAME}.json", 20, 40)
    put(run / "evaluations" / f"{NAME}.npz", 80, 40)
    put(run / "portraits" / "000000000100-01234567" / "portrait.json", 10, 30)
    put(run / "portraits" / "000000000100-01234567" / "samples.png", 40, 30)
    put(run / "latent" / NAME / "exploration.json", 100, 20)
    put(run / "latent" / NAME / "walk-0123456789ab.json", 5, 10)
    put(run / "latent" / NAME / "walk-0123456789ab.gif", 25, 10)
    put(run / "latent" / f"decoder-{NAME}.json", 3, 60)
    put(run / "latent" / f"decoder-{NAME}.onnx", 4, 60)
    put(run / "latent" / f"{NAME}.lock", 1, 60)
    copy = workspace.shipped / "two"
    put(copy / "portraits" / "000000000100-came" / "portrait.json", 11, 90)
    put(copy / "portraits" / "000000000100-made" / "portrait.json", 12, 90)
    put(workspace.encoders / "in-domain-0123" / "model.safetensors", 500, 90)
    put(workspace.encoders / "features-0123" / "features.npz", 300, 5)
    put(workspace.encoders / "sandbox-blurred-0123.json", 6, 4)
    put(workspace.encoders / "sandbox-blurred-0123.0.png", 7, 4)
    put(workspace.datasets / "digits" / "items.npy", 2_000, 90)
    put(workspace.uploads / "0123" / "pets.zip", 33, 1)
    put(workspace.matches / "m" / "claims.json", 9, 90)
    return workspace


@pytest.fixture
def zoo(tmp_path: Path) -> Path:
    put(tmp_path / "zoo" / "runs" / "two" / "portraits" / "000000000100-came" / "portrait.json", 11, 90)
    return tmp_path / "zoo"


def counted(held: Inventory) -> dict[str, tuple[int, int]]:
    return {name: (len(each), sum(one.size for one in each)) for name, each in held.by_kind().items()}


def test_every_byte_is_counted_once(space: Workspace, zoo: Path):
    held = look(space, TYPES, Protected(), zoo)
    assert counted(held) == {
        "features": (1, 300),
        "evaluation": (1, 100),
        "exploration": (1, 100),
        "portrait": (2, 62),
        "walk": (1, 30),
        "sandbox": (1, 13),
        "decoder": (1, 7),
    }
    assert next(iter(held.by_kind())) == "features"
    assert held.rest == {
        **{"runs": 1_008, "shipped": 11, "datasets": 2_000, "uploads": 33, "downloads": 0},
        **{"encoders": 500, "matches": 9, "jobs": 0},
    }
    everything = sum(path.stat().st_size for path in space.path.rglob("*") if path.is_file())
    assert held.size == everything and held.again == 612
    assert [each.changed for each in held.results] == sorted(each.changed for each in held.results)


def test_an_empty_workspace_holds_nothing(tmp_path: Path):
    held = look(Workspace(tmp_path / "nowhere"), TYPES, Protected())
    assert held.size == held.again == 0 and held.results == ()


def test_what_is_older_goes(space: Workspace, zoo: Path):
    held = look(space, TYPES, Protected(), zoo)
    assert [each.of for each in choose(held, None, 35 * DAY, NOW)] == ["portrait", "decoder", "evaluation"]
    assert choose(held, None, 100 * DAY, NOW) == [] == choose(held, None, None, NOW)


def test_the_oldest_go_until_so_much_is_left(space: Workspace, zoo: Path):
    held = look(space, TYPES, Protected(), zoo)
    assert [each.of for each in choose(held, 600, None, NOW)] == ["portrait"]
    assert [each.of for each in choose(held, 599, None, NOW)] == ["portrait", "decoder"]
    assert choose(held, 612, None, NOW) == []
    assert len(choose(held, 0, None, NOW)) == len(held.results) == 8
    assert [each.of for each in choose(held, 600, 45 * DAY, NOW)] == ["portrait", "decoder"]


def test_what_is_protected_stays_and_something_younger_goes_in_its_place(space: Workspace, zoo: Path):
    protected = Protected(busy={"two": "busy"}, judged={"one": "judged"}, shared="shared")
    held = look(space, TYPES, protected, zoo)
    why = {each.of: each.stays for each in held.results if each.run != "two"}
    assert why == {
        **{"decoder": "", "evaluation": "judged", "portrait": "", "exploration": "", "walk": ""},
        **{"features": "shared", "sandbox": "shared"},
    }
    assert {each.stays for each in held.results if each.run == "two"} == {"busy"}
    assert [each.of for each in choose(held, 600, None, NOW)] == ["decoder", "portrait"]
    assert {each.of for each in choose(held, 0, None, NOW)} == {"decoder", "portrait", "exploration", "walk"}
    unknown = look(space, TYPES, Protected(verdicts="a match is damaged"), zoo)
    assert {each.of for each in unknown.results if each.stays} == {"evaluation"}


def test_all_of_a_result_is_removed_and_nothing_else(space: Workspace, zoo: Path):
    before = {path for path in space.path.rglob("*") if path.is_file()}
    held = look(space, TYPES, Protected(), zoo)
    decoder, evaluation = (next(each for each in held.results if each.of == name) for name in ("decoder", "evaluation"))
    assert remove(decoder) and remove(evaluation) and not remove(decoder)
    gone = {path.relative_to(space.runs / "one").as_posix() for path in before if not path.exists()}
    names = [f"latent/decoder-{NAME}.json", f"latent/decoder-{NAME}.onnx"]
    assert gone == {*names, f"evaluations/{NAME}.json", f"evaluations/{NAME}.npz"}


def test_what_stands_in_a_result_goes_with_it(space: Workspace, zoo: Path):
    held = look(space, TYPES, Protected(), zoo)
    walk, exploration = (next(each for each in held.results if each.of == name) for name in ("walk", "exploration"))
    assert remove(exploration) and not exploration.path.exists() and not remove(walk)
    assert look(space, TYPES, Protected(), zoo).again == held.again - 130
    assert not list((space.runs / "one" / "latent").glob(".staging-*"))


def test_the_description_goes_first_so_that_a_result_is_whole_or_not_there(
    space: Workspace, zoo: Path, monkeypatch: pytest.MonkeyPatch
):
    held = look(space, TYPES, Protected(), zoo)
    evaluation = next(each for each in held.results if each.of == "evaluation")
    removed: list[str] = []

    def unlink(path: Path, missing_ok: bool = False) -> None:
        removed.append(path.suffix)

    monkeypatch.setattr(Path, "unlink", unlink)
    holdings.remove(evaluation)
    assert removed == [".json", ".npz"]


def test_sizes_are_read_at_a_glance():
    words = [size_words(size) for size in (0, 999, 1_500, 2_000_000, 3.25e9)]
    assert words == ["0 B", "999 B", "1.5 kB", "2.0 MB", "3.2 GB"]

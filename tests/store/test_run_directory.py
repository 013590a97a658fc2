"""Writing one run directory: created whole, gone back to a checkpoint, thinned out, asked to end."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from genlab.config import RunConfig
from genlab.store import atomic
from genlab.store.run import Checkpoint
from genlab.store.run_directory import RunDirectory, surplus


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory.create(tmp_path / "r1", RunConfig(model="gan", name="mine"), "gan")


def test_a_new_run_is_queued_and_complete(run: RunDirectory):
    now = run.summary()
    assert (now.state, now.name, now.family, now.model, now.data) == ("queued", "mine", "gan", "gan", "mnist-5k")
    assert now.target == run.config().training.images
    assert run.config() == RunConfig(model="gan", name="mine")
    assert [p.name for p in run.path.parent.iterdir()] == ["r1"]


def test_a_value_that_is_not_finite_is_never_written(run: RunDirectory):
    with pytest.raises(ValueError):
        run.append_metrics({"loss": float("nan")})
    assert run.metrics() == ([], 0)


def test_rewinding_forgets_what_came_later(run: RunDirectory):
    for images in (100, 200, 300):
        run.append_metrics({"images": images})
        run.write_sample(images, b"png")
    run.rewind(200)
    assert [row["images"] for row in run.metrics()[0]] == [100, 200]
    assert [images for images, _ in run.samples()] == [100, 200]


def test_rewinding_forgets_alarms_and_shortens_those_that_lasted(run: RunDirectory):
    run.write_alarms([{"images": 100, "last": 150}, {"images": 200, "last": 300}, {"images": 300, "last": 300}])
    for images in (100, 200, 300):
        run.write_proof(f"{images:012d}-mode_collapse.png", b"png")
    run.rewind(200)
    assert run.alarms() == [{"images": 100, "last": 150}, {"images": 200, "last": 200}]
    assert [int(p.name[:12]) for p in sorted((run.path / "alarms").iterdir())] == [100, 200]


def test_rewinding_removes_what_was_half_written_in_every_folder(run: RunDirectory):
    folders = [run.path, *(run.path / name for name in ("samples", "alarms", "checkpoints"))]
    for folder in folders:
        folder.mkdir(exist_ok=True)
        (folder / f"{atomic.STAGING}1-x").touch()
    run.rewind(200)
    assert [path.name for folder in folders for path in folder.glob(f"{atomic.STAGING}*")] == []


def test_rewinding_a_run_without_alarms_makes_none(run: RunDirectory):
    run.rewind(200)
    assert run.alarms() == [] and not (run.path / "alarms.json").exists() and not (run.path / "alarms").exists()


def _checkpoint(run: RunDirectory, images: int, keep: int = 8) -> None:
    def fill(folder: Path) -> None:
        (folder / "model.safetensors").write_bytes(b"w")
        (folder / "meta.json").write_text("{}")

    run.write_checkpoint(images, fill, keep)


def test_checkpoints_are_thinned_out_evenly(run: RunDirectory):
    for images in range(10, 110, 10):
        _checkpoint(run, images, keep=4)
    kept = [c.images for c in run.checkpoints()]
    assert kept == [10, 50, 80, 100]


@pytest.mark.parametrize(
    ("images", "keep", "stay"),
    [
        ((0, 10, 20, 100), 3, (0, 20, 100)),
        ((0, 50, 90, 100), 3, (0, 50, 100)),
        ((0, 10, 50, 60, 100), 4, (0, 50, 60, 100)),
        ((0, 10, 50, 60, 100), 3, (0, 50, 100)),
        ((0, 10, 20, 30, 40), 4, (0, 20, 30, 40)),
        ((0, 10, 20, 30, 40), 3, (0, 20, 40)),
        ((0, 10, 20), 3, (0, 10, 20)),
        ((0, 10, 20), 2, (0, 20)),
    ],
)
def test_where_checkpoints_stand_closest_one_goes(images: tuple[int, ...], keep: int, stay: tuple[int, ...]):
    """Each time the one whose neighbours are nearest to each other, of several the oldest."""
    many = [Checkpoint(Path(str(seen)), seen) for seen in images]
    dropped = surplus(many, keep)
    assert tuple(one.images for one in many if one not in dropped) == stay
    assert len(dropped) == len(images) - len(stay)
    assert [one.images for one in many] == list(images), "the list that was given stays as it is"


@pytest.mark.parametrize("keep", [4, 5, 8, 13])
def test_a_long_run_keeps_checkpoints_from_all_its_parts(keep: int):
    kept: list[Checkpoint] = []
    for images in range(0, 2_000, 10):
        kept.append(Checkpoint(Path(str(images)), images))
        kept = [one for one in kept if one not in surplus(kept, keep)]
    assert len(kept) == keep and (kept[0].images, kept[-1].images) == (0, 1_990)
    gaps = [later.images - sooner.images for sooner, later in pairwise(kept)]
    assert max(gaps) <= 1.5 * 1_990 / (keep - 1)


def test_the_first_and_the_newest_checkpoint_always_stay():
    many = [Checkpoint(Path(str(i)), i) for i in range(6)]
    dropped = {c.images for c in surplus(many, keep=1)}
    assert {c.images for c in many} - dropped == {0, 5}


def test_requests_are_seen_and_forgotten(run: RunDirectory):
    assert run.asked() is None
    run.ask("pause")
    assert run.asked() == "pause"
    run.ask("stop")
    assert run.asked() == "stop", "stop outranks pause"
    run.clear_requests()
    assert run.asked() is None

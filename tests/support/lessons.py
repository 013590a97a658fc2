"""Runs of lessons made by hand, with the settings that a lesson asks for. The numbers in them are test data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from genlab.datasets.store import settled
from genlab.lab import Lab
from genlab.lessons.base import LessonSpec, Training
from genlab.registry import registry
from genlab.store.index import new_id
from genlab.store.run_directory import RunDirectory
from tests.support.runs import FAMILY_OF, grid_png

SMALL = "images=2000"


def lesson(name: str) -> LessonSpec:
    found: LessonSpec = registry("lessons").get(name)
    return found


def make_lesson_run(
    lab: Lab,
    training: Training,
    rows: Sequence[Mapping[str, Any]] = (),
    *,
    name: str | None = None,
    state: str = "completed",
    alarms: Sequence[Mapping[str, Any]] = (),
    **status: Any,
) -> RunDirectory:
    """The run of ``training`` as a worker would have left it."""
    settings = {**training.settings, "name": training.name if name is None else name}
    config = lab.configs.make(training.model, training.data, training.preset, settings)
    data = settled(config.data, lab.workspace.datasets, lab.workspace.source)
    config = config.model_copy(update={"data": data})
    lab.workspace.create()
    path = lab.workspace.runs / new_id(training.model, training.data)
    directory = RunDirectory.create(path, config, FAMILY_OF[training.model])
    for row in rows:
        directory.append_metrics(row)
    images = int(rows[-1]["images"]) if rows else 0
    if rows:
        directory.write_sample(images, grid_png(images))
    if alarms:
        directory.write_alarms([dict(alarm) for alarm in alarms])
    directory.write_environment({"space": {"kind": "images", "shape": [1, 28, 28], "classes": 0, "scale": 1.0}})
    watch = {"data": "images", "modes": 10, "kind": "classes", "near_duplicates": 0.01}
    directory.update_status(state=state, images=images, seconds=images / 1_000, watch=watch, **status)
    return directory


def silent_and_talking(lab: Lab, options: Any = None) -> list[RunDirectory]:
    """The two runs of the lesson on posterior collapse: one whose code carries nothing, one whose code carries 20."""
    spec = lesson("posterior-collapse")
    pressed, plain = spec.configs(options or spec.Options())
    return [
        make_lesson_run(lab, pressed, vae_rows(0.004)),
        make_lesson_run(lab, plain, vae_rows(20.0)),
    ]


def vae_rows(nats: float) -> list[dict[str, Any]]:
    """Curves of a VAE whose code carries ``nats`` in all."""
    return [
        {
            "images": images,
            "step": images // 64,
            "seconds": images / 1_000,
            "kl/total": nats,
            "reconstruction/nats": 210.0 - 5 * nats,
            "vector/kl": [nats / 4] * 4,
            "units/active": 4.0 if nats > 1 else 0.0,
            "watch/modes": 10.0,
            "watch/active_units": 4.0 if nats > 1 else 0.0,
        }
        for images in (1_024, 2_048)
    ]

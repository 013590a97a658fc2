"""Making one store: one process at a time, complete or not at all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from genlab.datasets.base import DatasetInfo, Progress, RawData
from genlab.datasets.store._writer import VERSION, StorePlan, Written, write_store
from genlab.store.atomic import STAGING, storage_errors, write_folder, write_json


@contextmanager
def locked(datasets_dir: Path, key: str, report: Progress) -> Iterator[None]:
    """Hold the lock of one store, and remove what a killed process left of it.

    Raises:
        InputError: When the workspace cannot be written to.
    """
    folder = datasets_dir / ".locks"
    with storage_errors(datasets_dir):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f"{key}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            report(0.0, "Waiting: another process is preparing this data set")
            lock.acquire()
    try:
        ours = re.compile(re.escape(STAGING) + r"\d+-(?:[0-9a-f]{8}-)?" + re.escape(key))
        for leftover in [*datasets_dir.iterdir(), *(datasets_dir / "added").glob(f"{STAGING}*")]:
            if ours.fullmatch(leftover.name):
                shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        lock.release()


def sweep(datasets_dir: Path) -> None:
    """Remove what killed processes left of any data set; what is being made at this moment is left alone."""
    staged = re.compile(re.escape(STAGING) + r"\d+-(?:[0-9a-f]{8}-)?(.+)")
    for folder in (datasets_dir, datasets_dir / "added"):
        for leftover in folder.glob(f"{STAGING}*") if folder.is_dir() else ():
            found = staged.fullmatch(leftover.name)
            if found is None:
                continue
            try:
                with FileLock(datasets_dir / ".locks" / f"{found[1]}.lock", timeout=0):
                    shutil.rmtree(leftover, ignore_errors=True)
            except (Timeout, OSError):
                continue


def save(
    path: Path,
    raw: RawData,
    plan: StorePlan,
    info: Callable[[Written], DatasetInfo],
    recipe: Mapping[str, Any],
    report: Progress,
) -> None:
    """Write a store to ``path`` in one step; the lock must be held.

    Args:
        path: Its folder; an older one is replaced.
        raw: What to write.
        plan: How.
        info: Called with what was written; gives what ``meta.json`` says of it.
        recipe: What decides its content.
        report: Progress.
    """

    def fill(folder: Path) -> None:
        written = write_store(folder, raw, plan, report)
        meta = {
            "version": VERSION,
            "recipe": recipe,
            "scale": raw.scale,
            "split_seed": plan.split_seed,
            "test_share": raw.test_share,
            "info": info(written).as_json(),
        }
        write_json(folder / "meta.json", meta)

    with storage_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_folder(path, fill)


def as_written(info: DatasetInfo, written: Written) -> DatasetInfo:
    return replace(
        info,
        shape=written.shape,
        train=written.train,
        test=written.test,
        count=written.train + written.test,
        classes=written.class_names,
        fingerprint=written.fingerprint,
    )

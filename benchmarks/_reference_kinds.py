"""Metrics of texts and films computed a second time: by another library, or by a plain formula of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise, product

import numpy as np
from scipy.ndimage import center_of_mass
from scipy.spatial.distance import jensenshannon
from scipy.stats import gmean, wasserstein_distance

from benchmarks._reference_formulas import Array, Formula
from genlab.datasets.sentences import SIZES, Meaning
from genlab.kinds._english import joined
from genlab.metrics.base import Evidence, Items


def words(items: Items, given: Evidence) -> list[list[str]]:
    """The symbols of each text up to the first that stands for its end."""
    found = []
    for row in items.images.argmax(axis=1):
        ends = np.flatnonzero(row == 0)
        found.append([given.symbols[number] for number in row[: ends[0] if len(ends) else None]])  # type: ignore[index]
    return found


def said(symbols: list[str]) -> str:
    """The text of parts of words: an ending belongs to the word before it."""
    found: list[str] = []
    for symbol in symbols:
        if symbol.startswith("+"):
            found[-1:] = [joined("".join(found[-1:]), symbol[1:])]
        else:
            found.append(symbol)
    return " ".join(found)


def pieces(text: list[str], n: int) -> Counter[tuple[str, ...]]:
    """How often each n-gram is in a text; longer ones see where it begins and ends."""
    whole = text if n == 1 else ["<"] * (n - 1) + text + [">"]
    return Counter(tuple(whole[at : at + n]) for at in range(len(whole) - n + 1))


def exact(given: Evidence) -> float:
    both = zip(words(given.real, given), words(given.reconstructions, given), strict=True)  # type: ignore[arg-type]
    return float(np.mean([text == again for text, again in both]))


def grammatical(given: Evidence) -> float:
    language = {Meaning(*values).text for values in product(*map(range, SIZES))}
    return float(np.mean([said(text) in language for text in words(given.fake, given)]))


def ngram_jsd(given: Evidence) -> float:
    counts = [sum((pieces(text, 2) for text in words(x, given)), Counter()) for x in (given.fake, given.real)]
    every = sorted({*counts[0], *counts[1]})
    return float(jensenshannon(*([count[piece] for piece in every] for count in counts)) ** 2)


def novel(given: Evidence) -> float:
    known = [" ".join(text) for text in words(given.train, given)]  # type: ignore[arg-type]
    return float(np.mean([" ".join(text) not in known for text in words(given.fake, given)]))


def perplexity(given: Evidence) -> float:
    return float(np.exp(-given.bounds["iwae"].sum() / sum(len(text) + 1 for text in words(given.real, given))))  # type: ignore[index]


def self_bleu(given: Evidence) -> float:
    texts, scores = words(given.fake, given), []
    for at, text in enumerate(texts):
        precisions = []
        for n in (1, 2, 3):
            mine, others = pieces(text, n), [pieces(other, n) for other in texts[:at] + texts[at + 1 :]]
            shared = sum(min(count, max(other[piece] for other in others)) for piece, count in mine.items())
            precisions.append(max(shared / mine.total(), 1e-9))
        scores.append(gmean(precisions))
    return float(np.mean(scores))


def unique(given: Evidence) -> float:
    return len({" ".join(text) for text in words(given.fake, given)}) / len(given.fake.images)


def speeds(films: Array) -> list[float]:
    """Mean way of the centre of what differs from the frame's median, in pixels a frame."""
    found = []
    for film in films.astype(float).mean(axis=1):
        centres = [center_of_mass(abs(frame - np.median(frame))) for frame in film]
        found.append(np.mean([np.linalg.norm(np.subtract(b, a)) for a, b in pairwise(centres)]))
    return found


def flicker(given: Evidence) -> float:
    real, fake = (
        abs(x.images[:, :, 1:-1].astype(float) - (x.images[:, :, :-2].astype(float) + x.images[:, :, 2:]) / 2).mean()
        for x in (given.real, given.fake)
    )
    return float(fake / real)


OF_TEXTS: Mapping[str, Formula] = {
    "exact": exact,
    "grammatical": grammatical,
    "ngram_jsd": ngram_jsd,
    "novel": novel,
    "perplexity": perplexity,
    "self_bleu": self_bleu,
    "unique": unique,
}
"""Metric -> what a plain formula says of texts."""

OF_FILMS: Mapping[str, Formula] = {
    "flicker": flicker,
    "speed_distance": lambda given: float(
        wasserstein_distance(speeds(given.real.images), speeds(given.fake.images)),
    ),
}
"""The same of films."""

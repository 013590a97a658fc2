"""Do 95 % intervals of metrics cover? ``python -m benchmarks.intervals`` draws items again and again from known laws.

Real and generated items (training ones too, but for copies) are drawn again each time, generated ones as a perfect
model would draw them and as one that is off. An interval is to hold the value that is expected at this number of items
(the mean over all draws) in 0.92 to 0.98 of the draws. Where the value depends much on the number of items, that of
very many stands beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.stats import binom

from benchmarks._common import RESULTS, Bar, describe, machine, positive, progress, table, write
from genlab.datasets.ring import mixture
from genlab.metrics import REGISTRY
from genlab.metrics.base import Evidence, Items, MetricSpec

TITLE = "Coverage of the metrics' 95 % intervals."
LEAST, MOST = 0.92, 0.98
CLASSES, HIDDEN, DIM, SIDE = 10, 6, 16, 12
MANY = 20_000
"""Items that stand for a population."""


@dataclass(frozen=True)
class Size:
    """Numbers of items: real, generated, training."""

    real: int
    fake: int
    train: int

    @property
    def words(self) -> str:
        """As they stand in the table."""
        return f"{self.real:,}" if self.real == self.fake else f"{self.real:,} and {self.fake:,}"


SIZES = (Size(300, 300, 1_200), Size(1_000, 1_000, 4_000), Size(833, 5_000, 4_167))
MODELS = ("perfect", "off")


def in_question() -> list[MetricSpec]:
    """Metrics of items: those of latent spaces and of whole runs rest on more than items that can be drawn here."""
    named = {"latent", "stability"}
    return [spec for spec in REGISTRY if spec.group not in named and not set(spec.needs) & {"walks", "codes"}]


def items(n: int, rng: np.random.Generator, *, off: bool = False) -> Items:
    """Items of ten classes, some rarer than others, with features as of a classifier; ``off`` ones lie elsewhere."""
    fixed = np.random.default_rng(0)
    centres, fold = 1.5 * fixed.standard_normal((CLASSES, HIDDEN)), fixed.standard_normal((HIDDEN, DIM))
    shares = np.linspace(1, 2, CLASSES)[:: -1 if off else 1]
    labels = rng.choice(CLASSES, n, p=shares / shares.sum())
    hidden = centres[labels] + (0.8 if off else 1.0) * rng.standard_normal((n, HIDDEN)) + (0.25 if off else 0.0)
    features = np.maximum(hidden @ fold, 0) + 0.3 * rng.standard_normal((n, DIM))
    scores = -((hidden[:, None] - centres) ** 2).sum(axis=2) / 2
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities = (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)
    return Items(np.zeros((n, 1), np.float32), features.astype(np.float32), probabilities, labels.astype(np.int64))


def images(n: int, rng: np.random.Generator, *, off: bool = False) -> Items:
    """Pictures of cloudy noise whose contrast varies; ``off`` ones are smoother."""
    noise = rng.standard_normal((n, 1, SIDE, SIDE))
    clouds = gaussian_filter(noise, (0, 0, 0.9 if off else 0.7, 0.9 if off else 0.7))
    values = (0.5 + clouds * rng.uniform(0.1, 0.4, (n, 1, 1, 1))).clip(0, 1).astype(np.float32)
    return Items(values, values.reshape(n, -1)[:, :DIM])


def points(n: int, rng: np.random.Generator, *, off: bool = False) -> Items:
    """Points of a ring of Gaussians; ``off`` ones are spread wider and miss a mode nearly."""
    known = mixture()
    shares = np.ones(len(known.means))
    shares[0] = 0.2 if off else 1
    modes = rng.choice(len(shares), n, p=shares / shares.sum())
    places = known.means[modes] + (1.5 if off else 1) * known.sd * rng.standard_normal((n, 2))
    return Items(places.astype(np.float32), places.astype(np.float32))


def evidence(size: Size, rng: np.random.Generator, *, off: bool) -> dict[str, Evidence]:
    """What metrics of features, of pictures and of modes of points look at."""
    plain = Evidence(
        items(size.real, rng), items(size.fake, rng, off=off), items(size.train, rng), classes=CLASSES, pixels=False
    )
    # Copies are of these training items, whatever others there might have been.
    trained = replace(plain, train=items(size.train, np.random.default_rng(1)))
    real = images(size.real, rng)
    blurred = gaussian_filter(real.images, (0, 0, 0.5, 0.5)) + 0.02 * rng.standard_normal(real.images.shape)
    again = Items(blurred.astype(np.float32), blurred.reshape(size.real, -1)[:, :DIM].astype(np.float32))
    nats = rng.normal(-100, 10, size.real) - rng.exponential(5, size.real)
    pictured = Evidence(
        real, images(size.fake, rng, off=off), reconstructions=again, bounds={"elbo": nats - 1, "iwae": nats}
    )
    known = Evidence(points(size.real, rng), points(size.fake, rng, off=off), mixture=mixture(), pixels=False)
    return {"plain": replace(plain, fitted=plain.fake), "trained": trained, "pictured": pictured, "known": known}


def kind_of(spec: MetricSpec) -> str:
    """Which evidence a metric is asked of."""
    if "mixture" in spec.needs:
        return "known"
    if spec.group == "memorisation":
        return "trained"
    return "pictured" if {"images", "reconstructions", "likelihood"} & set(spec.needs) else "plain"


def measured(specs: Iterable[MetricSpec], size: Size, seed: int, *, off: bool) -> dict[str, Any]:
    """Name -> value, low and high of one draw; None where there is no number."""
    rng = np.random.default_rng([seed, int(off)])
    given = evidence(size, rng, off=off)
    found: dict[str, Any] = {}
    for spec in specs:
        one = spec.measure(given[kind_of(spec)], spec.Options(), np.random.default_rng(seed))
        found[spec.name] = None if one.value is None else (one.value, one.low, one.high)
    return found


def summary(draws: Sequence[Any]) -> dict[str, Any] | None:
    """Expected value and how often intervals hold it; None where most draws have no number."""
    told = [one for one in draws if one is not None]
    if len(told) < len(draws) / 2:
        return None
    expected = float(np.mean([value for value, _, _ in told]))
    intervals = [(low, high) for _, low, high in told if low is not None]
    if not intervals:
        return {"expected": expected, "covers": None, "draws": len(told)}
    rounding = 1e-9 * max(1.0, abs(expected))
    held = [low - rounding <= expected <= high + rounding for low, high in intervals]
    return {"expected": expected, "covers": float(np.mean(held)), "draws": len(held)}


def allowed(draws: int) -> tuple[float, float]:
    """The bar, as wide as chance makes it with so many draws (the middle 99 % at its ends)."""
    return float(binom.ppf(0.005, draws, LEAST)) / draws, float(binom.ppf(0.995, draws, MOST)) / draws


def population(specs: Iterable[MetricSpec], *, off: bool) -> dict[str, float | None]:
    """The value of very many items."""
    found = measured(specs, Size(MANY, MANY, MANY), 10**6, off=off)
    return {name: None if one is None else one[0] for name, one in found.items()}


def rows(found: Sequence[Mapping[str, Any]]) -> str:
    """One row per metric: coverage by size and model."""
    names = list(dict.fromkeys(one["metric"] for one in found))
    columns = list(dict.fromkeys((one["size"], one["model"]) for one in found))
    by = {(one["metric"], one["size"], one["model"]): one for one in found}

    def cell(name: str, size: str, model: str) -> str:
        one = by[name, size, model]["found"]
        if one is None:
            return "withheld"
        return "no interval" if one["covers"] is None else f"{one['covers']:.3f}"

    heading = ["metric", *(f"{size}, {model}" for size, model in columns)]
    return table(heading, ([name, *(cell(name, *column) for column in columns)] for name in names))


def apart(found: Sequence[Mapping[str, Any]]) -> str:
    """Metrics whose expected value at some size is far from that of very many items."""
    told = []
    for one in found:
        expected, many = (one["found"] or {}).get("expected"), one.get("population")
        if expected is not None and many is not None and abs(expected - many) > 0.1 * max(abs(many), 1e-3):
            told.append([one["metric"], one["model"], one["size"], f"{expected:.4g}", f"{many:.4g}"])
    return table(["metric", "model", "items", "expected at these numbers", f"at {MANY:,}"], told)


def of_cell(task: tuple[Sequence[str], Size, str, int]) -> list[dict[str, Any]]:
    """All metrics at one size, for one model."""
    names, size, model, repeats = task
    specs = [REGISTRY.get(name) for name in names]
    progress(f"{size.words} items, a model that is {model}")
    draws = [measured(specs, size, seed, off=model == "off") for seed in range(repeats)]
    return [
        {"metric": name, "size": size.words, "model": model, "found": summary([draw[name] for draw in draws])}
        for name in names
    ]


def bars_of(found: Sequence[Mapping[str, Any]], repeats: int) -> list[Bar]:
    """The least and the most coverage of all."""
    low, high = allowed(repeats)
    shares = [(one["found"]["covers"], one) for one in found if one["found"] and one["found"]["covers"] is not None]
    ends = {"least": min(shares, key=lambda each: each[0]), "most": max(shares, key=lambda each: each[0])}
    return [
        Bar(
            f"{end} coverage: {one['metric']} at {one['size']}, {one['model']}",
            f"{share:.3f}",
            f"{LEAST} to {MOST}, by chance {low:.3f} to {high:.3f}",
            low <= share <= high,
        )
        for end, (share, one) in ends.items()
    ]


def replaced(document: Mapping[str, Any], found: Sequence[Mapping[str, Any]], repeats: int) -> list[Mapping[str, Any]]:
    """The rows of a ``document`` with those in ``found`` in the places of older ones.

    Raises:
        ValueError: Where those were of another number of draws.
    """
    if document["repeats"] != repeats:
        raise ValueError(f"The rows that stay are of {document['repeats']} draws, not of {repeats}.")
    new = {(one["metric"], one["size"], one["model"]): one for one in found}
    rows = {(one["metric"], one["size"], one["model"]): one for one in document["results"]}
    return list((rows | new).values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate, print, write; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intervals", description=TITLE)
    parser.add_argument("--repeats", type=positive, default=200)
    parser.add_argument("--metrics", nargs="*", default=None, help="names; all by default")
    parser.add_argument("--sizes", nargs="*", type=int, default=range(len(SIZES)), help="positions in SIZES")
    parser.add_argument("--processes", type=positive, default=2)
    parser.add_argument("--no-population", action="store_true")
    parser.add_argument("--keep-others", action="store_true", help="rows of other metrics stay as they are in --out")
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args(arguments)
    about = machine()
    specs = [spec for spec in in_question() if asked.metrics is None or spec.name in asked.metrics]
    many = {off: {} if asked.no_population else population(specs, off=off) for off in (False, True)}
    cells = [(SIZES[place], model) for place in asked.sizes for model in MODELS]
    tasks = [([spec.name for spec in specs], size, model, asked.repeats) for size, model in cells]
    with ProcessPoolExecutor(asked.processes, mp_context=get_context("spawn")) as pool:
        drawn = [one for cell in pool.map(of_cell, tasks) for one in cell]
    found = [one | {"population": many[one["model"] == "off"].get(one["metric"])} for one in drawn]
    text = describe(TITLE, about, "python -m benchmarks.intervals")
    if asked.keep_others:
        document = json.loads((asked.out / "intervals.json").read_text())
        found, about = replaced(document, found, asked.repeats), document["about"]
        names = ", ".join(spec.name for spec in specs)
        text = describe(TITLE, about, "python -m benchmarks.intervals") + f"\nRows of {names} were drawn again later.\n"
    text += f"\n{asked.repeats} draws; real and generated items (one number where they are as many).\n\n{rows(found)}"
    text += f"\n\nWhere the number of items changes the value by more than a tenth:\n\n{apart(found)}"
    document = {"about": about, "repeats": asked.repeats, "results": found}
    return write("intervals", asked.out, document, text, bars_of(found, asked.repeats))


if __name__ == "__main__":
    sys.exit(main())

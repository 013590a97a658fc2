"""Which measures see damage that headlines might miss? ``python -m benchmarks.damage`` does it to real pictures.

A measure sees a damage when its interval lies beyond that of untouched real pictures, on the worse side.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from sklearn.cluster import KMeans

from benchmarks._common import RESULTS, Bar, describe, machine, positive, table, write
from genlab.evaluation.reals import open_encoder
from genlab.lab import Lab
from genlab.metrics import REGISTRY
from genlab.metrics.base import Evidence, Items, MetricSpec
from genlab.plots.radar import HEADLINES as RADAR
from genlab.ui.views.match_watch import HEADLINES as MATCH

TITLE = "Damage that headlines might miss."
Images = NDArray[np.float32]
Labels = NDArray[np.int64]
Damaged = Callable[[Images, Labels, NDArray[np.float32], np.random.Generator, int], Images]


def tripled(images: Images, labels: Labels, features: Images, rng: np.random.Generator, n: int) -> Images:
    """One class three times over."""
    shares = np.where(labels == labels.min(), 3.0, 1.0)
    return images[rng.choice(len(images), n, replace=False, p=shares / shares.sum())]


def doubled(images: Images, labels: Labels, features: Images, rng: np.random.Generator, n: int) -> Images:
    """A tenth are double exposures: the brighter of two pictures at each pixel."""
    order = rng.permutation(len(images))
    found, tenth = images[order[:n]].copy(), n // 10
    found[:tenth] = np.maximum(found[:tenth], images[order[n : n + tenth]])
    return found


def without_styles(images: Images, labels: Labels, features: Images, rng: np.random.Generator, n: int) -> Images:
    """Of four styles (k-means of features) within each class one is missing."""
    kept = np.ones(len(images), dtype=bool)
    for label in np.unique(labels):
        own = np.flatnonzero(labels == label)
        kept[own[KMeans(4, n_init=4, random_state=0).fit(features[own]).labels_ == 0]] = False
    return images[rng.permutation(np.flatnonzero(kept))[:n]]


def blurred(images: Images, labels: Labels, features: Images, rng: np.random.Generator, n: int) -> Images:
    """A blur of 0.4 pixels."""
    found: Images = gaussian_filter(images[rng.permutation(len(images))[:n]], (0, 0, 0.4, 0.4))
    return found


def untouched(images: Images, labels: Labels, features: Images, rng: np.random.Generator, n: int) -> Images:
    """Nothing is done."""
    return images[rng.permutation(len(images))[:n]]


DAMAGES: Mapping[str, Damaged] = {
    "nothing": untouched,
    "one class three times over": tripled,
    "10 % double exposures": doubled,
    "a quarter of the styles dropped": without_styles,
    "blur of 0.4 px": blurred,
}


def seen(spec: MetricSpec, hurt: Evidence, real: Evidence) -> bool:
    """Whether a measure's interval lies beyond that of real pictures, on the worse side."""
    found = [spec.measure(given, spec.Options(), np.random.default_rng(0)) for given in (hurt, real)]
    if any(one.value is None or one.low is None or one.high is None for one in found):
        return False
    (low, high), (real_low, real_high) = [(float(one.low or 0), float(one.high or 0)) for one in found]
    above, below = low > real_high, high < real_low
    return below if spec.better == "up" else above if spec.better == "down" else above or below


def of_data(lab: Lab, name: str, n: int) -> list[tuple[str, list[str]]]:
    """Damage -> names of the measures that see it, on the held-out pictures of a data set; half of them are damaged."""
    data = lab.data.open(name)
    encoder = open_encoder(data, "in-domain", lab.workspace.encoders, lambda share, what: None)
    public = [np.asarray(data.items(split)).astype(np.float32) / 255 for split in ("train", "test")]
    labels = data.labels("test")
    assert labels is not None
    rng = np.random.default_rng(0)
    train = public[0][rng.permutation(len(public[0]))[: 5 * n]]
    order = rng.permutation(len(public[1]))

    def items(images: Images) -> Items:
        told = encoder(np.ascontiguousarray(images))
        return Items(images, told.features, told.probabilities)

    real, learned, pool = items(public[1][order[:n]]), items(train), order[n:]
    features = encoder(public[1][pool]).features
    classes = len(data.info.classes or ())
    made = {
        damage: Evidence(
            real, items(make(public[1][pool], labels[pool], features, np.random.default_rng(1), n)), learned, classes
        )
        for damage, make in DAMAGES.items()
    }
    specs = [
        REGISTRY.get(name) for name in dict.fromkeys((*MATCH, *RADAR)) if "mixture" not in REGISTRY.get(name).needs
    ]
    return [
        (damage, [spec.name for spec in specs if seen(spec, hurt, made["nothing"])])
        for damage, hurt in made.items()
        if damage != "nothing"
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Damage, measure, print, write; 1 where a damage is seen by no headline."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.damage", description=TITLE)
    parser.add_argument("--data", nargs="*", default=["fashion-mnist"])
    parser.add_argument("--items", type=positive, default=2_000)
    parser.add_argument("--workspace", type=Path, required=True, help="where data and feature extractors are kept")
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args(arguments)
    about, lab = machine(), Lab(asked.workspace)
    found = {name: of_data(lab, name, asked.items) for name in asked.data}
    rows = [
        (name, damage, ", ".join(which for which in who if which in MATCH), ", ".join(w for w in who if w in RADAR))
        for name, lines in found.items()
        for damage, who in lines
    ]
    text = describe(TITLE, about, f"python -m benchmarks.damage --items {asked.items} --data {' '.join(asked.data)}")
    text += "\n" + table(
        ("data", "damage", "headlines of a match that see it", "measures of the radar that see it"), rows
    )
    unseen = [
        f"{name}: {damage}" for name, lines in found.items() for damage, who in lines if not set(who) & set(MATCH)
    ]
    bars = [Bar("damage that no headline of a match sees", "; ".join(unseen) or "none", "none", not unseen)]
    return write("damage", asked.out, {"about": about, "results": found}, text, bars)


if __name__ == "__main__":
    sys.exit(main())

"""What is lost between a spectrogram and the sound that is played, and how fast: ``python -m benchmarks.sound``.

Real items are turned into sound and back into levels. What a classifier trained on the data makes of them afterwards is
told beside what it makes of the items themselves: no sample of a model can sound better than such an item.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks._common import RESULTS, Bar, describe, machine, positive, progress, table, write
from genlab.evaluation.reals import open_encoder
from genlab.kinds._mel import RANGE, levels, wave
from genlab.kinds.base import as_public
from genlab.lab import Lab

TITLE = "Sound: from levels to what is heard, and back."
ACCURATE = 0.95
"""Held-out accuracy that the classifier of spoken digits has to have."""

PATIENCE = 100.0
"""Milliseconds in which one item has to be there to be heard."""

REPEATS = 20


@dataclass(frozen=True)
class RoundTrip:
    """One data set.

    Attributes:
        data: Its name.
        items: Held-out items.
        seconds: Length of one.
        distance: Log-spectral distance in dB, the mean over items.
        within: The same where an item is within 40 dB of its loudest band.
        accuracy: Share of all held-out items that the classifier takes for what they are.
        before: The same of the items that were turned.
        after: The same after the round trip.
        sure: The classifier's mean confidence before and after.
        play: Milliseconds of CPU for one item, the median.
    """

    data: str
    items: int
    seconds: float
    distance: float
    within: float
    accuracy: float
    before: float
    after: float
    sure: tuple[float, float]
    play: float


def turned(items: NDArray[np.float32]) -> NDArray[np.float32]:
    """Items [n, 1, bands, frames] as they are after having been made into sound."""
    return np.concatenate([levels(wave(item)[None], item.shape[1]) for item in items])


def distance(one: NDArray[np.float32], other: NDArray[np.float32], there: NDArray[np.bool_]) -> float:
    """Root mean square of differences in dB over the places that are ``there``, the mean over items."""
    squares = [np.mean((a[t] - b[t]) ** 2) for a, b, t in zip(one, other, there, strict=True) if t.any()]
    return float(RANGE * np.mean(np.sqrt(squares)))


def of_data(lab: Lab, name: str, most: int) -> RoundTrip:
    """The round trip of held-out items of one data set, whose classifier is trained if it is not there."""
    progress(name)
    data = lab.data.open(name)
    encoder = open_encoder(data, "in-domain", lab.workspace.encoders, lambda share, what: None)
    held_out, labels = as_public(np.array(data.items("test"))), data.labels("test")
    assert labels is not None
    told = encoder(held_out).probabilities
    assert told is not None
    items = held_out[:most]
    back = turned(items)
    again = encoder(back).probabilities
    assert again is not None
    right = told.argmax(1) == labels
    spent = []
    for item in items[:REPEATS]:
        began = time.process_time()
        wave(item)
        spent.append(1e3 * (time.process_time() - began))
    return RoundTrip(
        data=name,
        items=len(items),
        seconds=items.shape[-1] * 0.016,
        distance=distance(items, back, np.ones(items.shape, bool)),
        within=distance(items, back, items > 0.5),
        accuracy=float(right.mean()),
        before=float(right[:most].mean()),
        after=float((again.argmax(1) == labels[:most]).mean()),
        sure=(float(told[:most].max(1).mean()), float(again.max(1).mean())),
        play=statistics.median(spent),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Turn, measure, print, write; 1 where a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sound", description=TITLE)
    parser.add_argument("--data", nargs="*", default=["tones"], help="data sets of sounds with classes")
    parser.add_argument("--items", type=positive, default=500)
    parser.add_argument("--workspace", type=Path, required=True, help="where data and feature extractors are kept")
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args(arguments)
    about, lab = machine(), Lab(asked.workspace)
    found = [of_data(lab, name, asked.items) for name in asked.data]
    rows = [
        (
            *(one.data, f"{one.items:,}", f"{one.seconds:.2f} s", f"{one.distance:.1f} dB", f"{one.within:.1f} dB"),
            *(f"{one.accuracy:.3f}", f"{one.before:.3f}", f"{one.after:.3f}"),
            *(f"{one.sure[0]:.3f}, {one.sure[1]:.3f}", f"{one.play:.0f} ms"),
        )
        for one in found
    ]
    heads = ("data", "items", "length", "distance", "of the loud half", "accuracy, all held out", "before", "after")
    text = describe(TITLE, about, f"python -m benchmarks.sound --items {asked.items} --data {' '.join(asked.data)}")
    text += "\n" + table((*heads, "sure before, after", "CPU to play one"), rows)
    bars = [
        bar
        for one in found
        for bar in (
            Bar(
                f"{one.data}: the classifier on held-out items",
                f"{one.accuracy:.3f}",
                f"at least {ACCURATE}",
                one.accuracy >= ACCURATE,
            ),
            Bar(
                f"{one.data}: one item to be heard",
                f"{one.play:.0f} ms",
                f"under {PATIENCE:.0f} ms",
                one.play < PATIENCE,
            ),
        )
    ]
    return write("sound", asked.out, {"about": about, "found": [asdict(one) for one in found]}, text, bars)


if __name__ == "__main__":
    sys.exit(main())

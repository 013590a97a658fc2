"""Are metrics what they are called? ``python -m benchmarks.reference`` computes every deterministic one a second time.

By scipy, scikit-learn, scikit-image, prdc or vendi-score, or by a plain formula (`benchmarks._reference_formulas`), on
real digits with a part of them blurred; modes of points on a ring. The largest relative difference is the bar.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter

from benchmarks._common import RESULTS, Bar, describe, load_support, machine, table, write
from benchmarks._reference_formulas import FORMULAS, LEFT_OUT, OF_POINTS
from benchmarks._reference_kinds import OF_FILMS, OF_TEXTS
from genlab.metrics import REGISTRY
from genlab.metrics.base import Evidence

TITLE = "Metrics beside other libraries and plain formulas."
MOST = 1e-6
"""Largest relative difference."""


def evidence(folder: Path) -> dict[str, Evidence]:
    """Digits of which two fifths are blurred, with made-up codes and curves; points that miss a mode nearly.

    Texts with words in the wrong place, copies and repetitions; films that are unsteady and slow.
    """
    support = load_support("evidence")
    bench, ring = support.digits(folder), support.ring()
    images = bench.sets.fresh.copy()
    images[:400] = gaussian_filter(images[:400], (0, 0, 1, 1))
    fake = bench.encode(images, bench.sets.fresh_labels)
    points = ring.evidence.fake.images * np.float32(1.05)
    # Copies are compared in features: in pixels candidates are looked for first, which no plain formula does.
    return {
        "digits": replace(bench.evidence, fake=fake),
        "features": replace(bench.evidence, fake=fake, pixels=False),
        "ring": replace(ring.evidence, fake=support.points(points)),
        "texts": _texts(support.sentences(300)),
        "films": _films(support.films(60)),
    }


def _texts(bench: Any) -> Evidence:
    made, again = bench.evidence.fake.images.copy(), bench.evidence.real.images.copy()
    made[:80, :, [1, 3]] = made[:80, :, [3, 1]]
    made[80:120], made[120:150] = bench.evidence.train.images[:40], made[150]
    again[:90, :, [1, 2]] = again[:90, :, [2, 1]]
    return replace(bench.evidence, fake=bench.encode(made, None), reconstructions=bench.encode(again, None))


def _films(bench: Any) -> Evidence:
    made = bench.evidence.fake.images.copy()
    made[:20, :, 1::2] = made[:20, :, ::2]
    made[20:40] = np.clip(made[20:40] + np.random.default_rng(7).normal(0, 0.1, made[20:40].shape), 0, 1)
    return replace(bench.evidence, fake=bench.encode(made, bench.sets.fresh_labels))


def differences(given: dict[str, Evidence]) -> list[tuple[str, float, float, float]]:
    """Metric, genlab's value, the other one, and their relative difference."""
    found = []
    asked = [(name, formula, "features" if name == "copies" else "digits") for name, formula in FORMULAS.items()]
    others = {"ring": OF_POINTS, "texts": OF_TEXTS, "films": OF_FILMS}
    asked += [(name, formula, data) for data, formulas in others.items() for name, formula in formulas.items()]
    for name, formula, data in asked:
        spec = REGISTRY.get(name)
        measured = spec.measure(given[data], spec.Options(), np.random.default_rng(0))
        assert measured.value is not None, f"{name}: {measured.why}"
        ours, theirs = measured.value, formula(given[data])
        called = f"{name}, of points" if data == "ring" else name
        found.append((called, ours, theirs, abs(ours - theirs) / max(abs(theirs), 1e-12) if ours != theirs else 0.0))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute, print, write; 1 where the bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reference", description=TITLE)
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args(arguments)
    about = machine()
    with tempfile.TemporaryDirectory() as folder:
        found = differences(evidence(Path(folder) / "workspace"))
    worst = max(found, key=lambda row: row[3])
    text = describe(TITLE, about, "python -m benchmarks.reference")
    rows = [(name, f"{ours:.9g}", f"{theirs:.9g}", f"{apart:.1e}") for name, ours, theirs, apart in found]
    text += "\n" + table(("metric", "genlab", "other", "relative difference"), rows)
    text += "\n\nNot computed again: " + "; ".join(f"{name} ({why})" for name, why in LEFT_OUT.items()) + "."
    figure, need = f"{worst[3]:.1e} ({worst[0]})", f"<= {MOST:.0e}"
    bars = [Bar("largest relative difference", figure, need, worst[3] <= MOST)]
    names = ("metric", "genlab", "other", "difference")
    document = {"about": about, "results": [dict(zip(names, row, strict=True)) for row in found]}
    return write("reference", asked.out, document, text, bars)


if __name__ == "__main__":
    sys.exit(main())

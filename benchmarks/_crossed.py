"""Seeds and images crossed: errors, cover and quoted seeds where all seeds are scored on the same images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

import numpy as np

from benchmarks._common import Bar, table
from genlab.verdicts.power import Bounds, Comparison, outlook
from genlab.verdicts.samples import Sample
from genlab.verdicts.statistics import LEVEL, MOST_MORE, welch

OF_TEST = ("wrong", "covered")
CROSSED = (3, 5, 8, 13, 20)
"""Seeds with which tests are held to their level where all are scored on the same images."""

PER_MATCH = 150
"""Held-out images of those simulations."""

SHARES = {
    "seeds": (0.03, 0.1, 0.1, 0.1),
    "images, hard for both": (0.005, 0.4, 0.1, 0.1),
    "images, hard for one": (0.005, 0.1, 0.4, 0.1),
    "seed and image together": (0.002, 0.1, 0.02, 0.5),
    "all alike": (0.02, 0.25, 0.25, 0.25),
}
"""Where a score's chance comes from -> standard deviations over seeds, over images for both families alike, over images
for each by itself, and of what seed and image do together; the last three of one image."""

AT = 0.05
"""The smallest difference that matters there."""


def crossed(seeds: int, shares: Sequence[float], effect: float, rng: np.random.Generator) -> tuple[Sample, Sample]:
    """Two families' scores, ``seeds`` each, on the same images."""
    of_seeds, of_both, of_each, of_rest = shares
    both, found = of_both * rng.standard_normal(PER_MATCH), []
    for middle in (effect, 0.0):
        items = middle + both + of_each * rng.standard_normal(PER_MATCH)
        items = items + of_seeds * rng.standard_normal((seeds, 1)) + of_rest * rng.standard_normal((seeds, PER_MATCH))
        noise = tuple(items.std(axis=1, ddof=1) / sqrt(PER_MATCH))
        found.append(Sample(tuple(items.mean(axis=1)), noise, items, PER_MATCH))
    return found[0], found[1]


def on_the_same_images(draws: int) -> list[dict[str, Any]]:
    """Errors at the threshold, and how often intervals cover: with contributions of images, and with intervals only."""
    rows = []
    for name, shares in SHARES.items():
        for seeds in CROSSED:
            rng, wrong, covered = np.random.default_rng(40 + seeds), np.zeros(2), np.zeros(2)
            for _ in range(draws):
                both = crossed(seeds, shares, AT, rng)
                bare = [Sample(one.values, one.noise, None, one.images) for one in both]
                for place, (first, second) in enumerate((both, bare)):
                    test = welch(first, second, AT)
                    assert test is not None
                    wrong[place] += test.p_for <= LEVEL
                    covered[place] += test.low <= AT <= test.high
            found = {"wrong": (wrong / draws).tolist(), "covered": (covered / draws).tolist()}
            rows.append({"shares": name, "seeds": seeds, **found})
    return rows


def quoted(times: int) -> dict[str, Any]:
    """How often the seeds that are quoted as missing do decide, over effects and spreads of every size."""
    rng, hits, right, capped, early = np.random.default_rng(50), 0, 0, 0, 0
    bounds, done = Bounds(LEVEL, LEVEL, LEVEL), 0
    while done < times:
        effect, seeds = AT * rng.uniform(-3, 5), int(rng.choice((3, 5)))
        spread = AT * float(np.exp(rng.uniform(np.log(0.3), np.log(3))))
        now = [middle + spread * rng.standard_normal(seeds) for middle in (effect, 0.0)]
        comparison = Comparison(*(Sample(tuple(one)) for one in now), AT)
        if _said(comparison) is not None:
            early += 1
            continue
        found = outlook([[comparison]], bounds)
        if found.seeds > MOST_MORE:
            capped += 1
            continue
        later = [
            np.concatenate([one, middle + spread * rng.standard_normal(found.seeds)])
            for one, middle in zip(now, (effect, 0.0), strict=True)
        ]
        said = _said(Comparison(*(Sample(tuple(one)) for one in later), AT))
        done, hits, right = done + 1, hits + (said is not None), right + (said == found.likely)
    return {"times": times, "decided": hits / times, "as_said": right / times, "early": early, "capped": capped}


def _said(comparison: Comparison) -> str | None:
    test = comparison.test()
    assert test is not None
    if test.p_for <= LEVEL:
        return "supported"
    return "no_difference" if test.p_equal <= LEVEL else "not_supported" if test.p_against <= LEVEL else None


def crossed_bars(found: Mapping[str, Any]) -> list[Bar]:
    """Errors and cover on the same images, and what quoted seeds decide; with two standard errors of the simulation."""
    wrong = max(row["wrong"][0] for row in found["crossed"])
    cover = [row["covered"][0] for row in found["crossed"]]
    chance, slack = found["quoted"]["decided"], 2 * sqrt(LEVEL * (1 - LEVEL) / found["draws"])
    return [
        Bar(
            "effect at the threshold, 3 to 20 seeds on the same images, wrongly supported",
            f"at most {wrong:.1%}",
            f"at most 6% (± {slack:.1%} of simulation)",
            wrong <= 0.06 + slack,
        ),
        Bar(
            "95 % intervals cover, 3 to 20 seeds on the same images",
            f"{min(cover):.3f} to {max(cover):.3f}",
            f"0.93 to 0.97 (± {slack:.3f} of simulation)",
            min(cover) >= 0.93 - slack and max(cover) <= 0.97 + slack,
        ),
        Bar("quoted further seeds decide", f"{chance:.0%}", "75% to 85%", 0.75 <= chance <= 0.85),
    ]


def crossed_report(found: Mapping[str, Any]) -> str:
    """The tables."""
    told = found["quoted"]
    on_images = table(
        ("chance comes from", "seeds", "wrong", "cover", "wrong, intervals only", "cover, intervals only"),
        [
            (row["shares"], str(row["seeds"]), *(f"{row[key][place]:.3f}" for place in (0, 1) for key in OF_TEST))
            for row in found["crossed"]
        ],
    )
    return (
        f"## All seeds on the same images\n\nTwo families on the same {PER_MATCH} images, an effect exactly at the "
        f"threshold of {AT}: how often it is believed at 5 %, and how often the 95 % interval covers it. With what "
        f"each image contributes to each score (paired), and where only intervals over images are known (an upper "
        f"bound of what images add, so that less is decided).\n\n{on_images}\n\n"
        f"## Seeds that are quoted as missing\n\nEffects from three thresholds against a claim to five for it, spreads "
        f"from 0.3 to 3 thresholds, 3 or 5 seeds, undecided, and at most {MOST_MORE} more named: {told['times']} "
        f"times. With so many more {told['decided']:.0%} were decided, {told['as_said']:.0%} in the direction that was "
        f"named; {told['capped']} others needed more than {MOST_MORE}, {told['early']} were decided at once.\n"
    )

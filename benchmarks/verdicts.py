"""Are verdicts right? ``python -m benchmarks.verdicts`` judges simulated matches whose truth is known.

Scores are random numbers shaped like real ones: normal or heavy-tailed over seeds, with equal spreads or one family's
three times the others', 2, 3 or 5 seeds. Families that are the same must rarely be told apart; large effects must be
found; and where an effect is exactly the smallest that matters, at most one claim in twenty may be believed, however
many seeds are scored on the same images. The seeds that are quoted as missing must decide about as often as is said.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._common import RESULTS, Bar, describe, load_support, machine, positive, progress, table, write
from benchmarks._crossed import crossed_bars, crossed_report, on_the_same_images, quoted
from genlab.verdicts.claims.base import ClaimSpec, PartSpec
from genlab.verdicts.facts import Facts
from genlab.verdicts.findings import Judged
from genlab.verdicts.judge import claims, verdicts
from genlab.verdicts.statistics import LEVEL
from genlab.verdicts.tested import find

TITLE = "Verdicts on simulated matches whose truth is known."
SEEDS = (2, 3, 5)
OF_BAR = 3
"""Seeds that the bars are for."""

MOST_WRONG, LEAST_FOUND = 0.05, 0.80
WIDER = 3.0
"""How many times as far the scores of one family are spread, where spreads are unequal."""


@dataclass(frozen=True)
class Law:
    """How scores fall over seeds.

    Attributes:
        name: For tables.
        heavy: Student's t with 3 degrees of freedom instead of normal.
        widen: Family -> factor of its spread.
    """

    name: str
    heavy: bool = False
    widen: Mapping[str, float] | None = None


LAWS = (
    Law("normal"),
    Law("heavy tails", heavy=True),
    Law("GAN spread × 3", widen={"gan": WIDER}),
)


def same(made: Any, law: Law, seeds: int, rng: np.random.Generator) -> Facts:
    """A match of three families that are the same."""
    facts: Facts = made.same(seeds, rng, made.heavy if law.heavy else made.normal, law.widen)
    return facts


def textbook(made: Any, law: Law, seeds: int, rng: np.random.Generator) -> Facts:
    """A match in which every claim is true, by a lot."""
    facts: Facts = made.match(made.textbook(), seeds, rng, made.heavy if law.heavy else made.normal, law.widen)
    return facts


def count(
    make: Callable[[np.random.Generator], Facts], specs: Sequence[ClaimSpec], matches: int, seed: int
) -> dict[str, Any]:
    """Shares of ``matches`` in which each claim, and any that is not definitional, got which verdict."""
    rng, yes, no, anyone = np.random.default_rng(seed), Counter[str](), Counter[str](), 0
    definitional = {spec.name for spec in specs if spec.definitional}
    for _ in range(matches):
        found: list[Judged] = verdicts(specs, make(rng))
        supported = [one.claim for one in found if one.verdict == "supported"]
        yes.update(supported)
        no.update(one.claim for one in found if one.verdict == "not_supported")
        anyone += bool(set(supported) - definitional)
    names = [spec.name for spec in specs]
    return {
        "any": anyone / matches,
        "supported": {name: yes[name] / matches for name in names},
        "not_supported": {name: no[name] / matches for name in names},
    }


def bare(spec: ClaimSpec) -> ClaimSpec:
    """A claim that any difference is enough for."""
    parts = [replace(part, threshold=1.0 if part.scale == "ratio" else 0.0) for part in spec.decisive]
    return replace(spec, parts=tuple(parts))


def at_threshold(made: Any, part: PartSpec, law: Law, seeds: int, draws: int, seed: int) -> tuple[float, float]:
    """How often a part is believed for and against, at 5 % and by itself, when its effect is exactly its threshold."""
    rng = np.random.default_rng(seed)
    truth = made.SAME[part.measure]
    if part.kind == "spread":
        truth = replace(truth, noise=0.0)
        moved = replace(truth, spread=truth.spread * part.threshold)
    else:
        sign = 1 if part.better == "up" else -1
        moved = replace(
            truth,
            mean=truth.mean * part.threshold**sign if part.scale == "ratio" else truth.mean + sign * part.threshold,
        )
    truths = {family: {part.measure: moved if family == part.first else truth} for family in made.FAMILIES}
    # A wider spread would itself be the effect, where spreads are compared.
    widen = None if part.kind == "spread" else law.widen
    believed = [0, 0]
    for _ in range(draws):
        facts = made.match(truths, seeds, rng, made.heavy if law.heavy else made.normal, widen)
        test = find(part, facts).test
        if test is not None:
            believed[0] += test.p_for <= LEVEL
            believed[1] += test.p_against <= LEVEL
    return believed[0] / draws, believed[1] / draws


def measure(matches: int, draws: int) -> dict[str, Any]:
    """All simulations."""
    made, specs = load_support("claims"), claims()
    plain = [bare(spec) for spec in specs if not spec.definitional]
    found: dict[str, Any] = {"matches": matches, "draws": draws, "same": [], "bare": [], "textbook": [], "edge": []}
    progress("seeds on the same images")
    found["crossed"] = on_the_same_images(draws)
    progress("quoted seeds")
    found["quoted"] = quoted(max(1, draws // 2))
    for law in LAWS:
        for seeds in SEEDS:
            progress(f"{law.name}, {seeds} seeds")
            about = {"law": law.name, "seeds": seeds}

            def alike(rng: np.random.Generator, law: Law = law, seeds: int = seeds) -> Facts:
                return same(made, law, seeds, rng)

            def told(rng: np.random.Generator, law: Law = law, seeds: int = seeds) -> Facts:
                return textbook(made, law, seeds, rng)

            found["same"].append(about | count(alike, specs, matches, seeds))
            found["bare"].append(about | count(alike, plain, matches, 10 + seeds))
            found["textbook"].append(about | count(told, specs, matches, 20 + seeds))
            found["edge"].append(about | {"claims": edges(made, specs, law, seeds, draws)})
    return found


def edges(made: Any, specs: Sequence[ClaimSpec], law: Law, seeds: int, draws: int) -> dict[str, Any]:
    """For every tested claim the part that is most often believed at its threshold, wrongly for and wrongly against."""
    found = {}
    for spec in specs:
        if not spec.definitional:
            parts = {part.name: at_threshold(made, part, law, seeds, draws, 30 + seeds) for part in spec.decisive}
            found[spec.name] = {
                "for": max(rate for rate, _ in parts.values()),
                "against": max(rate for _, rate in parts.values()),
                "parts": parts,
            }
    return found


def judge_bars(found: Mapping[str, Any]) -> list[Bar]:
    """The bars: few claims believed of families that are the same, large effects found, nothing true called false."""
    (alike,) = [one for one in found["same"] if _of_bar(one)]
    (told,) = [one for one in found["textbook"] if _of_bar(one)]
    bars = [
        Bar(
            f"families that are the same, {found['matches']} matches, any claim supported",
            f"{alike['any']:.1%}",
            f"at most {MOST_WRONG:.0%}",
            alike["any"] <= MOST_WRONG,
        )
    ]
    for name, share in told["supported"].items():
        if name in {"likelihood", "faces"}:
            continue
        wrong = told["not_supported"][name]
        bars.append(
            Bar(
                f"large effect, {name}",
                f"supported {share:.0%}, not supported {wrong:.1%}, else not enough evidence",
                f"{LEAST_FOUND:.0%}, or not enough evidence (wrong at most {MOST_WRONG:.0%})",
                share >= LEAST_FOUND or wrong <= MOST_WRONG,
            )
        )
    return [*bars, *crossed_bars(found)]


def _of_bar(one: Mapping[str, Any]) -> bool:
    return bool(one["law"] == LAWS[0].name and one["seeds"] == OF_BAR)


def report(found: Mapping[str, Any], about: Mapping[str, Any], command: str) -> str:
    """The tables."""
    names = list(found["textbook"][0]["supported"])
    tested = list(found["edge"][0]["claims"])
    settings = [f"{one['law']}, {one['seeds']} seeds" for one in found["same"]]
    alike = table(
        ("scores", "any claim supported", "the same without thresholds"),
        [
            (name, f"{a['any']:.1%}", f"{b['any']:.1%}")
            for name, a, b in zip(settings, found["same"], found["bare"], strict=True)
        ],
    )
    power = table(
        ("claim", *settings),
        [(name, *(_both(one, name) for one in found["textbook"])) for name in names],
    )
    edge = table(
        ("claim", *settings),
        [(name, *(f"{one['claims'][name]['for']:.1%}" for one in found["edge"])) for name in tested],
    )
    half = 100 * 1.96 * sqrt(LEVEL * (1 - LEVEL) / found["draws"])
    return (
        f"{describe('Verdicts', about, command)}\n"
        f"{found['matches']} simulated matches of three families in each cell, all claims judged together.\n\n"
        f"## Families that are the same\n\nShare of matches in which any claim that does not hold by definition was "
        f"supported. Without thresholds any difference is enough for a claim.\n\n{alike}\n\n"
        f"## Large effects\n\nSupported / not supported; the rest is not enough evidence. Uses wait for what has not "
        f"been measured, and faces for faces.\n\n{power}\n\n"
        f"## Effects exactly at the threshold\n\nHow often a claim is believed by itself, at 5 %, when one decisive "
        f"part has exactly the smallest effect that matters and all others certainly hold: the worst of its parts, "
        f"{found['draws']:,} draws each, so that 5 % may come out as 5 ± {half:.1f} %.\n\n{edge}\n\n"
        f"{crossed_report(found)}"
    )


def _both(one: Mapping[str, Any], name: str) -> str:
    return f"{one['supported'][name]:.0%} / {one['not_supported'][name]:.0%}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate, print and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verdicts", description=TITLE)
    parser.add_argument("--matches", type=positive, default=400, help="simulated matches in each cell (default 400)")
    parser.add_argument("--draws", type=positive, default=1_000, help="draws at each threshold (default 1000)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    options = parser.parse_args(arguments)
    about = machine()
    found = measure(options.matches, options.draws)
    command = f"python -m benchmarks.verdicts --matches {options.matches} --draws {options.draws}"
    text = report(found, about, command)
    return write("verdicts", options.out, {"machine": about, **found}, text, judge_bars(found))


if __name__ == "__main__":
    sys.exit(main())

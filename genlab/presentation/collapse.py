"""What an evaluation says about collapse, and the verdict in one sentence."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from genlab import kinds
from genlab.numbers import percent, plus_minus, share, short

Arrays = Mapping[str, NDArray[Any]]
State = Literal["collapse", "partial", "clear", "unknown", "early"]

MODE_METRICS = (
    "modes",
    "class_kl",
    "class_diversity",
    "near_duplicates",
    "coverage",
    "recall",
    "birthday",
    "ndb",
    "vendi",
)
"""What this page shows of missing modes, in order of reading."""

LATENT_METRICS = ("active_units", "kl_per_dimension")
"""What it shows of latents that are not used."""

MOST = 0.8
"""Share of the samples that classes which dominate make together."""

MANY_TWINS = 0.1
"""Near-duplicate rate that is collapse whatever else is found."""

CLEAR = 0.5
"""Share of samples of clear class below which a class counts as reached when any sample is nearest to it."""

TWINS = "near-duplicates"
NAMED = 6
"""Most classes that a sentence lists."""


@dataclass(frozen=True)
class Evaluated:
    """One evaluation with the arrays beside it.

    Attributes:
        document: Its JSON.
        arrays: Its pictures' numbers by ``metric/name``; empty where they cannot be read.
        many: What several items of the model's kind are called.
    """

    document: Mapping[str, Any]
    arrays: Arrays = field(default_factory=dict)
    many: str = kinds.get(kinds.USUAL).many

    def line(self, name: str) -> Mapping[str, Any]:
        """One metric's entry; ``{"value": None}`` where it was not computed."""
        found = self.document["metrics"].get(name)
        return found if isinstance(found, Mapping) else {"value": None}

    def array(self, name: str) -> NDArray[Any] | None:
        """One array, or None."""
        return self.arrays.get(name)


@dataclass(frozen=True)
class CollapseVerdict:
    """What is to be thought of a model.

    Attributes:
        state: How bad it is.
        words: The sentence.
    """

    state: State
    words: str


def usable(documents: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Evaluations that are whole and say something about modes, by images seen."""
    return [
        document
        for document in documents
        if isinstance(document.get("metrics"), Mapping)
        and all(name in document for name in ("key", "images", "encoder", "samples"))
        and any(name in document["metrics"] for name in MODE_METRICS)
    ]


def read_arrays(run: Path, key: str) -> dict[str, NDArray[Any]] | None:
    """The arrays beside an evaluation; None when the file is missing or damaged."""
    path = run / "evaluations" / f"{Path(key).name}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def dominating(made: NDArray[np.float64]) -> tuple[int, float]:
    """How few classes make `MOST` of the samples, and what share they make; ``made`` [K] sums to 1."""
    ordered = np.cumsum(np.sort(made)[::-1])
    count = min(len(ordered), int(np.searchsorted(ordered, MOST - 1e-9)) + 1)
    return count, float(ordered[count - 1])


def lost_classes(seen: Evaluated) -> NDArray[np.int64]:
    """Classes or modes [L] without a clear sample; where hardly any sample is clear, without any sample."""
    counts, every, clear = (seen.array(f"modes/{name}") for name in ("counts", "ungated_counts", "clear"))
    if counts is None or every is None or clear is None:
        return np.empty(0, np.int64)
    return np.flatnonzero((counts if float(clear) >= CLEAR else every) == 0)


def verdict(
    seen: Evaluated | None, alarm: Mapping[str, Any] | None, classes: Sequence[str] | None, least: int = 0
) -> CollapseVerdict:
    """The sentence about missing modes.

    Args:
        seen: The newest evaluation; None when there is none.
        alarm: The collapse watch's alarm about modes that still stands; None when there is none.
        classes: Names of the data's classes.
        least: Images seen before which a model is not judged.
    """
    since = f" since {int(alarm.get('images', 0)):,} images" if alarm else ""
    if seen is None:
        told = f" The collapse watch has raised an alarm{since}: {alarm.get('seen', '')}" if alarm else ""
        return CollapseVerdict("collapse" if alarm else "unknown", f"Not evaluated yet.{told}")
    bad, mild = _signs(seen, classes)
    if int(seen.document["images"]) < least and (bad or mild):
        return _early(seen, least, [*bad, *mild])
    blurred = _blurred(seen, bad, mild)
    if blurred:
        return CollapseVerdict("partial", f"{blurred}{_watch(alarm)}")
    if bad:
        return CollapseVerdict("collapse", f"Mode collapse{since}: {', '.join([*bad, *mild])}.")
    if mild:
        return CollapseVerdict("partial", f"Parts of the data are missing: {', '.join(mild)}.{_watch(alarm)}")
    good = _reassurance(seen)
    if not good:
        return CollapseVerdict(
            "unknown", f"This evaluation cannot tell: none of its numbers is about modes.{_watch(alarm)}"
        )
    return CollapseVerdict(
        "partial" if alarm else "clear", f"No sign of mode collapse: {', '.join(good)}.{_watch(alarm)}"
    )


def _early(seen: Evaluated, least: int, signs: Sequence[str]) -> CollapseVerdict:
    """What is said of a model that has hardly been trained: every one starts out collapsed."""
    told = f" So far: {', '.join(signs)}." if signs else ""
    return CollapseVerdict(
        "early",
        f"Too early to tell after {int(seen.document['images']):,} {seen.many}: every model starts out collapsed, and "
        f"this one is judged from {least:,} {seen.many} on.{told}",
    )


def _blurred(seen: Evaluated, bad: Sequence[str], mild: Sequence[str]) -> str:
    """What can be said where most samples cannot be told: how blurred ones are classified says little of modes."""
    clear = seen.array("modes/clear")
    if clear is None or float(clear) >= CLEAR or not (bad or mild) or any(sign.startswith(TWINS) for sign in bad):
        return ""
    return (
        "The samples are too unclear to count modes: a classifier is confident about only "
        f"{percent(float(clear))} of them. "
        f"As far as it can tell: {', '.join([*bad, *mild])}."
    )


def _watch(alarm: Mapping[str, Any] | None) -> str:
    if not alarm:
        return ""
    return f" The collapse watch has raised an alarm since {int(alarm.get('images', 0)):,} images."


def _signs(seen: Evaluated, classes: Sequence[str] | None) -> tuple[list[str], list[str]]:
    """What says that modes have collapsed, and what says that some are missing."""
    bad: list[str] = []
    mild: list[str] = []
    made, real = seen.array("class_kl/fake"), seen.array("class_kl/real")
    divergence = seen.line("class_kl")
    if made is not None and real is not None and len(made) and _worse(divergence, up=True):
        count, share = dominating(made)
        if count <= dominating(real)[0] / 2:
            verb = "makes" if count == 1 else "make"
            bad.append(f"{count} of {len(made)} classes {verb} {percent(share)} of samples")
    lost = lost_classes(seen)
    if len(lost):
        total = len(seen.arrays["modes/counts"])
        named = classes if classes and len(classes) == total else [str(index + 1) for index in range(total)]
        names = [named[index] for index in lost[:NAMED]]
        more = " …" if len(lost) > NAMED else ""
        # The table counts modes with a clear sample; where hardly any is clear this counts all samples.
        kind = "clear sample" if float(seen.arrays["modes/clear"]) >= CLEAR else "sample, clear or not"
        verb = "has" if len(lost) == 1 else "have"
        words = f"{len(lost)} of {total} classes {verb} no {kind} ({', '.join(names)}{more})"
        (bad if len(lost) * 3 > total else mild).append(words)
    twins = seen.line("near_duplicates")
    if twins["value"] is not None and _worse(twins, up=True):
        (bad if _low(twins) > MANY_TWINS else mild).append(f"{TWINS} {_share(twins)}")
    covered = seen.line("coverage")
    floor = covered.get("floor")
    if floor is not None and _worse(covered, up=False) and covered["value"] < floor / 2:
        mild.append(f"coverage {_share(covered)}")
    return bad, mild


def _reassurance(seen: Evaluated) -> list[str]:
    parts = []
    modes, total = seen.line("modes"), seen.array("modes/of")
    if modes["value"] is not None and total is not None:
        parts.append(f"all {int(total)} classes")
    for name, words in (("near_duplicates", "near-duplicates"), ("coverage", "coverage")):
        line = seen.line(name)
        if line["value"] is not None:
            parts.append(f"{words} {_share(line)}")
    return parts


def _low(line: Mapping[str, Any]) -> float:
    low = line.get("low")
    return float(line["value"] if low is None else low)


def _worse(line: Mapping[str, Any], *, up: bool) -> bool:
    """Whether its interval lies beyond that of real data, on the side that ``up`` says is worse."""
    if line["value"] is None or line.get("floor") is None:
        return False
    if up:
        edge = line.get("floor_high")
        return _low(line) > float(line["floor"] if edge is None else edge)
    high, edge = line.get("high"), line.get("floor_low")
    return bool((line["value"] if high is None else high) < (line["floor"] if edge is None else edge))


def _share(line: Mapping[str, Any]) -> str:
    """A share as the sentence has it; the table writes the same figure with its interval: see `written`."""
    words = percent(line["value"], line.get("low"), line.get("high"))
    floor = line.get("floor")
    if floor is None:
        return words
    return f"{words} (real data {percent(floor, line.get('floor_low'), line.get('floor_high'))})"


def written(line: Mapping[str, Any], limits: tuple[float | None, float | None], end: str = "") -> str:
    """One score with its interval: what can only lie between 0 and 1 in per cent, as in the verdict.

    Args:
        line: Its entry of an evaluation.
        limits: Between which it can lie.
        end: ``"floor"`` for what real data score, else empty.
    """
    names = (end, f"{end}_low", f"{end}_high") if end else ("value", "low", "high")
    value, low, high = (line.get(name) for name in names)
    if value is None:
        return ""
    if limits == (0.0, 1.0):
        return share(value, low, high)
    return plus_minus(value, low, high) or short(value)


def latent_verdict(seen: Evaluated | None, alarm: Mapping[str, Any] | None, least: int = 0) -> CollapseVerdict:
    """The sentence about latents that are not used, from ``least`` images on; only for models with an encoder."""
    line = seen.line("active_units") if seen else {"value": None}
    variance = seen.array("active_units/variance") if seen else None
    since = f" since {int(alarm.get('images', 0)):,} images" if alarm else ""
    if line["value"] is None or variance is None:
        told = f"The collapse watch has raised an alarm{since}: {alarm.get('seen', '')}" if alarm else ""
        return CollapseVerdict(
            "collapse" if alarm else "unknown", told or "The latent dimensions have not been evaluated."
        )
    active, total = int(line["value"]), len(variance)
    if seen is not None and int(seen.document["images"]) < least and not active:
        return _early(seen, least, [f"none of {total} latent dimensions is active"])
    if active == 0:
        return CollapseVerdict("collapse", f"Posterior collapse{since}: none of {total} latent dimensions is active.")
    words = f"{active} of {total} latent dimensions {'is' if active == 1 else 'are'} active"
    if alarm:
        return CollapseVerdict("collapse", f"Posterior collapse{since}: only {words}.")
    idle = total - active
    if not idle:
        return CollapseVerdict("clear", f"No posterior collapse: all {words.partition(' of ')[2]}.")
    return CollapseVerdict("clear", f"No posterior collapse: {words}; {idle} {'is' if idle == 1 else 'are'} inactive.")

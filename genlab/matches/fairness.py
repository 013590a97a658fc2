"""Which of three forms of fairness a match has, in words: equal images, equal compute, each family at its own best."""

from __future__ import annotations

from collections.abc import Mapping

from genlab.matches.by_kind import many_of
from genlab.matches.entries import FACTORS, SECOND
from genlab.matches.folder import Match
from genlab.matches.match_request import Fairness
from genlab.numbers import short
from genlab.plots.theme import family_title

TITLES: Mapping[Fairness, str] = {
    "images": "equal images",
    "compute": "equal compute",
    "best": "each at its own best",
}
"""Form -> what it is called."""

ABOUT: Mapping[Fairness, str] = {
    "images": "Every family sees as many items, at its preset's learning rate; an item costs some more compute.",
    "compute": "Every run takes as many seconds of one thread's compute, by speeds that are measured here first: the "
    "family whose items cost the most keeps its length, the others see more of them.",
    "best": f"As many trials for every family ({len(FACTORS) + len(SECOND)}) choose its learning rate and a weight of "
    "its own (beta, the penalty's, the reconstruction's) by training items that are set aside: no run learns from "
    "them or is reported on them. Then every family sees as many items.",
}
"""Form -> what it means for a match that is only asked for."""

OLD_CHOICE = "the held-out items that are reported on too, as earlier versions did, which flatters what was chosen"


def fairness_words(match: Match) -> str:
    """Which form a match has, in one sentence with its numbers."""
    form, many = match.request.fairness, many_of(match)
    what = f"{TITLES[form].capitalize()}: "
    if form == "compute":
        if match.seconds is None:
            return what + f"speeds are measured first, and decide how many {many} each family sees."
        seconds = f"{match.seconds:,.0f}" if match.seconds >= 10 else short(match.seconds)
        return (
            f"{what}every judged run takes about {seconds} s of one thread's compute, by speeds measured "
            f"before it on the machine that trained: {length_words(match)}."
        )
    each = f"{length_words(match)}" if match.lengths else f"as many {many} for every family"
    if form == "best":
        aside = match.request.data.validation
        by = f"{aside:,} training {many} that are set aside and never reported on" if aside else OLD_CHOICE
        second = any(entry.changed for entry in match.entries if entry.role == "trial") or not match.chosen_lr
        tries = len(FACTORS) + (len(SECOND) if second else 0)
        chose = "its learning rate and a weight of its own" if second else "its learning rate"
        return f"{what}{tries} trials of every family chose {chose} by its Fréchet distance from {by}; then {each}."
    return f"{what}{each}, at its preset's learning rate, which can mislead; {many} cost some families more compute."


def chosen_words(match: Match) -> list[str]:
    """What trials chose for each contender, a sentence each; none where nothing was chosen."""
    told = []
    for contender, factor in match.chosen_lr.items():
        weights = {path: value for path, value in match.chosen.get(contender, {}).items() if path != "optimiser.lr"}
        more = "".join(f", with {path.removeprefix('model.')} {short(value)}" for path, value in weights.items())
        told.append(f"{family_title(contender)}: {factor:g} × its preset's learning rate{more}, chosen by trials")
    return told


def length_words(match: Match) -> str:
    """How many images each family sees, e.g. ``85,000 images each`` or ``VAE 212,000 and GAN 85,000 images``."""
    lengths = match.lengths or ({"": match.images} if match.images else {})
    if len(set(lengths.values())) == 1:
        return f"{next(iter(lengths.values())):,} {many_of(match)} each"
    words = [f"{family_title(family)} {images:,}" for family, images in lengths.items()]
    return f"{', '.join(words[:-1])} and {words[-1]} {many_of(match)}" if words else ""

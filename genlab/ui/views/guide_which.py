"""Guide, which should I use: a few questions about the task, answered from the measurements of one match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.plots.theme import family_label
from genlab.presentation.choosing import GOALS, Recommendation, advise
from genlab.presentation.claims import read_claims
from genlab.presentation.matches import judged, judged_runs, provenance
from genlab.presentation.words import plain
from genlab.ui.shell import page_title
from genlab.ui.views.cards import badge
from genlab.ui.views.guide_comparison import pick_match

if TYPE_CHECKING:
    from genlab.matches.folder import Match

SIZES = {"hundreds": 1_000, "thousands": 10_000, "more": 10**9}
"""How many images somebody has -> the largest number that is still called so."""

FACTOR = 5.0
"""How far the number of images may be from the match's before its answers are worth less."""


def render(lab: ReadOnlyLab) -> None:
    """The section."""
    page_title("Which should I use?")
    match = pick_match(judged(lab.matches.all()))
    if match is None:
        st.markdown(
            "The answer depends on the data and on what you want. Once a match has been run here, a few questions "
            "about your task are answered from its measurements, with reasons."
        )
        st.page_link("match.py", label="Plan a fair match", icon=":material/balance:")
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        goals = st.pills(
            "What matters to you?",
            list(GOALS),
            selection_mode="multi",
            wrap=True,
            default=["realism", "coverage"],
            format_func=lambda key: GOALS[key].title,
            help="All that you choose have the same weight.",
            key="guide/goals",
        )
        size = st.segmented_control(
            "How many images do you have?",
            list(SIZES),
            default="thousands",
            required=True,
            key="guide/size",
            wrap=True,
        )
        tune = st.segmented_control(
            "Will you tune settings?",
            ["no", "yes"],
            default="no",
            required=True,
            key="guide/tune",
            wrap=True,
        )
    with right:
        if not goals:
            st.info("Choose at least one thing that matters.", icon=":material/alt_route:")
            return
        advice = advise(goals, read_claims(match.claims), _speeds(lab, match))
        _show(lab, advice, match)
        for words in reservations(lab, match, size or "thousands", tune == "yes"):
            st.caption(f":material/info: {plain(words)}")


def _show(lab: ReadOnlyLab, advice: Recommendation, match: Match) -> None:
    with st.container(border=True, key="guide-advice"):
        names = " or ".join(map(family_label, advice.families))
        if not advice.families:
            st.markdown("## No measurement favours any of them")
        elif len(advice.families) == 1:
            st.markdown(f"## {names}")
        else:
            st.markdown(f"## {names}: no measurable difference")
        for found in advice.answers:
            st.markdown(f"**{found.goal}**")
            verdict = " ".join(badge(family) for family in found.best)
            words = "ahead" if found.clear else "no measurable difference" if len(found.best) > 1 else ""
            if verdict:
                st.html(f'<div class="genlab-facts">{verdict} {words}</div>')
            st.caption(plain(found.words))
        st.caption(f"From the match {plain(match.name or match.id)}: {plain(provenance(match))}")
        from genlab.matches.since import came_since

        for told in came_since(match, lab):
            st.caption(plain(told))


def reservations(lab: ReadOnlyLab, match: Match, size: str, tune: bool) -> list[str]:
    """What keeps this match from speaking for the task."""
    found = []
    trained = _training_images(lab, match)
    most = SIZES[size]
    if trained is not None and size != "more" and trained > FACTOR * most:
        found.append(
            f"The match learned from {trained:,} images. With {size}, a critic may memorise them: run a match on "
            "your own images, and watch “critic overfitting” there."
        )
    if trained is not None and size == "more" and trained * FACTOR < 50_000:
        found.append(f"The match learned from {trained:,} images only. More of them help adversarial families most.")
    if tune and not match.request.tuned:
        found.append(
            "This match was not tuned. With tuning the order can change: "
            "a tuned match gives each family the same trials."
        )
    if not tune and match.request.tuned:
        found.append(
            "This match was tuned. Without tuning, expect less of families that are sensitive to their settings."
        )
    if match.request.seeds < 3:
        found.append("Few seeds: differences between families may be luck.")
    return found


def _training_images(lab: ReadOnlyLab, match: Match) -> int | None:
    try:
        return lab.data.describe(match.request.data).count
    except GenlabError:
        return None


def _speeds(lab: ReadOnlyLab, match: Match) -> dict[str, float]:
    """Images per second of each family's runs that are here; those that came with genlab ran elsewhere together."""
    runs = judged_runs(match, {run.id: run for run in lab.runs.all()})
    speeds: dict[str, list[float]] = {}
    for run in runs:
        if run.images_per_second:
            speeds.setdefault(run.family, []).append(run.images_per_second)
    return {family: _middle(values) for family, values in speeds.items()}


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]

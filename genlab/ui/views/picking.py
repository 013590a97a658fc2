"""The pickers of models, with the sentence why a page opened on those it shows; the address keeps the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from genlab.families import in_order
from genlab.plots.theme import family_colour
from genlab.presentation.exemplars import Exemplars, shelved
from genlab.presentation.lineup import run_label
from genlab.presentation.words import plain
from genlab.store.run import Run
from genlab.ui.shell import current_mode

LESSONS = "lessons"
"""In the place of a run: the heading under which those stand that were made for lessons."""

HEADING = "──── Made for lessons ────"


def pick_runs(
    runs: Mapping[str, Run],
    page: str,
    most: int,
    first: Callable[[Sequence[Run]], Exemplars],
    *,
    lost_words: str,
    placeholder: str,
    help_words: str,
    label: str = "Models",
) -> list[str]:
    """The chosen runs, in their order.

    Args:
        runs: What there is to choose from.
        page: Beginning of the keys in the session.
        most: How many may be chosen.
        first: What to show when nothing was asked for, and why.
        lost_words: What is said of runs in the address that are not there.
        placeholder: Of the empty picker.
        help_words: Its tooltip.
        label: Its name.
    """
    key = f"{page}/runs"
    wanted = list(dict.fromkeys(st.query_params.get_all("run")))
    asked = [run for run in wanted if run in runs][:most]
    lost = [run for run in wanted if run not in runs]
    if lost:
        st.warning(f"{lost_words}: {', '.join(map(plain, lost))}.", icon=":material/link_off:")
    if len(wanted) - len(lost) > most:
        st.warning(f"At most {most} models stand side by side: the first {most} are shown.", icon=":material/compare:")
    if key in st.session_state:
        st.session_state[key] = [run for run in st.session_state[key] if run in runs]
    shown = asked or ([] if key in st.session_state else opened_on(page, first(list(runs.values()))))
    if shown and st.session_state.get(key) != shown and st.session_state.get(f"{page}/runs-in-address") != wanted:
        st.session_state[key] = shown
    st.html(_chip_colours(key.replace("/", "-")))
    chosen = st.multiselect(
        label,
        options(runs),
        format_func=lambda run: option_label(runs, run),
        max_selections=most,
        placeholder=placeholder,
        help=help_words,
        key=key,
        on_change=_without_heading,
        args=(key,),
    )
    chosen = [run for run in chosen if run != LESSONS]
    if chosen != st.query_params.get_all("run"):
        st.query_params["run"] = chosen
    st.session_state[f"{page}/runs-in-address"] = chosen
    return chosen


def options(runs: Mapping[str, Run]) -> list[str]:
    """What a picker offers: one's own runs, those that ship, and under a heading of their own those for lessons."""
    usual, lessons = shelved(runs.values())
    heading = [LESSONS] if usual and lessons else []
    return [run.id for run in usual] + heading + [run.id for run in lessons]


def option_label(runs: Mapping[str, Run], option: str) -> str:
    """How a run, or the heading, reads in a picker."""
    return HEADING if option == LESSONS and option not in runs else run_label(runs[option])


def opened_on(page: str, opening: Exemplars) -> list[str]:
    """The runs of an opening; its reason is remembered for as long as they are shown."""
    st.session_state[f"{page}/why"] = (list(opening.runs), opening.why)
    return list(opening.runs)


def say_why(page: str, chosen: Sequence[str]) -> None:
    """Why the page shows these, where nobody has chosen them."""
    runs, why = st.session_state.get(f"{page}/why", ([], ""))
    if why and runs == list(chosen):
        st.caption(plain(why))


def _chip_colours(key: str) -> str:
    """Style that gives each chosen model in the picker with that key the colour of its family."""
    rules = []
    for spec in in_order():
        colour, glyph = family_colour(spec.name, current_mode()), spec.glyph
        chip = f'.st-key-{key} [aria-label^="{glyph}"]'
        rules.append(f"{chip} {{ background-color: color-mix(in srgb, {colour} 22%, transparent) !important; }}")
        rules.append(f"{chip}, {chip} * {{ color: inherit !important; }}")
    return f"<style>{' '.join(rules)}</style>"


def _without_heading(key: str) -> None:
    """A heading is no model: whoever chooses it chooses nothing."""
    st.session_state[key] = [run for run in st.session_state[key] if run != LESSONS]

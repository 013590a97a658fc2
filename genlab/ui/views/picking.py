"""The picker of runs that stand side by side; the address keeps the choice, so that a link shows the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from genlab.presentation.lineup import run_label
from genlab.presentation.words import plain
from genlab.store.run import Run


def pick_runs(
    runs: Mapping[str, Run],
    page: str,
    most: int,
    first: Callable[[Sequence[Run]], list[str]],
    *,
    lost_words: str,
    placeholder: str,
    help_words: str,
) -> list[str]:
    """The chosen runs, in their order.

    Args:
        runs: What there is to choose from.
        page: Beginning of the keys in the session.
        most: How many may be chosen.
        first: What to show when nothing was asked for.
        lost_words: What is said of runs in the address that are not there.
        placeholder: Of the empty picker.
        help_words: Its tooltip.
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
    shown = asked or ([] if key in st.session_state else first(list(runs.values())))
    if shown and st.session_state.get(key) != shown and st.session_state.get(f"{page}/address") != wanted:
        st.session_state[key] = shown
    chosen = st.multiselect(
        "Models",
        list(runs),
        format_func=lambda run: run_label(runs[run]),
        max_selections=most,
        placeholder=placeholder,
        help=help_words,
        key=key,
    )
    if chosen != st.query_params.get_all("run"):
        st.query_params["run"] = chosen
    st.session_state[f"{page}/address"] = chosen
    return chosen

"""Guide, the comparison: textbook claims, checked by one match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.presentation.matches import first_active, judged, label, provenance
from genlab.presentation.words import plain
from genlab.ui.shell import page_title
from genlab.ui.views import claims

if TYPE_CHECKING:
    from genlab.matches.folder import Match


def render(lab: ReadOnlyLab) -> None:
    """The section."""
    page_title("The comparison")
    matches = lab.matches.all()
    running = first_active(matches)
    if running is not None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f":material/play_arrow: The match {plain(label(running))} is under way.", width="content")
            st.page_link("match.py", label="Watch it", query_params={"match": running.id})
    match = pick_match(judged(matches))
    if match is None:
        _nothing_yet()
        return
    st.caption(plain(provenance(match)))
    if match.shipped:
        st.info(
            "These verdicts came with genlab and hold for the data and the machine named above. "
            "Run a match on your own data to have your own.",
            icon=":material/inventory_2:",
        )
    st.page_link(
        "guide.py",
        label="The same claims on every kind of data",
        icon=":material/category:",
        query_params={"section": "kinds"},
    )
    claims.render(lab, match)


def pick_match(matches: Sequence[Match]) -> Match | None:
    """The match that the guide speaks of: that of the address, or the newest of one's own, then a shipped one."""
    if not matches:
        return None
    known = {match.id: match for match in matches}
    asked = st.query_params.get("match", "")
    if asked and asked not in known:
        st.warning(f"There is no judged match {plain(asked)}: here is another.", icon=":material/link_off:")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(
            "Measured in the match",
            list(known),
            index=list(known).index(asked) if asked in known else 0,
            format_func=lambda key: label(known[key]),
            help="Your own matches first, newest on top, then those that came with genlab.",
            width=460,
            key=f"guide/match/{asked}",
        )
        match = known[chosen or matches[0].id]
        st.page_link("match.py", label="Open it", icon=":material/arrow_forward:", query_params={"match": match.id})
        st.page_link("match.py", label="New match", icon=":material/add:")
    return match


def _nothing_yet() -> None:
    st.markdown(
        "Most textbooks make these claims. Each of them is an experiment here: train all three families on the same "
        "data under the same budget, and read the results. Nothing has been measured in this workspace yet."
    )
    st.page_link("match.py", label="Plan a fair match", icon=":material/balance:")
    claims.unmeasured()

"""Match, the list: every match there is, one's own before those that came with genlab."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.presentation import matches
from genlab.presentation.claims import read_claims, tally
from genlab.presentation.words import ago, duration, plain
from genlab.ui.shell import polled
from genlab.ui.views.damaged import show_damaged

if TYPE_CHECKING:
    from genlab.matches.folder import Match

POLL_SECONDS = 3.0
MOST = 30
GLYPHS = {
    "queued": ":material/hourglass_empty:",
    "running": ":material/play_arrow:",
    "completed": ":material/check:",
    "stopped": ":material/stop:",
    "interrupted": ":material/power_off:",
    "failed": ":material/error:",
}


def render(lab: ReadOnlyLab) -> None:
    """The list; it follows a match that is under way."""
    every = lab.matches.found()
    found = every.good
    if not found and not every.damaged:
        st.caption("No match yet in this workspace.")
        return
    st.markdown("## Matches")
    active = any(match.active for match in found)
    polled(_lines, POLL_SECONDS if active else None)(lab, tuple((m.id, m.state) for m in found))
    show_damaged(lab, every.damaged, "match/damaged")


def _lines(lab: ReadOnlyLab, drawn: tuple[tuple[str, str], ...]) -> None:
    found = lab.matches.all()
    if tuple((match.id, match.state) for match in found) != drawn:
        st.rerun()
    for match in found[:MOST]:
        _line(match)
    if len(found) > MOST:
        st.caption(f"and {len(found) - MOST} more; `genlab matches` lists them all")


def _line(match: Match) -> None:
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="center", gap="small"):
        # A link to the page that one is on would not change the address.
        opened = st.button(
            f"**{plain(matches.title(match))}**",
            icon=GLYPHS[match.state],
            type="tertiary",
            key=f"match/open/{match.id}",
        )
        if opened:
            st.query_params.from_dict({"match": match.id})
            st.rerun()
        seeds = match.request.seeds
        parts = [plain(match.request.data.name), f"{seeds} seed{'s' if seeds > 1 else ''}", match.state]
        if match.active and match.left is not None:
            parts.append(f"about {duration(match.left)} left")
        if match.active:
            parts.append(f"{match.share:.0%}")
        if match.shipped:
            parts.append("came with genlab")
        elif match.created:
            parts.append(ago(match.created))
        st.caption(" · ".join(parts), width="content")
        claims = read_claims(match.claims)
        if claims:
            st.caption(tally(claims), width="content")

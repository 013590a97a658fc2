"""Compare: the samples that runs drew while they trained, on one slider; every run has them, shipped ones too."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from genlab.presentation.lineup import AXES, Axis, Entrant, counted
from genlab.ui.components.film import Reel, film


def render(entrants: Sequence[Entrant], axis: Axis) -> None:
    """The film, where some run has more than one picture."""
    images = [entrant for entrant in entrants if entrant.kind.pictured]
    reels = [
        Reel(entrant.run.id, entrant.label, list(entrant.samples), entrant.kind.text is not None) for entrant in images
    ]
    reels = [reel for reel in reels if reel.pictures]
    if all(len(reel.pictures) < 2 for reel in reels):
        return
    by_run = {entrant.run.id: entrant for entrant in entrants}

    def place(reel: Reel, images: int) -> float:
        return by_run[reel.run].position(axis, images)

    many = counted([by_run[reel.run] for reel in reels])
    words = (lambda at: f"{at:,.0f} {many}") if axis == AXES[0] else (lambda at: f"{at:.0%} of training")
    with st.expander("Back in time: samples while they trained", icon=":material/history:", expanded=_is_all(entrants)):
        film(f"compare/film/{axis}", reels, place, words)


def _is_all(entrants: Sequence[Entrant]) -> bool:
    """Whether there is no other way back: no model has more than one checkpoint."""
    return all(len(entrant.moments) < 2 for entrant in entrants)

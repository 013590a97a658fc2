"""Latent: how many codes are looked at, and at which checkpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from genlab.exploration.exploration_request import MOST_CODES, ExplorationRequest
from genlab.families import may_have
from genlab.lab import ReadOnlyLab
from genlab.plots.theme import family_one
from genlab.presentation.lineup import called
from genlab.presentation.words import plain
from genlab.store.run import Run


@dataclass(frozen=True)
class Settings:
    """What the reader asks for.

    Attributes:
        explored: Settings of the exploration.
        moments: Run -> images seen at its checkpoint; None for the newest.
    """

    explored: Mapping[str, Any]
    moments: Mapping[str, int | None]


def render(lab: ReadOnlyLab, runs: Sequence[Run]) -> Settings:
    """The pickers behind a button above the explorer."""
    usual = ExplorationRequest()
    with st.popover("Display options", icon=":material/tune:"):
        items = st.number_input(
            "Real items", 0, MOST_CODES, usual.items, 1_000, help="Held-out ones first.", key="latent/items"
        )
        samples = st.number_input(
            "Samples",
            0,
            MOST_CODES,
            usual.samples,
            1_000,
            help="Latents drawn from the prior.",
            key="latent/samples",
        )
        seed = st.number_input("Seed", 0, 2**31 - 1, 0, help="Of samples and of what is fitted.", key="latent/seed")
        moments = {run.id: _moment(lab, run) for run in runs}
        refine = usual.refine
        without = next((run.family for run in runs if not may_have(run.family, "encoder")), None)
        if without is not None:
            refine = st.number_input(
                "Inversion steps",
                0,
                2_000,
                usual.refine,
                10,
                help=f"{family_one(without)} has no encoder: codes of real items are estimated by an encoder trained "
                "on its samples, then refined by this many gradient steps. More is slower and more accurate.",
                key="latent/refine",
            )
    explored = {"items": int(items), "samples": int(samples), "seed": int(seed), "refine": int(refine)}
    return Settings(explored, moments)


def _moment(lab: ReadOnlyLab, run: Run) -> int | None:
    """The checkpoint of a run; None for its newest."""
    moments = [checkpoint.images for checkpoint in lab.runs.read(run).checkpoints()]
    if len(moments) < 2:
        return None
    chosen: int = st.select_slider(
        f"Checkpoint of {plain(called(run))}",
        options=moments,
        value=moments[-1],
        format_func=lambda images: f"{images:,} images",
        key=f"latent/moment/{run.id}/{len(moments)}",
    )
    return None if chosen == moments[-1] else chosen

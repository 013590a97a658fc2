"""A run's page, the ways back and on: all runs, a new one, and where this one can be looked at, and beside what."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from genlab import kinds
from genlab.families import may_sample
from genlab.lab import ReadOnlyLab
from genlab.presentation.exemplars import beside
from genlab.presentation.lineup import called
from genlab.store.run import Run

MOST_TOGETHER = 6
"""Runs that a link takes along."""


def ways_on(lab: ReadOnlyLab, run: Run, together: Sequence[Run]) -> None:
    """Links, with those runs that were started together; a finished run alone is compared with one that ships."""
    ids = [run.id, *(other.id for other in together if other.id != run.id)][:MOST_TOGETHER]
    match = beside(run, lab.runs.all()) if len(ids) == 1 else None
    compared, why = ([*ids, match.id], f"Beside {called(match)}, which comes with genlab") if match else (ids, None)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="live/ways"):
        all_runs()
        if st.button("New run", icon=":material/add:", type="tertiary", key="live/new"):
            st.query_params.clear()
            st.rerun()
        for page, label, icon, runs, words in (
            ("curves.py", "Curves", ":material/show_chart:", ids, None),
            ("compare.py", "Compare", ":material/compare:", compared, why),
            ("collapse.py", "Collapse", ":material/troubleshoot:", ids[:1], None),
            ("latent.py", "Latent", ":material/scatter_plot:", ids[:1], None),
        ):
            st.page_link(page, label=label, icon=icon, query_params={"run": runs}, help=words, width="content")
        if run.images > 0 and may_sample(run.family) and not run.active:
            st.page_link(
                "guide.py",
                label="Data flow",
                icon=":material/account_tree:",
                query_params={"section": "works", "run": run.id},
                help="See pictures and latents flow through it, step by step",
                width="content",
            )
        if any(info.name == run.data and kinds.get(info.kind).pictured for info in lab.data.all()):
            st.page_link(
                "match.py",
                label="Match",
                icon=":material/balance:",
                query_params={"data": run.data},
                help="A fair match of VAE, GAN and VAE-GAN on the same data",
                width="content",
            )


def all_runs() -> None:
    """The way back."""
    st.page_link("home.py", label="All runs", icon=":material/arrow_back:", width="content")

"""Match, what came out: verdicts, parameters, where to look further, and the report."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.plots.theme import family_label
from genlab.presentation import matches
from genlab.presentation.words import plain
from genlab.ui.views import claims

if TYPE_CHECKING:
    from genlab.matches.folder import Match

LIMIT = 0.10
"""Largest share by which parameter counts may differ in a fair match."""


def render(lab: ReadOnlyLab, match: Match) -> None:
    """Verdicts on top; nothing for a match that has not come so far."""
    if not match.claims:
        return
    st.caption(plain(matches.conditions(match)))
    links(lab, match)
    claims.render(lab, match)
    parameters(match)


def links(lab: ReadOnlyLab, match: Match) -> None:
    """The pages that show these runs, and the report."""
    runs = {run.id: run for run in lab.runs.all()}
    chosen = matches.judged_runs(match, runs, matches.newest_seed(match, runs))
    every = matches.judged_runs(match, runs)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if chosen:
            pages = {
                "Compare": ("compare.py", ":material/compare:", chosen[:6]),
                "Collapse": ("collapse.py", ":material/troubleshoot:", chosen[:1]),
                "Curves": ("curves.py", ":material/show_chart:", every[:9]),
                "Latent": ("latent.py", ":material/scatter_plot:", chosen[:2]),
            }
            for label, (page, icon, shown) in pages.items():
                st.page_link(page, label=label, icon=icon, query_params={"run": [run.id for run in shown]})
        st.download_button(
            "Report",
            icon=":material/download:",
            data=lambda: report_bytes(lab, match.id),
            file_name=f"match-{match.id}.html",
            mime="text/html",
            help="One HTML file with settings, scores, verdicts and pictures; works offline and prints well.",
            on_click="ignore",
            key="match/report",
        )


def report_bytes(lab: ReadOnlyLab, key: str) -> bytes:
    """The report as one HTML file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        lab.matches.report(key, file)
        return file.read_bytes()


def parameters(match: Match) -> None:
    """Parameters of each family by part, and how far they are apart."""
    rows = matches.parameter_rows(match)
    if not rows:
        return
    st.markdown("## Parameters")
    table = pd.DataFrame(
        [
            {
                "Family": family_label(str(row["family"])),
                **{name.capitalize(): row[name] or None for name in ("encoder", "decoder", "critic", "other", "total")},
            }
            for row in rows
        ]
    ).dropna(axis="columns", how="all")
    numbers = {name: st.column_config.NumberColumn(format="localized") for name in table.columns if name != "Family"}
    st.dataframe(
        table,
        hide_index=True,
        width="content",
        column_config=numbers,
        key="match/parameters",
        on_select="ignore",
        placeholder="–",
    )
    if match.spread is not None:
        within = "within the 10 % of a fair match" if match.spread <= LIMIT else "more than the 10 % of a fair match"
        more = [f"Latent size {match.latent_dim}"] if match.latent_dim else []
        more += [f"batch {match.batch_size}"] if match.batch_size else []
        st.caption(
            f"Totals differ by {match.spread:.1%}, {within}. "
            + ", ".join([*more, "the same decoder for all"]).capitalize()
            + "."
        )

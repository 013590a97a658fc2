"""Compare, the numbers: dots with whiskers beside the real-data reference, a radar, tables, and their button."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from genlab.families import why_no_samples
from genlab.lab import ReadOnlyLab
from genlab.plots.radar import EXPLANATION, LEAST, describe_radar, radar_figure, radar_panels
from genlab.plots.score_table import as_rows
from genlab.plots.scores import ARROWS, COLUMNS, ScorePanel, describe_scores, scores_figure
from genlab.plots.theme import Mode
from genlab.presentation.lineup import Entrant, by_data
from genlab.presentation.scoring import (
    Moments,
    absences,
    expectations,
    groups,
    panels,
    protocols,
    unevaluated,
    warnings,
)
from genlab.presentation.words import how_many, plain
from genlab.ui.charts import beside, draw_chart
from genlab.ui.shell import current_mode
from genlab.ui.views.compare_request import evaluate_button, same_way_button

OPEN_FIRST = ("Fidelity and diversity", "Modes", "Memorisation")


def render(lab: ReadOnlyLab, entrants: Sequence[Entrant], moments: Moments) -> None:
    """Scores of the models, those of each data set by themselves."""
    sets = by_data(entrants)
    st.markdown(
        "## Scores",
        help="Dots with 95 % intervals. The grey band is what as many real items reach, on average over draws: "
        "nearer to it is better. Hover over a title to read what a metric says.",
    )
    evaluate_button(lab, entrants, moments)
    _other_settings(lab, entrants)
    for index, members in enumerate(sets.values()):
        if len(sets) > 1:
            st.markdown(f"### {plain(members[0].run.data)}")
        _of_one_data_set(lab, members, moments, index)


def _of_one_data_set(lab: ReadOnlyLab, entrants: Sequence[Entrant], moments: Moments, index: int) -> None:
    _damaged(entrants)
    found = panels(entrants, moments)
    known = protocols(entrants, moments)
    if not any(panel.has_values for panel in found):
        _nothing_yet(entrants, moments)
        return
    for protocol in known:
        waiting = unevaluated(entrants, moments, protocol)
        late = f" Not evaluated this way here: {', '.join(item.label for item in waiting)}." if waiting else ""
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(plain(f"Computed with {protocol.words}.{late}"), width="content")
            if waiting:
                same_way_button(lab, entrants, waiting, moments, protocol)
    for words in warnings(found):
        st.warning(plain(words), icon=":material/content_copy:")
    _figures(found, index)
    _reasons(found)
    halves = st.grid(columns="auto", min_column_width=480, gap="medium")
    with halves.cell():
        _radar(found, index)
    with halves.cell():
        _tables(found, index)


def _other_settings(lab: ReadOnlyLab, entrants: Sequence[Entrant]) -> None:
    """Which models were made by other settings than today's preset of that name."""
    from genlab.matches.since import sentence

    for entrant in entrants:
        if told := sentence(entrant.config, lab):
            st.caption(f":material/history: {plain(f'{entrant.label}: {told}')}")


def _damaged(entrants: Sequence[Entrant]) -> None:
    for entrant in entrants:
        if entrant.damaged:
            st.warning(
                f"{how_many(entrant.damaged, 'evaluation')} of {plain(entrant.label)} cannot be read and is left out. "
                "Evaluate it again to replace it.",
                icon=":material/broken_image:",
            )


def _nothing_yet(entrants: Sequence[Entrant], moments: Moments) -> None:
    """Where else there are results, and what to do."""
    whys = [why_no_samples(entrant.run.family) for entrant in entrants]
    if all(whys):
        st.info(plain(whys[0]), icon=":material/info:")
        return
    elsewhere = sorted({document["images"] for entrant in entrants for document in entrant.documents})
    if not any(moments[entrant.run.id] is not None for entrant in entrants):
        st.info("None of these models has a checkpoint here, so there is nothing to evaluate.", icon=":material/info:")
    elif elsewhere:
        words = ", ".join(f"{images:,}" for images in elsewhere)
        many = entrants[0].kind.many
        st.info(f"Not evaluated here. There are scores after {words} {many}.", icon=":material/query_stats:")
    else:
        st.info("Not evaluated yet. The button above computes the scores in the background.", icon=":material/info:")


def _figures(found: Sequence[ScorePanel], index: int) -> None:
    parts = groups(found)
    first = [title for title in parts if title in OPEN_FIRST] or list(parts)[:2]
    chosen = st.pills(
        "Groups of metrics",
        list(parts),
        selection_mode="multi",
        default=first,
        label_visibility="collapsed",
        key=f"compare/groups/{index}/{'-'.join(parts)}",
        wrap=True,
    )
    for title, members in parts.items():
        if title not in chosen:
            continue
        st.markdown(f"**{title}**", help=expectations(members) or None)
        draw_chart(
            drawn(tuple(members), current_mode(), beside(COLUMNS)),
            key=f"compare/scores/{index}/{title}",
            alt=describe_scores(members),
        )


@lru_cache(maxsize=64)
def drawn(members: tuple[ScorePanel, ...], mode: Mode, columns: int = COLUMNS) -> go.Figure:
    """The figure of these panels; drawn again only when they change."""
    return scores_figure(members, mode, columns)


def _reasons(found: Sequence[ScorePanel]) -> None:
    """What has no number, and why."""
    reasons = absences(found)
    if not reasons:
        return
    count = sum(len(titles) for titles in reasons.values())
    with st.expander(f"{how_many(count, 'score')} not applicable (why?)", icon=":material/help:", type="compact"):
        for why, titles in reasons.items():
            st.markdown(f"- **{plain(', '.join(titles))}**: {plain(why)}")


def _radar(found: Sequence[ScorePanel], index: int) -> None:
    encoders = list(dict.fromkeys(panel.encoder for panel in found if panel.encoder)) or [""]
    chosen = encoders[0]
    if len(encoders) > 1:
        chosen = st.segmented_control(
            "Radar of",
            encoders,
            default=chosen,
            required=True,
            key=f"compare/radar-by/{index}/{'-'.join(encoders)}",
            wrap=True,
        )
    shown = radar_panels([panel for panel in found if panel.encoder in {chosen, ""}])
    st.markdown("### Headlines", help=EXPLANATION)
    if len(shown) < LEAST:
        st.caption(
            f"A radar takes at least {LEAST} headline metrics; {how_many(len(shown), 'has', 'have')} been computed."
        )
        return
    draw_chart(
        radar_figure(shown, current_mode()),
        key=f"compare/radar/{index}",
        alt=describe_radar(shown),
    )
    st.caption("Rim: real data. Centre: the worst possible value. Read the axes, not the area.")


def _tables(found: Sequence[ScorePanel], index: int) -> None:
    """A table per encoder: scores of different encoders never share a column."""
    encoders = list(dict.fromkeys(panel.encoder for panel in found if panel.has_values))
    encoders.sort(key=lambda name: (name == "", name))
    for encoder in encoders:
        st.markdown(f"**Table**, {f'{encoder} features' if encoder else 'metrics without features'}")
        rows = as_rows([panel for panel in found if panel.encoder == encoder])
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            height=min(423, 35 * (len(rows) + 1) + 3),
            column_config=_columns(),
            key=f"compare/table/{index}/{encoder}",
            on_select="ignore",
            placeholder="–",
        )


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    arrows = f"{ARROWS['up']} higher is better, {ARROWS['down']} lower is better; none: nearest to real data is best"
    return {
        "metric": st.column_config.TextColumn("Metric", pinned=True),
        "better": st.column_config.TextColumn("Better", help=arrows, width=60),
        "model": st.column_config.TextColumn("Model"),
        "value": number("Value", format="%.6g"),
        "half": number("±", format="%.3g", help="Half the width of the 95 % interval", width=70),
        "floor": number(
            "Real data",
            format="%.6g",
            help="Real-data reference: the same score of as many real items, mean over draws",
            width=85,
        ),
        "n": number("n", format="localized", help="Items that the value rests on; for a mean, seeds", width=70),
        "unit": st.column_config.TextColumn("Unit", width=70),
        "encoder": st.column_config.TextColumn("Features", width=90),
    }

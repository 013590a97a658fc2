"""Curves: runs of any family overlaid, in stacked plots over one axis, with samples of a chosen moment beside them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from genlab.config import RunConfig
from genlab.errors import InputError
from genlab.lab import ReadOnlyLab
from genlab.objectives.base import LikelihoodSpec, LossSpec
from genlab.plots.curves import Curve, CurveStyle, curves_figure, describe_curves
from genlab.plots.panels import Panel, panels_by_group
from genlab.plots.series import AXIS_COLUMNS, Axis, Rows, names_in
from genlab.plots.theme import family_glyph
from genlab.presentation.exemplars import opening
from genlab.presentation.history import score_panels, score_rows
from genlab.presentation.lineup import called
from genlab.presentation.words import plain, sentence
from genlab.registry import Choice, registry
from genlab.store.run import Run
from genlab.ui.charts import draw_chart
from genlab.ui.shell import current_mode, page_title, polled
from genlab.ui.views._shared import legible, many_of, tails
from genlab.ui.views.live import model_title
from genlab.ui.views.picking import pick_runs, say_why

POLL_SECONDS = 1.5
SHOWN_FIRST = ("Losses", "Critic scores", "ELBO and reconstruction", "KL divergence")
MOST_RUNS = 24
MOST_PICTURES = 6


@dataclass(frozen=True)
class ShownRun:
    """A chosen run with its curves, what it was told to do, and scores of its checkpoints as rows.

    Attributes:
        run: The run.
        rows: Its curves; of very long ones every so many-th row.
        config: What it was told to do.
        scores: Scores of evaluated checkpoints.
        every: How many rows each stands for, about; 1 where these are all.
    """

    run: Run
    rows: Rows
    config: RunConfig
    scores: Rows = ()
    every: float = 1.0

    @property
    def drawn(self) -> Rows:
        """Curves and scores of evaluated checkpoints."""
        return [*self.rows, *self.scores]


def render(lab: ReadOnlyLab) -> None:
    """The page."""
    runs = {run.id: run for run in lab.runs.all()}
    page_title("Curves")
    if not runs:
        st.markdown("## No curves yet")
        st.write("Curves appear here as soon as a run has begun to train.")
        st.page_link("train.py", label="Train a model", icon=":material/model_training:")
        return
    chosen = _pick_runs(runs)
    if not chosen:
        st.info("Choose one or more runs above to see their curves.", icon=":material/show_chart:")
        return
    look, over_seeds = _pick_look()
    active = any(runs[key].active for key in chosen)
    polled(_body, POLL_SECONDS if active else None)(lab, chosen, look, over_seeds, active)


def _pick_runs(runs: dict[str, Run]) -> list[str]:
    """The chosen runs; a run that trains is what people come to see here."""
    chosen = pick_runs(
        runs,
        "curves",
        MOST_RUNS,
        lambda found: opening(found, training=True),
        lost_words="Not in this workspace",
        placeholder="Choose runs",
        help_words="The address keeps the choice, so a link shows the same.",
        label="Runs",
    )
    say_why("curves", chosen)
    return chosen


def _pick_look() -> tuple[CurveStyle, bool]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        axis = st.segmented_control(
            "Over", list(AXIS_COLUMNS), default="images", required=True, key="curves/axis", wrap=True
        )
        smoothing = st.slider(
            "Smoothing",
            0.0,
            0.99,
            0.0,
            0.01,
            help="Weight of the moving average. The unsmoothed line stays, faintly.",
            key="curves/smoothing",
            width=220,
        )
        log = st.toggle("Logarithmic", help="Values at or below zero cannot be shown on it.", key="curves/log")
        over_seeds = st.toggle(
            "Bands over seeds",
            help="Runs that differ in their seed only become a mean and a range.",
            key="curves/bands",
        )
    chosen: Axis = axis or "images"
    return CurveStyle(axis=chosen, smoothing=float(smoothing), log=log, mode=current_mode()), over_seeds


def _body(lab: ReadOnlyLab, chosen: Sequence[str], look: CurveStyle, over_seeds: bool, was_active: bool) -> None:
    """The part that polls while a chosen run is active."""
    shown = []
    for key in chosen:
        try:
            directory = lab.runs.read(key)
            tail = tails().of(directory)
            scores = score_rows(lab.evaluations.all(directory.summary()), tail.rows)
            shown.append(ShownRun(directory.summary(), tail.rows, directory.config(), scores, tail.every))
        except InputError as error:
            st.warning(sentence(f"{error.message} {error.hint}"), icon=":material/warning:")
    if any(item.run.active for item in shown) != was_active:
        st.rerun()
    names = dict.fromkeys(name for item in shown for name in names_in(item.drawn))
    if not names:
        st.info("These runs have not written a row yet.", icon=":material/hourglass_empty:")
        return
    groups = panels_by_group(names) | score_panels(names)
    panels = _pick_panels(groups)
    plots, side = st.columns([3, 1], gap="medium")
    with side:
        moment = _moment(shown, look)
        _pictures(lab, shown, moment, look.axis)
        _notes(shown)
        _download(lab, shown)
    with plots:
        _plots(
            shown,
            panels,
            CurveStyle(look.axis, look.smoothing, look.log, moment, look.mode, _height(panels)),
            over_seeds,
        )


def _pick_panels(groups: dict[str, list[Panel]]) -> list[Panel]:
    """The chosen kinds of curves, also in the address where they are not the usual ones."""
    asked = [title for title in st.query_params.get_all("show") if title in groups]
    usual = [title for title in groups if title in SHOWN_FIRST] or list(groups)[:2]
    titles = st.pills(
        "Curves",
        list(groups),
        selection_mode="multi",
        default=asked or usual,
        key="curves/groups",
        label_visibility="collapsed",
        wrap=True,
    )
    kept = [] if set(titles) == set(usual) else [title for title in groups if title in titles]
    if kept != st.query_params.get_all("show"):
        st.query_params["show"] = kept
    return [panel for title in groups if title in titles for panel in groups[title]]


def _height(panels: Sequence[Panel]) -> int:
    return max(96, min(260, 560 // max(1, len(panels))))


def _plots(shown: Sequence[ShownRun], panels: Sequence[Panel], look: CurveStyle, over_seeds: bool) -> None:
    if not panels:
        st.info("Choose at least one kind of curve above.", icon=":material/show_chart:")
        return
    curves = gather(shown, over_seeds)
    draw_chart(
        curves_figure(curves, panels, look),
        key="curves/figure",
        alt=describe_curves(curves, panels, look),
    )


def gather(shown: Sequence[ShownRun], over_seeds: bool) -> list[Curve]:
    """One curve per run, or per set of runs that differ in seed and name only."""
    sets: dict[str, list[ShownRun]] = {}
    for item in shown:
        sets.setdefault(_settings_but_seed(item.config) if over_seeds else item.run.id, []).append(item)
    curves: list[Curve] = []
    for members in sets.values():
        first = members[0].run
        place = sum(curve.family == first.family for curve in curves)
        seeds = f"{len(members)} seeds" if len(members) > 1 else f"seed {first.seed}"
        name = (
            first.name
            if len(members) == 1 and first.name != first.id
            else f"{model_title(first.model)} on {first.data}"
        )
        curves.append(Curve(f"{name}, {seeds}", first.family, tuple(item.drawn for item in members), place))
    return _told_apart(curves, [members[0].run.id for members in sets.values()])


def _told_apart(curves: list[Curve], ids: Sequence[str]) -> list[Curve]:
    """Curves with the end of the run's identifier in the label where two would read the same."""
    labels = [curve.label for curve in curves]
    return [
        curve
        if labels.count(curve.label) == 1
        else Curve(f"{curve.label} ({key.rpartition('-')[2]})", curve.family, curve.members, curve.place)
        for curve, key in zip(curves, ids, strict=True)
    ]


def _settings_but_seed(config: RunConfig) -> str:
    document = config.model_dump(mode="json", exclude={"name": True, "training": {"seed"}})
    return repr(sorted(document.items()))


def _moment(shown: Sequence[ShownRun], look: CurveStyle) -> float | None:
    """The moment to look at; the end until it is chosen."""
    ends = [item.rows[-1][AXIS_COLUMNS[look.axis]] for item in shown if item.rows]
    if not ends:
        return None
    key = f"curves/moment/{look.axis}"
    share = st.slider(
        "Moment",
        0,
        100,
        100,
        format="%d %%",
        help="Marks a moment in all plots and shows the samples nearest to it. 100 % is the longest run's end.",
        key=key,
    )
    return None if share == 100 else max(ends) * share / 100


def _pictures(lab: ReadOnlyLab, shown: Sequence[ShownRun], moment: float | None, axis: Axis) -> None:
    """The sample grid of each run that is nearest to the moment."""
    sheets = st.grid(columns=min(2, len(shown)), gap="small")
    for item in shown[:MOST_PICTURES]:
        reader = lab.runs.read(item.run)
        pictures = reader.samples()
        if not pictures:
            continue
        seen, path = picture_at(pictures, images_at(item.rows, moment, axis))
        picture = legible(reader, path)
        if picture is not None:
            glyph, after = family_glyph(item.run.family), f"{seen:,} {many_of(lab, item.run)}"
            sheets.cell().image(
                picture,
                caption=f"{glyph} {plain(model_title(item.run.model))}, seed {item.run.seed}, {after}",
                width="stretch",
                output_format="PNG",
                alt=f"Samples of {called(item.run)} after {after}",
            )
    if len(shown) > MOST_PICTURES:
        st.caption(f"Samples of the first {MOST_PICTURES} runs.")


def picture_at(pictures: Sequence[tuple[int, Path]], images: float | None) -> tuple[int, Path]:
    """The sample grid drawn nearest to ``images`` images seen; the newest for None."""
    return pictures[-1] if images is None else min(pictures, key=lambda pair: abs(pair[0] - images))


def images_at(rows: Rows, moment: float | None, axis: Axis) -> float | None:
    """Images seen at ``moment`` on ``axis``, by the nearest row; None for the end."""
    if moment is None or not rows:
        return None
    column = AXIS_COLUMNS[axis]
    nearest = min(rows, key=lambda row: abs(row.get(column, 0) - moment))
    return float(nearest["images"])


def _notes(shown: Sequence[ShownRun]) -> None:
    """What the chosen runs' losses normally look like, in the words of their specs."""
    notes = readings([item.config for item in shown])
    if notes:
        st.markdown("## How to read these")
    for title, text in notes.items():
        st.caption(f"**{title}.** {text}")


def readings(configs: Sequence[RunConfig]) -> dict[str, str]:
    """Title -> reading of every loss, and a warning for every likelihood of binary pixels, among ``configs``."""
    notes: dict[str, str] = {}
    for config in configs:
        loss = getattr(config.model.options, "loss", None)
        if isinstance(loss, Choice) and loss.name in registry("losses"):
            found: LossSpec = registry("losses").get(loss.name)
            notes[found.title] = found.reading
        likelihood = getattr(config.model.options, "likelihood", None)
        if isinstance(likelihood, Choice) and likelihood.name in registry("likelihoods"):
            kind: LikelihoodSpec = registry("likelihoods").get(likelihood.name)
            against = "densities" if kind.discrete else "those of binary pixels"
            notes[kind.title] = f"{kind.summary}. Its nats cannot be compared with {against}."
    return notes


def thinned_words(shown: Sequence[ShownRun]) -> str:
    """What is said of curves of which not every row is drawn; "" where all are."""
    long = [item for item in shown if item.every > 1]
    told = ", ".join(f"of {called(item.run)} about one in {item.every:,.0f}" for item in long)
    return f"Of very long curves some rows are drawn: {told}. The CSV has them all." if long else ""


def whole(lab: ReadOnlyLab, item: ShownRun) -> ShownRun:
    """A run with every row of its curves."""
    return item if item.every == 1 else replace(item, rows=lab.runs.read(item.run).metrics()[0], every=1.0)


def _download(lab: ReadOnlyLab, shown: Sequence[ShownRun]) -> None:
    if words := thinned_words(shown):
        st.caption(plain(words))
    st.download_button(
        "Download as CSV",
        data=lambda: as_csv([whole(lab, item) for item in shown]),
        file_name="curves.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="curves/csv",
    )


def as_csv(shown: Sequence[ShownRun]) -> str:
    """All rows of all chosen runs; vectors take a column per dimension."""
    table: list[dict[str, Any]] = []
    for item in shown:
        for row in item.drawn:
            flat: dict[str, Any] = {"run": item.run.id, "family": item.run.family, "seed": item.run.seed}
            for name, value in row.items():
                flat |= (
                    {f"{name}/{i}": part for i, part in enumerate(value)} if isinstance(value, list) else {name: value}
                )
            table.append(flat)
    columns = list(dict.fromkeys(name for row in table for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue()

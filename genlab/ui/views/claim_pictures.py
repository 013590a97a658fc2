"""The pictures that make a claim visible: samples, reconstructions, spectra, classes, curves of the runs it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.plots.collapse import describe_shares, shares_figure
from genlab.plots.curves import Curve, CurveStyle, curves_figure, describe_curves
from genlab.plots.panels import Panel
from genlab.plots.spectra import Spectrum, describe_spectra, spectra_figure
from genlab.plots.theme import family_title
from genlab.presentation.claims import ClaimPicture
from genlab.presentation.collapse import read_arrays
from genlab.presentation.lineup import called
from genlab.presentation.words import how_many, plain
from genlab.store.run import Run
from genlab.ui.charts import draw_chart
from genlab.ui.shell import changing, current_mode, may_change
from genlab.ui.views import working
from genlab.ui.views._shared import many_of, tails, version_of
from genlab.ui.views.cards import badge
from genlab.ui.views.compare_pictures import first_tiles, laid_out

MOST = 3
"""Runs side by side."""

MOST_SEEDS = 4
"""Seeds one below the other, where every seed is shown."""

OF_EVERY_SEED = frozenset({"seeds"})
"""Kinds of pictures that show more than the first run of each family."""

SPECTRUM = ("frequencies", "fake", "real")
"""What an evaluation keeps of power spectra."""

SHEETS = {"samples": "samples", "reconstructions": "reconstructions", "latent": "ways"}
"""Kind of picture -> the sheet of a portrait that shows it."""


def render(lab: ReadOnlyLab, pictures: Sequence[ClaimPicture], runs: Mapping[str, Run]) -> None:
    """All pictures of a claim; those of runs that are gone are left out.

    Args:
        lab: The lab.
        pictures: What the claim asks for.
        runs: Identifier in the match -> run.
    """
    for picture in pictures:
        known = [runs[key] for key in picture.runs if key in runs]
        shown = known if picture.kind in OF_EVERY_SEED else _one_of_each(known)
        draw = DRAW.get(picture.kind)
        if not shown or draw is None:
            continue
        if picture.title:
            st.markdown(f"**{plain(picture.title)}**")
        draw(lab, shown, picture)


def _one_of_each(runs: Sequence[Run]) -> list[Run]:
    """The first run of each family: seeds of one family look alike."""
    found: dict[str, Run] = {}
    for run in runs:
        found.setdefault(run.family, run)
    return list(found.values())[:MOST]


def _sheets(lab: ReadOnlyLab, runs: Sequence[Run], picture: ClaimPicture) -> None:
    """A sheet of each run's portrait; before it has been drawn the samples of training, and a button to draw it."""
    sheet = SHEETS[picture.kind]
    drawn = {run.id: _portrait(lab, run) for run in runs}
    columns = st.columns(len(runs), gap="small")
    for column, run in zip(columns, runs, strict=True):
        with column:
            st.html(badge(run.family))
            _sheet(lab, run, drawn[run.id], sheet)
    missing = [run for run in runs if drawn[run.id] is None]
    if missing:
        _offer(lab, missing, f"{picture.kind}/{picture.title}")


def _seeds(lab: ReadOnlyLab, runs: Sequence[Run], picture: ClaimPicture) -> None:
    """A column for each family, and in it the newest samples of every seed."""
    families = list(dict.fromkeys(run.family for run in runs))[:MOST]
    for column, family in zip(st.columns(len(families), gap="small"), families, strict=True):
        with column:
            st.html(badge(family))
            mine = sorted((run for run in runs if run.family == family), key=lambda run: run.seed)
            for run in mine[:MOST_SEEDS]:
                _newest_samples(lab, run)
            if len(mine) > MOST_SEEDS:
                st.caption(f"The first {MOST_SEEDS} of {len(mine)} seeds.")
    gone = len(picture.runs) - len(runs)
    if gone:
        st.caption(f"{how_many(gone, 'run')} of this match {'is' if gone == 1 else 'are'} not here.")


def _newest_samples(lab: ReadOnlyLab, run: Run) -> None:
    samples = lab.runs.read(run).samples()
    content = first_tiles(str(samples[-1][1]), version_of(samples[-1][1]), 0.5) if samples else None
    if content is None:
        st.caption(f"Seed {run.seed} ({run.state}) has left no samples.")
        return
    words = f"Samples of {called(run)} after {samples[-1][0]:,} {many_of(lab, run)}"
    st.image(content, f"seed {run.seed}", width="stretch", output_format="PNG", alt=words)


def _portrait(lab: ReadOnlyLab, run: Run) -> Mapping[str, Any] | None:
    try:
        return lab.models.portrait(run)
    except (GenlabError, OSError):
        return None


def _sheet(lab: ReadOnlyLab, run: Run, drawn: Mapping[str, Any] | None, sheet: str) -> None:
    grid = (drawn or {}).get("sheets", {}).get(sheet)
    if drawn is not None and grid is None:
        st.caption("It has no encoder, so there is nothing to show." if sheet == "reconstructions" else "Not drawn.")
        return
    if drawn is not None and grid is not None:
        path = Path(drawn["folder"]) / f"{sheet}.png"
        content = laid_out(str(path), version_of(path), grid["columns"], grid["rows"], sheet, MOST)
        words = f"{sheet.capitalize()} of {called(run)}"
    elif sheet == "samples" and (samples := lab.runs.read(run).samples()):
        seen, path = samples[-1]
        content = first_tiles(str(path), version_of(path))
        words = f"Samples of {called(run)} after {seen:,} {many_of(lab, run)}"
    else:
        st.caption("Not drawn yet.")
        return
    if content is None:
        st.caption("This picture cannot be read.")
        return
    st.image(content, width="stretch", output_format="PNG", alt=words)


def _offer(lab: ReadOnlyLab, runs: Sequence[Run], where: str) -> None:
    if not any(lab.runs.read(run).checkpoints() for run in runs):
        return
    key = f"claims/portraits/{where}/{'-'.join(run.id for run in runs)}"
    if working.show_job(lab, key, lab.jobs.under_way("portrait", [runs[0].id])):
        return
    st.button(
        "Draw all on the same latents",
        icon=":material/brush:",
        type="tertiary",
        disabled=not may_change(lab),
        on_click=working.start,
        args=(key, lambda: changing(lab).models.start_portraits([run.id for run in runs])),
        key=f"{key}/start",
    )


def _spectrum(lab: ReadOnlyLab, runs: Sequence[Run], picture: ClaimPicture) -> None:
    """Power spectra beside that of real images, where an evaluation has kept them."""
    found = [(run, _arrays(lab, run, "power_spectrum")) for run in runs]
    drawn = [
        Spectrum(family_title(run.family), run.family, *(np.asarray(kept[name], np.float64) for name in SPECTRUM))
        for run, kept in found
        if set(SPECTRUM) <= set(kept)
    ]
    if not drawn:
        st.caption("No evaluation of these runs has kept their spectra.")
        return
    draw_chart(
        spectra_figure(drawn, current_mode()),
        alt=describe_spectra(drawn),
        key=f"claims/spectrum/{'-'.join(run.id for run in runs)}",
    )


def _classes(lab: ReadOnlyLab, runs: Sequence[Run], picture: ClaimPicture) -> None:
    """Which classes the samples fall into, against the data."""
    for run in runs:
        arrays = _arrays(lab, run, "class_kl")
        made, real = arrays.get("fake"), arrays.get("real")
        if made is None or real is None or not len(made):
            continue
        names = _class_names(lab, run, len(made))
        n = int(_line(lab, run, "class_kl").get("n") or 0)
        if n < 1:
            continue
        st.html(badge(run.family))
        figure = shares_figure(names, np.asarray(made, float), np.asarray(real, float), n, run.family, current_mode())
        figure.update_layout(height=190)
        words = describe_shares(names, np.asarray(made, float), np.asarray(real, float), n)
        draw_chart(figure, alt=words, key=f"claims/classes/{run.id}")


def _curves(lab: ReadOnlyLab, runs: Sequence[Run], picture: ClaimPicture) -> None:
    """The losses of each family."""
    rows = {run.id: tails().of(lab.runs.read(run)).rows for run in runs}
    curves = [Curve(family_title(run.family), run.family, (rows[run.id],)) for run in runs if rows[run.id]]
    panels = loss_panels([rows[run.id] for run in runs if rows[run.id]])
    if not curves or not panels:
        st.caption("These runs have left no curves.")
        return
    look = CurveStyle(mode=current_mode(), height=100, smoothing=0.6)
    draw_chart(
        curves_figure(curves, panels, look),
        alt=describe_curves(curves, panels, look),
        key=f"claims/curves/{'-'.join(run.id for run in runs)}",
    )


def loss_panels(members: Sequence[Sequence[Mapping[str, Any]]]) -> list[Panel]:
    """Losses of several families, players that do the same job in one plot."""
    names = {name for rows in members if rows for name in rows[-1] if name.startswith("loss/")}
    jobs = {
        "Loss of VAE and of encoder": ("loss/vae", "loss/encoder"),
        "Loss of the critic": ("loss/critic",),
        "Loss of generator and of decoder": ("loss/generator", "loss/decoder"),
    }
    known = {name for group in jobs.values() for name in group}
    panels = [
        Panel(title, found)
        for title, group in jobs.items()
        if (found := tuple(name for name in group if name in names))
    ]
    return [*panels, *(Panel(name.replace("loss/", "Loss of "), (name,)) for name in sorted(names - known))]


def _arrays(lab: ReadOnlyLab, run: Run, metric: str) -> dict[str, Any]:
    """The arrays that the newest evaluation has kept for a metric; empty where there are none."""
    try:
        documents = lab.evaluations.all(run)
    except (GenlabError, OSError):
        return {}
    for document in reversed(documents):
        found = read_arrays(lab.runs.read(run).path, str(document.get("key", ""))) or {}
        own = {name.partition("/")[2]: array for name, array in found.items() if name.startswith(f"{metric}/")}
        if own:
            return own
    return {}


def _line(lab: ReadOnlyLab, run: Run, metric: str) -> Mapping[str, Any]:
    for document in reversed(lab.evaluations.all(run)):
        line = document.get("metrics", {}).get(metric)
        if isinstance(line, Mapping) and line.get("value") is not None:
            return line
    return {}


def _class_names(lab: ReadOnlyLab, run: Run, number: int) -> list[str]:
    try:
        classes = lab.data.describe(lab.runs.read(run).config().data).classes or ()
    except GenlabError:
        classes = ()
    return list(classes) if len(classes) == number else [str(index) for index in range(number)]


DRAW: Mapping[str, Callable[[ReadOnlyLab, Sequence[Run], ClaimPicture], None]] = {
    "samples": _sheets,
    "seeds": _seeds,
    "reconstructions": _sheets,
    "latent": _sheets,
    "spectrum": _spectrum,
    "classes": _classes,
    "curves": _curves,
}
"""Kind of picture -> what draws it."""

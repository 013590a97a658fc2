"""Evidence of a collapsed posterior: what each latent dimension carries, and what moving along it does."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from genlab import kinds
from genlab.errors import GenlabError, InputError
from genlab.families import may_have
from genlab.lab import ReadOnlyLab
from genlab.numbers import nats, plus_minus
from genlab.plots.collapse import describe_kl, kl_figure
from genlab.plots.theme import family_one
from genlab.presentation.collapse import Evaluated
from genlab.presentation.lineup import called
from genlab.presentation.pictures import enlarge, factor_for, png_bytes
from genlab.presentation.words import sentence
from genlab.space import Space
from genlab.store.pictures import load_picture
from genlab.store.run import Run
from genlab.ui.charts import draw_chart
from genlab.ui.shell import changing, current_mode, may_change
from genlab.ui.views._shared import version_of
from genlab.ui.views.working import show_job, start


def has_codes(lab: ReadOnlyLab, run: Run) -> bool:
    """Whether the model puts images into a latent space."""
    return may_have(run.family, "encoder")


def render(lab: ReadOnlyLab, run: Run, seen: Evaluated | None) -> None:
    """KL per dimension, and a live dimension beside a dead one."""
    st.markdown("## Are the latents used?")
    left, right = st.columns(2, gap="large")
    with left:
        _carried(run, seen)
    with right:
        _traversals(lab, run, seen)


def _carried(run: Run, seen: Evaluated | None) -> None:
    kl, variance = (seen.array(name) if seen else None for name in ("kl_per_dimension/kl", "active_units/variance"))
    if not may_have(run.family, "encoder"):
        st.caption(f"{family_one(run.family)} has no encoder, so there is no posterior that could collapse.")
        return
    if seen is None or kl is None or variance is None or len(kl) != len(variance):
        why = seen.line("kl_per_dimension").get("why") if seen else ""
        st.caption(why or "Evaluate this checkpoint to see what each dimension carries.")
        return
    threshold = seen.array("active_units/threshold")
    limit = 0.01 if threshold is None else float(threshold)
    active = variance > limit
    draw_chart(
        kl_figure(kl, active, run.family, current_mode()),
        key="collapse/kl",
        alt=describe_kl(kl, active),
    )
    line, total = seen.line("active_units"), seen.line("kl_per_dimension")
    units = plus_minus(line["value"], line.get("low"), line.get("high"))
    whole = nats(total["value"], total.get("low"), total.get("high"))
    st.caption(
        f"Active units: {units} of {len(kl)}, those whose code has a variance of more than {limit:g} over {seen.many}. "
        f"KL of all dimensions together: {whole} ({line.get('n', 0):,} held-out {seen.many}; the collapse watch "
        f"measures it on training {seen.many}). A dimension near 0 nats gives all {seen.many} the same code."
    )


def _traversals(lab: ReadOnlyLab, run: Run, seen: Evaluated | None) -> None:
    images = None if seen is None else int(seen.document["images"])
    if not kinds.get(lab.runs.read(run).kind()).pictured:
        st.caption("Latent traversals are drawn of items that have pictures of their own.")
        return
    try:
        portrait = lab.models.portrait(run, images)
    except GenlabError as error:
        st.caption(sentence(f"{error.message} {error.hint}"))
        return
    if portrait is not None:
        _pair(lab, portrait, run, seen)
        return
    key = f"collapse/{run.id}/portrait"
    if show_job(lab, key, lab.jobs.under_way("portrait", [run.id])):
        return
    newest = lab.runs.read(run).checkpoints()[-1:]
    every = bool(newest) and images is not None and newest[0].images != images
    st.caption("The traversals of the most and the least effective dimension have not been drawn yet.")
    st.button(
        "Draw it",
        icon=":material/draw:",
        key=f"{key}/start",
        disabled=not may_change(lab),
        on_click=start,
        args=(key, lambda: changing(lab).models.start_portraits([run], every=every)),
    )


def _pair(lab: ReadOnlyLab, portrait: object, run: Run, seen: Evaluated | None) -> None:
    """The most and the least effective dimension, one row each."""
    assert isinstance(portrait, dict)
    path = Path(str(portrait["folder"])) / "dimensions.png"
    sheets, dimensions, effects = (portrait.get(name) or {} for name in ("sheets", "dimensions", "effects"))
    if "dimensions" not in sheets or len(dimensions) < 2:
        st.caption("Latent traversals are drawn of items that have pictures of their own.")
        return
    kl = seen.array("kl_per_dimension/kl") if seen else None
    space = _space(lab, run)
    for row, name in enumerate(("Most effective", "Least effective")):
        picture = _row(str(path), version_of(path), row, int(sheets["dimensions"]["rows"]))
        if picture is None:
            st.caption("This picture cannot be read. Delete the run's portraits folder and draw it again.")
            return
        dimension = int(dimensions[row])
        change = f"changes a {space.spec.value} by {100 * float(effects[dimension]) / space.span:.2g} % of its range"
        told = f"{name}: dimension {dimension}, {change}"
        if kl is not None and dimension < len(kl):
            told += f", carries {nats(float(kl[dimension]))}"
        st.image(picture, caption=told, width="stretch", output_format="PNG", alt=f"{told}, of {called(run)}")
    st.caption("From −2.5 to 2.5 standard deviations, all other dimensions fixed. Effects: from −1 to 1.")


def _space(lab: ReadOnlyLab, run: Run) -> Space:
    """The space of the data that a run learned from."""
    directory = lab.runs.read(run)
    known = directory.environment().get("space") or {}
    return Space(
        directory.kind(),
        tuple(known.get("shape", ())),
        scale=float(known.get("scale", 1.0)),
        symbols=tuple(known.get("symbols") or ()),
    )


@st.cache_data(max_entries=32, show_spinner=False)
def _row(path: str, version: int, row: int, rows: int) -> bytes | None:
    """One row of a sheet, enlarged."""
    try:
        sheet = load_picture(Path(path))
    except InputError:
        return None
    height = max(1, sheet.height // rows)
    part = sheet.crop((0, row * height, sheet.width, (row + 1) * height))
    return png_bytes(enlarge(part, factor_for(part.width, 700)))

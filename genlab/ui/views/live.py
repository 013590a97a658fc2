"""One run while it trains: state, progress, samples with a way back in time, curves, and the controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from genlab import kinds
from genlab.errors import GenlabError, InputError
from genlab.lab import ReadOnlyLab
from genlab.plots.curves import Curve, CurveStyle, curves_figure, describe_curves
from genlab.plots.panels import Panel, title_of
from genlab.plots.theme import Mode, family_glyph
from genlab.presentation.lineup import called
from genlab.presentation.words import duration, plain, sentence
from genlab.registry import registry
from genlab.store.run import RESUMABLE, Run
from genlab.store.tails import Tail
from genlab.ui.charts import draw_chart
from genlab.ui.components.film import Reel, film
from genlab.ui.shell import current_mode, may_change, page_title, polled
from genlab.ui.views import alarms
from genlab.ui.views._items import of_sheet
from genlab.ui.views._shared import many_of, shown_samples, tails, version_of
from genlab.ui.views.run_ways import all_runs, ways_on

POLL_SECONDS = 1.0
"""How often progress is looked at, and everything else while a run is `YOUNG`."""

CALM_SECONDS = 2.5
"""How often everything else is drawn later: plots and pictures take from the cores that the run trains on."""

YOUNG = 20.0
"""Seconds of training in which every row and picture is news."""


BADGES: Mapping[str, tuple[str, Any]] = {
    "queued": (":material/hourglass_empty:", "gray"),
    "running": (":material/play_arrow:", "blue"),
    "paused": (":material/pause:", "orange"),
    "completed": (":material/check:", "green"),
    "stopped": (":material/stop:", "gray"),
    "diverged": (":material/trending_up:", "red"),
    "failed": (":material/error:", "red"),
    "interrupted": (":material/power_off:", "orange"),
}
ENDED = {
    "interrupted": ("The process that trained it is gone.", "Resume to continue from the newest checkpoint."),
    "diverged": ("Training produced values that are not finite.", "Lower the learning rate, then resume or duplicate."),
    "failed": ("The run failed.", "The log below says more. Resume to continue from the newest checkpoint."),
}
"""What is said when the run itself left no sentence."""


def render(lab: ReadOnlyLab, run_ids: Sequence[str]) -> None:
    """Show the runs: one at a time, the others a click away."""
    found, missing = [], []
    for run_id in run_ids:
        try:
            found.append(lab.runs.exact(run_id))
        except InputError as error:
            missing.append(error)
    if not found:
        page_title("Train")
    for refusal in missing:
        st.error(sentence(f"{refusal.message} {refusal.hint}"), icon=":material/error:")
    if not found:
        all_runs()
        return
    run = found[0] if len(found) == 1 else _choose(found)
    ways_on(lab, run, found)
    rhythm = _rhythm(run)
    for part, every in ((_head, rhythm.every), (_course, POLL_SECONDS if run.active else None), (_body, rhythm.every)):
        polled(part, every)(lab, run.id, rhythm)


@dataclass(frozen=True)
class Rhythm:
    """When it changes, the page is drawn as a whole.

    Attributes:
        state: Of the run.
        every: Seconds between two drawings; None for a run that has ended.
    """

    state: str
    every: float | None


def _rhythm(run: Run) -> Rhythm:
    every = POLL_SECONDS if run.seconds < YOUNG else CALM_SECONDS
    return Rhythm(run.state, every if run.active else None)


def _choose(runs: Sequence[Run]) -> Run:
    names = {run.id: f"seed {run.seed} · {run.state}" for run in runs}
    chosen = st.segmented_control(
        "Runs",
        list(names),
        default=runs[0].id,
        required=True,
        format_func=lambda key: names[key],
        key="live/chosen",
        wrap=True,
    )
    return next((run for run in runs if run.id == chosen), runs[0])


def _now(lab: ReadOnlyLab, run_id: str, rhythm: Rhythm) -> Run:
    """The run as it is; where it is gone or its rhythm has changed the whole page is drawn again."""
    try:
        run = lab.runs.exact(run_id)
    except InputError:
        st.rerun()
    if _rhythm(run) != rhythm:
        st.rerun()
    return run


def _head(lab: ReadOnlyLab, run_id: str, rhythm: Rhythm) -> None:
    """What it is, and its controls."""
    _header(lab, _now(lab, run_id, rhythm))


def _course(lab: ReadOnlyLab, run_id: str, rhythm: Rhythm) -> None:
    """How far it is."""
    now = _now(lab, run_id, rhythm)
    _progress(now, many_of(lab, now))


def _body(lab: ReadOnlyLab, run_id: str, rhythm: Rhythm) -> None:
    """What it shows."""
    run = _now(lab, run_id, rhythm)
    _problem(run)
    if not run.active:
        for words in lab.runs.read(run).problems():
            st.warning(sentence(words), icon=":material/healing:")
    alarms.render(lab, run)
    pictures, curves = st.columns([2, 3], gap="medium")
    with pictures:
        _samples(lab, run)
    with curves:
        _curves(lab, run)
    _details(lab, run)


def _header(lab: ReadOnlyLab, run: Run) -> None:
    icon, colour = BADGES[run.state]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        what = f"{plain(model_title(run.model))} on {plain(run.data)}"
        named = run.name != run.id
        title = plain(called(run)) if named else what
        page_title(f"{family_glyph(run.family)} {title}", width="content")
        st.badge(run.state, icon=icon, color=colour)
        st.caption(f"{what + ' · ' if named else ''}seed {run.seed} · {plain(run.id)}", width="content")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"live/{run.id}/controls"):
        _controls(lab, run)
    problem = st.session_state.pop(f"live/{run.id}/refusal", None)
    if problem:
        st.error(sentence(problem), icon=":material/error:")


def _controls(lab: ReadOnlyLab, run: Run) -> None:
    asked = lab.runs.read(run).asked() if run.active else None
    free = lab if may_change(lab) else None
    if run.active and free:
        _button(free.runs.pause, run, "Pause", ":material/pause:", asked is not None)
        _button(free.runs.stop, run, "Stop", ":material/stop:", asked == "stop")
        if asked:
            st.caption(
                "Stopping at the next step…" if asked == "stop" else "Pausing at the next step…", width="content"
            )
    if run.state in RESUMABLE and free and not run.shipped:
        _button(free.runs.resume, run, "Resume", ":material/play_arrow:", False)
    if st.button("Duplicate with changes", icon=":material/content_copy:", key=f"live/{run.id}/duplicate"):
        st.query_params.from_dict({"from": run.id})
        st.rerun()
    if run.shipped:
        st.badge("shipped with genlab", icon=":material/inventory_2:", color="gray")
    elif not run.active and free:
        with st.popover("Delete", icon=":material/delete:"):
            st.write("Delete this run with its samples and checkpoints? This cannot be undone.")
            if st.button("Delete for good", type="primary", key=f"live/{run.id}/delete"):
                _attempt(free.runs.delete, run)
                st.query_params.clear()
                st.rerun()


def _button(verb: Callable[[Run], object], run: Run, label: str, icon: str, disabled: bool) -> None:
    key = f"live/{run.id}/{label.lower()}"
    st.button(label, icon=icon, disabled=disabled, key=key, on_click=_attempt, args=(verb, run))


def _attempt(verb: Callable[[Run], object], run: Run) -> None:
    """Do it, and keep the sentence if it is refused (the run may have moved on since the page was drawn)."""
    try:
        verb(run)
    except GenlabError as error:
        st.session_state[f"live/{run.id}/refusal"] = f"{error.message} {error.hint}".strip()


def _progress(run: Run, many: str) -> None:
    parts = [f"{run.images:,} of {run.target:,} {many}"]
    if speed := run.pace or run.images_per_second:
        parts.append(f"{speed:,.0f} {many}/s")
    if run.left is not None:
        parts.append(f"{duration(run.left)} left")
    elif run.seconds:
        parts.append(f"{duration(run.seconds)} of training")
    if run.phase and run.phase != "training":
        parts.append(plain(run.phase))
    st.progress(min(1.0, run.images / run.target) if run.target else 0.0, text=" · ".join(parts))


def _problem(run: Run) -> None:
    if run.error:
        st.error(sentence(f"{run.error.get('message', '')} {run.error.get('hint', '')}"), icon=":material/error:")
    elif run.state in ENDED:
        st.warning(" ".join(ENDED[run.state]), icon=":material/warning:")


def _samples(lab: ReadOnlyLab, run: Run) -> None:
    pictures = dict(lab.runs.read(run).samples())
    if not pictures:
        st.caption("Samples at fixed latents")
        if run.active:
            st.skeleton(height=320)
            st.caption("The first samples come within moments of the start.")
        else:
            st.info("This run ended before it drew samples.", icon=":material/image_not_supported:")
        return
    kind = kinds.get(lab.runs.read(run).kind())
    if kind.pictured and len(pictures) > 1 and _film(run, list(pictures.items()), kind.text is not None):
        return
    moment = _scrubber(run, list(pictures))
    many = many_of(lab, run)
    directory, caption = lab.runs.read(run), f"Samples at fixed latents after {moment:,} {many}"
    grid = directory.grid()
    if of_sheet(
        f"live/{run.id}/items", lab.workspace, directory, pictures[moment], {"columns": grid.columns, "rows": grid.rows}
    ):
        st.caption(caption)
        return
    picture = shown_samples(lab, run, str(pictures[moment]), version_of(pictures[moment]), current_mode())
    if picture is None:
        st.caption("This picture is being drawn again.")
        return
    st.image(
        picture,
        caption=caption,
        width="stretch",
        output_format="PNG",
        alt=f"Grid of samples of {called(run)} after {moment:,} {many}, the same latents at every moment",
    )


def _film(run: Run, pictures: list[tuple[int, Path]], read: bool) -> bool:
    """The samples of the whole training, played; whether the reader has asked for that."""
    key = f"live/{run.id}/film"
    playing = bool(st.session_state.get(key))

    def turn() -> None:
        st.session_state[key] = not playing

    st.button(
        "Back to the newest" if playing else "Play from the beginning",
        icon=":material/skip_next:" if playing else ":material/play_arrow:",
        help="Plays the samples at fixed latents, from the first to the newest.",
        on_click=turn,
        key=f"{key}/button",
    )
    if playing:
        film(f"live/{run.id}/reel", [Reel(run.id, called(run), pictures, read)], playing=True)
    return playing


def _scrubber(run: Run, moments: list[int]) -> int:
    """The moment to look at: the newest until the slider is moved back, and again when it is moved to its end."""
    newest, pin = moments[-1], f"live/{run.id}/pinned"
    if len(moments) == 1:
        return newest
    pinned = st.session_state.get(pin)
    key = f"live/{run.id}/moment/{len(moments)}/{newest}"

    def moved() -> None:
        st.session_state[pin] = None if st.session_state[key] == newest else st.session_state[key]

    chosen = st.select_slider(
        "Back in time",
        options=moments,
        value=pinned if pinned in moments else newest,
        format_func=lambda moment: f"{moment:,}",
        help="Images seen when the samples were drawn. At its end it follows the newest.",
        key=key,
        on_change=moved,
    )
    return int(chosen) if isinstance(chosen, int) else newest


def _curves(lab: ReadOnlyLab, run: Run) -> None:
    tail = tails().of(lab.runs.read(run))
    if not tail.rows:
        st.caption("Losses")
        if run.active:
            st.skeleton(height=320)
        st.caption("The curves begin with the first row the run writes.")
        return
    figure, words = _figure(run, tail, current_mode())
    draw_chart(figure, key=f"live/{run.id}/curves", alt=words)
    if tail.every > 1:
        st.caption(f"Of these very long curves about one row in {tail.every:,.0f} is drawn. Curves has a CSV of all.")


def _figure(run: Run, tail: Tail, mode: Mode) -> tuple[go.Figure, str]:
    """The figure of the newest rows; drawn again only when there are new ones."""
    kept = st.session_state.get("live/figure")
    if kept and kept[0] == (run.id, tail.version, mode):
        return kept[1], kept[2]
    curve = [Curve(called(run), run.family, (tail.rows,))]
    panels = live_panels(tail.rows[-1])
    look = CurveStyle(mode=mode, height=max(84, 380 // max(1, len(panels))))
    figure, words = curves_figure(curve, panels, look), describe_curves(curve, panels, look)
    st.session_state["live/figure"] = ((run.id, tail.version, mode), figure, words)
    return figure, words


def live_panels(row: Mapping[str, Any]) -> list[Panel]:
    """What matters while it trains: losses by player, scores on real and fake, reconstruction against KL."""
    losses = tuple(name for name in row if name.startswith("loss/"))
    together = set(losses) == {"loss/critic", "loss/generator"}
    panels = [Panel("Losses", losses)] if together else [Panel(title_of(name), (name,)) for name in losses]
    pairs = [
        Panel("Critic's scores on real and fake", ("score/real", "score/fake")),
        Panel("Reconstruction error and KL", ("reconstruction/nats", "kl/total"), "nats"),
    ]
    return [*panels, *(pair for pair in pairs if set(pair.names) <= set(row))]


def _details(lab: ReadOnlyLab, run: Run) -> None:
    directory = lab.runs.read(run)
    with st.expander("Log", icon=":material/terminal:", on_change="rerun", key=f"live/{run.id}/log") as log:
        if log.open:
            st.code("\n".join(directory.log_tail()) or "The log is empty.", language=None, height=240)
    with st.expander("Settings", icon=":material/tune:", on_change="rerun", key=f"live/{run.id}/settings") as settings:
        if settings.open:
            st.json(directory.config().model_dump(mode="json"), expanded=1)
            st.caption(f"Everything this run writes is in {plain(str(run.path))}.")


def model_title(name: str) -> str:
    """The model as the field writes it; its bare name where no such model is installed any more."""
    models = registry("objectives")
    return str(models.get(name).title) if name in models else name

"""What a run will be: block diagram with parameter counts, memory, time, and the command line for the same run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import streamlit as st

from genlab import kinds
from genlab.config import RunConfig, change
from genlab.datasets.base import DatasetInfo
from genlab.errors import InputError
from genlab.jobs.sizes import Sizes
from genlab.jobs.speed import Speed
from genlab.lab import ReadOnlyLab
from genlab.objectives.base import LossSpec, ObjectiveSpec
from genlab.plots.diagram import describe_diagram, diagram_svg
from genlab.plots.theme import family_colour, family_glyph
from genlab.presentation.command_line import command_line
from genlab.presentation.estimates import grounds
from genlab.presentation.words import how_many, plain, span
from genlab.registry import Choice, registry
from genlab.ui.shell import current_mode, may_change, polled, show_error
from genlab.ui.views.flow_shown import exemplar_of, show_flow

SIZES_POLL_SECONDS = 0.7


@dataclass(frozen=True)
class PlannedRuns:
    """What was chosen.

    Attributes:
        info: The data.
        config: The configuration of the first run; None when it was refused.
        seeds: The seeds to run it with.
        refusal: Why it cannot be trained.
    """

    info: DatasetInfo | None = None
    config: RunConfig | None = None
    seeds: tuple[int, ...] = ()
    refusal: InputError | None = None


def runs_of(plan: PlannedRuns) -> Iterator[RunConfig]:
    """The configuration of each run: one per seed."""
    assert plan.config is not None
    name, many = plan.config.name, len(plan.seeds) > 1
    for seed in plan.seeds:
        label = f"{name} seed {seed}" if name and many else name
        yield change(plan.config, {"training.seed": seed}).model_copy(update={"name": label})


STICKY = """
<style>
:has(> * > * > .st-key-train-plan) { position: sticky; top: 4.5rem; }
</style>
"""
"""The plan stays in view while its form is scrolled: what a setting changes, or why it is refused, is seen at once."""


def render(lab: ReadOnlyLab, plan: PlannedRuns) -> bool:
    """Show the plan; returns whether it is to be started now."""
    st.html(STICKY)
    with st.container(key="train-plan"):
        return _plan(lab, plan)


def _plan(lab: ReadOnlyLab, plan: PlannedRuns) -> bool:
    if plan.config is None or plan.info is None:
        _refused(plan.refusal)
        return False
    spec: ObjectiveSpec = registry("objectives").get(plan.config.model.name)
    many = len(plan.seeds)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"## {family_glyph(spec.family)} {spec.title} on {plain(plan.info.title)}", width="content")
        label = "Start training" if many == 1 else f"Start {many} runs"
        start = st.button(
            label, type="primary", icon=":material/play_arrow:", key="train/start", disabled=not may_change(lab)
        )
    known = lab.configs.sizes(plan.config) is not None
    polled(_sizes, None if known else SIZES_POLL_SECONDS)(lab, plan.config, spec, many, known)
    _words(plan.config, spec)
    st.caption("The same from the command line")
    st.code("\n".join(command_line(lab, config) for config in runs_of(plan)), language="bash", wrap_lines=True)
    return bool(start)


def _refused(refusal: InputError | None) -> None:
    st.markdown("## This cannot be trained yet")
    if refusal is not None:
        show_error(refusal)


def _sizes(lab: ReadOnlyLab, config: RunConfig, spec: ObjectiveSpec, many: int, was_known: bool) -> None:
    """Diagram and figures; polls until the parameters are counted."""
    sizes = lab.configs.sizes(config)
    if sizes is not None and not was_known:
        st.rerun()
    parts = {name: count for name, count in (sizes.parts if sizes else {}).items() if name != "total"}
    _diagram(lab, config, spec, parts)
    if sizes is not None and sizes.why:
        st.error(sizes.why, icon=":material/block:")
    _figures(sizes, _speed(lab, config, str(lab.workspace.path), config.model_dump_json()), config, many)


def _diagram(lab: ReadOnlyLab, config: RunConfig, spec: ObjectiveSpec, parts: Mapping[str, int]) -> None:
    """Data that flow through a shipped model of the same kind, with the parameters that this one will have.

    Where none ships, or nothing could be drawn, the block diagram of the objective.
    """
    pictured = kinds.get(lab.data.describe(config.data).kind).pictured
    shown = exemplar_of(lab, spec.family, spec.name) if pictured else None
    if shown is not None and show_flow(lab, "train/flow", shown, {"parameters": parts}):
        st.caption(
            f"What flows here flows through “{plain(shown.name)}” (on {plain(shown.data)}), a trained model of the "
            "same kind that came with genlab. The numbers of weights are those of yours."
        )
        return
    mode = current_mode()
    ink = "#E6E8EB" if mode == "dark" else "#1C2128"
    drawing = diagram_svg(
        spec.diagram, family_colour(spec.family, mode), ink, {**parts, "generator": parts.get("decoder", 0)}
    )
    st.image(drawing, width="content", alt=describe_diagram(spec.title, spec.diagram))


def _figures(sizes: Sizes | None, speed: Speed | None, config: RunConfig, many: int) -> None:
    counted = sizes is not None and not sizes.why
    waiting = "counting…" if sizes is None else "–"
    length = config.training
    seconds = speed.seconds(length.images) if speed else None
    measured = "Known as soon as a run has trained here."
    if speed:
        measured = f"At {speed.low:,.0f} to {speed.high:,.0f} images/s, {grounds(speed.evidence, speed.runs)}."
    cards = {
        "Parameters": (
            f"{sizes.total:,}" if sizes and counted else waiting,
            "Trainable parameters of all networks together; the diagram has them by part.",
        ),
        "Weight memory": (
            _mebibytes(sizes.memory) if sizes and counted else waiting,
            "Weights, gradients, the optimiser's averages and the averaged weights. Activations come on top.",
        ),
        "Training time" if many == 1 else "Time of each run": (
            "–" if seconds is None else span(*seconds),
            measured,
        ),
        "Steps": (f"{-(-length.images // length.batch_size):,}", f"Of {how_many(length.batch_size, 'image')} each."),
    }
    grid = st.grid(columns="auto", min_column_width=165, gap="small")
    for label, (value, why) in cards.items():
        grid.cell().metric(label, value, help=why, border=True, height="stretch")
    if seconds is None:
        st.caption("No run has been measured on this machine yet; its first seconds will tell how long it takes.")
    elif speed and speed.evidence != "same":
        st.caption(f"The time is a guess {grounds(speed.evidence, speed.runs)}. The first seconds will tell.")


def _mebibytes(memory: int) -> str:
    amount = memory / 2**20
    return f"{amount:,.0f} MiB" if amount >= 10 else f"{amount:.1f} MiB"


@st.cache_data(ttl=10, max_entries=64, show_spinner=False)
def _speed(_lab: ReadOnlyLab, _config: RunConfig, workspace: str, document: str) -> Speed | None:
    """The measured speed, looked up anew every few seconds at most (workspace and document are the cache's key)."""
    return _lab.runs.expected_speed(_config, _lab.runs.measured_speeds(_lab.runs.all()))


def _words(config: RunConfig, spec: ObjectiveSpec) -> None:
    """What to look out for, from the chosen loss's own spec."""
    loss = getattr(config.model.options, "loss", None)
    if isinstance(loss, Choice) and loss.name in registry("losses"):
        found: LossSpec = registry("losses").get(loss.name)
        st.caption(f"**{found.title}.** {found.reading}", help=found.paper or None)
    elif spec.paper:
        st.caption(spec.paper)

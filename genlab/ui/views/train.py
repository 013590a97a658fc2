"""Train: a form for a new run, with what it will be beside it; or, where the address names runs, those alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from genlab import kinds
from genlab.config import RunConfig, change
from genlab.datasets.base import DatasetInfo
from genlab.errors import GenlabError, InputError
from genlab.families import place
from genlab.lab import ReadOnlyLab
from genlab.objectives.base import ObjectiveSpec
from genlab.plots.theme import family_glyph
from genlab.presentation.words import plain, sentence
from genlab.presets.base import PresetSpec
from genlab.registry import registry
from genlab.ui.forms import settings_form
from genlab.ui.shell import changing, page_title, show_error
from genlab.ui.views import live, preview

MOST_RUNS = 10
MOST_LINKS = 4
"""Runs under way that the form links to."""

AS_IT_WAS = "as it was"
"""The choice of preset that means: the settings of the run that is being duplicated."""


@dataclass(frozen=True)
class TrainWish:
    """What the address of the page asks for: values that the form begins with."""

    data: str = "mnist-5k"
    model: str = "vae"
    preset: str = "quick"
    source: str = ""


def render(lab: ReadOnlyLab) -> None:
    """The page: the runs that the address names, or else the form for a new one."""
    watched = st.query_params.get_all("run")
    if watched:
        live.render(lab, watched)
        return
    page_title("Train")
    _under_way(lab)
    page = st.grid(columns=3, min_column_width=230, gap="medium")
    with page.cell():
        plan = _form(lab, _wish(lab))
    with page.cell(column_span=2):
        if preview.render(lab, plan):
            _start(lab, plan)


def _under_way(lab: ReadOnlyLab) -> None:
    """Ways to the runs that train or wait, for whoever looks for them here."""
    active = [run for run in lab.runs.all() if run.active]
    if not active:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="train/active"):
        st.caption("Running:" if any(run.state == "running" for run in active) else "Waiting:", width="content")
        for run in active[:MOST_LINKS]:
            share = f" · {min(1.0, run.images / run.target):.0%}" if run.target and run.state == "running" else ""
            st.page_link(
                "train.py",
                label=f"{plain(run.name)}{share}",
                icon=":material/monitoring:" if run.state == "running" else ":material/hourglass_empty:",
                query_params={"run": run.id},
                width="content",
            )
        if len(active) > MOST_LINKS:
            st.page_link("home.py", label=f"and {len(active) - MOST_LINKS} more", width="content")


def _wish(lab: ReadOnlyLab) -> TrainWish:
    """What the form begins with: what the address asks for, or what was asked for or started last."""
    asked = {name: st.query_params[name] for name in ("data", "model", "preset") if name in st.query_params}
    source = st.query_params.get("from", "")
    kept: TrainWish | None = st.session_state.get("train/wish")
    if kept and not asked and not source:
        return kept
    wish = TrainWish(**asked)
    if source:
        try:
            run = lab.runs.find(source)
            wish = TrainWish(run.data, run.model, run.preset, run.id)
        except InputError as error:
            show_error(error)
    st.session_state["train/wish"] = wish
    return wish


def _form(lab: ReadOnlyLab, wish: TrainWish) -> preview.PlannedRuns:
    """The form; returns what was chosen, or why it cannot be."""
    scope = f"train/{wish.data}/{wish.model}/{wish.preset}/{wish.source}"
    try:
        info = _pick_data(lab, wish, scope)
        model = _pick_model(wish, scope)
        scope = f"{scope}/{info.kind}/{model.name}"
        preset, base = _pick_preset(lab, wish, info, model, scope)
    except InputError as error:
        return preview.PlannedRuns(refusal=error)
    inner = f"{scope}/{preset}"
    name, first, count, images = _basics(base, scope, inner)
    changes: dict[str, Any] = settings_form(base, info.kind, inner)
    try:
        config = lab.configs.fitted(change(base, {**changes, "training.seed": first, "training.images": images}))
        config = config.model_copy(update={"name": name})
        lab.configs.check(config)
    except InputError as error:
        return preview.PlannedRuns(info=info, refusal=error)
    return preview.PlannedRuns(info, config, tuple(range(first, first + count)))


def _pick_data(lab: ReadOnlyLab, wish: TrainWish, scope: str) -> DatasetInfo:
    infos = {info.name: info for info in sorted(lab.data.all(), key=lambda info: not info.available)}
    if wish.data not in infos:
        st.error(sentence(f"There is no data set {wish.data!r}. Choose another below."), icon=":material/error:")
    names = list(infos)
    name = st.selectbox(
        "Data",
        names,
        index=names.index(wish.data) if wish.data in infos else 0,
        format_func=lambda name: _data_label(infos[name]),
        help="What the model learns from. Your own images are added on the Data page.",
        key=f"{scope}/data",
    )
    info = infos[name]
    if info.summary:
        st.caption(plain(info.summary[:1].upper() + info.summary[1:]))
    return info


def _data_label(info: DatasetInfo) -> str:
    label = f"{info.title} · {info.spec.labelled(info.shape)} · {info.count:,}"
    return label if info.available else f"{label} · not on this machine"


def _pick_model(wish: TrainWish, scope: str) -> ObjectiveSpec:
    specs: dict[str, ObjectiveSpec] = {spec.name: spec for spec in registry("objectives")}
    order = sorted(specs, key=lambda name: (place(specs[name].family), len(name)))
    if wish.model not in specs:
        st.error(sentence(f"There is no model {wish.model!r}. Choose another below."), icon=":material/error:")
    name = st.segmented_control(
        "Model",
        order,
        default=wish.model if wish.model in specs else order[0],
        required=True,
        wrap=True,
        format_func=lambda name: f"{family_glyph(specs[name].family)} {specs[name].title}",
        key=f"{scope}/model",
    )
    for why in registry("objectives").refused():
        st.warning(sentence(f"{why.message} {why.hint}"), icon=":material/extension_off:")
    spec = specs[name or order[0]]
    st.caption(spec.summary, help=spec.paper or None)
    return spec


def _pick_preset(
    lab: ReadOnlyLab, wish: TrainWish, info: DatasetInfo, model: ObjectiveSpec, scope: str
) -> tuple[str, RunConfig]:
    """The choice of preset, and the configuration that the rest of the form begins with."""
    specs: dict[str, PresetSpec] = {
        spec.name: spec for spec in registry("presets") if spec.suits(model.name, info.kind)
    }
    source = lab.runs.read(wish.source).config() if wish.source else None
    same_kind = source is not None and lab.data.describe(source.data).kind == info.kind
    own = [AS_IT_WAS] if source is not None and source.model.name == model.name and same_kind else []
    names = [*own, *sorted(specs, key=lambda name: (bool(specs[name].teaches), name != "quick", name))]
    if not names:
        raise InputError(
            f"No preset is for the model {model.title} on {kinds.get(info.kind).many}.", "Choose another model."
        )
    name = st.selectbox(
        "Preset",
        names,
        index=names.index(wish.preset) if wish.preset in names and not own else 0,
        format_func=lambda name: f"As in {wish.source}" if name == AS_IT_WAS else specs[name].title,
        help="A complete set of settings to begin with. Everything can be changed below.",
        key=f"{scope}/preset",
    )
    if name == AS_IT_WAS and source is not None:
        st.caption("The settings of that run; consider another seed.")
        return name, change(source, {"data.name": info.name} if info.name != source.data.name else {})
    st.caption(specs[name].teaches or specs[name].summary)
    config = lab.configs.draft(model.name, info.name, name)
    _propose(lab, info, model, name)
    for one in lab.configs.suited(config):
        st.caption(f":material/tune: {plain(one.why)} `{one.setting.rpartition('.')[2]}` is set to `{one.value}`.")
    return name, config


def _propose(lab: ReadOnlyLab, info: DatasetInfo, model: ObjectiveSpec, chosen: str) -> None:
    """Another preset that these data speak for, where it is not chosen already."""
    for spec, why in lab.configs.proposed(model.name, info.name):
        if spec.name != chosen:
            st.caption(f":material/lightbulb: {plain(why)}")
            wish = TrainWish(info.name, model.name, spec.name)
            label = f"Use the preset {spec.title}"
            st.button(label, icon=":material/tune:", key=f"train/propose/{spec.name}", on_click=_take, args=(wish,))


def _take(wish: TrainWish) -> None:
    """Begin the form anew with what is proposed."""
    st.query_params.clear()
    st.session_state["train/wish"] = wish


def _basics(base: RunConfig, scope: str, inner: str) -> tuple[str, int, int, int]:
    """Name, first seed, number of runs, length in images."""
    name = st.text_input("Name", placeholder="automatic", max_chars=80, key=f"{scope}/name") or ""
    seed, runs = st.columns(2, gap="small")
    first = seed.number_input(
        "Seed",
        min_value=0,
        max_value=2**31 - 1 - MOST_RUNS,
        value=base.training.seed,
        help="Same seed, same run. It decides weights, order and noise.",
        key=f"{inner}/seed",
    )
    count = runs.number_input(
        "Runs",
        min_value=1,
        max_value=MOST_RUNS,
        value=1,
        help="One for each seed from that one on. Three or more show how much is chance.",
        key=f"{scope}/runs",
    )
    images = st.number_input(
        "Length (images)",
        min_value=1,
        value=base.training.images,
        step=10_000,
        help="Real images shown to the model in all. `training.images`",
        key=f"{inner}/images",
    )
    return name.strip(), int(first), int(count), int(images)


def _start(lab: ReadOnlyLab, plan: preview.PlannedRuns) -> None:
    """Submit a run per seed and go on to watch them."""
    assert plan.config is not None
    started: list[str] = []
    try:
        for config in preview.runs_of(plan):
            started.append(changing(lab).runs.submit(config).id)
    except GenlabError as error:
        show_error(error)
        if not started:
            return
    st.session_state["train/wish"] = TrainWish(plan.config.data.name, plan.config.model.name, plan.config.preset)
    st.query_params.from_dict({"run": started})
    st.rerun()

"""Match, the plan: what is to meet, how long it will take, and the same match as a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from genlab import kinds
from genlab.datasets.base import DatasetInfo
from genlab.errors import GenlabError
from genlab.families import may_sample, place
from genlab.lab import ReadOnlyLab
from genlab.matches.entries import trials_of
from genlab.matches.fairness import ABOUT, TITLES
from genlab.objectives.base import ObjectiveSpec
from genlab.plots.theme import family_glyph, family_label, family_title
from genlab.presentation.estimates import whose_speed
from genlab.presentation.words import how_many, plain, span
from genlab.presets.base import PresetSpec
from genlab.registry import registry
from genlab.ui.shell import changing, may_change, page_title, show_error

if TYPE_CHECKING:
    from genlab.matches.match_request import Fairness, MatchRequest

MOST_SEEDS = 20
FIRST_DATA = "mnist-5k"
FAIR = (
    "Equal in any case: data, latent size, the decoder weight for weight, all parameters within 10 %, batch and seeds. "
    "Each family keeps its own objective and optimiser."
)


def render(lab: ReadOnlyLab) -> None:
    """The form, and beside it what will happen."""
    page_title("A fair match")
    st.markdown(
        "A VAE, a GAN and a VAE-GAN learn from the same data under the same budget. They are trained side by side, "
        "measured, and checked against textbook claims."
    )
    left, right = st.columns([2, 3], gap="large")
    with left:
        settings = _fields(lab)
    with right:
        _plan(lab, settings)


def _fields(lab: ReadOnlyLab) -> dict[str, Any]:
    """What was chosen, as `lab.matches.request` takes it."""
    infos = {info.name: info for info in lab.data.all() if kinds.get(info.kind).pictured}
    asked = st.query_params.get("data", FIRST_DATA)
    names = sorted(infos, key=lambda name: (not infos[name].available, name != FIRST_DATA, name))
    data = st.selectbox(
        "Data",
        names,
        index=names.index(asked) if asked in names else 0,
        format_func=lambda name: _data_label(infos[name]),
        help="What all families learn from. Your own files are added on the Data page.",
        key=f"match/data/{asked}",
    )
    models = _models()
    presets = _presets(models, infos[data].kind)
    preset = st.segmented_control(
        "Preset",
        list(presets),
        default=next(iter(presets)),
        required=True,
        format_func=lambda name: presets[name].title,
        help="How long each run trains, and with which settings.",
        key="match/preset",
        wrap=True,
    )
    st.caption(presets[preset or next(iter(presets))].summary)
    seeds = st.number_input(
        "Seeds",
        1,
        MOST_SEEDS,
        3,
        help="Runs of each family. One seed never gives a verdict; three often do.",
        key="match/seeds",
    )
    if seeds == 1:
        st.caption(":material/info: One seed shows pictures and scores, but no verdict.")
    fairness: Fairness = st.segmented_control(
        "What is equal",
        list(TITLES),
        default="images",
        required=True,
        format_func=lambda form: TITLES[form].capitalize(),
        help="No comparison is fair in every sense: choose what all families get alike.",
        key="match/fairness",
        wrap=True,
    )
    st.caption(ABOUT[fairness or "images"])
    settings = {"data": data or FIRST_DATA, "preset": preset or "quick", "seeds": int(seeds), "fairness": fairness}
    return settings | _more(infos[data or FIRST_DATA], models, fairness == "best")


def _more(info: DatasetInfo, models: dict[str, ObjectiveSpec], tuned: bool) -> dict[str, Any]:
    """What few people change."""
    with st.expander("More", icon=":material/tune:", type="compact"):
        from genlab.matches.match_request import contenders, usual

        families = st.multiselect(
            "Families",
            list(models),
            default=list(usual()),
            format_func=lambda name: f"{family_glyph(models[name].family)} {models[name].title}",
            help="One model of each family; two or more.",
            key="match/families",
        )
        offered = contenders(families, info.kind)
        beside = [
            name
            for name in offered
            if st.toggle(
                f"The {family_title(_of_family(name, models))} beside the usual one",
                help=f"{_about(name).capitalize()}. Each claim on this family is judged on it once more, so that a "
                "verdict does not hang on how the usual one is made.",
                key=f"match/beside/{name}",
            )
        ]
        images = st.number_input(
            f"Length ({info.spec.many})",
            min_value=0,
            value=0,
            step=10_000,
            help=f"Real {info.spec.many} shown to each model. 0: the shortest that the preset has for one of the "
            "families.",
            key="match/images",
        )
        trials = st.toggle(
            "Measure how sensitive each family is to its learning rate",
            value=True,
            disabled=tuned,
            help="Short runs, a third of the length, with half, one and two times the learning rate. "
            "Each at its own best takes them anyway.",
            key="match/trials",
        )
        faces = st.toggle(
            "These are photographs of faces",
            value=info.about == "faces",
            help="One claim is about faces only. To begin with, this is what the data set is said to be.",
            key=f"match/faces/{info.name}",
        )
        name = st.text_input("Name", placeholder="automatic", max_chars=80, key="match/name") or ""
    return {
        "families": tuple(families),
        "beside": tuple(beside),
        "images": int(images) or None,
        "trials": trials or tuned,
        "faces": faces,
        "name": name.strip(),
    }


def _of_family(contender: str, models: dict[str, ObjectiveSpec]) -> str:
    model, _, preset = contender.partition(":")
    return f"{models[model].family}:{preset}"


def _about(contender: str) -> str:
    return str(registry("presets").get(contender.partition(":")[2]).beside)


def _models() -> dict[str, ObjectiveSpec]:
    specs: dict[str, ObjectiveSpec] = {spec.name: spec for spec in registry("objectives") if may_sample(spec.family)}
    return {name: specs[name] for name in sorted(specs, key=lambda name: (place(specs[name].family), name))}


def _presets(models: dict[str, ObjectiveSpec], kind: str) -> dict[str, PresetSpec]:
    """Presets for data of ``kind`` and a whole match; those that teach a mistake are for single runs."""
    from genlab.matches.match_request import usual

    found: dict[str, PresetSpec] = {
        spec.name: spec
        for spec in registry("presets")
        if not spec.teaches and all(spec.suits(name, kind) for name in usual())
    }
    return dict(sorted(found.items(), key=lambda item: (item[0] != "quick", item[0])))


def _data_label(info: DatasetInfo) -> str:
    text = f"{info.title} · {info.spec.labelled(info.shape)} · {info.count:,}"
    return text if info.available else f"{text} · not on this machine"


def _plan(lab: ReadOnlyLab, settings: dict[str, Any]) -> None:
    """What will happen, and the button."""
    with st.container(border=True, key="match-plan"):
        try:
            request: MatchRequest = lab.matches.request(**settings)
        except GenlabError as error:
            st.markdown("## This match cannot be run yet")
            show_error(error)
            return
        st.markdown("## What will happen")
        st.markdown("\n".join(f"{number}. {line}" for number, line in enumerate(steps(request), 1)))
        st.caption(FAIR)
        expected_table(lab, request)
        st.caption(f":material/schedule: {estimate_words(lab, request)}")
        st.button(
            "Start the match",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not may_change(lab),
            on_click=start,
            args=(lab, request),
            key="match/start",
        )
        st.caption("The same from the command line")
        st.code(request.command(), language="bash", wrap_lines=True)


def steps(request: MatchRequest) -> list[str]:
    """The match in a few lines."""
    families = len(request.families)
    tries = trials_of(request)
    trials = f"{families * 3} short trials at half, one and twice the learning rate"
    each = f"for {request.images:,} items each" if request.images else "for equally many items each"
    each = "for as many seconds of compute" if request.fairness == "compute" else each
    runs = f"**{how_many(families * request.seeds, 'run')}**: {families} families × {how_many(request.seeds, 'seed')}"
    if request.beside:
        many = len(request.beside)
        runs += f", and {how_many(many * request.seeds, 'run')} of {how_many(many, 'contender')} beside them"
    lines = [f"{runs}, trained {each}, all families of one seed before the next"]
    if request.fairness == "compute":
        lines.insert(0, "speeds of all families measured, in some seconds of compute")
    if request.tuned:
        aside = "judged on training items that are set aside"
        trials = f"{(families + len(request.beside)) * tries} short trials of the learning rate and a weight of its own"
        lines.insert(0, f"{trials}, {aside}: each family then trains at its best")
    elif request.trials:
        lines.append(f"{trials}, to see how sensitive each family is")
    lines.append(f"each run evaluated on {request.samples:,} samples, as soon as it is done")
    judged = "each claim judged, with effect and interval over seeds"
    lines.append(judged if request.seeds > 1 else "each claim shown with its numbers, but without a verdict")
    return lines


def estimate_words(lab: ReadOnlyLab, request: MatchRequest) -> str:
    """How long the match will take, as far as that has been measured here."""
    try:
        seconds = _estimate(lab, request, str(lab.workspace.path), request.model_dump_json())
    except GenlabError as error:
        return plain(error.message)
    if seconds is None:
        return "How long it takes is not known before a run has trained on this machine."
    return f"{span(*seconds).capitalize()} in all, {whose_speed(lab.runs.all())}."


def expected_table(lab: ReadOnlyLab, request: MatchRequest) -> None:
    """Images and seconds that a run of each family is expected to take, where that is known."""
    try:
        rows = lab.matches.expected_runs(request)
    except GenlabError:
        return
    table = [
        {
            "Family": family_label(row.family),
            "Images": f"{row.images:,}" if row.images else "measured first",
            "A run takes": span(*row.seconds) if row.seconds else "not known yet",
        }
        for row in rows
    ]
    st.dataframe(pd.DataFrame(table), hide_index=True, width="content", key="match/expected", on_select="ignore")


@st.cache_data(ttl=10, max_entries=64, show_spinner=False)
def _estimate(_lab: ReadOnlyLab, _request: MatchRequest, workspace: str, document: str) -> tuple[float, float] | None:
    """Seconds, at least and at most (workspace and document are the cache's key)."""
    seconds: tuple[float, float] | None = _lab.matches.estimate(_request)
    return seconds


def start(lab: ReadOnlyLab, request: MatchRequest) -> None:
    """For a button: start the match and go to it, or keep the sentence why it was refused."""
    try:
        match = changing(lab).matches.start(request)
    except GenlabError as error:
        st.session_state["match/refusal"] = error
        return
    st.query_params.from_dict({"match": match.id})

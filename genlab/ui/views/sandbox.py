"""The break-it sandbox: damage real data in a known way, and see which scores notice and which are blind to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from genlab import kinds
from genlab.config import DataConfig
from genlab.datasets.base import DatasetInfo
from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.metrics.base import Damage
from genlab.plots.sandbox import Response, describe_responses, responses_figure, verdict_words
from genlab.presentation.words import extractor, plain
from genlab.registry import registry
from genlab.ui.charts import draw_chart
from genlab.ui.shell import changing, current_mode, may_change, polled, show_error
from genlab.ui.views._shared import enlarged, version_of
from genlab.ui.views.working import show_job, start

FIRST_DAMAGE = "half_classes"
FIRST_DATA = "mnist-5k"
SAMPLES = 1_000
KEY = "sandbox"


def render(lab: ReadOnlyLab, data: str | None = None) -> None:
    """The section.

    Args:
        lab: The lab.
        data: The data set to begin with.
    """
    st.divider()
    st.markdown("## Break it yourself: which scores would notice?")
    st.write(
        "Real items are damaged in a known way and scored like samples of a model. No model is involved: a score that "
        "stays inside its grey band cannot see this kind of damage in any model."
    )
    sets: dict[str, DatasetInfo] = {info.name: info for info in lab.data.all() if info.available}
    if not sets:
        st.info("No data set is available here. Add one on the Data page.", icon=":material/photo_library:")
        return
    damages = lab.sandbox.damages()
    name, damage = _pick(sets, damages, data)
    st.caption(f"{damages[damage].title}: {damages[damage].summary}.")
    config, request = DataConfig(name=name), lab.evaluations.request(samples=SAMPLES)
    try:
        document = lab.sandbox.known(config, damage, request)
    except GenlabError as error:
        show_error(error)
        return
    if document is None or not _is_whole(document):
        _measure(lab, config, damage, request)
        return
    polled(_responses, None)(document, f"{KEY}/{name}/{damage}")


def _pick(sets: dict[str, DatasetInfo], damages: Mapping[Damage, Any], data: str | None) -> tuple[str, Damage]:
    """The chosen data set and damage; damage that needs classes is for data that have them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = next(key for key in (data or FIRST_DATA, FIRST_DATA, *sets) if key in sets)
        name = st.selectbox(
            "Data set",
            list(sets),
            index=list(sets).index(first),
            format_func=lambda key: sets[key].title,
            key=f"{KEY}/data/{first}",
            width=280,
        )
        info = sets[name]
        possible = set(kinds.get(info.kind).damages) - {"fresh"}
        usable = [key for key, kind in damages.items() if key in possible and (info.classes or not kind.labelled)]
        damage = st.selectbox(
            "Damage",
            usable,
            index=usable.index(FIRST_DAMAGE) if FIRST_DAMAGE in usable else 0,
            format_func=lambda key: damages[key].title,
            key=f"{KEY}/damage/{bool(info.classes)}/{info.kind}",
            width=220,
        )
    return name, damage


def _is_whole(document: Mapping[str, Any]) -> bool:
    return isinstance(document.get("metrics"), Mapping) and isinstance(document.get("strengths"), list)


def _measure(lab: ReadOnlyLab, config: DataConfig, damage: Any, request: Any) -> None:
    """The button, or the measuring under way."""
    key = f"{KEY}/{config.name}/{damage}"

    if show_job(lab, key, lab.jobs.under_way("sandbox", damage=damage, data={"name": config.name})):
        return
    st.button(
        "Measure how scores respond",
        icon=":material/science:",
        type="primary",
        help=f"Five strengths of damage to at most {SAMPLES:,} held-out items, in the background. Kept afterwards.",
        key=f"{key}/start",
        disabled=not may_change(lab),
        on_click=start,
        args=(key, lambda: changing(lab).sandbox.start(config, damage, request)),
    )


def _responses(document: Mapping[str, Any], key: str) -> None:
    """The slider, the damaged pictures, what is noticed in words, and every score's response."""
    strengths = [float(strength) for strength in document["strengths"]]
    responses = responses_of(document)
    left, right = st.columns([1, 1], gap="large")
    with left:
        place = st.select_slider(
            "Strength of the damage",
            range(len(strengths)),
            value=len(strengths) - 1,
            format_func=lambda index: f"{strengths[index]:.0%}",
            key=f"{key}/strength",
        )
        for sentence in verdict_words(responses, place):
            st.markdown(sentence)
        st.caption(
            "Noticed: either value, damaged or not, lies outside the other's 95 % interval. "
            f"{document['samples']:,} damaged items against {document['real']:,} others, features from "
            f"{plain(extractor(document['encoder']))}."
        )
    with right:
        _picture(document, place, strengths)
    draw_chart(
        responses_figure(responses, strengths, place, current_mode()),
        key=f"{key}/figure",
        alt=describe_responses(responses, strengths, place),
    )
    with st.expander("What each score measures", icon=":material/menu_book:"):
        for response in responses:
            st.markdown(f"**{response.title}.** {response.summary}.")


def responses_of(document: Mapping[str, Any]) -> list[Response]:
    """The responses of all scores that are known here, by group; those without any number last."""
    metrics = registry("metrics")
    specs = sorted((metrics.get(name) for name in document["metrics"] if name in metrics), key=_order)
    found = [
        Response(spec.title, spec.unit, document["metrics"][spec.name], spec.better, spec.summary) for spec in specs
    ]
    return sorted(found, key=lambda response: all(line["value"] is None for line in response.lines))


def _order(spec: Any) -> tuple[int, str]:
    order: Sequence[str] = ("fidelity", "modes", "sharpness", "memorisation")
    return (order.index(spec.group) if spec.group in order else len(order)), spec.title


def _picture(document: Mapping[str, Any], place: int, strengths: Sequence[float]) -> None:
    sheets = document.get("sheets") or []
    if place >= len(sheets):
        st.caption("Pictures are drawn for images only.")
        return
    path = Path(str(document["folder"])) / Path(str(sheets[place])).name
    picture = enlarged(str(path), version_of(path))
    if picture is None:
        st.caption("The picture of this strength is gone; the numbers are not.")
        return
    words = f"Some of the items at {strengths[place]:.0%}"
    st.image(picture, caption=words, width="stretch", output_format="PNG", alt=words)

"""Home: what can I do here, what is running, and what have I got?"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from genlab.config import RunConfig
from genlab.errors import GenlabError, InputError
from genlab.lab import Lab
from genlab.plots.theme import FAMILY_GLYPHS, FAMILY_TITLES
from genlab.store.run import Run
from genlab.ui.pictures import sheet
from genlab.ui.plan import measured_speed
from genlab.ui.shell import all_runs, may_change, show_error
from genlab.ui.views.cards import delete_asked, show_cards
from genlab.ui.views.running import POLL_SECONDS, show_running
from genlab.ui.words import duration, how_many

IDLE_SECONDS = 3.0
PER_PAGE = 24
DIGITS = 30
FIRST_THREE = ("vae", "gan", "vae_gan")
FIRST_DATA = "mnist-5k"
SORTS = {
    "newest": "Newest",
    "name": "Name",
    "images": "Most images",
    "speed": "Fastest",
}


def render(lab: Lab) -> None:
    """The page."""
    going = st.session_state.pop("home/go", None)
    if going:
        st.switch_page(going[0], query_params=going[1])
    runs = all_runs(lab)
    _refusal()
    if runs:
        _start_row(lab, runs)
    else:
        _welcome(lab)
    active = any(run.active for run in runs)
    st.fragment(_watch, run_every=POLL_SECONDS if active else IDLE_SECONDS)(lab, _signature(runs))
    ended = [run for run in runs if not run.active]
    if ended:
        _models(lab, ended)
    elif not runs:
        _first_look(lab)
    delete_asked(lab)


def _watch(lab: Lab, drawn: tuple[tuple[str, str], ...]) -> None:
    """The part that polls; a run that came, went or changed its state redraws the page."""
    runs = all_runs(lab)
    if _signature(runs) != drawn:
        st.rerun()
    show_running(lab, [run for run in runs if run.active])


def _signature(runs: Sequence[Run]) -> tuple[tuple[str, str], ...]:
    return tuple((run.id, run.state) for run in runs)


# What can be done


def _welcome(lab: Lab) -> None:
    """The page of somebody who has just arrived: nothing is shown that is not there."""
    st.markdown("## Train, explore and compare generative models")
    st.markdown("No run yet in this workspace. Each of these gives you something to look at:")
    one, two, three = st.columns(3, gap="medium")
    with one.container(border=True, height="stretch"):
        st.markdown("##### :material/rocket_launch: See all three families learn")
        st.markdown(
            "Trains a VAE, a GAN and a VAE-GAN on 5,000 handwritten digits that come with genlab. "
            "They train one after another; watch them here."
        )
        st.button(
            "Start three quick trainings",
            type="primary",
            disabled=not may_change(lab),
            on_click=_start_three,
            args=(lab,),
            key="home/start",
        )
        st.caption(_estimate(lab))
    with two.container(border=True, height="stretch"):
        st.markdown("##### :material/model_training: Train one model your way")
        st.markdown("Pick the data, the family and a preset; every setting says what it does and when to change it.")
        st.page_link("train.py", label="Plan a training", icon=":material/arrow_forward:")
    with three.container(border=True, height="stretch"):
        st.markdown("##### :material/add_photo_alternate: Use your own images")
        st.markdown("A folder, a zip or an npz. Sub-folders become classes. Nothing leaves this computer.")
        st.page_link("data.py", label="Add images", icon=":material/arrow_forward:", query_params={"add": "1"})
        st.page_link("data.py", label="Browse the data sets", icon=":material/photo_library:")


def _first_look(lab: Lab) -> None:
    """The digits that the quick trainings learn from; nothing where they cannot be decoded."""
    try:
        items = lab.dataset(FIRST_DATA).items("train")
    except (GenlabError, OSError):
        return
    st.markdown("##### What they learn from")
    st.image(
        sheet(items[: 3 * DIGITS], DIGITS, 1_400),
        width="stretch",
        output_format="PNG",
        alt=f"{3 * DIGITS} handwritten digits of {FIRST_DATA}",
    )


def _start_row(lab: Lab, runs: Sequence[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="home-start"):
        if st.button("Train a model", icon=":material/model_training:", type="primary", key="home/train"):
            st.switch_page("train.py")
        st.button(
            "VAE, GAN and VAE-GAN on MNIST 5k",
            icon=":material/rocket_launch:",
            help=f"Starts three quick trainings, one after another. {_estimate(lab)}",
            disabled=not may_change(lab),
            on_click=_start_three,
            args=(lab,),
            key="home/start",
        )
        if st.button("Use my own images", icon=":material/add_photo_alternate:", key="home/add"):
            st.switch_page("data.py", query_params={"add": "1"})
        if len(runs) > 1 and st.button("Compare curves", icon=":material/show_chart:", key="home/curves"):
            st.switch_page("curves.py", query_params={"run": [run.id for run in runs[:3]]})


def _quick(lab: Lab) -> list[RunConfig]:
    return [lab.configure(model, FIRST_DATA, "quick") for model in FIRST_THREE]


def _start_three(lab: Lab) -> None:
    try:
        for config in _quick(lab):
            lab.submit(config)
    except GenlabError as error:
        st.session_state["home/refusal"] = error


def _refusal() -> None:
    error = st.session_state.pop("home/refusal", None)
    if error is not None:
        show_error(error)


@st.cache_data(ttl=30, max_entries=8, show_spinner=False)
def _estimated_seconds(_lab: Lab, workspace: str, runs: int) -> float | None:
    known = all_runs(_lab)
    total = 0.0
    for config in _quick(_lab):
        speed = measured_speed(_lab, runs=known, config=config)
        if speed is None:
            return None
        total += config.training.images / speed.images_per_second
    return total


def _estimate(lab: Lab) -> str:
    """The time they take, where runs of each kind were measured here before; otherwise that it is not known."""
    try:
        seconds = _estimated_seconds(lab, str(lab.workspace.path), len(all_runs(lab)))
    except InputError as error:
        return error.message
    if seconds is None:
        return "How long they take has not been measured on this machine yet."
    return f"About {duration(seconds)} together, by the speed of earlier runs here."


# What there is


def _models(lab: Lab, runs: Sequence[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="home-filter"):
        st.markdown("### Models", width="stretch")
        chosen = _filtered(runs)
    if not chosen:
        st.info(f"None of the {how_many(len(runs), 'run')} fits this filter. Clear it to see them all.")
        return
    pages = -(-len(chosen) // PER_PAGE)
    below = st.container()
    page = 1
    if pages > 1:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            page = st.pagination(pages, key=f"home/page/{pages}")
            st.caption(how_many(len(chosen), "run"), width="content")
    with below:
        show_cards(lab, chosen[(page - 1) * PER_PAGE : page * PER_PAGE])


def _filtered(runs: Sequence[Run]) -> list[Run]:
    """Family, data, state and order, as far as there is something to choose."""
    families = [family for family in FAMILY_TITLES if any(run.family == family for run in runs)]
    chosen = list(runs)
    if len(families) > 1:
        wanted = st.pills(
            "Family",
            families,
            selection_mode="multi",
            format_func=lambda family: f"{FAMILY_GLYPHS[family]} {FAMILY_TITLES[family]}",
            label_visibility="collapsed",
            key="home/family",
            persist_state="session",
        )
        chosen = [run for run in chosen if not wanted or run.family in wanted]
    for title, name, every in (("Data", "data", "All data"), ("State", "state", "All states")):
        values = sorted({getattr(run, name) for run in runs})
        if len(values) > 1:
            value = st.selectbox(
                title,
                values,
                index=None,
                placeholder=every,
                label_visibility="collapsed",
                key=f"home/{name}",
                width=122,
                persist_state="session",
            )
            chosen = [run for run in chosen if value is None or getattr(run, name) == value]
    order = st.selectbox(
        "Sort by",
        list(SORTS),
        format_func=SORTS.__getitem__,
        label_visibility="collapsed",
        key="home/sort",
        width=118,
        persist_state="session",
    )
    return _ordered(chosen, order or "newest")


def _ordered(runs: list[Run], order: str) -> list[Run]:
    if order == "name":
        return sorted(runs, key=lambda run: run.name.lower())
    if order == "images":
        return sorted(runs, key=lambda run: -run.images)
    if order == "speed":
        return sorted(runs, key=lambda run: -(run.images_per_second or 0))
    return runs

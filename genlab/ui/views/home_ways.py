"""The ways on from Home: learn, teach, one's own data, research."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from genlab.errors import GenlabError
from genlab.families import may_have, place
from genlab.lab import ReadOnlyLab
from genlab.presentation.estimates import whose_speed
from genlab.presentation.words import how_many, sentence, span
from genlab.registry import registry
from genlab.store.run import Run
from genlab.ui.shell import changing, may_change

FIRST_DATA = "mnist-5k"


def show_ways(lab: ReadOnlyLab, runs: Sequence[Run]) -> None:
    """Four cards; none of them leads to what is not there."""
    shipped = [run for run in runs if run.shipped]
    cards = st.grid(columns="auto", min_column_width=250, gap="medium", key="home-ways")
    for draw in (_learn, _teach, _own_data, _research):
        with cards.cell().container(border=True, height="stretch", gap="small"):
            draw(lab, runs, shipped)


def _learn(lab: ReadOnlyLab, runs: Sequence[Run], shipped: Sequence[Run]) -> None:
    st.markdown("## :material/menu_book: Learn")
    judged = any(match.claims for match in lab.matches.all())
    st.markdown(
        "How each family works"
        + (", textbook claims checked against measurements" if judged else "")
        + ", and a playground in which small models learn while you watch."
    )
    st.page_link("guide.py", label="How each works", icon=":material/schema:", query_params={"section": "works"})
    st.page_link("playground.py", label="Open the Playground", icon=":material/play_circle:")
    if judged:
        st.page_link(
            "guide.py", label="Read the comparison", icon=":material/balance:", query_params={"section": "comparison"}
        )
    if shipped:
        st.page_link(
            "latent.py",
            label="Walk a latent space",
            icon=":material/scatter_plot:",
            query_params={"run": _to_explore(shipped).id},
        )


def _teach(lab: ReadOnlyLab, runs: Sequence[Run], shipped: Sequence[Run]) -> None:
    st.markdown("## :material/school: Teach")
    lessons = how_many(len(registry("lessons").names()), "lesson")
    st.markdown(f"{lessons}, each with a prediction, a run, what to look at, an explanation, and a plan for teachers.")
    st.page_link("guide.py", label="Open the lessons", icon=":material/school:", query_params={"section": "lessons"})
    if shipped:
        st.page_link(
            "collapse.py",
            label="Look at a collapse",
            icon=":material/troubleshoot:",
            query_params={"run": next((run.id for run in shipped if run.id == "gan-collapsed"), shipped[0].id)},
        )


def _own_data(lab: ReadOnlyLab, runs: Sequence[Run], shipped: Sequence[Run]) -> None:
    st.markdown("## :material/add_photo_alternate: My data")
    st.markdown(
        "Images, sounds, texts or films: a folder, a zip or single files. Sub-folders become classes. "
        "Nothing leaves this computer."
    )
    st.page_link("data.py", label="Add data", icon=":material/arrow_forward:", query_params={"add": "1"})
    st.page_link("data.py", label="Browse the data sets", icon=":material/photo_library:")
    st.page_link("train.py", label="Plan a training", icon=":material/model_training:")


def _research(lab: ReadOnlyLab, runs: Sequence[Run], shipped: Sequence[Run]) -> None:
    st.markdown("## :material/science: Research")
    st.markdown(
        "A fair match: a VAE, a GAN and a VAE-GAN learn the same 5,000 handwritten digits under the same budget, and "
        "claims are judged by what came out. `docs/adding.md` shows how a loss or a metric of your own joins in."
    )
    estimate = _estimate(lab, runs)
    _match_button(lab, estimate)
    st.caption(estimate)
    if runs:
        st.page_link("compare.py", label="Compare models", icon=":material/compare:")
    if len(runs) > 1:
        newest = {"run": [run.id for run in runs[:3]]}
        st.page_link("curves.py", label="Compare curves", icon=":material/show_chart:", query_params=newest)


def _to_explore(shipped: Sequence[Run]) -> Run:
    """A shipped model to begin with: the one on the first data with an encoder, or whichever there is."""
    coding = [run for run in shipped if run.data == FIRST_DATA and may_have(run.family, "encoder")]
    good = sorted(coding, key=lambda run: place(run.family))
    return next((run for run in good if run.id.endswith("-vae")), (good or list(shipped))[0])


def _match_button(lab: ReadOnlyLab, estimate: str) -> None:
    st.button(
        "Start a fair match",
        icon=":material/balance:",
        type="primary",
        help=f"Three seeds of each family; it can be stopped and resumed. {estimate}",
        disabled=not may_change(lab),
        on_click=_start_match,
        args=(lab,),
        key="home/start",
    )


def _start_match(lab: ReadOnlyLab) -> None:
    try:
        match = changing(lab).matches.start(lab.matches.request(data=FIRST_DATA))
    except GenlabError as error:
        st.session_state["home/refusal"] = error
        return
    st.session_state["home/go"] = ("match.py", {"match": match.id})


@st.cache_data(ttl=30, max_entries=8, show_spinner=False)
def _estimated_seconds(_lab: ReadOnlyLab, workspace: str, runs: int) -> tuple[float, float] | None:
    seconds: tuple[float, float] | None = _lab.matches.estimate(_lab.matches.request(data=FIRST_DATA))
    return seconds


def _estimate(lab: ReadOnlyLab, runs: Sequence[Run]) -> str:
    """The time it takes, where runs of each kind were measured here before; otherwise that it is not known."""
    try:
        seconds = _estimated_seconds(lab, str(lab.workspace.path), len(runs))
    except GenlabError as error:
        return sentence(error.message)
    if seconds is None:
        return "How long it takes is not known before a run has trained on this machine."
    return f"{span(*seconds).capitalize()} in all, {whose_speed(runs)}."

"""Home: what can I do here, what is running, and what have I got?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from genlab.errors import GenlabError
from genlab.families import may_have, place
from genlab.lab import ReadOnlyLab
from genlab.plots.theme import family_label
from genlab.presentation.estimates import whose_speed
from genlab.presentation.held import Held
from genlab.presentation.pictures import sheet
from genlab.presentation.words import how_many, sentence, span
from genlab.store.holdings import size_words
from genlab.store.reading import Damaged
from genlab.store.run import Run
from genlab.ui.shell import changing, may_change, page_title, polled, show_error
from genlab.ui.views.cards import delete_asked, show_cards
from genlab.ui.views.damaged import show_damaged
from genlab.ui.views.import_jobs import Signature, imports, show_imports_at_home, signature
from genlab.ui.views.running import POLL_SECONDS, show_running

IDLE_SECONDS = 3.0
PER_PAGE = 24
DIGITS = 30
FIRST_DATA = "mnist-5k"
SORTS = {
    "newest": "Newest",
    "name": "Name",
    "images": "Most images",
    "speed": "Fastest",
}


def render(lab: ReadOnlyLab) -> None:
    """The page."""
    going = st.session_state.pop("home/go", None)
    if going:
        st.switch_page(going[0], query_params=going[1])
    found = lab.runs.found()
    runs = found.good
    _refusal()
    shipped = [run for run in runs if run.shipped]
    page_title("Train, explore and compare generative models")
    if len(runs) > len(shipped):
        _start_row(lab, runs)
    else:
        _welcome(lab, shipped)
    adding = imports(lab)
    active = any(run.active for run in runs) or any(one.job.active for one in adding)
    polled(_watch, POLL_SECONDS if active else IDLE_SECONDS)(lab, _signature(runs), signature(adding))
    ended = [run for run in runs if not run.active]
    if ended:
        _models(lab, ended)
    elif not runs:
        _first_look(lab)
    if found.good or found.damaged:
        _held(lab)
    show_damaged(lab, [*found.damaged, *_damaged_jobs(lab, str(lab.workspace.path))], "home/damaged")
    delete_asked(lab)


@st.cache_resource(max_entries=8)
def _counter(_lab: ReadOnlyLab, folder: str) -> Held:
    return Held(_lab)


def _held(lab: ReadOnlyLab) -> None:
    """What the workspace takes, in a line; it is counted behind the page."""
    known = _counter(lab, str(lab.workspace.path)).look()
    polled(_held_line, IDLE_SECONDS if known is None else None)(lab)


def _held_line(lab: ReadOnlyLab) -> None:
    known = _counter(lab, str(lab.workspace.path)).look()
    if known is None or not known.size:
        return
    words = f"This workspace holds {size_words(known.size)}"
    if known.again:
        words += f", {size_words(known.again)} of it results that can be made again"
        words += ": `genlab tidy` shows and removes them" if may_change(lab) else ""
    if known.rest.get("uploads"):
        words += f"; {size_words(known.rest['uploads'])} are uploads that are no data set yet"
    st.caption(f"{words}.")


@st.cache_data(ttl=10, max_entries=8, show_spinner=False)
def _damaged_jobs(_lab: ReadOnlyLab, workspace: str) -> list[Damaged]:
    return _lab.jobs.damaged()


def _watch(lab: ReadOnlyLab, drawn: tuple[tuple[str, str], ...], adding: Signature) -> None:
    """The part that polls; a run or an import that came, went or changed its state redraws the page."""
    runs, found = lab.runs.all(), imports(lab)
    if _signature(runs) != drawn or signature(found) != adding:
        st.rerun()
    show_running(lab, [run for run in runs if run.active])
    show_imports_at_home(lab, found)


def _signature(runs: Sequence[Run]) -> tuple[tuple[str, str], ...]:
    return tuple((run.id, run.state) for run in runs)


# What can be done


def _welcome(lab: ReadOnlyLab, shipped: Sequence[Run]) -> None:
    """The page of somebody who has just arrived: nothing is shown that is not there."""
    st.markdown("No run of your own yet in this workspace. Each of these gives you something to look at:")
    cards = st.grid(columns="auto", min_column_width=250, gap="medium", key="home-welcome")
    with cards.cell().container(border=True, height="stretch"):
        st.markdown("## :material/balance: See all three families learn")
        st.markdown(
            "A fair match: a VAE, a GAN and a VAE-GAN learn the same 5,000 handwritten digits under the same budget. "
            "Watch them side by side, then see which textbook claims hold."
        )
        _match_button(lab, "Start a fair match", "primary")
        st.caption(_estimate(lab))
    if shipped:
        with cards.cell().container(border=True, height="stretch"):
            _explore_card(lab, shipped)
    with cards.cell().container(border=True, height="stretch"):
        st.markdown("## :material/model_training: Train one model your way")
        st.markdown("Pick the data, the family and a preset; every setting says what it does and when to change it.")
        st.page_link("train.py", label="Plan a training", icon=":material/arrow_forward:")
    with cards.cell().container(border=True, height="stretch"):
        st.markdown("## :material/add_photo_alternate: Use your own images")
        st.markdown("A folder, a zip or an npz. Sub-folders become classes. Nothing leaves this computer.")
        st.page_link("data.py", label="Add images", icon=":material/arrow_forward:", query_params={"add": "1"})
        st.page_link("data.py", label="Browse the data sets", icon=":material/photo_library:")


def _explore_card(lab: ReadOnlyLab, shipped: Sequence[Run]) -> None:
    """What can be looked at before anything has been trained here."""
    st.markdown("## :material/inventory_2: Explore a shipped model")
    judged = any(match.claims for match in lab.matches.all())
    comparison = ", or read the comparison that was measured with them" if judged else ""
    st.markdown(
        f"{how_many(len(shipped), 'trained model')} came with genlab. Walk through a latent space, look at a "
        f"collapse{comparison}."
    )
    st.page_link(
        "latent.py",
        label="Walk a latent space",
        icon=":material/scatter_plot:",
        query_params={"run": _to_explore(shipped).id},
    )
    st.page_link(
        "collapse.py",
        label="Look at a collapse",
        icon=":material/troubleshoot:",
        query_params={"run": next((run.id for run in shipped if run.id == "gan-collapsed"), shipped[0].id)},
    )
    if judged:
        st.page_link("guide.py", label="Read the comparison", icon=":material/menu_book:")


def _to_explore(shipped: Sequence[Run]) -> Run:
    """A shipped model to begin with: the one on the first data with an encoder, or whichever there is."""
    coding = [run for run in shipped if run.data == FIRST_DATA and may_have(run.family, "encoder")]
    good = sorted(coding, key=lambda run: place(run.family))
    return next((run for run in good if run.id.endswith("-vae")), (good or list(shipped))[0])


def _first_look(lab: ReadOnlyLab) -> None:
    """The digits that the quick trainings learn from; nothing where they cannot be decoded."""
    try:
        items = lab.data.open(FIRST_DATA).items("train")
    except (GenlabError, OSError):
        return
    st.markdown("## What they learn from")
    st.image(
        sheet(items[: 3 * DIGITS], DIGITS, 1_400),
        width="stretch",
        output_format="PNG",
        alt=f"{3 * DIGITS} handwritten digits of {FIRST_DATA}",
    )


def _start_row(lab: ReadOnlyLab, runs: Sequence[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="home-start"):
        _match_button(lab, f"Fair match: VAE vs GAN vs VAE-GAN on MNIST 5k{_about(lab)}", "primary")
        if st.button("Train a model", icon=":material/model_training:", key="home/train"):
            st.switch_page("train.py")
        shipped = [run for run in runs if run.shipped]
        if shipped and st.button("Explore a shipped model", icon=":material/inventory_2:", key="home/explore"):
            st.switch_page("latent.py", query_params={"run": _to_explore(shipped).id})
        if st.button("Use my own images", icon=":material/add_photo_alternate:", key="home/add"):
            st.switch_page("data.py", query_params={"add": "1"})
        if len(runs) > 1 and st.button("Compare curves", icon=":material/show_chart:", key="home/curves"):
            st.switch_page("curves.py", query_params={"run": [run.id for run in runs[:3]]})


def _match_button(lab: ReadOnlyLab, label: str, kind: Literal["primary", "secondary"]) -> None:
    st.button(
        label,
        icon=":material/balance:",
        type=kind,
        help=f"Three seeds of each family; it can be stopped and resumed. {_estimate(lab)}",
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


def _refusal() -> None:
    error = st.session_state.pop("home/refusal", None)
    if error is not None:
        show_error(error)


@st.cache_data(ttl=30, max_entries=8, show_spinner=False)
def _estimated_seconds(_lab: ReadOnlyLab, workspace: str, runs: int) -> tuple[float, float] | None:
    seconds: tuple[float, float] | None = _lab.matches.estimate(_lab.matches.request(data=FIRST_DATA))
    return seconds


def _seconds(lab: ReadOnlyLab) -> tuple[float, float] | None:
    return _estimated_seconds(lab, str(lab.workspace.path), len(lab.runs.all()))


def _about(lab: ReadOnlyLab) -> str:
    """The time that the match takes, for its button; empty where it is not known."""
    try:
        seconds = _seconds(lab)
    except GenlabError:
        return ""
    return "" if seconds is None else f" · {span(*seconds)}"


def _estimate(lab: ReadOnlyLab) -> str:
    """The time it takes, where runs of each kind were measured here before; otherwise that it is not known."""
    try:
        seconds = _seconds(lab)
    except GenlabError as error:
        return sentence(error.message)
    if seconds is None:
        return "How long it takes is not known before a run has trained on this machine."
    return f"{span(*seconds).capitalize()} in all, {whose_speed(lab.runs.all())}."


# What there is


def _models(lab: ReadOnlyLab, runs: Sequence[Run]) -> None:
    trials = _trials(lab, len(runs))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="home-filter"):
        st.markdown("## Models", width="stretch")
        chosen = _filtered(_without_trials(runs, trials))
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


@st.cache_data(ttl=5, max_entries=8, show_spinner=False)
def _trials_of(_lab: ReadOnlyLab, workspace: str, runs: int) -> frozenset[str]:
    entries = (entry for match in _lab.matches.all() for entry in match.entries)
    return frozenset(entry.run for entry in entries if entry.run and entry.role == "trial" and not entry.taken_over)


def _trials(lab: ReadOnlyLab, runs: int) -> frozenset[str]:
    """The runs that are short trials of matches."""
    return _trials_of(lab, str(lab.workspace.path), runs)


def _without_trials(runs: Sequence[Run], trials: frozenset[str]) -> Sequence[Run]:
    """The runs without those that a match made to try learning rates, unless they are asked for."""
    kept = [run for run in runs if run.id not in trials]
    hidden = len(runs) - len(kept)
    if not hidden or not kept:
        return runs
    shown = st.checkbox(
        f"{how_many(hidden, 'trial')} too",
        help="Short runs in which matches try learning rates. Only the claim on stability uses them.",
        key="home/trials",
        persist_state="session",
        width="content",
    )
    return runs if shown else kept


def _filtered(runs: Sequence[Run]) -> list[Run]:
    """Family, data, state and order, as far as there is something to choose."""
    families = sorted({run.family for run in runs}, key=place)
    chosen = list(runs)
    if len(families) > 1:
        wanted = st.pills(
            "Family",
            families,
            selection_mode="multi",
            format_func=family_label,
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

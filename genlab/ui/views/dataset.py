"""One data set: its items, split, classes with counts, exact duplicates, fingerprint and licence."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from genlab import kinds
from genlab.datasets.base import DatasetInfo
from genlab.datasets.store import Dataset, Split
from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.plots.points import points_figure
from genlab.presentation.data_facts import Duplicates, class_counts, find_duplicates, megabytes
from genlab.presentation.pictures import sheet
from genlab.presentation.words import how_many, plain
from genlab.ui.charts import draw_chart
from genlab.ui.shell import changing, current_mode, may_change, page_title, runs_of_data, show_error
from genlab.ui.views._items import of_data
from genlab.ui.views.import_jobs import show_import

COLUMNS = 16
ROWS = 9
SHEET_PIXELS = 1_400
MOST_POINTS = 6_000
COUNTED_AT_ONCE = 300.0
"""MB up to which duplicates are counted without being asked to."""
"""Items that are played or read."""
REMOVING, REFUSED = "data/removing", "data/refused"


def render(lab: ReadOnlyLab, name: str) -> None:
    """The data set called ``name``."""
    back_to_all()
    if show_import(lab, name):
        return
    info = lab.data.describe(name)
    if (error := st.session_state.pop(REFUSED, None)) is not None:
        show_error(error)
    dataset = _opened(lab, info)
    if dataset is None:
        return
    with st.container(key="data-one"):
        left, right = st.columns([1, 2.3], gap="large")
    with left:
        _about(lab, dataset)
    with right:
        if kinds.get(info.kind).pictured:
            _images(dataset)
        else:
            _points(dataset)
    _remove_asked(lab)


def back_to_all() -> None:
    """The way back to the gallery."""
    if st.button("All data sets", icon=":material/arrow_back:", type="tertiary", key="data/back"):
        st.query_params.clear()
        st.rerun()


def _opened(lab: ReadOnlyLab, info: DatasetInfo) -> Dataset | None:
    """The data set, decoded on its first use; None when it is not here, with what can be done about it."""
    if info.available and not info.fingerprint and not may_change(lab):
        page_title(f"{plain(info.title)}")
        st.markdown(plain(info.summary))
        st.info("It has not been decoded in this workspace yet, and this lab is read-only.")
        return None
    if info.available:
        return _decode(lab, info, "Decoding for the first use")
    page_title(f"{plain(info.title)}")
    st.markdown(plain(info.summary))
    st.warning(plain(info.why or ""), title="Not on this machine yet", icon=":material/cloud_download:")
    if not may_change(lab):
        st.info("This lab is read-only: nothing is downloaded into it. Start genlab without `--read-only` to have it.")
        return None
    if not st.button("Download it now", icon=":material/download:", key="data/download"):
        return None
    dataset = _decode(lab, info, "Downloading and decoding")
    if dataset is not None:
        st.rerun()
    return None


def _decode(lab: ReadOnlyLab, info: DatasetInfo, doing: str) -> Dataset | None:
    place = st.empty()

    def report(share: float, what: str) -> None:
        place.progress(min(1.0, max(0.0, share)), text=f"{doing}: {what}")

    try:
        dataset = lab.data.open(info.name, None if info.fingerprint else report)
    except GenlabError as error:
        place.empty()
        show_error(error)
        return None
    place.empty()
    return dataset


# What it is


def _about(lab: ReadOnlyLab, dataset: Dataset) -> None:
    info = dataset.info
    page_title(f"{plain(info.title)}")
    if info.summary:
        st.markdown(plain(info.summary[:1].upper() + info.summary[1:]))
    with st.container(horizontal=True, gap="small"):
        if st.button("Train on it", icon=":material/model_training:", type="primary", key="data/train"):
            st.switch_page("train.py", query_params={"data": info.name})
        if kinds.get(info.kind).pictured and st.button("Start a match", icon=":material/balance:", key="data/match"):
            st.switch_page("match.py", query_params={"data": info.name})
        if info.source == "added" and may_change(lab):
            st.button("Remove", icon=":material/delete:", key="data/remove", on_click=_ask_to_remove, args=(info.name,))
    kind = info.spec
    facts = [
        ("Items", f"{info.count:,} {kind.many}"),
        ("Shape", kind.words(info.shape)),
        ("Split", f"{info.train:,} for training, {info.test:,} for testing"),
        ("Classes", how_many(len(info.classes), "class", "classes") if info.classes else "none"),
        ("Size", f"{megabytes(dataset):,.1f} MB decoded"),
        ("Licence", info.licence or "not stated"),
        ("Used by", runs_of_data(lab, info.name)),
    ]
    if info.about:
        facts.insert(1, ("Said to be", f"photographs of {info.about}"))
    if info.skipped:
        facts.insert(3, ("Skipped", how_many(info.skipped, "file") + " that could not be read"))
    rows = "".join(f"<dt>{escape(key)}</dt><dd>{escape(value)}</dd>" for key, value in facts)
    st.html(f'<dl class="genlab-list">{rows}</dl>')
    if info.source == "added" and kind.pixels and may_change(lab):
        st.toggle(
            "These are photographs of faces",
            value=info.about == "faces",
            help="Claims about faces are judged only on data that are said to be that.",
            key=f"data/faces/{info.name}",
            on_change=_mark,
            args=(lab, info.name),
        )
    for note in (*info.notes, *lab.data.measurable(info).sentences()):
        st.caption(plain(note))
    if kind.pictured:
        _duplicates(dataset)
    _classes(dataset)
    st.caption("Fingerprint (SHA-256 of items and labels)")
    st.code(dataset.fingerprint, language=None, wrap_lines=True)


def _mark(lab: ReadOnlyLab, name: str) -> None:
    """Say, or take back, that a data set shows faces."""
    try:
        changing(lab).data.mark(name, "faces" if st.session_state[f"data/faces/{name}"] else "")
    except GenlabError as error:
        st.session_state[REFUSED] = error


@st.cache_data(max_entries=64, show_spinner=False)
def _counted(_dataset: Dataset, fingerprint: str) -> Duplicates:
    return find_duplicates(_dataset)


def _duplicates(dataset: Dataset) -> None:
    asked = megabytes(dataset) <= COUNTED_AT_ONCE or st.button("Count exact duplicates", key="data/duplicates")
    if not asked:
        return
    with st.spinner("Comparing all items"):
        found = _counted(dataset, dataset.fingerprint)
    st.markdown(duplicates_words(found, dataset.info))


def duplicates_words(found: Duplicates, info: DatasetInfo) -> str:
    """The duplicates in a sentence or two."""
    if not found.items:
        return ":material/check_circle: No two items are exactly the same."
    share = found.items / info.count
    words = [f":material/content_copy: {found.items:,} exact duplicates ({share:.2%} of all items)"]
    if found.by_class and info.classes:
        worst = max(found.by_class, key=found.by_class.__getitem__)
        if len(found.by_class) > 1:
            words.append(f", most in {plain(info.classes[worst])} ({found.by_class[worst]:,})")
        else:
            words.append(f", all in {plain(info.classes[worst])}")
    words.append(".")
    if found.leaked:
        words.append(f" **{how_many(found.leaked, 'test item is', 'test items are')} also in the training part.**")
    if found.conflicting:
        words.append(f" {how_many(found.conflicting, 'group has', 'groups have')} different labels for the same item.")
    return "".join(words)


def _classes(dataset: Dataset) -> None:
    counts, classes = class_counts(dataset), dataset.info.classes
    if not counts or classes is None:
        return
    table = pd.DataFrame({"Class": list(classes), "Training": counts["train"], "Test": counts["test"]})
    most = int(table["Training"].max())
    st.dataframe(
        table,
        hide_index=True,
        height="content" if len(table) <= 12 else 400,
        column_config={
            "Training": st.column_config.ProgressColumn(format="localized", min_value=0, max_value=max(1, most)),
            "Test": st.column_config.NumberColumn(format="localized", width="small"),
        },
        alt=f"Items of {dataset.info.title} per class, in the training and the test part",
        key="data/classes",
    )


# What is in it


def _choices(dataset: Dataset) -> tuple[Split, int | None]:
    """Part and class to look at."""
    classes = dataset.info.classes
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        split = st.segmented_control(
            "Part",
            ["train", "test"],
            default="train",
            required=True,
            format_func={"train": "Training", "test": "Test"}.__getitem__,
            label_visibility="collapsed",
            key="data/split",
            wrap=True,
        )
        chosen = None
        if classes:
            chosen = st.selectbox(
                "Class",
                range(len(classes)),
                index=None,
                placeholder="All classes",
                format_func=lambda number: classes[number],
                label_visibility="collapsed",
                key=f"data/class/{dataset.info.name}",
                width=220,
            )
    return "test" if split == "test" else "train", chosen


def _images(dataset: Dataset) -> None:
    split, chosen = _choices(dataset)
    items = dataset.items(split)
    index = np.arange(len(items))
    if chosen is not None:
        labels = dataset.labels(split)
        index = index[labels == chosen] if labels is not None else index
    if not len(index):
        st.info("No item of this class is in this part. Choose another class or part.")
        return
    kind, per_page = dataset.info.spec, COLUMNS * ROWS
    pages = -(-len(index) // per_page)
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        page = st.pagination(pages, key=f"data/page/{dataset.info.name}/{split}/{chosen}") if pages > 1 else 1
        st.caption(how_many(len(index), kind.one, kind.many), width="content")
    on_page = index[(page - 1) * per_page : page * per_page]
    with place:
        if of_data(f"data/items/{dataset.info.name}", dataset, split, on_page):
            return
    shown = np.asarray(items[on_page])
    columns = min(COLUMNS, max(4, len(shown)))
    place.image(
        sheet(kind.tiles(shown), columns, SHEET_PIXELS),
        width="stretch",
        output_format="PNG",
        alt=f"{how_many(len(shown), 'item')} of {dataset.info.title}, {split} part",
    )


def _points(dataset: Dataset) -> None:
    split, chosen = _choices(dataset)
    points, labels = np.asarray(dataset.items(split)), dataset.labels(split)
    if chosen is not None and labels is not None:
        points, labels = points[labels == chosen], labels[labels == chosen]
    shown, classes = points[:MOST_POINTS], dataset.info.classes
    figure = points_figure(shown, None if labels is None else labels[:MOST_POINTS], classes, current_mode())
    words = f"Scatter plot of {how_many(len(shown), 'point')} of {dataset.info.title}"
    draw_chart(figure, key="data/points", config={"displaylogo": False}, alt=words)
    if len(points) > len(shown):
        st.caption(f"{len(shown):,} of {len(points):,} points are drawn.")


# Removing


def _ask_to_remove(name: str) -> None:
    st.session_state[REMOVING] = name


def _forget() -> None:
    st.session_state.pop(REMOVING, None)


def _remove_asked(lab: ReadOnlyLab) -> None:
    name = st.session_state.get(REMOVING)
    if name is not None:
        _confirm(lab, name)


@st.dialog("Remove this data set?", on_dismiss=_forget)
def _confirm(lab: ReadOnlyLab, name: str) -> None:
    st.markdown(
        f"**{plain(name)}** will be removed from this workspace. The files you added it from stay where they are."
    )
    st.caption(f"{runs_of_data(lab, name)} learned from it; they stay, but cannot be resumed without it.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep it", key="data/keep"):
            _forget()
            st.rerun()
        if st.button("Remove", type="primary", icon=":material/delete:", key="data/remove-now"):
            try:
                changing(lab).data.remove(name)
            except GenlabError as error:
                show_error(error)
                return
            _forget()
            st.session_state["data/message"] = f"{plain(name)} was removed."
            st.query_params.clear()
            st.rerun()

"""Evidence of missing modes: classes made too rarely, real items without a sample nearby, near-duplicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from genlab.datasets.store import Dataset
from genlab.kinds.base import KindSpec
from genlab.metrics import remarks
from genlab.numbers import percent, reference_items, short
from genlab.plots.collapse import coverage_figure, describe_shares, shares_figure
from genlab.presentation.collapse import MODE_METRICS, Evaluated, written
from genlab.presentation.lineup import called
from genlab.presentation.pictures import sheet
from genlab.presentation.plane import plane, spread
from genlab.presentation.words import extractor, plain
from genlab.registry import registry
from genlab.store.run import Run
from genlab.ui.charts import draw_chart
from genlab.ui.shell import current_mode
from genlab.ui.views._items import of_data, of_items

Rows = Sequence[Mapping[str, Any]]
MISSED_SHOWN, MISSED_COLUMNS = 24, 6
WATCHED = "watch/near_duplicates"
FEW, MANY = 0.1, 0.5
"""Shares of near-duplicates: an encoder that sees few where the collapse watch sees many is explained."""


def render(run: Run, kind: KindSpec, seen: Evaluated, data: Dataset | None, rows: Rows) -> None:
    """All evidence about modes; ``rows`` are the run's curves."""
    left, right = st.columns(2, gap="large")
    with left:
        _histogram(run, kind, seen, data)
    with right:
        _twins(run, kind, seen, rows)
    if data is not None:
        _coverage(run, seen, data)
    _numbers(seen)


def _histogram(run: Run, kind: KindSpec, seen: Evaluated, data: Dataset | None) -> None:
    """Classes, or regions where there are no classes, against the data's."""
    made, real, n = seen.array("class_kl/fake"), seen.array("class_kl/real"), seen.line("class_kl").get("n", 0)
    if made is not None and real is not None and n:
        st.markdown("## Is every class generated as often as it should be?")
        classes = data.info.classes if data is not None else None
        named = classes is not None and len(classes) == len(made)
        names = list(classes) if classes is not None and named else [f"{index + 1}" for index in range(len(made))]
        what = "mode" if kind.modes else "class, according to the classifier"
    else:
        made, real, n = seen.array("ndb/fake"), seen.array("ndb/train"), seen.line("ndb").get("n", 0)
        st.markdown("## Is every region of the data generated as often as it should be?")
        if made is None or real is None or not n:
            st.caption(seen.line("class_kl").get("why") or seen.line("ndb").get("why") or "This was not measured.")
            return
        order = np.argsort(-real, kind="stable")
        made, real = made[order], real[order]
        names, what = [f"region {index + 1}" for index in order], "regions of the training data, from large to small"
    draw_chart(
        shares_figure(names, made, real, int(n), run.family, current_mode(), what=what),
        key="collapse/shares",
        alt=describe_shares(names, made, real, int(n)),
    )
    st.caption(f"Grey bands: where a perfect model's bars end in 95 of 100 draws of {int(n):,} samples.")


def _twins(run: Run, kind: KindSpec, seen: Evaluated, rows: Rows) -> None:
    """The generated items that are most alike."""
    st.markdown("## The most similar pairs of samples")
    pairs, distances = seen.array("items/pairs"), seen.array("near_duplicates/distances")
    radius = seen.array("near_duplicates/radius")
    line = seen.line("near_duplicates")
    pictured = pairs is not None and kind.pictured and pairs.ndim == 2 + kind.axes and len(pairs) > 0
    if pairs is not None and pictured:
        shown = pairs[:8]
        both = np.concatenate([shown[:, 0], shown[:, 1]])
        names = [f"Pair {place + 1}" for place in range(len(shown))] * 2
    if pairs is not None and pictured and not of_items("collapse/twins", kind, both, names):
        tiles = kind.tiles(both)
        st.image(
            sheet(tiles, len(shown), 640),
            width="stretch",
            output_format="PNG",
            alt=f"The {len(shown)} closest pairs of samples of {called(run)}, one below the other",
        )
    elif pairs is None:
        st.caption(line.get("why") or "This evaluation kept no pictures of them.")
    if line["value"] is not None and distances is not None and radius is not None and len(distances):
        share = percent(line["value"], line.get("low"), line.get("high"))
        floor = percent(line["floor"], line.get("floor_low"), line.get("floor_high")) if line.get("floor") else ""
        real = f"; of fresh real items {floor} do" if floor else ""
        st.caption(
            f"{'Each column is a pair. ' if pictured else ''}{share} of samples have a near-duplicate within "
            f"{short(float(radius))}, the distance at which 1 % of real items have one{real}. These "
            f"are {distances.min():.2g} to {distances.max():.2g} apart, in features from "
            f"{plain(extractor(str(seen.document['encoder'])))}.{_in_pixels(seen, rows)}"
        )


def _in_pixels(seen: Evaluated, rows: Rows) -> str:
    """Why the encoder sees few near-duplicates where there are many: it was trained on nothing like these samples."""
    shares = [row[WATCHED] for row in rows if WATCHED in row and row["images"] <= seen.document["images"]]
    if not shares or shares[-1] < MANY or seen.line("near_duplicates")["value"] > FEW:
        return ""
    return (
        f" By their pixels {percent(shares[-1])} of the collapse watch's samples have one: in features, images unlike "
        "any that the feature extractor was trained on can lie far apart though they look the same."
    )


def _coverage(run: Run, seen: Evaluated, data: Dataset) -> None:
    covered, index = seen.array("coverage/covered"), seen.array("items/real")
    if covered is None or index is None or data.fingerprint != seen.document.get("data", {}).get("fingerprint"):
        return
    index = index[: len(covered)]
    covered = covered[: len(index)]
    if not len(index) or int(index.max()) >= data.info.test:
        return
    st.markdown("## Which real items have no sample nearby?")
    items, every = data.items("test"), data.labels("test")
    labels = None if every is None else every[index]
    names = None if labels is None or data.info.classes is None else [data.info.classes[label] for label in labels]
    points = _plane(data.fingerprint, str(seen.document["key"]), items[index])
    missed = np.flatnonzero(~covered)
    left, right = st.columns([2, 1], gap="large")
    with left:
        draw_chart(
            coverage_figure(points, covered, names, current_mode()),
            key="collapse/coverage",
            alt=f"{len(covered):,} held-out items in the plane; no sample is near {len(missed):,} of them.",
        )
        kind = data.info.spec
        axes = "their first two principal components" if kind.pictured else "their own coordinates"
        st.caption(f"Held-out items by {axes}. Distances are those of {plain(str(seen.document['encoder']))} features.")
    with right:
        if kind.pictured and len(missed):
            chosen = spread(missed, labels, MISSED_SHOWN)
            caption = f"{len(chosen)} of {len(missed):,} real {kind.many} without a sample nearby"
            if of_data("collapse/missed", data, "test", np.sort(index[chosen])):
                st.caption(caption)
            else:
                st.image(
                    sheet(kind.tiles(np.asarray(items[np.sort(index[chosen])])), MISSED_COLUMNS, 480),
                    caption=caption,
                    width="stretch",
                    output_format="PNG",
                    alt=f"Real {kind.many} without a sample nearby",
                )
        elif not len(missed):
            st.success("Every held-out item has a sample near it.", icon=":material/check_circle:")
        _by_class(covered, names)


def _by_class(covered: NDArray[np.bool_], names: list[str] | None) -> None:
    """The classes with the largest share of items that nothing comes near."""
    if names is None:
        return
    told = np.asarray(names)
    shares = {name: (float((~covered[told == name]).mean()), int((told == name).sum())) for name in sorted(set(names))}
    worst = sorted(shares.items(), key=lambda item: -item[1][0])[:3]
    words = ", ".join(
        f"{plain(name)} ({100 * share:.0f} % of {count:,})" for name, (share, count) in worst if share > 0
    )
    if words:
        st.caption(f"Missed most: {words}.")


@st.cache_data(max_entries=16, show_spinner="Laying out the data")
def _plane(fingerprint: str, key: str, _items: NDArray[np.uint8]) -> NDArray[np.float64]:
    return plane(_items)


def _numbers(seen: Evaluated) -> None:
    """Every number about modes with its interval, what real data score, and what it means."""
    st.markdown("## The numbers")
    metrics = registry("metrics")
    rows = ""
    for name in MODE_METRICS:
        if name not in metrics or name not in seen.document["metrics"]:
            continue
        spec, line = metrics.get(name), seen.line(name)
        if line["value"] is None:
            value = f'<span style="opacity:.7">{escape(str(line.get("why") or "not measured"))}</span>'
            rows += (
                f'<tr><td class="short">{escape(spec.title)}</td><td colspan="3">{value}</td>'
                f"<td>{escape(spec.summary)}</td></tr>"
            )
            continue
        unit = f" {spec.unit}" if spec.unit else ""
        value, floor = written(line, spec.limits), written(line, spec.limits, "floor") or "–"
        arrow = {"up": " ↑", "down": " ↓"}.get(spec.better, "")
        rows += (
            f'<tr><td class="short" title="{escape(spec.paper)}">{escape(spec.title)}{arrow}{remarks(name, line)}</td>'
            f'<td class="short"><b>{escape(value)}</b>{escape(unit)}</td><td class="short">{escape(floor)}</td>'
            f"<td>{line.get('n', 0):,}</td><td>{escape(spec.summary)}</td></tr>"
        )
    st.html(
        f'{TABLE}<table class="genlab-numbers"><thead><tr><th>score</th><th>value, ± 95 %</th><th>real data</th>'
        f"<th>n</th><th>what it says</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    document = seen.document
    came = reference_items(document.get("floor_from"))
    st.caption(
        f"{document['samples']:,} samples after {document['images']:,} {seen.many}, features from "
        f"{plain(extractor(str(document['encoder'])))}, real data from {came}. ↑ higher is better, ↓ "
        "lower is better."
    )


TABLE = """
<style>
.genlab-numbers { width: 100%; border-collapse: collapse; font-size: 0.88rem; font-variant-numeric: tabular-nums; }
.genlab-numbers th { text-align: left; font-weight: 500; opacity: 0.7; }
.genlab-numbers td, .genlab-numbers th {
  padding: 0.3rem 1rem 0.3rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent);
  vertical-align: top;
}
.genlab-numbers td.short, .genlab-numbers th { white-space: nowrap; }
</style>
"""

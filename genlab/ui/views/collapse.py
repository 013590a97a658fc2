"""Collapse: the verdict on one model in a sentence, then the evidence, then what any score would have noticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from genlab import kinds
from genlab.datasets.store import Dataset
from genlab.errors import GenlabError
from genlab.families import may_sample, why_no_samples
from genlab.lab import ReadOnlyLab
from genlab.metrics import is_current
from genlab.presentation.collapse import (
    LATENT_METRICS,
    MODE_METRICS,
    CollapseVerdict,
    Evaluated,
    latent_verdict,
    read_arrays,
    usable,
    verdict,
)
from genlab.presentation.exemplars import opening
from genlab.presentation.words import plain
from genlab.store.run import Run
from genlab.ui.shell import changing, may_change, page_title
from genlab.ui.views import alarms as watch
from genlab.ui.views import collapse_course, collapse_latent, collapse_modes, sandbox
from genlab.ui.views._shared import many_of, tails, version_of
from genlab.ui.views.picking import LESSONS, opened_on, option_label, options, say_why
from genlab.ui.views.working import show_job, start

SAMPLES = (1_000, 2_000, 5_000, 10_000)
LOOKS: Mapping[str, tuple[Any, str]] = {
    "collapse": (st.error, ":material/warning:"),
    "partial": (st.warning, ":material/rule:"),
    "clear": (st.success, ":material/check_circle:"),
    "unknown": (st.info, ":material/help:"),
    "early": (st.info, ":material/hourglass_empty:"),
}
"""State of a verdict -> how it is shown."""


@dataclass(frozen=True)
class Moment:
    """A checkpoint, evaluated or not.

    Attributes:
        images: Images seen.
        document: Its evaluation, or None.
    """

    images: int
    document: Mapping[str, Any] | None

    @property
    def label(self) -> str:
        """How it reads in the picker."""
        if self.document is None:
            return f"{self.images:,} images · not evaluated"
        return f"{self.images:,} images · {self.document['samples']:,} samples, {self.document['encoder']}"

    @property
    def key(self) -> str:
        """Tells it apart in widget keys."""
        return f"{self.images}" if self.document is None else str(self.document["key"])


def render(lab: ReadOnlyLab) -> None:
    """The page."""
    runs = {run.id: run for run in lab.runs.all()}
    page_title("Collapse")
    if runs:
        left, right = st.columns([4, 3])
        with left:
            run = _pick_run(runs)
        _model(lab, run, right)
    else:
        st.markdown("## No model to look at yet")
        st.write("Train one, and this page says whether it misses parts of the data. The sandbox below needs no model.")
        st.page_link("train.py", label="Train a model", icon=":material/model_training:")
    sandbox.render(lab, runs[run.id].data if runs else None)


def _pick_run(runs: Mapping[str, Run]) -> Run:
    """The chosen run, also in the address."""
    asked = st.query_params.get("run")
    if asked is not None and asked not in runs:
        st.warning(f"Not in this workspace: {plain(asked)}. Another is shown instead.", icon=":material/link_off:")
        asked = None
    if asked and st.session_state.get("collapse/address") != asked:
        st.session_state["collapse/run"] = asked
    if st.session_state.get("collapse/run") not in runs:
        found = opening(runs.values(), part="critic", fits=lambda run: may_sample(run.family))
        # What draws no samples is shown only where there is nothing else.
        st.session_state["collapse/run"] = (opened_on("collapse", found) or list(runs))[0]
    before = st.session_state["collapse/run"]
    chosen = st.selectbox(
        "Model",
        options(runs),
        format_func=lambda option: option_label(runs, option),
        key="collapse/run",
        on_change=_without_heading,
        args=(before,),
    )
    say_why("collapse", [chosen])
    st.session_state["collapse/address"] = chosen
    if st.query_params.get("run") != chosen:
        st.query_params["run"] = chosen
    return runs[chosen]


def _without_heading(before: str) -> None:
    """A heading is no model: the one before stays chosen."""
    if st.session_state["collapse/run"] == LESSONS:
        st.session_state["collapse/run"] = before


def _model(lab: ReadOnlyLab, run: Run, beside: Any) -> None:
    """Verdict and evidence of one run; its checkpoint is picked in the container ``beside``."""
    why = why_no_samples(run.family)
    if why:
        st.info(f"{plain(why)} Nothing of it can collapse; its curves are on Curves.", icon=":material/info:")
        return
    documents = usable(lab.evaluations.all(run))
    moments = _moments(lab, run, documents)
    if not moments:
        _without_checkpoint(lab, run)
        return
    with beside:
        moment = _pick_moment(run, moments)
    seen = _evaluated(lab, run, moment)
    data = _dataset(lab, run)
    _verdicts(lab, run, seen, data)
    busy = _evaluation(lab, run, moment)
    if seen is None:
        if not busy:
            st.caption("The evidence appears here when this checkpoint has been evaluated.")
    else:
        if not seen.arrays:
            st.warning(
                "The numbers behind the pictures of this evaluation are missing or damaged. Delete "
                f"evaluations/{plain(seen.document['key'])} (both files) in the run's folder and evaluate again.",
                icon=":material/broken_image:",
            )
        reader = lab.runs.read(run)
        collapse_modes.render(run, kinds.of(reader.environment().get("space")), seen, data, tails().of(reader).rows)
    if seen is not None or collapse_latent.has_codes(lab, run):
        collapse_latent.render(lab, run, seen)
    collapse_course.render(lab, run, documents)


def _moments(lab: ReadOnlyLab, run: Run, documents: Sequence[Mapping[str, Any]]) -> list[Moment]:
    """Evaluations, and checkpoints without one, by images seen."""
    known = {document["images"] for document in documents}
    bare = [Moment(each.images, None) for each in lab.runs.read(run).checkpoints() if each.images not in known]
    return sorted([*bare, *(Moment(each["images"], each) for each in documents)], key=lambda each: each.images)


def _pick_moment(run: Run, moments: Sequence[Moment]) -> Moment:
    evaluated = [moment for moment in moments if moment.document is not None]
    first = (evaluated or moments)[-1]
    by_key = {moment.key: moment for moment in reversed(moments)}
    chosen = st.selectbox(
        "Checkpoint",
        list(by_key),
        index=list(by_key).index(first.key),
        format_func=lambda key: by_key[key].label,
        key=f"collapse/{run.id}/moment/{len(by_key)}/{first.key}",
    )
    return by_key[chosen]


def _evaluated(lab: ReadOnlyLab, run: Run, moment: Moment) -> Evaluated | None:
    if moment.document is None:
        return None
    key = str(moment.document["key"])
    version = version_of(run.path / "evaluations" / f"{key}.npz")
    return Evaluated(moment.document, _arrays(str(run.path), key, version) or {}, many_of(lab, run))


@st.cache_data(max_entries=16, show_spinner=False)
def _arrays(run: str, key: str, version: int) -> dict[str, Any] | None:
    from pathlib import Path

    return read_arrays(Path(run), key)


def _dataset(lab: ReadOnlyLab, run: Run) -> Dataset | None:
    """The run's data; None where they can no longer be had."""
    try:
        return lab.data.open(lab.runs.read(run).config().data)
    except (GenlabError, OSError):
        return None


def _verdicts(lab: ReadOnlyLab, run: Run, seen: Evaluated | None, data: Dataset | None) -> None:
    directory = lab.runs.read(run)
    rows = tails().of(directory).rows
    standing = {str(alarm.get("symptom")): alarm for alarm in directory.alarms() if watch.is_on(alarm, rows)}
    least = lab.runs.judged_from(run)
    _say(verdict(seen, standing.get("mode_collapse"), data.info.classes if data else None, least))
    if (seen is not None and seen.line("active_units")["value"] is not None) or "posterior_collapse" in standing:
        _say(latent_verdict(seen, standing.get("posterior_collapse"), least))


def _say(found: CollapseVerdict) -> None:
    show, icon = LOOKS[found.state]
    show(f"**{plain(found.words)}**", icon=icon)


def _evaluation(lab: ReadOnlyLab, run: Run, moment: Moment) -> bool:
    """The button that measures this checkpoint, or the measuring under way; whether it is under way."""
    key = f"collapse/{run.id}"
    if show_job(lab, key, lab.jobs.under_way("evaluate", [run.id])):
        return True
    missing = moment.document is None or any(
        not (name in moment.document["metrics"] and is_current(name, moment.document["metrics"][name]))
        for name in (*MODE_METRICS, *LATENT_METRICS)
    )
    if not missing:
        return False
    with st.container(horizontal=True, vertical_alignment="bottom"):
        samples = moment.document["samples"] if moment.document else None
        if samples is None:
            samples = st.selectbox(
                "Samples",
                SAMPLES,
                index=SAMPLES.index(5_000),
                format_func=lambda number: f"{number:,}",
                help="Generated items to judge by. Fewer are quicker and give wider intervals.",
                key=f"{key}/samples",
                width=140,
            )
        st.button(
            "Evaluate this checkpoint" if moment.document is None else "Measure what is missing",
            icon=":material/straighten:",
            type="primary",
            key=f"{key}/evaluate",
            disabled=not may_change(lab),
            on_click=start,
            args=(key, lambda: _start(lab, run, moment, int(samples))),
        )
    return False


def _start(lab: ReadOnlyLab, run: Run, moment: Moment, samples: int) -> Any:
    encoder, seed = ("", 0) if moment.document is None else (moment.document["encoder"], moment.document.get("seed", 0))
    names = (*MODE_METRICS, *LATENT_METRICS)
    request = lab.evaluations.request(metrics=names, samples=samples, images=moment.images, encoder=encoder, seed=seed)
    return changing(lab).evaluations.start([run], request)


def _without_checkpoint(lab: ReadOnlyLab, run: Run) -> None:
    if run.active:
        st.info(
            "This run has not written a checkpoint yet; then it can be evaluated here. Watch it meanwhile.",
            icon=":material/hourglass_empty:",
        )
    else:
        st.info(
            "This run has no checkpoint, so there is nothing to judge. Resume it, or choose another.",
            icon=":material/inventory_2:",
        )
    st.page_link("train.py", label="Open the run", icon=":material/model_training:", query_params={"run": run.id})
    collapse_course.render(lab, run, [])

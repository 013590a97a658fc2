"""Compare, the button that evaluates the models that are shown, with its options folded away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.metrics import is_current
from genlab.presentation.lineup import Entrant
from genlab.presentation.scoring import GROUP_TITLES, Moments, Protocol, document_by, here
from genlab.presentation.words import duration, how_many, plain
from genlab.registry import registry
from genlab.ui.shell import may_change
from genlab.ui.views import compare_jobs

FEW_SAMPLES = 5_000
AUTOMATIC = ""


def evaluate_button(lab: ReadOnlyLab, entrants: Sequence[Entrant], moments: Moments) -> None:
    """The button, what it will do, and the options."""
    ready = [entrant for entrant in entrants if moments[entrant.run.id] is not None]
    if not ready:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        place = st.container(width="content")
        with st.popover("Options", icon=":material/tune:"):
            settings = _options(ready)
        todo = [entrant for entrant in ready if not is_known(lab, entrant, moments, settings)]
        busy = _is_busy(lab, ready)
        with place:
            st.button(
                f"Evaluate {how_many(len(todo), 'model')} here" if todo else "Evaluated here",
                icon=":material/query_stats:",
                type="primary" if todo and not busy else "secondary",
                disabled=not todo or busy or not may_change(lab),
                help="Computes the scores of the checkpoints that are shown, in the background. "
                "What is known is not computed again.",
                on_click=evaluate,
                args=(lab, todo, dict(moments), settings),
                key="compare/evaluate",
            )
        st.caption(_estimate(ready, settings), width="content")


def same_way_button(
    lab: ReadOnlyLab, entrants: Sequence[Entrant], waiting: Sequence[Entrant], moments: Moments, protocol: Protocol
) -> None:
    """A button that evaluates the models ``waiting`` as the others have been, so that they share their panels."""
    known = [document_by(entrant, moments, protocol) for entrant in entrants]
    names = dict.fromkeys(name for document in known if document for name in document["metrics"])
    installed = tuple(name for name in names if name in registry("metrics"))
    settings = {
        "metrics": installed,
        "encoder": protocol.encoder,
        "samples": protocol.samples,
        "seed": protocol.seed,
    }
    st.button(
        f"Evaluate {how_many(len(waiting), 'model')} this way",
        help=f"{', '.join(plain(entrant.label) for entrant in waiting)}: with {protocol.words}.",
        type="tertiary",
        icon=":material/query_stats:",
        disabled=not may_change(lab) or _is_busy(lab, entrants),
        on_click=evaluate,
        args=(lab, list(waiting), dict(moments), settings),
        key=f"compare/same/{entrants[0].data}/{protocol.encoder}",
    )


def _is_busy(lab: ReadOnlyLab, entrants: Sequence[Entrant]) -> bool:
    jobs = compare_jobs.jobs_of(lab, [entrant.run.id for entrant in entrants])
    return any(job.kind == "evaluate" and job.active for job in jobs)


def evaluate(lab: ReadOnlyLab, entrants: Sequence[Entrant], moments: Moments, settings: Mapping[str, Any]) -> None:
    """Begin to evaluate each model at the checkpoint that is shown: one job for those that share a moment."""
    jobs: dict[int | None, list[str]] = {}
    for entrant in entrants:
        moment = moments[entrant.run.id]
        images = None if moment == entrant.moments[-1] else moment
        jobs.setdefault(images, []).append(entrant.run.id)
    for images, runs in jobs.items():
        try:
            request = lab.evaluations.request(**{**settings, "images": images})
        except GenlabError as error:
            st.session_state[compare_jobs.ERROR] = error
            return
        compare_jobs.start(lab, "evaluate", runs, request=request)


def is_known(lab: ReadOnlyLab, entrant: Entrant, moments: Moments, settings: Mapping[str, Any]) -> bool:
    """Whether a checkpoint has results for these settings, as far as can be told without reading its weights."""
    try:
        asked = lab.evaluations.request(**settings).settled(entrant.kind.name)
    except GenlabError:  # which is told once it is asked for
        return False
    return any(
        (document["encoder"], document["samples"], document["seed"]) == (asked.encoder, asked.samples, asked.seed)
        and set(asked.metrics) <= {name for name, line in document["metrics"].items() if is_current(name, line)}
        for document in here(entrant, moments)
    )


def _options(entrants: Sequence[Entrant]) -> dict[str, Any]:
    """Metrics, encoder, samples and seed."""
    given = frozenset.intersection(*(entrant.kind.gives for entrant in entrants))
    encoders = {spec.name: spec for spec in registry("encoders") if spec.takes in given}
    encoder = st.selectbox(
        "Feature extractor",
        [AUTOMATIC, *encoders],
        format_func=lambda name: (
            encoders[name].title if name else "Automatic: trained on this data; for points the coordinates"
        ),
        help="The network whose features items are compared in. Scores from different feature extractors cannot be "
        "compared.",
        key="compare/encoder",
    )
    if encoder:
        unavailable = encoders[encoder].available()
        st.caption(plain(encoders[encoder].summary))
        if unavailable:
            st.warning(unavailable, icon=":material/cloud_off:")
    metrics = {spec.name: spec for spec in registry("metrics")}
    order = list(GROUP_TITLES)
    names = sorted(metrics, key=lambda name: (order.index(metrics[name].group), metrics[name].title))
    chosen = st.multiselect(
        "Metrics",
        names,
        format_func=lambda name: f"{metrics[name].title} · {GROUP_TITLES[metrics[name].group]}",
        placeholder="all that apply",
        key="compare/metrics",
    )
    samples, seed = st.columns(2)
    count = samples.number_input(
        "Samples",
        2,
        100_000,
        FEW_SAMPLES,
        500,
        help="Generated items, and as many real ones as are available. Metrics say when these are too few.",
        key="compare/samples",
    )
    number = seed.number_input(
        "Seed", 0, 2**31 - 1, 0, help="Of the latents and of the resampling.", key="compare/seed"
    )
    return {"metrics": tuple(chosen), "encoder": encoder or "", "samples": int(count), "seed": int(number)}


def _estimate(entrants: Sequence[Entrant], settings: Mapping[str, Any]) -> str:
    """How long the metrics took for one model with as many samples, where that has been measured here."""
    names = set(settings["metrics"])
    for entrant in entrants:
        for document in reversed(entrant.documents):
            if Protocol.of(document).samples != settings["samples"]:
                continue
            lines = document["metrics"]
            if not names and len(lines) < len(registry("metrics")) // 2:
                continue
            spent = sum(float(line.get("seconds") or 0) for name, line in lines.items() if not names or name in names)
            return f"The metrics took {duration(spent)} for {plain(entrant.label)}; sampling comes on top."
    return f"{settings['samples']:,} samples each. How long that takes here is estimated while it runs."

"""Matches made by hand, for tests of whatever reads them. The numbers in them are test data, not results."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from genlab.config import load_config
from genlab.matches.folder import KIND, Match, MatchDirectory
from genlab.matches.match_plan import MatchPlan
from genlab.matches.match_request import MatchRequest
from genlab.store import atomic
from genlab.store.liveness import identity
from tests.support.runs import FAMILY_OF, make_run

MODELS = ("vae", "gan", "vae_gan")
JOB_STATES = {"stopped": "cancelled"}
"""State of a match -> state of its job, where they differ."""

PARAMETERS = {
    "vae": {"encoder": 400_000, "decoder": 800_000, "critic": 0, "other": 0, "total": 1_200_000},
    "gan": {"encoder": 0, "decoder": 800_000, "critic": 390_000, "other": 0, "total": 1_190_000},
    "vae_gan": {"encoder": 190_000, "decoder": 800_000, "critic": 180_000, "other": 0, "total": 1_170_000},
}


def cell(measure: str, value: float | None, **more: Any) -> dict[str, Any]:
    """One number of the comparison table."""
    near = {"low": None, "high": None} if value is None else {"low": value - 0.02, "high": value + 0.02}
    entry = {"measure": measure, "kind": "mean", "title": measure.replace("_", " ").capitalize(), "unit": ""}
    return entry | {"value": value, "floor": None, "n": 5_000, "seeds": 3, "text": ""} | near | more


def part(name: str, verdict: str, effect: float | None = 0.2, **more: Any) -> dict[str, Any]:
    """One comparison of a claim."""
    ends = {"low": None, "high": None} if effect is None else {"low": effect - 0.1, "high": effect + 0.1}
    about = {"part": name, "title": f"{name} is higher", "families": ["gan", "vae"], "measure": "coverage"}
    return (
        about | {"effect": effect, **ends, "threshold": 0.05, "unit": "", "decisive": True, "verdict": verdict} | more
    )


def claim(name: str, verdict: str, runs: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """One claim as the judge writes it."""
    known = verdict != "not_enough_evidence"
    return {
        "claim": name,
        "title": f"Guides say that {name} differs",
        "question": f"Does {name} matter?",
        "verdict": verdict,
        "effect": 0.2 if known else None,
        "low": 0.1 if known else None,
        "high": 0.3 if known else None,
        "unit": "",
        "threshold": 0.05,
        "seeds": 3,
        "needs": None if known else 2,
        "needs_text": "" if known else "2",
        "why": f"What was found of {name}.",
        "caveat": f"What {name} does not say.",
        "cells": {family: [cell("coverage", 0.5 + 0.1 * place)] for place, family in enumerate(MODELS)},
        "parts": [part("coverage", verdict, 0.2 if known else None, why="" if known else "One seed cannot tell.")],
        "pictures": [{"kind": "samples", "title": "Samples", "runs": list(runs)}],
        **more,
    }


COURSE = {
    "score": "frechet",
    "runs": [
        {"family": "vae", "seed": 0, "scores": [[5_120, 60.0], [15_360, 41.0], [20_480, 40.0]]},
        {"family": "gan", "seed": 0, "scores": [[5_120, 60.0], [15_360, 20.0], [20_480, 10.0]]},
    ],
    "families": {
        "vae": {"seeds": 1, "fall": 1.0, "doubled": 1.06, "spread": None, "far": False},
        "gan": {"seeds": 1, "fall": 10.0, "doubled": 5.31, "spread": None, "far": True},
    },
}
"""The course of a match of which one family is still on its way."""


def claims_document(runs: Sequence[str] = (), seeds: int = 3, **more: Any) -> dict[str, Any]:
    """The ``claims.json`` of a match with a claim of each verdict; of one seed none is decided."""
    several = ("supported", "not_supported", "not_enough_evidence", "no_difference")
    verdicts = several if seeds > 1 else ("not_enough_evidence",) * 4
    names = ("sharpness", "diversity", "stability", "control")
    return {
        "schema_version": 2,
        "data": "mnist-5k",
        "seeds": list(range(seeds)),
        "machine": "a machine of the tests",
        "claims": [claim(name, verdict, runs) for name, verdict in zip(names, verdicts, strict=True)],
        **more,
    }


def make_match(
    workspace: Path,
    *,
    state: str = "completed",
    seeds: int = 2,
    families: Sequence[str] = MODELS,
    data: str = "mnist-5k",
    name: str = "",
    with_runs: bool = True,
    runs: Mapping[tuple[str, int], str] | None = None,
    planned: bool = True,
    configured: bool = False,
    claims: Mapping[str, Any] | None = None,
    request: Mapping[str, Any] | None = None,
    **status: Any,
) -> MatchDirectory:
    """A match as its conductor would have left it.

    Args:
        workspace: The workspace.
        state: Of the match.
        seeds: Runs of each family.
        families: Models that meet.
        data: Name of the data set.
        name: What the user calls it.
        with_runs: Whether its runs are there (all completed).
        runs: (Model, seed) -> identifier of a run that is there already.
        planned: Whether there is a plan yet.
        configured: Whether the plan says how runs are configured (by defaults), as only early ones do not.
        claims: Its verdicts; those of `claims_document` for one that has completed.
        request: More for the request.
        **status: More for the job's status, e.g. ``phase``, ``share``, ``seconds_left``, ``error``.
    """
    asked = MatchRequest(data=data, seeds=seeds, families=tuple(families), name=name, **(request or {}))
    folder = MatchDirectory.create(workspace / "matches", asked)
    known = dict(runs or {})
    for seed in range(seeds) if with_runs and runs is None else ():
        for model in families:
            run_id = f"{folder.path.name}-{model}-{seed}"
            make_run(workspace / "runs", run_id, model=model, data=data, seed=seed, name=f"{model} seed {seed}")
            known[model, seed] = run_id
    if planned:
        folder.write_plan(_plan(families, seeds, known, data if configured else ""))
    if state == "completed" or claims is not None:
        first = [known[model, 0] for model in families if (model, 0) in known]
        folder.write_claims(claims if claims is not None else claims_document(first, seeds))
    _job(folder, workspace, state, status)
    return folder


def planned(workspace: Path, **settings: object) -> Match:
    """A judged match of today's configurations, the VAE's with other ``settings``."""
    from genlab.config import change
    from genlab.lab import Lab
    from genlab.matches.fair import drafted

    lab, folder = Lab(workspace), make_match(workspace, with_runs=False)
    today = drafted(folder.summary(lab.workspace.jobs).request, lab.configs)
    plan = folder.plan()
    assert plan is not None
    configs = {family: change(config, settings if family == "vae" else {}) for family, config in today.items()}
    whole = {family: config.model_dump(mode="json") for family, config in configs.items()}
    entries = [entry.model_copy(update={"config": whole[entry.family]}) for entry in plan.entries]
    folder.write_plan(plan.model_copy(update={"entries": entries}))
    return folder.summary(lab.workspace.jobs)


def _plan(families: Sequence[str], seeds: int, runs: Mapping[tuple[str, int], str], data: str = "") -> MatchPlan:
    entries = [
        {
            "family": FAMILY_OF[model],
            "model": model,
            "seed": seed,
            "role": "seed",
            "lr_factor": 1.0,
            "config": configuration(model, data, seed) if data else {},
            "run": runs.get((model, seed)),
            "taken_over": False,
        }
        for seed in range(seeds)
        for model in families
    ]
    document = {
        "images": 20_480,
        "batch_size": 64,
        "latent_dim": 32,
        "parameters": {family: PARAMETERS[family] for family in (FAMILY_OF[model] for model in families)},
        "spread": 0.025,
        "entries": entries,
    }
    return MatchPlan.model_validate(document)


def configuration(model: str, data: str, seed: int) -> dict[str, Any]:
    """A whole configuration, of defaults."""
    document = {"model": {"name": model}, "data": {"name": data}, "training": {"seed": seed, "images": 20_480}}
    return load_config(document).model_dump(mode="json")


def _job(folder: MatchDirectory, workspace: Path, state: str, status: Mapping[str, Any]) -> None:
    job = folder.job(workspace / "jobs")
    job.create(KIND, {"match": folder.path.name})
    pid, started = identity(os.getpid())
    if state == "interrupted":
        pid, started, state = 2**22 - 1, 1.0, "running"
    word = JOB_STATES.get(state, state)
    told = {"state": word, "updated": time.time(), "told": time.time(), "pid": pid, "process_started": started}
    atomic.write_json(job.path / "status.json", {**told, **status})

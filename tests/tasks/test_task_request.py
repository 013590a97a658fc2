"""What a task is asked for: refusals before any work, and where results are kept."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.store.run import Run
from genlab.tasks.task_request import MOST_OWN, TaskRequest, kept_baselines, kept_task
from tests.support.images import picture

Trained = tuple[Lab, dict[str, Run]]


def test_a_few_items_need_no_feature_extractor(opened: Trained):
    lab, _ = opened
    assert lab.tasks.request("reconstruction").settled("images").encoder == ""
    assert lab.tasks.request("reconstruction", items=17).settled("images").encoder == "in-domain"
    assert lab.tasks.request("reconstruction", items=4, encoder="pixels").settled("images").encoder == "pixels"


def test_unknown_tasks_options_and_kinds_are_refused(opened: Trained):
    lab, runs = opened
    with pytest.raises(InputError, match="no task called"):
        lab.tasks.request("flying")
    with pytest.raises(InputError, match="no option 'speed'"):
        lab.tasks.request("reconstruction", {"speed": 3})
    with pytest.raises(InputError, match="items = 0"):
        lab.tasks.request("reconstruction", items=0)
    with pytest.raises(InputError, match="cannot be done with points"):
        kept_task(lab.runs.read(runs["points"]), lab.tasks.request("reconstruction"))
    assert lab.tasks.unfit("reconstruction", runs["points"]) and not lab.tasks.unfit("reconstruction", runs["vae"])
    own = (base64.b64encode(picture(side=8)).decode(),) * (MOST_OWN + 1)
    with pytest.raises(InputError, match="too many"):
        lab.tasks.request("reconstruction", own=own).settled("images")
    with pytest.raises(InputError, match="Items of 66 MiB at once are too much; 64 MiB are taken"):
        lab.tasks.request("reconstruction", own=("x" * (33 * 2**20),) * 2).settled("images")


def test_results_depend_on_everything_that_changes_them(opened: Trained):
    lab, runs = opened
    run = lab.runs.read(runs["vae"])
    requests = [
        lab.tasks.request("reconstruction"),
        lab.tasks.request("reconstruction", {"steps": 5}),
        lab.tasks.request("reconstruction", items=9),
        lab.tasks.request("reconstruction", seed=1),
        lab.tasks.request("reconstruction", encoder="pixels"),
        lab.tasks.request("reconstruction", own=(base64.b64encode(picture(side=8)).decode(),)),
    ]
    assert len({kept_task(run, request).path for request in requests}) == len(requests)
    folder = lab.workspace.encoders
    assert len({kept_baselines(run, request, folder).path for request in requests}) == len(requests)


def test_a_task_that_computes_something_else_does_not_find_what_it_computed_before(
    opened: Trained, monkeypatch: pytest.MonkeyPatch
):
    lab, runs = opened
    run, request = lab.runs.read(runs["vae"]), lab.tasks.request("reconstruction")
    before = kept_task(run, request).path, kept_baselines(run, request, lab.workspace.encoders).path
    moved = replace(request.spec, version=request.spec.version + 1)
    monkeypatch.setattr(TaskRequest, "spec", property(lambda self: moved))
    after = kept_task(run, request).path, kept_baselines(run, request, lab.workspace.encoders).path
    assert before[0] != after[0] and before[1] != after[1]

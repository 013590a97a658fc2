"""Judging a match again: what is missing by today's metrics is worked out first, and nothing is trained. No torch.

The verdicts that there are stay until the new ones are written. A run whose weights are gone is judged by what was
kept of it.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from genlab.errors import GenlabError, InputError
from genlab.jobs.queue import Cancelled
from genlab.matches.folder import Match, MatchDirectory
from genlab.matches.gathering import Records, judge
from genlab.matches.judging import FATAL, judge_run
from genlab.store import atomic
from genlab.store.shipped import to_write

if TYPE_CHECKING:
    from genlab.encoders.base import Progress
    from genlab.store.run import RunReader
    from genlab.store.workspace import Workspace
    from genlab.verdicts.match_run import MatchRun

KIND = "judge"
"""Jobs of this kind judge a match again."""


def judge_again(match: Match, lab: Records, workspace: Workspace, progress: Progress) -> None:
    """Evaluate and measure what today's claims miss of a match's runs, then judge it.

    A run that cannot be evaluated is judged by what is known of it; the log says why.

    Args:
        match: A match of the workspace's own.
        lab: Where its runs are.
        workspace: The workspace.
        progress: Told how far it is; may raise to cancel.

    Raises:
        GenlabError: When the disk is full or cannot be written to.
    """
    folder, ready = MatchDirectory(match.path), _with_weights(match, lab, workspace)
    for place, (entry, run) in enumerate(ready):

        def tell(share: float, what: str, place: int = place, run: RunReader = run) -> None:
            progress((place + share) / len(ready), f"{run.path.name}: {what}")

        judged = entry.role != "trial"
        request = match.request.evaluation() if judged else match.request.trial_evaluation()
        try:
            found = judge_run(run, request, workspace, tell, measures=judged, faces=match.request.faces)
        except Cancelled:
            raise
        except GenlabError as error:
            if error.kind in FATAL:
                raise
            print(f"{run.path.name} not judged: {error.message} {error.hint}", file=sys.stderr, flush=True)
            continue
        if judged:
            folder.add_measures(run.path.name, found.measures)
            folder.add_baselines(found.baselines)
    progress(1.0, "judging the claims")
    judge(match, lab)


def own_copy(match: Match, workspace: Workspace) -> MatchDirectory:
    """The folder of a match that may be written to: one that comes with genlab is copied into the workspace first.

    The copy stands in the place of the original; when it is deleted, that is there again.

    Raises:
        InputError: When the workspace cannot be written to.
        GenlabError: When the disk is full.
    """
    if not match.shipped:
        return MatchDirectory(match.path)
    workspace.create()
    copy = workspace.matches / match.path.name
    if not copy.exists():

        def fill(inside: Path) -> None:
            shutil.copytree(match.path, inside, dirs_exist_ok=True, copy_function=shutil.copyfile)

        atomic.write_folder(copy, fill)
    return MatchDirectory(copy)


def _with_weights(match: Match, lab: Records, workspace: Workspace) -> list[tuple[MatchRun, RunReader]]:
    """The runs that are there, completed and with a checkpoint, each where results may be written."""
    found = []
    for entry in match.entries:
        if entry.run is None:
            continue
        with suppress(InputError):
            if lab.runs.exact(entry.run).state == "completed":
                run = to_write(workspace, entry.run).reader()
                found += [(entry, run)] if run.checkpoints() else []
    return found

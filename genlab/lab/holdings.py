"""What a workspace holds: its bytes, what of it can be made again, and what cannot be read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from genlab.errors import InputError
from genlab.jobs import asking
from genlab.jobs.derivation import result_types
from genlab.lab.data import Data, DataReader
from genlab.lab.jobs import JobsReader
from genlab.lab.matches import Matches, MatchesReader
from genlab.lab.runs import Runs, RunsReader
from genlab.store import holdings
from genlab.store.holdings import Holding, Protected
from genlab.store.holdings import Inventory as Held
from genlab.store.reading import Damaged
from genlab.store.shipped import zoo_folder
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.matches.folder import Match

LOOK_SECONDS = 0.5
"""How old what is known of jobs and runs may be when something is removed."""

JUDGED = "verdicts of the match {} rest on it"


class HoldingsReader:
    """What a workspace holds, for looking.

    Args:
        workspace: Which.
        data: Its data sets.
        runs: Its runs.
        matches: Its matches.
        jobs: Its jobs.
    """

    _data: DataReader
    _runs: RunsReader
    _matches: MatchesReader

    def __init__(
        self, workspace: Workspace, data: DataReader, runs: RunsReader, matches: MatchesReader, jobs: JobsReader
    ) -> None:
        self._workspace, self._jobs = workspace, jobs
        self._data, self._runs, self._matches = data, runs, matches

    def all(self) -> Held:
        """What the workspace holds: bytes by kind of result, and of all else."""
        return holdings.look(self._workspace, result_types(), self._protected(), zoo_folder())

    def to_tidy(self, size: int | None = None, age: float | None = None) -> list[Holding]:
        """What `tidy` would remove.

        Args:
            size: Bytes that results which can be made again may take at most.
            age: Seconds after which they go.
        """
        return holdings.choose(self.all(), size, age)

    def damaged(self) -> list[Damaged]:
        """All that cannot be read here: runs, matches, data sets, jobs."""
        found = [self._runs.found().damaged, self._matches.found().damaged, self._data.found().damaged]
        return [one for every in (*found, self._jobs.damaged()) for one in every]

    def _protected(self) -> Protected:
        """What may not be removed at this moment."""
        matches = self._matches.found()
        own = [match for match in matches.good if not match.shipped]
        runs = self._runs.found()
        busy = {run.id: "it is being trained" for run in runs.good if run.active}
        at_work = bool(busy)
        busy |= {one.id: "its run is damaged" for one in runs.damaged}
        for job, arguments in asking.active(self._workspace.jobs):
            at_work = True
            about = asking.runs_of(arguments) | _runs_of_match(own, arguments.get("match"))
            busy |= dict.fromkeys(about, f"the job {job.id} is at work on it")
        judged = {run: JUDGED.format(match.id) for match in own for run in match.runs}
        lost = next((one for one in matches.damaged if not one.shipped), None)
        return Protected(
            busy=busy,
            judged=judged,
            verdicts="" if lost is None else f"the match {lost.id} is damaged: its runs are not known",
            shared="a job or a run is at work" if at_work else "",
        )


class Holdings(HoldingsReader):
    """What a workspace holds.

    Args:
        workspace: Which.
        data: Its data sets.
        runs: Its runs.
        matches: Its matches.
        jobs: Its jobs.
    """

    _data: Data
    _runs: Runs
    _matches: Matches

    def __init__(self, workspace: Workspace, data: Data, runs: Runs, matches: Matches, jobs: JobsReader) -> None:
        super().__init__(workspace, data, runs, matches, jobs)

    def tidy(self, size: int | None = None, age: float | None = None) -> list[Holding]:
        """Remove results that can be made again, the oldest first; runs, data and matches stay.

        So does what a job may be writing or reading, and what verdicts of matches rest on.

        Args:
            size: Bytes that results may take at most afterwards.
            age: Seconds after which they go.

        Returns:
            What was removed.

        Raises:
            InputError: When something may not be deleted.
        """
        types = {each.name: each for each in result_types()}
        removed: list[Holding] = []
        looked, protected = time.monotonic(), Protected()
        for each in self.to_tidy(size, age):
            now = time.monotonic()
            if not removed or now - looked > LOOK_SECONDS:
                looked, protected = now, self._protected()
            if not protected.why(types[each.of], each.run) and holdings.remove(each):
                removed.append(each)
        return removed

    def delete_damaged(self, thing: Damaged) -> None:
        """Remove something that cannot be read, with all its files.

        Raises:
            InputError: When a process is still at work on it, it came with genlab, or may not be deleted.
        """
        from genlab.store.atomic import remove_folder

        if thing.shipped:
            raise InputError(f"The {thing.kind} {thing.id} comes with genlab and cannot be deleted.", kind="read_only")
        if thing.kind == "run":
            self._runs.delete(thing.id)
        elif thing.kind == "data set":
            self._data.remove(thing.id)
        elif thing.kind == "match":
            self._matches.delete(thing.id)
        else:
            remove_folder(thing.path)


def _runs_of_match(matches: list[Match], key: object) -> set[str]:
    return {run for match in matches if match.id == key for run in match.runs}

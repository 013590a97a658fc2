"""What the workspace holds, and letting go of what can be made again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from genlab.jobs import asking
from genlab.jobs.derivation import result_types
from genlab.lab.changes import changes, looks
from genlab.lab.matching import Matching
from genlab.store import holdings
from genlab.store.holdings import Holding, Holdings, Protected
from genlab.store.shipped import zoo_folder

if TYPE_CHECKING:
    from genlab.matches.folder import Match

LOOK_SECONDS = 0.5
"""How old what is known of jobs and runs may be when something is removed."""

JUDGED = "verdicts of the match {} rest on it"


class Tidying(Matching):
    """The bytes of a workspace."""

    @looks
    def holdings(self) -> Holdings:
        """What the workspace holds: bytes by kind of result, and of all else."""
        return holdings.look(self.workspace, result_types(), self._protected(), zoo_folder())

    @looks
    def to_tidy(self, size: int | None = None, age: float | None = None) -> list[Holding]:
        """What `tidy` would remove.

        Args:
            size: Bytes that results which can be made again may take at most.
            age: Seconds after which they go.
        """
        return holdings.choose(self.holdings(), size, age)

    @changes
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

    def _protected(self) -> Protected:
        """What may not be removed at this moment."""
        matches = self.found_matches()
        own = [match for match in matches.good if not match.shipped]
        runs = self.found_runs()
        busy = {run.id: "it is being trained" for run in runs.good if run.active}
        at_work = bool(busy)
        busy |= {one.id: "its run is damaged" for one in runs.damaged}
        for job, arguments in asking.active(self.workspace.jobs):
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


def _runs_of_match(matches: list[Match], key: object) -> set[str]:
    return {run for match in matches if match.id == key for run in match.runs}

"""Lab: the verbs that pages, command line and notebooks use. The one door; imports no torch until a model is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from genlab.config import DataConfig
from genlab.errors import InputError
from genlab.jobs.background import Job
from genlab.lab.changes import HINT, SENTENCE, looks, refuse, verbs
from genlab.lab.tidying import Tidying

if TYPE_CHECKING:
    from genlab.datasets.store import Dataset
    from genlab.lab.preparing import Progress

__all__ = ["Lab", "ReadOnlyLab"]


class Lab(Tidying):
    """One workspace and what can be done in it: data, runs, models, evaluations, latent spaces, matches.

    Args:
        workspace: Its folder; by default ``GENLAB_WORKSPACE`` or the user's data folder. Made when first written to.
        launcher: How workers are started; by default each in a process of its own.
    """

    @looks
    def doctor(self) -> list[dict[str, Any]]:
        """What works here: versions, device, data sets, workspace."""
        from genlab.doctor import examine

        return examine(self.workspace, self.runs, self.datasets, self.damaged)


class ReadOnlyLab(Lab):
    """A lab in which nothing is trained, added, downloaded, decoded or deleted: for showing to others.

    It has the verbs that are marked as only looking and refuses all others, those that nobody has marked as well.
    """

    def dataset(self, data: str | DataConfig, progress: Progress | None = None) -> Dataset:
        """A data set that has been decoded already.

        Raises:
            InputError: When it has not.
        """
        from genlab.datasets.store import prepare

        info = self.describe(data)
        if info.fingerprint is None:
            raise InputError(
                f"{info.title} has not been decoded in this workspace yet. {SENTENCE}", HINT, kind="read_only"
            )
        config = DataConfig(name=data) if isinstance(data, str) else data
        return prepare(config, self.workspace.datasets, self.workspace.source, progress)

    def _start_job(self, kind: str, arguments: Mapping[str, Any]) -> Job:
        refuse()


for _name, _changes in verbs(Lab).items():
    if _changes is not False and _name not in vars(ReadOnlyLab):
        setattr(ReadOnlyLab, _name, refuse)

"""Tasks: what models are used for, done by a model and by what one would use instead, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from genlab.errors import GenlabError, InputError
from genlab.jobs.background import Job
from genlab.lab._own import fit_files, fit_one
from genlab.lab.jobs import Jobs
from genlab.lab.runs import RunsReader
from genlab.store.run import Run
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.datasets.foreign.single import FittedItems
    from genlab.tasks.base import TaskSpec
    from genlab.tasks.task_request import TaskRequest


class TasksReader:
    """What models can be used for, and what is known of how well they do it.

    Args:
        workspace: Where it is kept.
        runs: The runs that trained the models.
    """

    def __init__(self, workspace: Workspace, runs: RunsReader) -> None:
        self._workspace = workspace
        self._runs = runs

    def all(self) -> list[TaskSpec]:
        """Every task there is."""
        from genlab.registry import registry

        return list(registry("tasks"))

    def request(self, task: str, options: Mapping[str, Any] | None = None, **settings: Any) -> TaskRequest:
        """A task and the items that it is to be done with.

        Args:
            task: An entry of the registry ``tasks``.
            options: What may be chosen for it.
            **settings: Items, seed, checkpoint: fields of `TaskRequest`.

        Raises:
            InputError: When there is no such task or setting, or one is out of range.
        """
        from genlab.options import parse
        from genlab.tasks.task_request import TaskRequest

        return parse(TaskRequest, {"task": {"name": task, **(options or {})}, **settings})

    def fit(self, run: str | Run, content: bytes | str, name: str = "", *, invert: bool = False) -> str:
        """A file of one's own as a request takes it: as an item of a run's data.

        Args:
            run: The run.
            content: The file, of any format that an import of such data reads; or a text that was typed, where the data
                are texts. Of several items in it the first is taken.
            name: The file's name: its ending may say how it is to be read.
            invert: Whether dark and light change places.

        Raises:
            InputError: When it cannot be read as such an item.
        """
        return fit_one(self._runs.read(run), self._workspace, content, name, invert).text

    def fit_all(self, run: str | Run, files: Iterable[tuple[str, bytes | str]], *, invert: bool = False) -> FittedItems:
        """Files of one's own as items of a run's data, as many as a task takes: each line of a text, a film of frames.

        Args:
            run: The run.
            files: Name and content of each, or a text that was typed.
            invert: Whether dark and light change places.

        Returns:
            The items, whose ``text`` is what a request takes, with what was done to make each fit; and why others
            cannot be used.

        Raises:
            InputError: When such data are not read from files.
        """
        from genlab.tasks.task_request import MOST_OWN

        return fit_files(self._runs.read(run), self._workspace, files, invert, MOST_OWN)

    def unfit(self, task: str, run: str | Run) -> str:
        """Why a task cannot be done with the data of a run, in a sentence; "" where it can.

        Raises:
            InputError: When there is no such task or run.
        """
        from genlab.registry import registry
        from genlab.tasks.task_request import unfit

        directory = self._runs.read(run)
        data = directory.environment().get("data") or {}
        shape = tuple(data.get("shape") or ())
        return unfit(registry("tasks").get(task), directory.kind(), bool(data.get("classes")), shape)

    def known(self, run: str | Run, request: TaskRequest) -> Mapping[str, Any] | None:
        """What a model has made of a task, with the ``folder`` of its pictures; None before that.

        Raises:
            InputError: When the run has no checkpoint, or the task is not for its data.
        """
        from genlab.tasks.task_request import kept_task

        place = kept_task(self._runs.read(run), request)
        document = place.read()
        return None if document is None else {**document, "folder": str(place.folder)}

    def baselines(self, run: str | Run, request: TaskRequest) -> Mapping[str, Any] | None:
        """The same of the methods without a model, for the data of a run: its inputs among them; None before that.

        Raises:
            InputError: When the task is not for its data.
        """
        from genlab.tasks.task_request import kept_baselines

        place = kept_baselines(self._runs.read(run), request, self._workspace.encoders)
        document = place.read()
        return None if document is None else {**document, "folder": str(place.folder)}


class Tasks(TasksReader):
    """What models can be used for.

    Args:
        workspace: Where results are kept.
        runs: The runs that trained the models.
        jobs: Where tasks are done.
    """

    def __init__(self, workspace: Workspace, runs: RunsReader, jobs: Jobs) -> None:
        super().__init__(workspace, runs)
        self._jobs = jobs

    def make_ready(self) -> None:
        """Have a process ready for attempts, for whoever is about to ask for one: libraries take seconds to load."""
        self._jobs.make_ready("attempt")

    def start(self, run: str | Run, request: TaskRequest) -> Job | None:
        """Begin a task, a few items in a process that is at hand; None when it has been done.

        Raises:
            InputError: When the run has no checkpoint, or the task is not for its data.
        """
        if self.known(run, request) is not None and self.baselines(run, request) is not None:
            return None
        why = self.unfit(request.task.name, run)
        if why:
            raise InputError(why, "Choose another task, or another model.", kind="bad_value")
        asked = {"run": self._runs.read(run).path.name, "request": request.model_dump(mode="json")}
        return self._jobs.start("attempt" if request.is_attempt else "task", asked)

    def carry_out(
        self, run: str | Run, request: TaskRequest, progress: Callable[[Job], None] | None = None
    ) -> Mapping[str, Any]:
        """Let a model do a task, in another process, and wait for it; what is known is not done again.

        Args:
            run: The run, or its identifier or name.
            request: The task.
            progress: Called now and then with the state of the job.

        Returns:
            As `known`.

        Raises:
            InputError: When the run has no checkpoint, or the task is not for its data.
            GenlabError: When it was cancelled or failed.
        """
        self._jobs.wait_for(self.start(run, request), progress)
        found = self.known(run, request)
        if found is None:
            raise GenlabError("The result is gone.", "Someone has deleted it; do the task again.", kind="not_found")
        return found

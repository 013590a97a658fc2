"""Lab: what pages, command line and notebooks use, by nouns. The one door; imports no torch until a model is needed."""

from __future__ import annotations

import os
from typing import Any

from genlab.jobs.launcher import Launcher, default_launcher
from genlab.lab.configs import Configs
from genlab.lab.data import Data, DataReader
from genlab.lab.evaluations import Evaluations, EvaluationsReader
from genlab.lab.holdings import Holdings, HoldingsReader
from genlab.lab.imports import Imports, ImportsReader
from genlab.lab.jobs import Jobs, JobsReader
from genlab.lab.latents import Latents, LatentsReader
from genlab.lab.matches import Matches, MatchesReader
from genlab.lab.models import Models, ModelsReader
from genlab.lab.runs import Runs, RunsReader
from genlab.lab.sandbox import Sandbox, SandboxReader
from genlab.lab.tasks import Tasks, TasksReader
from genlab.store.workspace import Workspace

__all__ = ["Lab", "ReadOnlyLab"]


class ReadOnlyLab:
    """One workspace and what can be seen in it; its nouns have no verb that changes anything.

    Args:
        workspace: Its folder; by default ``GENLAB_WORKSPACE`` or the user's data folder.

    Attributes:
        workspace: Where everything is.
        data: Data sets.
        imports: A person's own images that are to become data sets.
        configs: Configurations that can be made for them.
        runs: Runs, trained and in training.
        models: What they trained.
        evaluations: How good that is.
        sandbox: What metrics say of items that were damaged in known ways.
        latents: The models' latent spaces.
        tasks: What models can be used for, and how well they do it.
        matches: Matches between families.
        jobs: Work other than training.
        holdings: What the workspace holds, damaged things too.
    """

    data: DataReader
    imports: ImportsReader
    configs: Configs
    runs: RunsReader
    models: ModelsReader
    evaluations: EvaluationsReader
    sandbox: SandboxReader
    latents: LatentsReader
    tasks: TasksReader
    matches: MatchesReader
    jobs: JobsReader
    holdings: HoldingsReader

    def __init__(self, workspace: str | os.PathLike[str] | None = None) -> None:
        self.workspace = here = Workspace.open(workspace)
        self.data = DataReader(here)
        self.imports = ImportsReader(here)
        self.configs = Configs(here, self.data)
        self.jobs = JobsReader(here)
        self.runs = RunsReader(here, self.data)
        self.models = ModelsReader(self.runs)
        self.evaluations = EvaluationsReader(self.runs)
        self.sandbox = SandboxReader(here)
        self.latents = LatentsReader(here, self.runs)
        self.tasks = TasksReader(here, self.runs)
        self.matches = MatchesReader(here, self.data, self.configs, self.runs, self.evaluations)
        self.holdings = HoldingsReader(here, self.data, self.runs, self.matches, self.jobs)

    def doctor(self) -> list[dict[str, Any]]:
        """What works here: versions, device, data sets, workspace."""
        from genlab.doctor import examine

        return examine(self.workspace, self.runs.all, self.data.all, self.holdings.damaged)


class Lab(ReadOnlyLab):
    """One workspace and what can be done in it: `ReadOnlyLab`, with the verbs that change something.

    Args:
        workspace: Its folder; by default ``GENLAB_WORKSPACE`` or the user's data folder. Made when first written to.
        launcher: How workers are started; by default each in a process of its own.
    """

    data: Data
    imports: Imports
    runs: Runs
    models: Models
    evaluations: Evaluations
    sandbox: Sandbox
    latents: Latents
    tasks: Tasks
    matches: Matches
    jobs: Jobs
    holdings: Holdings

    def __init__(self, workspace: str | os.PathLike[str] | None = None, launcher: Launcher | None = None) -> None:
        self.workspace = here = Workspace.open(workspace)
        self.launcher = launcher or default_launcher()
        self.jobs = Jobs(here, self.launcher)
        self.imports = Imports(here, self.launcher)
        self.data = Data(here, self.imports, self.jobs)
        self.configs = Configs(here, self.data)
        self.runs = Runs(here, self.data, self.configs, self.launcher)
        self.models = Models(self.runs, self.jobs)
        self.evaluations = Evaluations(self.runs, self.jobs)
        self.sandbox = Sandbox(here, self.jobs)
        self.latents = Latents(here, self.runs, self.jobs)
        self.tasks = Tasks(here, self.runs, self.jobs)
        self.matches = Matches(here, self.data, self.configs, self.runs, self.evaluations, self.jobs)
        self.holdings = Holdings(here, self.data, self.runs, self.matches, self.jobs)

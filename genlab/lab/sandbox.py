"""The sandbox: what metrics say of real items that were damaged in known ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from genlab.config import DataConfig
from genlab.jobs.background import Job
from genlab.lab.jobs import Jobs
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.evaluation.damage import Kind
    from genlab.evaluation.evaluation_request import EvaluationRequest
    from genlab.metrics.base import Damage


class SandboxReader:
    """What is known of how metrics respond to damage.

    Args:
        workspace: Where it is kept.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def damages(self) -> Mapping[Damage, Kind]:
        """What the sandbox can do to real items: name -> title, summary and whether it needs classes."""
        from genlab.evaluation.damage import DAMAGES

        return DAMAGES

    def known(
        self, data: DataConfig, damage: str, request: EvaluationRequest | None = None
    ) -> Mapping[str, Any] | None:
        """Every metric's response to growing damage, with the folder of its pictures; None if not measured yet."""
        from genlab.evaluation.evaluation_request import EvaluationRequest, kept_sandbox

        folder = self._workspace.encoders
        document = kept_sandbox(folder, data, damage, request or EvaluationRequest()).read()
        return None if document is None else {**document, "folder": str(folder)}


class Sandbox(SandboxReader):
    """How metrics respond to damage.

    Args:
        workspace: Where it is kept.
        jobs: Where it is measured.
    """

    def __init__(self, workspace: Workspace, jobs: Jobs) -> None:
        super().__init__(workspace)
        self._jobs = jobs

    def start(self, data: DataConfig, damage: str, request: EvaluationRequest | None = None) -> Job | None:
        """Begin to measure what metrics say of damaged real items; None when it is known already."""
        from genlab.evaluation.evaluation_request import EvaluationRequest

        if self.known(data, damage, request) is not None:
            return None
        asked = (request or EvaluationRequest()).model_dump(mode="json")
        return self._jobs.start("sandbox", {"data": data.model_dump(mode="json"), "damage": damage, "request": asked})

"""Lab: the verbs that pages, command line and notebooks use. The one door; imports no torch until a model is needed."""

from __future__ import annotations

from typing import Any

from genlab.lab.matching import Matching

__all__ = ["Lab"]


class Lab(Matching):
    """One workspace and what can be done in it: data, runs, models, evaluations, latent spaces, matches.

    Args:
        workspace: Its folder; by default ``GENLAB_WORKSPACE`` or the user's data folder. Made when first written to.
        launcher: How workers are started; by default each in a process of its own.
    """

    def doctor(self) -> list[dict[str, Any]]:
        """What works here: versions, device, data sets, workspace."""
        from genlab.jobs.doctor import examine

        return examine(self)

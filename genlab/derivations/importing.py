"""Import: a person's own images, from a folder, a zip or an npz, become a data set of the workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from genlab.jobs.derivation import Derivation
from genlab.jobs.importing import ImportRequest
from genlab.store.workspace import Workspace


def _work(arguments: Mapping[str, Any], workspace: Workspace, progress: Callable[[float, str], None]) -> None:
    from genlab.jobs.importing import run

    run(arguments, workspace, progress)


SPEC = Derivation(
    title="Import",
    summary="A person's own images, from a folder, a zip or an npz, become a data set of the workspace",
    called="the import",
    work=_work,
    Options=ImportRequest,
    slot="imports",
    threads=1,
)

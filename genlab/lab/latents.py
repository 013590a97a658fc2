"""Latent spaces: explored by jobs, kept in their runs, walked through, and asked where an item belongs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from genlab.errors import GenlabError, InputError
from genlab.jobs.background import Job
from genlab.lab._own import fit_one
from genlab.lab.jobs import Jobs
from genlab.lab.runs import RunsReader
from genlab.store.run import Run
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.datasets.foreign.single import FittedItem
    from genlab.exploration.exploration_request import ExplorationRequest, WalkRequest
    from genlab.exploration.explored import Exploration


class LatentsReader:
    """What is known of the latent spaces of models.

    Args:
        workspace: Where their data are.
        runs: The runs that trained them.
    """

    def __init__(self, workspace: Workspace, runs: RunsReader) -> None:
        self._workspace, self._runs = workspace, runs

    def request(self, **settings: Any) -> ExplorationRequest:
        """Which codes are looked at: real items, samples, checkpoint.

        Raises:
            InputError: When a setting is unknown or out of range.
        """
        from genlab.exploration.exploration_request import ExplorationRequest
        from genlab.options import parse

        return parse(ExplorationRequest, settings).checked()

    def walk_request(self, **settings: Any) -> WalkRequest:
        """A way through the latent space: its points, steps and pictures.

        Raises:
            InputError: When a setting is unknown or out of range.
        """
        from genlab.exploration.exploration_request import WalkRequest
        from genlab.options import parse

        return parse(WalkRequest, settings)

    def known(self, run: str | Run, request: ExplorationRequest | None = None) -> Exploration | None:
        """What has been worked out for a request, or None.

        Raises:
            InputError: When the run has no checkpoint.
        """
        from genlab.exploration.exploration_request import kept_exploration
        from genlab.exploration.explored import Exploration

        return Exploration.of(kept_exploration(self._runs.read(run), request or self.request()))

    def walk(
        self, run: str | Run, walk: WalkRequest, request: ExplorationRequest | None = None
    ) -> Mapping[str, Any] | None:
        """What is known of a walk that has been drawn, with the paths of its ``files``; None before that."""
        from genlab.exploration.exploration_request import kept_walk

        known = self.known(run, request)
        document = None if known is None else kept_walk(known.folder, walk).read()
        if known is None or document is None:
            return None
        folder = known.folder
        return {**document, "files": {kind: str(folder / name) for kind, name in document["files"].items()}}

    def placement(
        self, run: str | Run, item: bytes, label: int | None = None, request: ExplorationRequest | None = None
    ) -> Mapping[str, Any] | None:
        """Where an item belongs: code, residual, neighbours, places on the maps, ``"picture"``; None before that."""
        from genlab.exploration.exploration_request import kept_place

        known = self.known(run, request)
        if known is None:
            return None
        place = kept_place(known.folder, base64.b64encode(item).decode(), label)
        document = place.read()
        if document is None:
            return None
        return {**document, "file": place.path.name, "picture": str(place.path.with_suffix(".png"))}

    def fit(self, run: str | Run, content: bytes | str, name: str = "", *, invert: bool = False) -> FittedItem:
        """A file of one's own as an item of a run's data: in their size and colours, rate and length, or words.

        Args:
            run: The run.
            content: The file, of any format that an import of such data reads; or a text that was typed, where the data
                are texts. Of several items in it the first is taken.
            name: The file's name: its ending may say how it is to be read.
            invert: Whether dark and light change places, e.g. for ink on paper where the data are light on dark.

        Returns:
            The item, with what was done to make it fit.

        Raises:
            InputError: When it cannot be read as such an item.
        """
        return fit_one(self._runs.read(run), self._workspace, content, name, invert)


class Latents(LatentsReader):
    """The latent spaces of models.

    Args:
        workspace: Where their data are.
        runs: The runs that trained them.
        jobs: Where they are explored.
    """

    def __init__(self, workspace: Workspace, runs: RunsReader, jobs: Jobs) -> None:
        super().__init__(workspace, runs)
        self._jobs = jobs

    def explore(
        self,
        run: str | Run,
        request: ExplorationRequest | None = None,
        projection: str = "pca",
        progress: Callable[[Job], None] | None = None,
    ) -> Exploration:
        """Work out the latent space of a model, in another process, and wait for it; what is known is not done again.

        Args:
            run: The run, or its identifier or name.
            request: Which codes; by default some thousand real images and samples.
            projection: ``"pca"``, ``"umap"`` or ``"tsne"``.
            progress: Called now and then with the state of the job.

        Raises:
            InputError: When the run has no checkpoint, or did not learn from images.
            GenlabError: When it was cancelled or failed.
        """
        self._jobs.wait_for(self.start(run, request), progress)
        self._jobs.wait_for(self.start_projection(run, projection, request), progress)
        found = self.known(run, request)
        if found is None:
            raise GenlabError("The exploration is gone.", "Someone has deleted it; explore again.", kind="not_found")
        return found

    def start(self, run: str | Run, request: ExplorationRequest | None = None) -> Job | None:
        """Begin to work out a latent space, or what of it is still pending; returns the job, or None when all is known.

        The exploration can be read as soon as it has a map; what follows then is in its ``pending``.

        Raises:
            InputError: When the run has no checkpoint.
        """
        request = request or self.request()
        known = self.known(run, request)
        if known is not None and not known.pending:
            return None
        return self._jobs.start("explore", self._asked(run, request))

    def start_projection(
        self, run: str | Run, method: str, request: ExplorationRequest | None = None, place: str | None = None
    ) -> Job | None:
        """Begin to lay the codes of an exploration out in the plane; None when that has been done.

        Args:
            run: The run.
            method: ``"pca"``, ``"umap"`` or ``"tsne"``.
            request: The exploration.
            place: File name of a placement (its ``"file"``) that is to be put on the map as well.

        Raises:
            InputError: When there is no such method, or the latent space has not been explored yet.
        """
        from genlab.exploration.exploration_request import PROJECTIONS

        request = request or self.request()
        if method not in PROJECTIONS:
            raise InputError(f"There is no projection {method!r}.", f"Try one of: {', '.join(PROJECTIONS)}.")
        known = self.known(run, request)
        if known is None:
            raise InputError("This latent space has not been explored yet.", "Explore it first.", kind="not_found")
        if method in known.document["projections"] and place is None:
            return None
        return self._jobs.start("project", self._asked(run, request) | {"method": method, "place": place})

    def start_walk(self, run: str | Run, walk: WalkRequest, request: ExplorationRequest | None = None) -> Job | None:
        """Begin to draw a walk, linear beside spherical, as GIF, MP4 and strip; None when it is there already.

        Raises:
            InputError: When the latent space has not been explored yet.
        """
        if self.walk(run, walk, request) is not None:
            return None
        asked = self._asked(run, request) | {"walk": walk.model_dump(mode="json")}
        return self._jobs.start("walk", asked)

    def start_placement(
        self, run: str | Run, item: bytes, label: int | None = None, request: ExplorationRequest | None = None
    ) -> Job | None:
        """Begin to find where an item of one's own belongs; None when it is known already.

        Args:
            run: The run.
            item: Its ``content``, as `fit` gives it.
            label: Its class, for a conditional model.
            request: The exploration into whose maps it is put.

        Raises:
            InputError: When the run has no checkpoint.
        """
        if self.placement(run, item, label, request) is not None:
            return None
        asked = self._asked(run, request) | {"image": base64.b64encode(item).decode(), "label": label}
        return self._jobs.start("place", asked)

    def _asked(self, run: str | Run, request: ExplorationRequest | None) -> dict[str, Any]:
        chosen = request or self.request()
        return {"run": self._runs.read(run).path.name, "request": chosen.model_dump(mode="json")}

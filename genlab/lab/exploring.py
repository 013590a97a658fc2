"""Latent spaces: explored by jobs, kept in their runs, walked through, and asked where an image belongs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from genlab import kinds
from genlab.errors import GenlabError, InputError
from genlab.jobs.background import Job
from genlab.lab.changes import changes, looks
from genlab.lab.judging import Judging
from genlab.store.reading import damaged
from genlab.store.run import Run

if TYPE_CHECKING:
    from genlab.exploration.kept import Decoder, Exploration
    from genlab.exploration.request import ExplorationRequest, WalkRequest


class Exploring(Judging):
    """What is known of the latent spaces of a workspace's models."""

    @looks
    def exploration_request(self, **settings: Any) -> ExplorationRequest:
        """Which codes are looked at: real items, samples, checkpoint.

        Raises:
            InputError: When a setting is unknown or out of range.
        """
        from genlab.exploration.request import ExplorationRequest
        from genlab.options import parse

        return parse(ExplorationRequest, settings).checked()

    @looks
    def walk_request(self, **settings: Any) -> WalkRequest:
        """A way through the latent space: its points, steps and pictures.

        Raises:
            InputError: When a setting is unknown or out of range.
        """
        from genlab.exploration.request import WalkRequest
        from genlab.options import parse

        return parse(WalkRequest, settings)

    @looks
    def decoder(self, run: str | Run, images: int | None = None) -> Decoder | None:
        """How the decoder of a checkpoint (at or before ``images``) is run in a browser; None if not prepared yet.

        Raises:
            InputError: When the run has no such checkpoint.
        """
        from genlab.exploration.kept import Decoder
        from genlab.exploration.request import kept_decoder
        from genlab.store.checkpoints import pick_checkpoint

        directory = self.directory(run)
        return Decoder.of(kept_decoder(directory, pick_checkpoint(directory, images)))

    @changes
    def start_decoder(self, run: str | Run, images: int | None = None) -> Job | None:
        """Begin to write a decoder for browsers, which takes seconds and no data; None when it is there.

        Raises:
            InputError: When the run has no such checkpoint.
        """
        if self.decoder(run, images) is not None:
            return None
        return self._start_job("decoder", {"run": self.directory(run).path.name, "images": images})

    @changes
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
        self.wait_for(self.start_exploration(run, request), progress)
        self.wait_for(self.start_projection(run, projection, request), progress)
        found = self.exploration(run, request)
        if found is None:
            raise GenlabError("The exploration is gone.", "Someone has deleted it; explore again.", kind="not_found")
        return found

    @changes
    def start_exploration(self, run: str | Run, request: ExplorationRequest | None = None) -> Job | None:
        """Begin to work out a latent space, or what of it is still pending; returns the job, or None when all is known.

        The exploration can be read as soon as it has a map; what follows then is in its ``pending``.

        Raises:
            InputError: When the run has no checkpoint.
        """
        request = request or self.exploration_request()
        known = self.exploration(run, request)
        if known is not None and not known.pending:
            return None
        return self._start_job("explore", self._asked(run, request))

    @looks
    def exploration(self, run: str | Run, request: ExplorationRequest | None = None) -> Exploration | None:
        """What has been worked out for a request, or None.

        Raises:
            InputError: When the run has no checkpoint.
        """
        from genlab.exploration.kept import Exploration
        from genlab.exploration.request import kept_exploration

        return Exploration.of(kept_exploration(self.directory(run), request or self.exploration_request()))

    @changes
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
        from genlab.exploration.request import PROJECTIONS

        request = request or self.exploration_request()
        if method not in PROJECTIONS:
            raise InputError(f"There is no projection {method!r}.", f"Try one of: {', '.join(PROJECTIONS)}.")
        known = self.exploration(run, request)
        if known is None:
            raise InputError("This latent space has not been explored yet.", "Explore it first.", kind="not_found")
        if method in known.document["projections"] and place is None:
            return None
        return self._start_job("project", self._asked(run, request) | {"method": method, "place": place})

    @changes
    def start_walk(self, run: str | Run, walk: WalkRequest, request: ExplorationRequest | None = None) -> Job | None:
        """Begin to draw a walk, linear beside spherical, as GIF, MP4 and strip; None when it is there already.

        Raises:
            InputError: When the latent space has not been explored yet.
        """
        if self.walk(run, walk, request) is not None:
            return None
        asked = self._asked(run, request) | {"walk": walk.model_dump(mode="json")}
        return self._start_job("walk", asked)

    @looks
    def walk(
        self, run: str | Run, walk: WalkRequest, request: ExplorationRequest | None = None
    ) -> Mapping[str, Any] | None:
        """What is known of a walk that has been drawn, with the paths of its ``files``; None before that."""
        from genlab.exploration.request import kept_walk

        known = self.exploration(run, request)
        document = None if known is None else kept_walk(known.folder, walk).read()
        if known is None or document is None:
            return None
        folder = known.folder
        return {**document, "files": {kind: str(folder / name) for kind, name in document["files"].items()}}

    @changes
    def start_placement(
        self, run: str | Run, image: bytes, label: int | None = None, request: ExplorationRequest | None = None
    ) -> Job | None:
        """Begin to find where an image of one's own belongs; None when it is known already.

        Args:
            run: The run.
            image: A PNG as `fit_image` gives it.
            label: Its class, for a conditional model.
            request: The exploration into whose maps it is put.

        Raises:
            InputError: When the run has no checkpoint.
        """
        if self.placement(run, image, label, request) is not None:
            return None
        asked = self._asked(run, request) | {"image": base64.b64encode(image).decode(), "label": label}
        return self._start_job("place", asked)

    @looks
    def fit_image(self, run: str | Run, content: bytes, *, invert: bool = False) -> bytes:
        """A picture file in the size and colours of a run's data, as PNG.

        Args:
            run: The run.
            content: A picture of any common format.
            invert: Whether dark and light change places, e.g. for ink on paper where the data are light on dark.

        Raises:
            InputError: When the picture cannot be read.
        """
        from genlab.datasets._single import fit_picture

        directory = self.directory(run)
        kind = kinds.get(directory.kind())
        if not kind.pixels:
            raise InputError(f"{directory.path.name} learned {kind.holding}, not images.", "Take a model of images.")
        shape = (directory.environment().get("space") or {}).get("shape", ())
        if len(shape) != 3:
            raise damaged(f"environment.json of the run {directory.path.name} does not say how large its images are")
        channels, height, width = shape
        return fit_picture(content, (int(height), int(width)), int(channels), invert=invert)

    @looks
    def placement(
        self, run: str | Run, image: bytes, label: int | None = None, request: ExplorationRequest | None = None
    ) -> Mapping[str, Any] | None:
        """Where an image belongs: code, residual, neighbours, places on the maps, ``"picture"``; None before that."""
        from genlab.exploration.request import kept_place

        known = self.exploration(run, request)
        if known is None:
            return None
        place = kept_place(known.folder, base64.b64encode(image).decode(), label)
        document = place.read()
        if document is None:
            return None
        return {**document, "file": place.path.name, "picture": str(place.path.with_suffix(".png"))}

    def _asked(self, run: str | Run, request: ExplorationRequest | None) -> dict[str, Any]:
        chosen = request or self.exploration_request()
        return {"run": self.directory(run).path.name, "request": chosen.model_dump(mode="json")}

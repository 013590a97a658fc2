"""The folder in which everything of one user is kept, and where raw data is looked for."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from genlab.errors import InputError
from genlab.store.atomic import storage_errors


@dataclass(frozen=True)
class Source:
    """Where a data set may look for its files.

    Attributes:
        root: Folder named by ``GENLAB_DATA``, if set: raw files in torchvision's own layout, never written to.
        downloads: Folder in the workspace that downloads go to.
    """

    root: Path | None
    downloads: Path


@dataclass(frozen=True)
class Workspace:
    """Paths of a workspace; nothing is created before it is needed."""

    path: Path

    @classmethod
    def open(cls, path: str | os.PathLike[str] | None = None) -> Workspace:
        """The workspace at ``path``, or in ``GENLAB_WORKSPACE``, or in the user's data folder."""
        chosen = path or os.environ.get("GENLAB_WORKSPACE") or platformdirs.user_data_dir("genlab", appauthor=False)
        return cls(Path(chosen).expanduser().absolute())

    @property
    def runs(self) -> Path:
        """Run directories."""
        return self.path / "runs"

    @property
    def shipped(self) -> Path:
        """Copies of shipped runs, made when something about them is to be kept."""
        return self.path / "shipped"

    @property
    def datasets(self) -> Path:
        """Decoded data sets."""
        return self.path / "datasets"

    @property
    def uploads(self) -> Path:
        """Images that pages have been given and that are not a data set yet."""
        return self.datasets / ".uploads"

    @property
    def encoders(self) -> Path:
        """Trained feature encoders, features and floors."""
        return self.path / "encoders"

    @property
    def jobs(self) -> Path:
        """Jobs other than training: evaluations and the like."""
        return self.path / "jobs"

    @property
    def matches(self) -> Path:
        """Matches between families."""
        return self.path / "matches"

    @property
    def queue(self) -> Path:
        """Tickets of waiting workers and locks of slots."""
        return self.path / "queue"

    @property
    def source(self) -> Source:
        """Where raw data may be found or downloaded to."""
        root = os.environ.get("GENLAB_DATA")
        return Source(root=Path(root).expanduser().absolute() if root else None, downloads=self.path / "downloads")

    def create(self) -> None:
        """Make the folders.

        Raises:
            InputError: When the place cannot be written to.
        """
        try:
            with storage_errors(self.path):
                for folder in (self.runs, self.datasets, self.queue):
                    folder.mkdir(parents=True, exist_ok=True)
                    if not os.access(folder, os.W_OK):
                        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
        except OSError as error:
            raise InputError(
                f"The workspace {self.path} cannot be made: {error.strerror or error}.",
                "Choose another place with --workspace or GENLAB_WORKSPACE.",
                kind="read_only",
            ) from error

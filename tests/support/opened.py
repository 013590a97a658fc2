"""How many bytes of which files are opened while something is done, by whatever way Python opens files."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_watching: list[Opened] = []
_guard = threading.Lock()


class Opened:
    """Files with an ending that were opened, and their bytes.

    Args:
        suffix: The ending.
    """

    def __init__(self, suffix: str) -> None:
        self.suffix = suffix
        self.files: list[str] = []
        self.size = 0

    def note(self, path: object) -> None:
        """Count a file that is being opened."""
        if isinstance(path, str | os.PathLike) and os.fspath(path).endswith(self.suffix) and Path(path).is_file():
            self.files.append(os.fspath(path))
            self.size += Path(path).stat().st_size


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and _watching:
        for each in _watching:
            each.note(arguments[0])


_installed = False


@contextmanager
def opened(suffix: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Count what is opened meanwhile; `safetensors` opens files beside Python, so that it is asked itself."""
    global _installed
    import safetensors.torch

    found = Opened(suffix)
    with _guard:
        if not _installed:
            sys.addaudithook(_hook)
            _installed = True
    load = safetensors.torch.load_file

    def counted(path: Any, *arguments: Any, **options: Any) -> Any:
        found.note(path)
        return load(path, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr("safetensors.torch.load_file", counted)
        patched.setattr("genlab.models.checkpoint.load_file", counted)
        _watching.append(found)
        try:
            yield found
        finally:
            _watching.remove(found)

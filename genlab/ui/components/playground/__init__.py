"""The playground's component: hand-written ES modules that draw on canvases; no library, no build step."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
SCRIPT = "text/javascript"


@lru_cache(maxsize=1)
def assets() -> tuple[str, Mapping[str, bytes]]:
    """A version that changes with any script, and the scripts by name."""
    files = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.js"))}
    digest = hashlib.sha256(b"".join(name.encode() + content for name, content in files.items()))
    return digest.hexdigest()[:16], files


def style() -> str:
    """The component's style sheet."""
    return (FOLDER / "style.css").read_text(encoding="utf-8")

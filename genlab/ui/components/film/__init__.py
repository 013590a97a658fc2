"""Samples that runs drew while they trained, under one slider with a button that plays them; nothing reruns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genlab.ui.components import assets

SECONDS = 0.6
"""How long a picture stays while they are played."""

TILES, TEXTS = 16, 6
"""Samples shown in each direction at most; where they are to be read, as if they were square."""

HTML = '<div class="back-in-time" role="group" aria-label="Samples while training"></div>'


@dataclass(frozen=True)
class Reel:
    """The pictures of one run.

    Attributes:
        run: Its identifier.
        title: What it is called.
        pictures: (images seen, file) of every picture, rising.
        read: Whether they are texts.
    """

    run: str
    title: str
    pictures: Sequence[tuple[int, Path]]
    read: bool = False


def film(
    key: str,
    reels: Sequence[Reel],
    place: Callable[[Reel, int], float] = lambda reel, images: float(images),
    words: Callable[[float], str] = lambda at: f"{at:,.0f} images",
    *,
    playing: bool = False,
) -> None:
    """Show the pictures of runs side by side, each at its newest one at or before the place of the slider.

    Args:
        key: Key of the component in the session.
        reels: The runs, each with at least one picture.
        place: Where a picture stands on the slider.
        words: What a place is called.
        playing: Whether to begin by itself.
    """
    data = {
        "module": assets.entry("film"),
        "films": [{"title": reel.title, "frames": _frames(reel, place)} for reel in reels],
        "places": [[at, words(at)] for at in places(reels, place)],
        "playing": playing,
        "seconds": SECONDS,
    }
    assets.component("film", "The film", HTML, place=".back-in-time")(key=key, data=data)


def places(reels: Sequence[Reel], place: Callable[[Reel, int], float]) -> list[float]:
    """Every place at which some run has a picture, rising."""
    return sorted({place(reel, images) for reel in reels for images, _ in reel.pictures})


def _frames(reel: Reel, place: Callable[[Reel, int], float]) -> list[dict[str, Any]]:
    frames, tiles = [], TEXTS if reel.read else TILES
    for images, path in reel.pictures:
        try:
            version = path.stat().st_mtime_ns
        except OSError:
            continue
        src = f"genlab/runs/{reel.run}/samples/{images}.png?tiles={tiles}&v={version:x}"
        frames.append({"at": place(reel, images), "images": images, "src": src})
    return frames

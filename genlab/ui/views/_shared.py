"""What the views of a run share: its curves, read once for all sessions, and its pictures, enlarged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from genlab import kinds
from genlab.errors import GenlabError, InputError
from genlab.lab import ReadOnlyLab
from genlab.plots.theme import Mode, family_colour
from genlab.presentation.pictures import corner, enlarge, over_data, png_bytes
from genlab.space import PICTURE_REACH
from genlab.store.pictures import load_picture
from genlab.store.run import Run, RunReader
from genlab.store.tails import Tails

MOST_POINTS = 2_000
"""Data points that stand behind samples in the plane."""

FEW, MORE = 3, 6
"""Texts and films in each direction that a narrow column shows, if they were square."""

PICTURE_PIXELS = 900
"""Side that sample grids are enlarged to, by whole factors and without smoothing."""


@st.cache_resource
def tails() -> Tails:
    """Curves of the runs looked at lately; one for all sessions."""
    return Tails()


@st.cache_data(max_entries=128, show_spinner=False)
def shown_samples(_lab: ReadOnlyLab, _run: Run, path: str, version: int, mode: Mode) -> bytes | None:
    """A picture of samples as PNG, enlarged by a whole factor; None when it is gone."""
    picture = samples_of(_lab, _run, Path(path), mode)
    return None if picture is None else png_bytes(enlarge(picture, max(1, PICTURE_PIXELS // max(picture.size))))


@st.cache_data(max_entries=128, show_spinner=False)
def enlarged(path: str, version: int) -> bytes | None:
    """The picture at ``path`` as PNG, enlarged by a whole factor so that every pixel stays a square.

    None when it is damaged or gone: a run that goes back to a checkpoint takes its later pictures with it.
    """
    try:
        picture = load_picture(Path(path))
    except InputError:
        return None
    return png_bytes(enlarge(picture, max(1, PICTURE_PIXELS // max(picture.size))))


def legible(reader: RunReader, path: Path) -> bytes | None:
    """A run's sample grid for a narrow column: texts so few that they can be read, films by their first frames."""
    space = reader.environment().get("space") or {}
    kind = kinds.of(space)
    frames = kind.moving(tuple(space["shape"])) if "shape" in space else 1
    if kind.text is None and frames < 2:
        return enlarged(str(path), version_of(path))
    grid, tiles = reader.grid(), FEW if frames < 2 else MORE
    try:
        return corner(path, grid.columns, grid.rows, tiles, PICTURE_PIXELS, frames)
    except InputError:
        return None


def samples_of(lab: ReadOnlyLab, run: Run, path: Path, mode: Mode) -> Image.Image | None:
    """A picture of samples in its own pixels, points in their family's colour over the data; None when it is gone."""
    plane = _plane(lab, run)
    try:
        picture = load_picture(path)
    except InputError:
        return None
    return picture if plane is None else over_data(picture, *plane, family_colour(run.family, mode))


def _plane(lab: ReadOnlyLab, run: Run) -> tuple[NDArray[Any], float] | None:
    """Data of a run that learns points, and what its pictures show in each direction; None for images."""
    try:
        directory = lab.runs.read(run)
        space = directory.environment().get("space") or {}
        if kinds.get(directory.kind()).pictured:
            return None
        points = lab.data.open(directory.config().data).items("train")[:MOST_POINTS]
    except (GenlabError, OSError):
        return None
    return np.asarray(points, dtype=np.float64), PICTURE_REACH * float(space.get("scale", 1.0))


def many_of(lab: ReadOnlyLab, run: Run) -> str:
    """What a run has seen so many of, ``"images"``; the usual word where its kind is not known."""
    try:
        return kinds.get(lab.runs.read(run).kind()).many
    except GenlabError:
        return kinds.get(kinds.USUAL).many


def version_of(path: Path) -> int:
    """Changes when the file does; 0 when it is gone."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0

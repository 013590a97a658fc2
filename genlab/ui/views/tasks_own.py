"""Tasks, the inputs: held-out items, or pictures and folders of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from genlab import kinds
from genlab.errors import GenlabError
from genlab.lab import ReadOnlyLab
from genlab.presentation.lineup import Entrant
from genlab.presentation.words import how_many, plain
from genlab.tasks.base import TaskSpec
from genlab.tasks.task_request import MOST_OWN
from genlab.ui.shell import may_change
from genlab.ui.views.latent_place import FILES

Files = Sequence[tuple[str, bytes]]
"""Names and contents."""

PICTURES, FOLDER, TWO = "My pictures", "A folder of mine", "Two folders of mine"


@dataclass(frozen=True)
class OwnPictures:
    """A person's own pictures.

    Attributes:
        names: Of their files.
        contents: The files.
        invert: Whether dark and light change places.
        other: The second folder, which the first is to become like; empty for none.
    """

    names: tuple[str, ...]
    contents: tuple[bytes, ...]
    invert: bool
    other: tuple[bytes, ...] = ()

    def sets(self, lab: ReadOnlyLab, entrant: Entrant) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """`fitted`, of the first folder and of the second."""
        found = (_fitted(lab, entrant.run.id, content, self.invert) for content in self.other)
        return self.fitted(lab, entrant), tuple(text for text in found if text)

    def fitted(self, lab: ReadOnlyLab, entrant: Entrant) -> tuple[str, ...]:
        """Each as a request takes it, in size and colours of a model's data; files that are no pictures left out."""
        fits = (_fitted(lab, entrant.run.id, content, self.invert) for content in self.contents)
        return tuple(text for text in fits if text)

    def unreadable(self, lab: ReadOnlyLab, entrant: Entrant) -> list[str]:
        """Names of the files that are no pictures."""
        return [
            name
            for name, content in zip(self.names, self.contents, strict=True)
            if not _fitted(lab, entrant.run.id, content, self.invert)
        ]


def render(lab: ReadOnlyLab, spec: TaskSpec, entrants: Sequence[Entrant]) -> OwnPictures | None:
    """The picker of inputs; None for held-out items."""
    many = entrants[0].kind.many
    held_out = f"Held-out {many}"
    if not spec.own or not may_change(lab) or not all(kinds.get(one.kind.name).pixels for one in entrants):
        st.caption(f"Inputs are {held_out.lower()}, which no model has learned from.")
        return None
    ways = [held_out, PICTURES, FOLDER, *([TWO] if spec.other else [])]
    wanted = st.segmented_control(
        "Inputs", ways, default=held_out, required=True, wrap=True, key=f"tasks/inputs/{many}/{len(ways)}"
    )
    if wanted not in ways[1:]:
        st.caption(f"{held_out}: no model has learned from them.")
        return None
    if wanted == PICTURES:
        files = _picked("Pictures", PICTURES, folder=False)
    else:
        files = _picked("First folder" if wanted == TWO else "Folder", wanted)
    others = _picked("Second folder, which the first is to become like", f"{TWO}/2") if wanted == TWO else []
    invert = st.toggle(
        "Swap dark and light",
        help="For ink on paper where the data are light on dark, as MNIST's digits are.",
        key="tasks/invert",
    )
    if not files or (wanted == TWO and not others):
        st.caption("Until there are pictures of yours, held-out ones are used.")
        return None
    own = _own(files, invert, others)
    lost = own.unreadable(lab, entrants[0]) + _own(others, invert).unreadable(lab, entrants[0])
    if lost:
        st.warning(
            f"{how_many(len(lost), 'file')} cannot be read as a picture: {', '.join(map(plain, lost[:5]))}.",
            icon=":material/broken_image:",
        )
    first, second = own.sets(lab, entrants[0])
    return own if first and (second or not others) else None


def _own(files: Files, invert: bool, others: Files = ()) -> OwnPictures:
    names, contents, other = [name for name, _ in files], [each for _, each in files], [each for _, each in others]
    return OwnPictures(tuple(names), tuple(contents), invert, tuple(other))


def _picked(label: str, key: str, *, folder: bool = True) -> list[tuple[str, bytes]]:
    """Names and contents of the files that a person has chosen, as many as a task takes."""
    files = st.file_uploader(
        label,
        type=FILES,
        accept_multiple_files="directory" if folder else True,
        help=f"At most {MOST_OWN}. Each is cut to its centre square and made as small as the models' images.",
        key=f"tasks/files/{key}",
    )
    if len(files) > MOST_OWN:
        st.warning(f"The first {MOST_OWN} of {len(files):,} pictures are used.", icon=":material/photo_library:")
    return [(file.name, file.getvalue()) for file in files[:MOST_OWN]]


@st.cache_data(max_entries=4 * MOST_OWN, show_spinner=False)
def _fitted(_lab: ReadOnlyLab, run: str, content: bytes, invert: bool) -> str:
    """A picture as a request takes it; "" for what cannot be read."""
    try:
        return _lab.tasks.fit(run, content, invert=invert)
    except GenlabError:
        return ""

"""Tasks, the inputs: held-out items, or files, folders and typed texts of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from genlab.datasets.foreign.single import FittedItems
from genlab.errors import GenlabError
from genlab.kinds.base import KindSpec
from genlab.lab import ReadOnlyLab
from genlab.presentation.lineup import Entrant
from genlab.presentation.words import plain
from genlab.tasks.base import TaskSpec
from genlab.tasks.task_request import MOST_OWN
from genlab.ui.shell import may_change, show_error
from genlab.ui.views import own_items

PROBLEMS = 5
"""Sentences on what cannot be used."""


@dataclass(frozen=True)
class OwnFiles:
    """Files of a person's, or what was typed.

    Attributes:
        keys: Tell them apart from what was chosen before, one for each.
        names: Their names; empty for what was typed.
        contents: The files, or the texts.
    """

    keys: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    contents: tuple[bytes | str, ...] = ()


@dataclass(frozen=True)
class OwnInputs:
    """A person's own items.

    Attributes:
        files: Where they are.
        invert: Whether dark and light change places.
        other: The second set, which the first is to become like; without files for none.
    """

    files: OwnFiles
    invert: bool = False
    other: OwnFiles = OwnFiles()

    def sets(self, lab: ReadOnlyLab, entrant: Entrant) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The items of the first and of the second set as a request takes them, as a model's data look.

        Raises:
            InputError: When such data are not read from files.
        """
        first, second = (_fitted(lab, entrant, files, self.invert).items for files in (self.files, self.other))
        return tuple(item.text for item in first), tuple(item.text for item in second)

    def names(self, lab: ReadOnlyLab, entrant: Entrant) -> tuple[str, ...]:
        """What the items of the first set are called, one after the other: by their files, or as typed.

        Raises:
            InputError: When such data are not read from files.
        """
        return tuple(item.name for item in _fitted(lab, entrant, self.files, self.invert).items)

    def read(self, lab: ReadOnlyLab, entrant: Entrant) -> list[FittedItems]:
        """What was read of each set, with what was done to it and what cannot be used.

        Raises:
            InputError: When such data are not read from files.
        """
        return [_fitted(lab, entrant, files, self.invert) for files in (self.files, self.other)]


def render(lab: ReadOnlyLab, spec: TaskSpec, entrants: Sequence[Entrant]) -> OwnInputs | None:
    """The picker of inputs; None for held-out items."""
    kind = entrants[0].kind
    held_out = f"Held-out {kind.many}"
    alike = kind.from_files and all(one.kind.name == kind.name for one in entrants)
    if not spec.own or not may_change(lab) or not alike:
        st.caption(f"Inputs are {held_out.lower()}, which no model has learned from.")
        return None
    mine, folder, two = f"My {kind.many}", "A folder of mine", "Two folders of mine"
    ways = [held_out, mine, folder, *([two] if spec.other else [])]
    wanted = st.segmented_control(
        "Inputs", ways, default=held_out, required=True, wrap=True, key=f"tasks/inputs/{kind.many}/{len(ways)}"
    )
    if wanted not in ways[1:]:
        st.caption(f"{held_out}: no model has learned from them.")
        return None
    key = f"tasks/files/{kind.name}/{ways.index(wanted)}"
    if wanted == mine:
        first = _few(lab, entrants[0])
    else:
        first = _picked(kind, "First folder" if wanted == two else "Folder", key)
    second = OwnFiles()
    if wanted == two:
        second = _picked(kind, "Second folder, which the first is to become like", f"{key}/2")
    own = OwnInputs(first, own_items.invert(kind, f"tasks/invert/{kind.name}"), second)
    if not first.keys or (wanted == two and not second.keys):
        st.caption(f"Until there are {kind.many} of yours, held-out ones are used.")
        return None
    return _usable(lab, own, entrants[0])


def _usable(lab: ReadOnlyLab, own: OwnInputs, entrant: Entrant) -> OwnInputs | None:
    """What was chosen, with what was done to it; None where nothing of it can be used."""
    try:
        found = own.read(lab, entrant)
    except GenlabError as error:
        show_error(error)
        return None
    problems = [why for one in found for why in one.problems]
    if problems:
        _say(problems, found[0].hint)
    for one in found:
        if one.more:
            whole = len(one.items) + len(one.problems) + one.more
            st.warning(f"The first {MOST_OWN} of {whole:,} {entrant.kind.many} are used.", icon=":material/stacks:")
    notes = list(dict.fromkeys(" ".join(item.notes) for one in found for item in one.items if item.notes))
    for note in notes[:2]:
        st.caption(plain(note))
    if len(notes) > 2:
        st.caption("The others were made to fit in the same way.")
    return own if found[0].items and (found[1].items or not own.other.keys) else None


def _say(problems: Sequence[str], hint: str) -> None:
    """What cannot be used, and what to do."""
    if len(problems) == 1:
        st.warning(plain(hint), title=plain(problems[0]), icon=":material/broken_image:")
        return
    more = len(problems) - PROBLEMS
    lines = [f"- {plain(why)}" for why in problems[:PROBLEMS]] + ([f"- and {more:,} more"] if more > 0 else [])
    st.warning("\n".join([*lines, "", plain(hint)]), icon=":material/broken_image:")


def _few(lab: ReadOnlyLab, entrant: Entrant) -> OwnFiles:
    """Files of which each is an item, or texts that are typed, one a line."""
    kind, typed = entrant.kind, ""
    if kind.typed:
        typed = st.text_area(
            f"Type {kind.many}, one a line",
            placeholder=own_items.example(lab, lab.runs.read(entrant.run)) or None,
            max_chars=20_000,
            key=f"tasks/typed/{kind.name}",
        ).strip()
    label = "Pictures" if kind.pixels else f"{kind.many.capitalize()} from files"
    picked = _picked(kind, label, f"tasks/files/{kind.name}", folder=False)
    if not typed:
        return picked
    return OwnFiles((typed, *picked.keys), ("", *picked.names), (typed, *picked.contents))


def _picked(kind: KindSpec, label: str, key: str, *, folder: bool = True) -> OwnFiles:
    """The files that a person has chosen."""
    files = st.file_uploader(
        label,
        type=own_items.endings(kind),
        accept_multiple_files="directory" if folder else True,
        max_upload_size=own_items.MOST_MIB,
        help=f"At most {MOST_OWN} {kind.many}. {kind.fits}".strip(),
        key=key,
    )
    return OwnFiles(
        tuple(file.file_id for file in files),
        tuple(file.name for file in files),
        tuple(file.getvalue() for file in files),
    )


def _fitted(lab: ReadOnlyLab, entrant: Entrant, files: OwnFiles, invert: bool) -> FittedItems:
    if not files.keys:
        return FittedItems(())
    return _read(lab, str(lab.workspace.path), entrant.run.id, files.keys, files.names, invert, files.contents)


@st.cache_data(max_entries=32, show_spinner="Reading")
def _read(
    _lab: ReadOnlyLab,
    workspace: str,
    run: str,
    keys: tuple[str, ...],
    names: tuple[str, ...],
    invert: bool,
    _contents: tuple[bytes | str, ...],
) -> FittedItems:
    """The files as items of a run's data; asked for once for the same files."""
    return _lab.tasks.fit_all(run, list(zip(names, _contents, strict=True)), invert=invert)

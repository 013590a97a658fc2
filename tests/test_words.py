"""What people read uses the field's terms on pages, in help, errors and docs; homemade ones do not come back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "genlab"

INSTEAD = {
    r"\bways between (two )?latents\b": "latent interpolations",
    r", fitted prior\b": "samples from a prior fitted to the codes",
    r"\bclass divergence\b": "KL of class frequencies",
    r"\btwins?\b": "near-duplicate",
    r"\bgain by truncation\b": "effect of truncation",
    r"\bfloors?\b(?! is\b)": "real-data reference",
    r"\bwith the same means\b(?! and)": "under the same budget",
    r"\bheld against\b": "checked against, compared with",
    r"\bguides (claim|say|repeat|put|do not)": "textbooks",
    r"\bseeds? would decide\b|\bmore would decide\b": "about N more seeds needed",
    r": level\b": "no measurable difference",
    r"\bin-domain (feature )?encoder\b": "feature extractor trained on this data; then in-domain features",
    r"\bfeature encoders?\b": "feature extractor",
    r"\b(say|says|saying|tell|tells) (anything|something) about the (image|data)": "are used, carry information",
    r"\bbeyond noise\b|\bdata, with noise\b": "outside the expected range",
    r"\b(has|have) not looked\b|\bdid not look\b": "not checked",
    r"\bcritic(['’]s)? memory\b": "critic overfitting",
    r"\b(critic|generator)(['’]s)? turns?\b|\bturns? (of|per) (the )?(critic|generator|step)": "updates per step",
    r"\btold apart\b": "critic accuracy",
    r"\btaken? (it )?for (real|generated|that one|fake)\b": "judged",
    r"\bthe pull\b": "gradient on each sample",
    r"\banew\b": "again; restarts training",
    r"\btak(e|en|es) away\b": "remove",
    r"\bmode hopping\b": "mode cycling",
    r"\bcame true\b": "actual result",
    r"\bKL counts\b|\bcounts \{[^}]*\} times\b": "the KL term is weighted × N",
    r"\bthese very settings\b": "exactly these settings",
    r"\bcures?\b": "stabilisers, remedies",
    r"\bwhat is shown\b": "display options",
    r"(?<!decoded )\bfrom its codes?\b": "decoded from its code",
    r"^where they are$": "source",
    r"\bcould not be computed\b": "not applicable",
    r"\bnothing limits\b": "no gradient penalty",
    r"\bby heart\b": "memorised",
    r"\blooking only\b": "read-only",
    r"\bcan be had\b": "that apply, that are available",
    r"\b(match|matches) (was|were|has been|cannot be) held\b|\bhold (a|the|one) match\b": "run a match",
    r"\bplay for\b": "loss of critic and generator",
    r"\bin check\b": "penalty on the critic's gradient",
    r"\b(as|by) (few|little) as (it|they) like": "without bound",
    r"\b(straight|spherical) way\b": "linear or spherical interpolation",
    r"\bsay nothing (about|of)\b|\bsays nothing (about|of) the data\b": "carry no information about",
    r"\bclean sweep\b": "unanimous result",
    r"\bwhat becomes of them\b": "their reconstructions",
    r"\bhow it goes\b": "its progress",
    r"\bgoes nowhere\b": "cannot have N steps",
    r"\bread off\b": "predicted from",
    r"\bstill told right\b": "still classified correctly",
    r"\bforgets? (this|them)\b": "clear, remove",
    r"\bthe last word\b": "dominates",
    r"\bpleased with\b": "scores highly",
}
"""A phrase that nobody outside this project uses -> what the field says."""

PHRASES = {re.compile(phrase, re.IGNORECASE): said for phrase, said in INSTEAD.items()}

ALLOWED = {
    "genlab/commands/evaluate.py": ("floor", "floor_from"),
}
"""Keys of documents that are fixed, where they stand among words."""

LITERAL = re.compile(r""""((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`""")
PLACE = re.compile(r"\$\{[^{}]*\}")
TAG = re.compile(r"<[^<>]*>")
COMMENT = re.compile(r"^\s*(//|\*|/\*)")


def _python() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _pages() -> list[Path]:
    return sorted([*PACKAGE.glob("ui/components/*/*.js"), *PACKAGE.glob("ui/components/*/*.css")])


def _documents() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs/matches").glob("*.md"))]


def _documentation(tree: ast.Module) -> set[int]:
    """Strings that stand as statements: docstrings, also of attributes."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string in a module that may reach a person; expressions in them stand in braces.

    Docstrings count in `genlab.commands`, whose functions' are the help.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set() if path.parent.name == "commands" else _documentation(tree)
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner |= {id(part) for part in node.values}
            yield node.lineno, "".join(_part(part) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped | inner:
            yield node.lineno, node.value


def _part(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        return "{}"
    assert isinstance(part, ast.Constant)
    return str(part.value)


def scripted(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string in a page's script."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not COMMENT.match(line):
            yield from ((number, PLACE.sub("{}", one or other)) for one, other in LITERAL.findall(line))


def written(path: Path) -> Iterator[tuple[int, str]]:
    """Paragraphs of a document without its code and addresses."""
    text = re.sub(r"```.*?```", lambda found: "\n" * found[0].count("\n"), path.read_text(encoding="utf-8"), flags=re.S)
    start = 1
    for paragraph in text.split("\n\n"):
        words = re.sub(r"`[^`]*`|\]\([^)]*\)", "", paragraph)
        yield start, re.sub(r"\s+", " ", words)
        start += paragraph.count("\n") + 2


def _is_a_name(text: str) -> bool:
    """Keys, addresses and style sheets are no words."""
    return re.fullmatch(r"[\w./:{}#%@-]*", text) is not None or text.lstrip().startswith(("<style", "."))


def found(texts: Iterator[tuple[int, str]], path: Path) -> list[str]:
    """A line for every phrase that is not the field's."""
    allowed = ALLOWED.get(path.relative_to(ROOT).as_posix(), ())
    return [
        f"{path.relative_to(ROOT)}:{number}: {text.strip()[:100]!r} has {hit[0]!r}; say: {said}"
        for number, text in texts
        if not _is_a_name(text) and text not in allowed
        for phrase, said in PHRASES.items()
        if (hit := phrase.search(TAG.sub(" ", text)))
    ]


@pytest.mark.parametrize("text", ["Ways between latents", "Held against what guides claim", "begins anew", "a twin"])
def test_a_homemade_phrase_is_found(text):
    assert any(phrase.search(text) for phrase in PHRASES)


def test_pages_help_and_errors_use_the_words_of_the_field():
    wrong = [line for path in _python() for line in found(literals(path), path)]
    assert not wrong, "\n".join(wrong)


def test_scripts_of_the_pages_use_the_words_of_the_field():
    paths = _pages()
    assert len(paths) > 30
    wrong = [line for path in paths for line in found(scripted(path), path)]
    assert not wrong, "\n".join(wrong)


def test_documents_use_the_words_of_the_field():
    wrong = [line for path in _documents() for line in found(written(path), path)]
    assert not wrong, "\n".join(wrong)

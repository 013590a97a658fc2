"""Mutants of a module: its source with one small change, such as ``<`` for ``<=`` or a keyword argument left out.

A mutant is a stretch of the source that is replaced. Left alone are texts for people, annotations, decorators and what
only type checkers read.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.MatMult: ast.Mult,
}
OPPOSITE = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor"}
WORD = re.compile(r"[a-z][\w/.-]*")
"""A string that a program reads, e.g. the key of a mapping; others are for people."""


@dataclass(frozen=True)
class Mutant:
    """One change.

    Attributes:
        file: The module, from the root of the repository.
        line: Where it is, counted from 1.
        operator: What kind of change.
        start: Where the change begins, in characters.
        stop: Where it ends.
        new: What stands there instead.
        before: The statement's first line as it was.
    """

    file: str
    line: int
    operator: str
    start: int
    stop: int
    new: str
    before: str

    def applied(self, source: str) -> str:
        """The mutated source."""
        return source[: self.start] + self.new + source[self.stop :]

    def change(self, source: str) -> str:
        """``old -> new``, on one line."""
        return " ".join(f"{source[self.start : self.stop]} -> {self.new or 'nothing'}".split())

    def key(self, source: str) -> str:
        """Tells it apart from all others, also when other lines of the file move."""
        nth = source[: self.start].count(source[self.start : self.stop])
        text = f"{self.file}|{self.operator}|{self.before}|{self.change(source)}|{nth}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def mutants(file: str, source: str) -> list[Mutant]:
    """All mutants of a module, in the order of the source; a few of them may not parse.

    Args:
        file: Its path, from the root of the repository.
        source: Its text.
    """
    starts = [0]
    lines = source.splitlines(keepends=True)
    for line in lines:
        starts.append(starts[-1] + len(line))

    def place(line: int, column: int) -> int:
        """Characters before a place that ast counts in UTF-8 bytes."""
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    found: set[Mutant] = set()
    for node, operator, new in _Walk().changes(ast.parse(source)):
        start, stop = place(node.lineno, node.col_offset), place(node.end_lineno or 0, node.end_col_offset or 0)
        if operator == "removed argument":
            start, stop = _with_comma(source, start, stop)
        found.add(Mutant(file, node.lineno, operator, start, stop, new, lines[node.lineno - 1].strip()))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.stop, mutant.new))


def _with_comma(source: str, start: int, stop: int) -> tuple[int, int]:
    """An argument and the comma before or behind it."""
    behind = re.match(r"\s*,[ \t]*", source[stop:])
    if behind:
        return start, stop + behind.end()
    before = re.search(r",\s*$", source[:start])
    return (before.start() if before else start), stop


def parses(source: str) -> bool:
    """Whether it is Python."""
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


Change = tuple[ast.expr | ast.stmt | ast.keyword, str, str]


class _Walk:
    """Goes through a module and names what can be changed: node, operator and the text that takes its place."""

    def changes(self, node: ast.AST) -> Iterator[Change]:
        """Of a node and of all that it holds."""
        if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom) or _only_for_types(node):
            return
        make: Callable[..., Iterator[Change]] | None = getattr(self, type(node).__name__, None)
        if make is not None:
            yield from make(node)
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "bases", "type_params", "type"}:
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_docstring(child):
                    yield from self.changes(child)

    def Compare(self, node: ast.Compare) -> Iterator[Change]:
        """Each comparison of a chain."""
        for place, operator in enumerate(node.ops):
            operators = [*node.ops[:place], COMPARISONS[type(operator)](), *node.ops[place + 1 :]]
            yield node, "comparison", _text(ast.Compare(node.left, operators, node.comparators))

    def BinOp(self, node: ast.BinOp) -> Iterator[Change]:
        """Another arithmetic, or none."""
        yield node, "arithmetic", _text(ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right))
        yield node, "dropped operand", _text(node.left)

    def AugAssign(self, node: ast.AugAssign) -> Iterator[Change]:
        """The same in place."""
        yield node, "arithmetic", ast.unparse(ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value))
        yield node, "removed assignment", "pass"

    def Assign(self, node: ast.Assign) -> Iterator[Change]:
        """What an object or a mapping holds stays as it was."""
        if any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
            yield node, "removed assignment", "pass"

    def BoolOp(self, node: ast.BoolOp) -> Iterator[Change]:
        """``and`` for ``or``."""
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield node, "boolean", _text(ast.BoolOp(other, node.values))

    def UnaryOp(self, node: ast.UnaryOp) -> Iterator[Change]:
        """Neither ``not`` nor minus."""
        if isinstance(node.op, ast.Not | ast.USub):
            yield node, "boolean" if isinstance(node.op, ast.Not) else "arithmetic", _text(node.operand)

    def Constant(self, node: ast.Constant) -> Iterator[Change]:
        """Another number, truth, or key."""
        value = node.value
        if isinstance(value, bool):
            yield node, "constant", str(not value)
        elif isinstance(value, int):
            yield from ((node, "constant", str(other)) for other in (value + 1, value - 1) if other >= 0)
        elif isinstance(value, float):
            yield from ((node, "constant", repr(other)) for other in ({value * 2, value / 2} if value else {1.0}))
        elif isinstance(value, str) and WORD.fullmatch(value):
            yield node, "constant", repr(f"{value}_")

    def Return(self, node: ast.Return) -> Iterator[Change]:
        """Nothing returned."""
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            yield node, "return value", "return None"

    def Expr(self, node: ast.Expr) -> Iterator[Change]:
        """No call."""
        if isinstance(node.value, ast.Call):
            yield node, "removed call", "pass"

    def Call(self, node: ast.Call) -> Iterator[Change]:
        """Without one of its named arguments; the opposite function."""
        yield from ((keyword, "removed argument", "") for keyword in node.keywords if keyword.arg)
        if isinstance(node.func, ast.Name) and node.func.id in OPPOSITE:
            yield node.func, "opposite", OPPOSITE[node.func.id]

    def Break(self, node: ast.Break) -> Iterator[Change]:
        """On with the loop."""
        yield node, "break", "continue"

    def Continue(self, node: ast.Continue) -> Iterator[Change]:
        """Out of the loop."""
        yield node, "break", "break"

    def If(self, node: ast.If | ast.IfExp | ast.While) -> Iterator[Change]:
        """The other branch, where no comparison says so already."""
        if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant):
            yield node.test, "condition", _text(ast.UnaryOp(ast.Not(), node.test))

    IfExp = While = If


def _text(node: ast.expr) -> str:
    return f"({ast.unparse(node)})"


def _is_docstring(node: ast.AST) -> bool:
    """Whether a statement is nothing but a text, which says what stands above it."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _only_for_types(node: ast.AST) -> bool:
    """Whether only a type checker reads it."""
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.Assign):
        value = node.value
        if isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name):
            return value.value.id in {"Literal", "Callable", "Annotated", "Mapping", "tuple", "dict", "list"}
        return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in {"TypeVar", "NewType", "cast"}
    return isinstance(node, ast.Assert)

"""Places in the code where a kind of data is told by its name, which only `genlab.kinds` may do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from genlab import kinds

NAMES = frozenset(kinds.REGISTRY.names())
SURE = NAMES - {kinds.USUAL}
"""Names that mean nothing but a kind: "images" may count the images that a run has seen as well."""


def kinds_by_name(code: ast.Module, declaring: bool = False) -> Iterator[int]:
    """Lines that compare a kind with a name, look it up under one, or take one for granted.

    Args:
        code: A module.
        declaring: Whether it is an entry that may say which kind of data it holds or is for.
    """
    for node in ast.walk(code):
        if _compares(node) or _assumes(node) or (not declaring and _declares(node)):
            yield getattr(node, "lineno", 0)


def _says(node: ast.AST | None, names: frozenset[str] = NAMES) -> bool:
    """Whether an expression is one of the names, or a collection with one of them."""
    inside = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return any(isinstance(part, ast.Constant) and part.value in names for part in inside)


def _about_kinds(*nodes: ast.AST) -> bool:
    return any(re.search(r"kind|space|facts|\bdata\b", ast.unparse(node)) for node in nodes)


def _compares(node: ast.AST) -> bool:
    match node:
        case ast.Compare(left=left, comparators=others):
            sides = (left, *others)
            return any(_says(side, SURE) for side in sides) or (any(map(_says, sides)) and _about_kinds(*sides))
        case ast.Match(subject=subject, cases=cases):
            parts = [part for case in cases for part in ast.walk(case.pattern)]
            return _about_kinds(subject) and any(
                _says(part.value) for part in parts if isinstance(part, ast.MatchValue)
            )
        case ast.Subscript(value=ast.Name(id="Literal"), slice=chosen):
            return _says(chosen, SURE)
        case ast.Subscript(value=ast.Dict(keys=keys), slice=chosen):
            return any(map(_says, keys)) and _about_kinds(chosen)
    return False


def _assumes(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=func, args=args):
            others = [argument for argument in args if not _says(argument)]
            space = ast.unparse(func).rpartition(".")[2] == "Space"
            return any(map(_says, args)) and (space or _about_kinds(func, *others))
        case ast.arguments(posonlyargs=first, args=more, defaults=defaults, kwonlyargs=named, kw_defaults=of_named):
            ending = zip(reversed([*first, *more]), reversed(defaults), strict=False)
            return any(
                "kind" in arg.arg and _says(value) for arg, value in [*ending, *zip(named, of_named, strict=True)]
            )
        case ast.AnnAssign(target=target, value=value):
            return _says(value) and _about_kinds(target)
        case ast.Assign(targets=targets, value=value):
            return _says(value) and _about_kinds(*targets)
        case ast.ImportFrom(module=str(module), names=aliases):
            entries = {f"genlab.kinds.{name}" for name in NAMES}
            return module in entries or any(f"{module}.{alias.name}" in entries for alias in aliases)
    return False


def _declares(node: ast.AST) -> bool:
    match node:
        case ast.Dict(keys=keys):
            return any(_says(key, SURE) for key in keys) or sum(map(_says, keys)) > 1
        case ast.Call(keywords=keywords):
            return any(word.arg == "kind" and _says(word.value) for word in keywords)
    return False

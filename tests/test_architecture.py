"""Rules about the code that no tool checks: sizes, what is never used, what importing costs, where tests stand."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from genlab import __version__
from genlab.registry import NOT_ENTRIES, PACKAGES
from tests.support.command import ROOT, child_environment
from tests.support.kind_names import kinds_by_name

LONGEST_FUNCTION = 60
LONGEST_FILE = 400

CODE = [
    *sorted((ROOT / "genlab").rglob("*.py")),
    ROOT / "app.py",
    *sorted((ROOT / "pages").glob("*.py")),
    *sorted((ROOT / "benchmarks").glob("*.py")),
]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
THIS = ROOT / "tests" / "test_architecture.py"

FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
PICKLERS = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"}

LIGHT_PACKAGES = (
    "commands",
    "datasets.foreign",
    "jobs",
    "matches",
    "plots",
    "presentation",
    "presets",
    "store",
    "verdicts",
    *(kind.partition(".")[2] for kind in PACKAGES.values()),
)
LIGHT_MODULES = (
    "cli",
    "conductor",
    "config",
    "datasets.store",
    "devices",
    "doctor",
    "errors",
    "lab",
    "numbers",
    "options",
    "records",
    "registry",
    "space",
    "text",
)
"""Imported by whoever only looks at runs: neither torch nor streamlit may come along."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    described = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - described


def test_no_function_is_too_long():
    long = [
        f"{short(path)}:{function.lineno} {function.name} has {length(function)} lines"
        for path in [*CODE, *TESTS]
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_file_is_too_long():
    lengths = {short(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [*CODE, *TESTS]}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_file_says_what_it_is():
    assert [short(path) for path in CODE if not ast.get_docstring(tree(path))] == []


def test_one_name_is_one_class():
    places: dict[str, list[str]] = {}
    for path in sorted((ROOT / "genlab").rglob("*.py")):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(f"{short(path)}:{node.lineno}")
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def dangers(path: Path) -> Iterator[str]:
    """Calls that run or load what somebody else wrote."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        call, given = ast.unparse(node.func), {k.arg: ast.unparse(k.value) for k in node.keywords}
        name, where = call.rpartition(".")[2], f"{short(path)}:{node.lineno} {call}"
        if call in FORBIDDEN_CALLS or call.partition(".")[0] in PICKLERS:
            yield where
        elif call == "torch.load" and given.get("weights_only") != "True":
            yield f"{where} without weights_only=True"
        elif call in {"np.load", "numpy.load"} and given.get("allow_pickle") != "False":
            yield f"{where} without allow_pickle=False"
        elif given.get("shell") == "True" or name in {"read_pickle", "to_pickle", "unsafe_load"}:
            yield where
        elif {"unsafe_allow_html", "unsafe_allow_javascript"} & {
            key for key, value in given.items() if value == "True"
        }:
            yield f"{where} with unescaped text"


def test_nothing_loads_pickle_or_runs_what_it_is_given():
    assert [danger for path in CODE for danger in dangers(path)] == []


@pytest.mark.parametrize(
    "line",
    [
        "eval(x)",
        "pickle.loads(x)",
        "torch.load(x)",
        "torch.load(x, weights_only=False)",
        "np.load(x, allow_pickle=True)",
        "np.load(x)",
        "subprocess.run(x, shell=True)",
        "st.markdown(x, unsafe_allow_html=True)",
    ],
)
def test_the_search_for_dangers_finds_them(line: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(f"{__name__}.tree", lambda path: ast.parse(line))
    assert len(list(dangers(ROOT / "app.py"))) == 1


def test_no_module_but_the_kinds_own_names_a_kind_of_data():
    found = []
    for path in sorted((ROOT / "genlab").rglob("*.py")):
        package = ".".join(path.relative_to(ROOT).parent.parts)
        declaring = package in {"genlab.datasets", "genlab.presets"} and is_entry(path)
        if package != "genlab.kinds":
            found += [f"{short(path)}:{line}" for line in kinds_by_name(tree(path), declaring)]
    assert found == []


def tracked() -> list[Path]:
    """The files of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_no_text_names_a_place_on_somebodys_machine():
    places = re.compile(r"(?<![\w.~])/(work|root|home/\w+|Users/\w+|tmp/\w+)/[\w.]")
    found = []
    for path in tracked():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{short(path)}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) if places.search(line)
        ]
    assert found == []


def light_modules() -> list[str]:
    names = [f"genlab.{name}" for name in LIGHT_MODULES]
    for package in LIGHT_PACKAGES:
        folder = ROOT / "genlab" / Path(*package.split("."))
        stems = [path.stem for path in sorted(folder.glob("*.py")) if not path.stem.startswith("_")]
        names += [f"genlab.{package}.{stem}" for stem in stems if f"{package}.{stem}" not in HEAVY]
    return list(dict.fromkeys(names))


HEAVY = {"corruptions.build", "networks.build", "tasks.carry_out", "tasks.inputs"}
"""Neither entries of a registry nor needed by who only looks."""


def test_looking_at_runs_and_choices_imports_neither_torch_nor_streamlit():
    code = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
    heavy = {"torch", "streamlit", "sklearn", "torchvision"} & set(sys.modules)
    if heavy:
        sys.exit(f"{name} imports {', '.join(sorted(heavy))}")
"""
    result = subprocess.run(
        [sys.executable, "-c", code, *light_modules()],
        capture_output=True,
        text=True,
        env=child_environment(),
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def is_entry(path: Path) -> bool:
    """Whether a module is an entry of a registry: tests/contracts tests it without anything to be written."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    return package in PACKAGES.values() and path.stem not in NOT_ENTRIES


def test_every_module_has_a_test_file_where_one_would_look_for_it():
    missing = []
    for path in sorted((ROOT / "genlab").rglob("*.py")):
        if path.stem.startswith("_") or is_entry(path):
            continue
        folder = path.relative_to(ROOT / "genlab").parent
        name = f"test_{path.stem}.py"
        places = [ROOT / "tests" / folder / name]
        if folder.as_posix() == "ui/views":
            places += [ROOT / "tests" / kind / name for kind in ("pages", "browser")]
        if not any(place.is_file() for place in places):
            missing.append(short(path))
    assert missing == []


def test_tests_that_measure_time_stand_where_make_looks_for_them():
    (where,) = re.findall(r"^TIMED = (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    timed = [path for path in TESTS if "@pytest.mark.timed" in path.read_text(encoding="utf-8") and path != THIS]
    assert timed
    assert [path.relative_to(ROOT).as_posix() for path in timed if not path.is_relative_to(ROOT / where)] == []


FAMILY_NAMES = {
    path.stem
    for kind in ("families", "objectives")
    for path in (ROOT / "genlab" / kind).glob("*.py")
    if not path.stem.startswith("_") and path.stem not in NOT_ENTRIES
}
"""Names of families, and of models, which stand for their families where one of each is wanted."""

NAMES_MODELS = {
    "genlab/families": "what a family is",
    "genlab/objectives": "the players of a model bear names of their own, one of them `vae`",
    "genlab/presets": "recipes: settings of each model",
    "genlab/lessons": "recipes: a lesson is about certain models",
}
"""Where models may be told apart by name, and why. Everywhere else a family is asked which parts it has."""


def decisions_by_name(path: Path) -> Iterator[str]:
    """Places that treat one family otherwise than the rest: a comparison, a key, a pattern or a type with its name."""
    for node in ast.walk(tree(path)):
        asked: list[ast.AST] = []
        if isinstance(node, ast.Compare):
            asked = [node.left, *node.comparators]
        elif isinstance(node, ast.Dict):
            asked = [key for key in node.keys if key is not None]
        elif isinstance(node, ast.Subscript):
            asked = [node.slice]
        elif isinstance(node, ast.MatchValue):
            asked = [node.value]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"get", "index"}:
            asked = [] if "registry" in ast.unparse(node.func) else list(node.args[:1])
        for part in asked:
            names = [leaf.value for leaf in ast.walk(part) if isinstance(leaf, ast.Constant)]
            if any(isinstance(name, str) and name in FAMILY_NAMES for name in names):
                yield f"{short(path)}:{node.lineno} {ast.unparse(node)[:80]}"


def test_no_module_tells_families_apart_by_name():
    allowed = tuple(NAMES_MODELS)
    looked = [path for path in CODE if short(path).startswith(("genlab/", "app.py", "pages/"))]
    assert [where for p in looked if not short(p).startswith(allowed) for where in decisions_by_name(p)] == []


@pytest.mark.parametrize(
    "line",
    [
        'run.family == "gan"',
        '"vae" != name',
        'family in ("gan", "vae_gan")',
        'SPEEDS = {"vae": 1.0}',
        'SPEEDS["gan"]',
        'SPEEDS.get("gan", 1.0)',
        'Model = Literal["vae", "gan"]',
        'match name:\n    case "gan":\n        pass',
        'config.model.name == "soft_intro_vae"',
    ],
)
def test_the_search_for_families_finds_them(line: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(f"{__name__}.tree", lambda path: ast.parse(line))
    assert len(list(decisions_by_name(ROOT / "app.py"))) == 1


def test_no_script_of_the_browser_names_a_family():
    named = re.compile(rf"""["'`]({"|".join(FAMILY_NAMES)})["'`]|^\s*({"|".join(FAMILY_NAMES)})\s*:""", re.MULTILINE)
    folder = ROOT / "genlab" / "ui" / "components"
    scripts = [path for path in sorted(folder.rglob("*.js")) if "vendor" not in path.parts]
    found = [
        f"{short(path)} {match[0].strip()}" for path in scripts for match in named.finditer(path.read_text("utf-8"))
    ]
    assert scripts and found == []


PAGE_IMPORTS = {"__future__", "streamlit", "genlab.ui", "genlab.lab", "genlab.plots", "genlab.config", "genlab.errors"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_pages_are_thin_and_reach_for_the_interface_only():
    for path in sorted((ROOT / "pages").glob("*.py")):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 60, short(path)
        strange = [name for name in imported(path) if ".".join(name.split(".")[:2]) not in PAGE_IMPORTS]
        assert strange == [], short(path)


def test_the_versions_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__


LONGEST = 60
"""Lines of a function at most, its docstring included."""


def test_no_function_is_too_long_to_be_read_at_once():
    long = [
        f"{short(path)}:{node.lineno}: {node.name}, {node.end_lineno - node.lineno + 1} lines"
        for path in sorted((ROOT / "genlab").rglob("*.py"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= LONGEST
    ]
    assert long == []

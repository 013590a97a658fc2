"""The browser's engine under Node.js: cases in, what its sessions did out."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Sequence
from typing import Any

from genlab.playground.plane_data import sent
from genlab.ui.views.playground import families, fields
from tests.browser_code import check
from tests.support.command import ROOT

SCRIPT = ROOT / "tests" / "ui" / "components" / "playground" / "engine" / "follow.mjs"


def follow(cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the engine makes of each case: ``scenario``, and ``document`` to go on from, ``steps``, ``changes``."""
    node = check.find()
    assert node is not None
    names = {case["scenario"]["data"] for case in cases}
    told = {
        "families": families(),
        "fields": fields(),
        "data": {name: base64.b64encode(sent(name)).decode() for name in names},
        "cases": list(cases),
    }
    done = subprocess.run(
        [*node.node, str(SCRIPT)], input=json.dumps(told), capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr[-4_000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found

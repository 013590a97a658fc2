"""One thing at one size, in a process of its own: ``python -m benchmarks._scale_task TASK_JSON ANSWER_FILE``.

Answers with the seconds of the processor that each step took, and with the memory that the process had at most.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks._common import load_support

Steps = dict[str, float]

WITH_ITEMS = 10
"""Scores of a run that tell what each held-out item adds to them; the others are of fewer items or of none."""


@contextmanager
def taking(steps: Steps, name: str) -> Iterator[None]:
    """Note under ``name`` the seconds of the processor that the context takes."""
    started = time.process_time()
    yield
    steps[name] = time.process_time() - started


def runs(task: Mapping[str, Any]) -> Steps:
    """The list of runs, the pickers, Home and Compare over a workspace of many runs.

    Everything is drawn once over a workspace of a few runs first, so that nothing is imported afterwards.
    """
    from genlab.lab import ReadOnlyLab
    from genlab.ui.views.picking import option_label, options

    steps: Steps = {}
    for workspace, noted in ((task["few"], {}), (task["workspace"], steps)):
        os.environ["GENLAB_WORKSPACE"] = workspace
        lab = ReadOnlyLab(workspace)
        with taking(noted, "list, first"):
            listed = lab.runs.all()
        with taking(noted, "list, again"):
            listed = lab.runs.all()
        with taking(noted, "options of a picker"):
            known = {run.id: run for run in listed}
            sorted(option_label(known, option) for option in options(known))
        for page in ("home.py", "compare.py"):
            name = page.removesuffix(".py").capitalize()
            for visit in ("first", "again"):
                with taking(noted, f"{name}, {visit}"):
                    app = load_support("pages").open_page(page)
                if not app.main.children:
                    raise RuntimeError(f"{page} did not render.")
    return steps


def curves(task: Mapping[str, Any]) -> Steps:
    """A run's curves: read, read again when one row has been added, and drawn as the Curves page draws them."""
    from genlab.plots.curves import Curve, CurveStyle, curves_figure, describe_curves
    from genlab.plots.panels import panels_by_group
    from genlab.plots.series import names_in, pick, thin
    from genlab.store.run import RunReader
    from genlab.store.tails import Tails

    steps: Steps = {}
    for path, noted in ((task["short"], {}), (task["run"], steps)):
        reader, known = RunReader(Path(path)), Tails()
        with taking(noted, "read"):
            rows = known.of(reader).rows
        with (Path(path) / "metrics.jsonl").open("a") as file:
            file.write(json.dumps(rows[-1]) + "\n")
        with taking(noted, "one row more"):
            rows = known.of(reader).rows
        with taking(noted, "names"):
            names = names_in(rows)
        with taking(noted, "one line, thinned"):
            thin(pick(rows, "loss/vae"))
        panels = [panel for group in panels_by_group(names).values() for panel in group]
        curve = [Curve("a run", "vae", (rows,))]
        with taking(noted, "plot"):
            document = curves_figure(curve, panels, CurveStyle()).to_json()
        with taking(noted, "plot, smoothed"):
            curves_figure(curve, panels, CurveStyle(smoothing=0.9)).to_json()
        with taking(noted, "words"):
            describe_curves(curve, panels)
        assert len(document) < 10_000_000
    return steps


def matches(task: Mapping[str, Any]) -> Steps:
    """A match of many seeds: judged, written, found among all matches, and read as pages show it."""
    import numpy as np

    from genlab.matches.folder import MatchDirectory, find_matches
    from genlab.matches.match_request import MatchRequest
    from genlab.presentation.claims import read_claims
    from genlab.verdicts.judge import judge

    made, rng, steps = load_support("claims"), np.random.default_rng(0), Steps()
    for name, seeds, noted in (("first", 2, {}), ("then", int(task["seeds"]), steps)):
        facts = made.match(dict.fromkeys(made.FAMILIES, made.SAME), seeds, rng)
        for run in facts.runs:
            known = [line for line in run.outcome.scores.values() if line["value"] is not None]
            for line in known[:WITH_ITEMS]:
                line["items"] = list(line["value"] + 0.1 * rng.standard_normal(int(task["items"])))
        with taking(noted, "judged"):
            document = judge(facts)
        workspace = Path(task["workspace"]) / name
        folder = MatchDirectory.create(workspace / "matches", MatchRequest(seeds=seeds))
        with taking(noted, "measures kept, run by run"):
            for run in facts.runs:
                folder.add_measures(str(run.run), run.outcome.scores)
        folder.write_claims(document)
        with taking(noted, "measures read"):
            folder.measures()
        with taking(noted, "found"):
            (match,) = find_matches(workspace / "matches", workspace / "jobs").good
        with taking(noted, "claims for pages"):
            read_claims(match.claims)
    return steps


def maps(task: Mapping[str, Any]) -> Steps:
    """Codes laid out in the plane."""
    import numpy as np

    from genlab.latent.project import fit

    def laid_out(count: int, method: str) -> None:
        rng = np.random.default_rng(0)
        middles = 4 * rng.standard_normal((10, 32))
        fit((middles[rng.integers(0, 10, count)] + rng.standard_normal((count, 32))).astype(np.float32), method)

    steps: Steps = {}
    # UMAP has two ways to find neighbours, and compiles each when it first takes it.
    for count in (500, 4_200):
        laid_out(count, "umap")
    laid_out(500, "tsne")
    for method in ("pca", "umap", "tsne"):
        with taking(steps, method):
            laid_out(int(task["codes"]), method)
    return steps


KINDS: Mapping[str, Callable[[Mapping[str, Any]], Steps]] = {
    "runs": runs,
    "curves": curves,
    "matches": matches,
    "maps": maps,
}


def main(task: Mapping[str, Any]) -> dict[str, Any]:
    """Do what ``task["what"]`` says: ``steps`` in seconds of the processor, ``peak`` in MiB."""
    steps = KINDS[task["what"]](task)
    return {"steps": steps, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(main(json.loads(sys.argv[1]))))

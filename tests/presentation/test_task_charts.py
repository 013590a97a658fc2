"""Charts of tasks: lines of all methods of one name in one figure, and a plane between two measures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from genlab.lab import Lab
from genlab.presentation.lineup import gather
from genlab.presentation.task_charts import charts_of, plane_of
from genlab.presentation.tasks import Method
from tests.support.tasks import GUESSING, answer, chart, curve, document, models


def test_charts_of_one_name_are_one_with_everybodys_lines(workspace: Path):
    lab = Lab()
    models(lab, "vae", "gan")
    entrants = gather(lab, [lab.runs.find(f"run-{model}") for model in ("vae", "gan")])[0]
    results = [
        (one, document("guessing", [], charts=[chart(curve("Search", 0.9, 0.4)), chart(curve("x", 1), name="own")]))
        for one in entrants
    ]
    course, own = charts_of(document("guessing", [], charts=[chart(curve("Usual", 0.5, 0.5))]), results)
    assert [(line.name, line.family) for line in course.lines] == [
        ("Usual", ""),
        ("Search of my vae, seed 0", "vae"),
        ("Search of my gan, seed 0", "gan"),
    ]
    assert course.lines[1].y == (0.9, 0.4) and len(own.lines) == 2
    assert charts_of(None, [(entrants[0], None)]) == []


def test_every_method_is_a_point_between_the_decisive_measure_and_another():
    methods = [
        Method(answer("truth", "truth"), Path()),
        Method(answer("usual", "baseline", 0.5), Path()),
        Method(answer("a", "model", 0.4), Path(), "A", "vae"),
        Method(answer("b", "model", 0.3), Path(), "A", "vae"),
    ]
    plane = plane_of(GUESSING, methods)
    assert plane is not None and plane.title == "Error against Likeness"
    assert plane.x == "Likeness (dB, higher is better)" and plane.y == "Error (lower is better)"
    assert [(line.name, line.variant) for line in plane.lines] == [("Usual", 0), ("A of A", 0), ("B of A", 1)]
    line = plane.lines[0]
    assert line.low[0] < line.y[0] < line.high[0] and line.across[0] > 0
    assert plane_of(GUESSING, methods[:2]) is None, "one point is no picture"
    assert plane_of(replace(GUESSING, measures=(GUESSING.measure("error"),)), methods) is None

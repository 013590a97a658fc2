"""The tables of ``docs/claims.md``, made from the claims themselves so that they cannot say anything else. No torch.

``python -m genlab.docs_claims docs/claims.md`` writes them anew below the file's marker.
"""

from __future__ import annotations

import sys
from pathlib import Path

from genlab.docs_tables import code, table
from genlab.verdicts.claims.base import EVENTS, ClaimSpec, PartSpec
from genlab.verdicts.judge import claims
from genlab.verdicts.measures import MEASURES
from genlab.verdicts.scales import describe

MARKER = "<!-- From here on: python -m genlab.docs_claims docs/claims.md -->"

KINDS = {
    "mean": "means over seeds",
    "spread": "spread over seeds",
    "event": "runs, counted",
    "sensitivity": "trials, shown only",
    "parents": "against the better parent",
    "baseline": "against the best method without a model",
    "has": "by definition",
}
"""How a part is tested, in words."""


def document() -> str:
    """Everything below the marker."""
    return "\n".join([MARKER, "", "## The claims\n", *(section(spec) for spec in claims()), measures()])


def section(spec: ClaimSpec) -> str:
    """One claim: what decides it, what is shown beside it, and its caveat."""
    heading = ["part", "compared", "asked for", "why so much"]
    lines = [f"### {spec.title}\n", f"{code(spec.name)}: {spec.summary}. {spec.caveat}\n"]
    if spec.unmeasured:
        lines.append(f"{spec.unmeasured}; until then it is never supported.\n")
    decisive = [_row(part) for part in spec.decisive]
    lines += ["All of these have to hold:\n" if len(decisive) > 1 else "It stands and falls with:\n"]
    lines.append(table(heading, decisive))
    beside = [part for part in spec.parts if not part.decisive]
    if beside:
        lines += ["Shown beside:\n", table(heading[:3], (_row(part)[:3] for part in beside))]
    return "\n".join(lines)


def measures() -> str:
    """What is measured for claims only."""
    rows = (
        [
            code(name),
            spec.title,
            spec.summary,
            {"up": "higher", "down": "lower", "none": "neither"}[spec.better],
            spec.unit,
        ]
        for name, spec in MEASURES.items()
    )
    heading = ["name", "title", "what it is", "better", "unit"]
    return "\n".join(["## Measures of the match\n", table(heading, rows)])


def _row(part: PartSpec) -> list[str]:
    what = EVENTS[part.measure] if part.kind == "event" else describe(part.measure).title
    compared = f"{what} ({KINDS[part.kind]})"
    title = f"{part.title}; instead of *{part.instead}*, where it can be measured" if part.instead else part.title
    return [title, compared, asked(part), part.reason]


def asked(part: PartSpec) -> str:
    """The threshold in words."""
    if part.kind == "has":
        return "it has it"
    if part.scale == "ratio":
        if part.threshold < 1:
            return f"no more than {1 / part.threshold:.3g} times as bad"
        return f"{part.threshold:.3g} times" if part.threshold > 1 else "any difference"
    if part.threshold < 0:
        return f"no more than {-part.threshold:.3g} worse"
    return f"{part.threshold:.3g}" if part.threshold > 0 else "any difference"


def main(arguments: list[str]) -> int:
    """Write the tables into the file named by the first argument; returns the exit code."""
    path = Path(arguments[0])
    before, found, _ = path.read_text(encoding="utf-8").partition(MARKER)
    if not found:
        sys.stderr.write(f"{path} has no line {MARKER}\n")
        return 2
    path.write_text(before + document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

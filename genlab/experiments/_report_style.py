"""How a match's report looks: on a screen in either theme, and on paper."""

from __future__ import annotations

from genlab.families import in_order
from genlab.plots.theme import Mode, family_ink


def style() -> str:
    """The report's style sheet; every family's colour is a variable of its name (see `family_colours`)."""
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {family_colours('dark')} }} }}"
    paper = f"@media print {{ :root {{ {family_colours('light')} }} }}"
    return f"{STYLE}\n:root {{ {family_colours('light')} }}\n{dark}\n{paper}\n"


def family_colours(mode: Mode) -> str:
    """Each family's colour of text and marks as a CSS variable, e.g. ``--family-gan: #B54F00;``."""
    return " ".join(f"--family-{spec.name}: {family_ink(spec.name, mode)};" for spec in in_order())


STYLE = """
:root {
  color-scheme: light dark; --ink: #1c2128; --faint: #5b6470; --line: #e1e5eb; --ground: #fff; --plate: #f5f6f9;
  --real: #767676; --yes: #0b7a4b; --no: #b3261e; --open: #6b5b00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e8eb; --faint: #a3a9b3; --line: #333a46; --ground: #14171c; --plate: #1d2128;
    --real: #9a9a9a; --yes: #4fce94; --no: #ff8a80; --open: #e0c64f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 Inter, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif;
}
main { max-width: 1160px; margin: 0 auto; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.6rem 0 .6rem; padding-top: .7rem; border-top: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
p { margin: .4rem 0; max-width: 52rem; } a { color: inherit; }
.lead { font-size: 1.05rem; } .faint, small { color: var(--faint); } small { font-size: .88em; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; list-style: none; padding: 0; margin: .8rem 0 0; }
nav { font-size: .9rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: .6rem 0; }
dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .88rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--line); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; } td.number, th.number { text-align: right; white-space: nowrap; }
td small { display: block; } td p { margin: .2rem 0; }
.verdicts th[scope=row] { width: 21%; } .verdicts td { width: 16%; }
.verdicts td:last-child { width: 31%; }
.family { font-weight: 650; white-space: nowrap; }
.badge {
  display: inline-block; padding: .05rem .55rem; border-radius: .7rem; border: 1.5px solid currentColor;
  font-weight: 650; font-size: .82rem; white-space: nowrap;
}
.supported { color: var(--yes); } .not_supported { color: var(--no); } .not_enough_evidence { color: var(--open); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 1rem 1.6rem; }
figure { margin: 0; break-inside: avoid; } figcaption { font-size: .85rem; margin-bottom: .15rem; }
.chart { width: 100%; height: auto; display: block; }
.chart text { font-family: inherit; fill: var(--ink); } .chart .name { font-size: 11px; font-weight: 600; }
.chart .tick { font-size: 10px; fill: var(--faint); } .chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .real { stroke: var(--real); stroke-width: 1.4; stroke-dasharray: 4 3; }
.samples { display: grid; gap: .7rem; } .samples img {
  width: 100%; image-rendering: pixelated; display: block; border-radius: 3px; background: var(--plate);
}
.plate {
  aspect-ratio: 1; display: flex; align-items: center; justify-content: center; text-align: center;
  background: var(--plate); color: var(--faint); border-radius: 3px; padding: 1rem; font-size: .85rem;
}
pre {
  background: var(--plate); padding: .8rem 1rem; border-radius: 4px; font-size: 12px; white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.note { border-left: 3px solid var(--open); padding: .1rem 0 .1rem .9rem; }
@page { size: A4; margin: 13mm 12mm; }
@media print {
  :root {
    color-scheme: light; --ink: #1c2128; --faint: #4d5560; --line: #d5dae1; --ground: #fff; --plate: #f5f6f9;
    --real: #767676; --yes: #0b7a4b; --no: #b3261e; --open: #6b5b00;
  }
  html { font-size: 9.5pt; } body { font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; } nav { display: none; } .wide { overflow: visible; }
  h2 { margin-top: 1.4rem; } h2, h3 { break-after: avoid; } tr, figure, .samples > * { break-inside: avoid; }
  thead { display: table-header-group; } table { font-size: 8.5pt; } th, td { padding: .25rem .4rem; }
  .charts { grid-template-columns: repeat(3, 1fr); gap: .7rem 1rem; } a { text-decoration: none; }
  .samples { max-width: 150mm; } pre { font-size: 7.5pt; }
}
"""

"""Match, the one screen: columns are families, rows are seeds; samples, alarms, losses and scores as they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from genlab.lab import ReadOnlyLab
from genlab.plots.curves import Curve, CurveStyle, curves_figure, describe_curves
from genlab.plots.scores import ScorePanel, describe_scores
from genlab.plots.theme import family_title
from genlab.presentation import matches
from genlab.presentation.lineup import called, gather
from genlab.presentation.scoring import expectations, panels, warnings
from genlab.presentation.words import STATE_GLYPHS, duration, plain
from genlab.store.run import Run
from genlab.ui.charts import draw_chart
from genlab.ui.shell import current_mode
from genlab.ui.views._shared import enlarged, many_of, tails, version_of
from genlab.ui.views.alarms import is_on, lamp_line, lamps_of
from genlab.ui.views.cards import badge
from genlab.ui.views.claim_pictures import loss_panels
from genlab.ui.views.compare_scores import drawn

if TYPE_CHECKING:
    from genlab.matches.folder import Match
    from genlab.verdicts.match_run import MatchRun

NEWEST = "newest"
HEADLINES = (
    "frechet",
    "coverage",
    "precision",
    "recall",
    "class_kl",
    "ndb",
    "power_spectrum",
    "confidence",
    "neighbour_ratio",
    "near_duplicates",
    "copies",
)
"""Scores that are shown as they come, in this order."""

WAITING = {"queued": "waiting", "running": "starting"}


def render(lab: ReadOnlyLab, match: Match) -> None:
    """Everything that its runs show so far."""
    if not match.entries:
        if match.active:
            st.skeleton(height=260)
            st.caption("The plan is being made: parameters of all families are counted first.")
        return
    runs = {run.id: run for run in lab.runs.all()}
    st.html(board_html(match, runs))
    if not matches.judged_runs(match, runs):
        if not match.active:
            st.caption("None of the runs of this match is in this workspace.")
        return
    seed = _pick_seed(match, runs)
    with st.container(key="match-watch"):
        pictures, courses = st.columns([3, 2], gap="medium")
        with pictures:
            _columns(lab, match, runs, seed)
        with courses:
            _losses(lab, match, matches.judged_runs(match, runs, seed))
    _scores(lab, match, matches.judged_runs(match, runs))


def board_html(match: Match, runs: Mapping[str, Run]) -> str:
    """Who is how far: a table of chips, columns are families and rows are seeds."""
    families = matches.families_of(match)
    head = "".join(f'<th scope="col">{badge(family)}</th>' for family in families)
    lines = [f'<tr><th scope="row"></th>{head}</tr>']
    for seed in matches.seeds_of(match):
        chips = [chip_words(match, matches.entry_of(match, family, seed), runs) for family in families]
        cells = "".join(
            f'<td><span class="genlab-chip" title="{escape(tip)}">{escape(text)}</span></td>' for text, tip in chips
        )
        lines.append(f'<tr><th scope="row">seed {seed}</th>{cells}</tr>')
    beside = [entry for entry in match.entries if entry.role == "beside"]
    if beside:
        cells = "".join(f"<td>{escape(beside_words(family, beside, runs))}</td>" for family in families)
        lines.append(f'<tr><th scope="row" title="Contenders that claims are judged on too">beside</th>{cells}</tr>')
    trials = [entry for entry in match.entries if entry.role == "trial"]
    if trials:
        cells = "".join(f"<td>{escape(trials_words(match, family, trials, runs))}</td>" for family in families)
        lines.append(f'<tr><th scope="row" title="Short runs at other learning rates">trials</th>{cells}</tr>')
    return f'{STYLE}<table class="genlab-board"><caption>Runs of the match</caption>{"".join(lines)}</table>'


def chip_words(match: Match, entry: MatchRun | None, runs: Mapping[str, Run]) -> tuple[str, str]:
    """What a chip says, and its tooltip."""
    if entry is None:
        return "–", "not part of the match"
    run = matches.run_of(entry, runs)
    if run is None:
        return ("◷ to come", "not begun yet") if not entry.run else ("– not here", "not in this workspace")
    glyph = STATE_GLYPHS.get(run.state, "")
    if run.state == "running":
        share = run.images / run.target if run.target else 0.0
        left = f", {duration(run.left)} left" if run.left is not None else ""
        return f"{glyph} {share:.0%}{left}", f"{run.images:,} of {run.target:,} images"
    before = ", trained before" if entry.taken_over else ""
    return f"{glyph} {run.state}{before}", f"{run.images:,} of {run.target:,} images"


def trials_words(match: Match, family: str, trials: Sequence[MatchRun], runs: Mapping[str, Run]) -> str:
    """How far the trials of a family are, and which rate they chose."""
    own = [entry for entry in trials if entry.contender == family]
    found = [runs[entry.run] for entry in own if entry.run is not None and entry.run in runs]
    done = sum(not run.active for run in found)
    words = f"{done} of {len(own)}" if not match.shipped else "–"
    factor = match.chosen_lr.get(family)
    return f"{words}, chose {factor:g} × the learning rate" if factor else words


def beside_words(family: str, beside: Sequence[MatchRun], runs: Mapping[str, Run]) -> str:
    """How far the runs of contenders are that stand beside a family's usual model; empty where it has none."""
    names = dict.fromkeys(entry.contender for entry in beside if entry.family == family)
    own = {name: [entry for entry in beside if entry.contender == name] for name in names}
    ended = {
        name: sum(entry.run in runs and not runs[str(entry.run)].active for entry in entries)
        for name, entries in own.items()
    }
    return ", ".join(f"{family_title(name)}: {ended[name]} of {len(entries)}" for name, entries in own.items())


def _pick_seed(match: Match, runs: Mapping[str, Run]) -> int:
    seeds = matches.seeds_of(match)
    if len(seeds) == 1:
        return seeds[0]
    options: list[int | str] = [*([NEWEST] if match.active else []), *seeds]
    newest = matches.newest_seed(match, runs)
    chosen = st.segmented_control(
        "Shown below",
        options,
        default=options[0] if match.active else newest,
        required=True,
        format_func=lambda key: f"follow (seed {newest})" if key == NEWEST else f"seed {key}",
        key=f"match/seed/{match.id}/{match.active}",
        wrap=True,
    )
    return chosen if isinstance(chosen, int) else newest


def _columns(lab: ReadOnlyLab, match: Match, runs: Mapping[str, Run], seed: int) -> None:
    """Newest samples of each family: the same place in each grid is the same latent throughout training."""
    families = matches.families_of(match)
    for column, family in zip(st.columns(len(families), gap="small"), families, strict=True):
        run = matches.run_of(matches.entry_of(match, family, seed), runs)
        with column:
            _column(lab, family, run)


def _column(lab: ReadOnlyLab, family: str, run: Run | None) -> None:
    if run is None:
        st.html(badge(family))
        st.html('<div class="genlab-plate">Its turn has not come yet</div>')
        return
    st.page_link("train.py", label=f"**{plain(called(run))}**", query_params={"run": run.id}, width="stretch")
    speed = f" · {run.images_per_second:,.0f} images/s" if run.images_per_second else ""
    st.html(
        f'<div class="genlab-facts">{badge(family)} · {STATE_GLYPHS.get(run.state, "")} {escape(run.state)} · '
        f"{run.images:,} images{speed}</div>"
    )
    samples = lab.runs.read(run).samples()
    picture = enlarged(str(samples[-1][1]), version_of(samples[-1][1])) if samples else None
    if picture is None:
        why = "The first samples come within moments of the start" if run.active else "No samples were drawn"
        st.html(f'<div class="genlab-plate">{why}</div>')
    else:
        words = (
            f"Samples of {called(run)} after {samples[-1][0]:,} {many_of(lab, run)}, the same latents at every moment"
        )
        st.image(picture, width="stretch", output_format="PNG", alt=words)
    _watch(lab, run)


def _watch(lab: ReadOnlyLab, run: Run) -> None:
    """Lamps of the collapse watch, and a line for each alarm."""
    directory = lab.runs.read(run)
    rows, found = tails().of(directory).rows, directory.alarms()
    shown = lamps_of(lab, run, rows)
    if shown:
        st.html(lamp_line(shown))
    for alarm in found:
        now = is_on(alarm, rows)
        when = f"since {int(alarm.get('images', 0)):,} images" if now else "earlier"
        st.caption(f":material/{'warning' if now else 'history'}: {plain(str(alarm.get('title', 'Alarm')))}, {when}")


def _losses(lab: ReadOnlyLab, match: Match, runs: Sequence[Run]) -> None:
    """The losses of all families of one seed over the same axis."""
    rows = {run.id: tails().of(lab.runs.read(run)) for run in runs}
    begun = [run for run in runs if rows[run.id].rows]
    if not begun:
        return
    key = (tuple((run.id, rows[run.id].version) for run in begun), current_mode())
    kept = st.session_state.get("match/losses")
    if not kept or kept[0] != key:
        curves = [Curve(family_title(run.family), run.family, (rows[run.id].rows,)) for run in begun]
        shown = loss_panels([rows[run.id].rows for run in begun])
        look = CurveStyle(mode=current_mode(), height=104, smoothing=0.5)
        kept = (key, curves_figure(curves, shown, look), describe_curves(curves, shown, look))
        st.session_state["match/losses"] = kept
    st.markdown(
        "## Losses",
        help="Over the images that each model has seen. Losses of different families are different quantities: compare "
        "their courses, not their heights.",
    )
    draw_chart(kept[1], alt=kept[2], key=f"match/losses/{match.id}")


def _scores(lab: ReadOnlyLab, match: Match, runs: Sequence[Run]) -> None:
    """Scores of all runs that have been evaluated, against the real-data floor."""
    shown = score_panels(lab, runs)
    if not shown:
        if match.active:
            st.caption("Scores come as soon as the first run has been evaluated.")
        return
    about = (
        "Dots with 95 % intervals; squares are means over seeds. The grey band is what real data reach on the same "
        "number of items."
    )
    st.markdown(
        "## Scores as they come" if match.active else "## Scores",
        help="\n\n".join(part for part in (about, expectations(shown)) if part),
    )
    for words in warnings(shown):
        st.warning(plain(words), icon=":material/content_copy:")
    draw_chart(
        drawn(tuple(shown), current_mode()),
        alt=describe_scores(shown),
        key=f"match/scores/{match.id}",
    )


def score_panels(lab: ReadOnlyLab, runs: Sequence[Run]) -> list[ScorePanel]:
    """The headline scores of ``runs`` at their newest checkpoints; empty while nothing has been evaluated."""
    found, _ = gather(lab, [run for run in runs if run.images > 0])
    entrants = [replace(item, label=f"{family_title(item.run.family)}, seed {item.run.seed}") for item in found]
    moments = {entrant.run.id: max((d["images"] for d in entrant.documents), default=None) for entrant in entrants}
    evaluated = [entrant for entrant in entrants if moments[entrant.run.id] is not None]
    if not evaluated:
        return []
    known = [panel for panel in panels(evaluated, moments) if panel.name in HEADLINES and panel.has_values]
    return sorted(known, key=lambda panel: HEADLINES.index(panel.name))


STYLE = """
<style>
.genlab-board { border-collapse: collapse; font-size: 0.88rem; font-variant-numeric: tabular-nums; margin: 0.2rem 0; }
.genlab-board caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.genlab-board th { text-align: left; font-weight: 500; padding: 0.15rem 1.2rem 0.15rem 0; white-space: nowrap; }
.genlab-board td { padding: 0.15rem 1.2rem 0.15rem 0; white-space: nowrap; }
.st-key-match-watch a { padding-left: 0; padding-right: 0; }
@media (max-width: 1180px) {
  .st-key-match-watch > div > [data-testid=stHorizontalBlock] { flex-direction: column; }
  .st-key-match-watch > div > [data-testid=stHorizontalBlock] > [data-testid=stColumn] { width: 100%; flex: none; }
}
.genlab-chip {
  display: inline-block; padding: 0.08rem 0.6rem; border-radius: 999px;
  background: color-mix(in srgb, currentColor 8%, transparent);
}
</style>
"""

"""``genlab match`` and ``genlab matches``: families trained on one data set, textbook claims checked. No torch."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from genlab.commands.console import (
    JsonOption,
    WorkspaceOption,
    check_target,
    complain,
    emit,
    exit_code,
    note,
    open_lab,
    say,
    say_damaged,
    table,
)
from genlab.commands.follow import INTERRUPTED
from genlab.commands.train import complete_data, complete_preset, parse_settings
from genlab.commands.waiting import job_progress
from genlab.errors import InputError
from genlab.numbers import interval
from genlab.plots.theme import family_title

if TYPE_CHECKING:
    from genlab.lab import Lab
    from genlab.matches.folder import Match
    from genlab.matches.match_request import MatchRequest

JSON_KEYS = (
    *("claim", "title", "verdict", "applicable", "effect", "low", "high", "unit"),
    *("seeds", "needs", "needs_images", "likely", "why", "caveat", "beside"),
)


FamiliesOption = Annotated[
    str | None,
    typer.Option(metavar="A,B", help="The models to compare.", show_default="one of each family that claims speak of"),
]
SeedsOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Runs of each family; one is never enough for a verdict. With --resume: how many it is to have now.",
        show_default="3",
    ),
]
ImagesOption = Annotated[
    int | None,
    typer.Option(help="Length of every run; by default the preset's shortest for one of them.", show_default=False),
]
BesideOption = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL:PRESET,…",
        help="Contenders that claims are judged on once more, in place of their family's usual model, e.g. vae:modern.",
        show_default=False,
    ),
]
FairnessOption = Annotated[
    str,
    typer.Option(
        metavar="images|compute|best",
        help="What is equal: images; the seconds of compute that a run takes, by measured speeds; or the trials by "
        "which each family finds its own best learning rate.",
        show_default="images",
    ),
]
TunedOption = Annotated[bool, typer.Option("--tuned", help="The same as --fairness best.")]
NoTrialsOption = Annotated[
    bool, typer.Option("--no-trials", help="Skip the short runs at half and twice the learning rate.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A setting for all families that have it.", show_default=False),
]
SamplesOption = Annotated[int, typer.Option(min=2, max=100_000, help="Generated items that each run is evaluated on.")]
OutOption = Annotated[
    Path | None, typer.Option(metavar="FILE.html", help="Write a report as well.", show_default=False)
]
ResumeOption = Annotated[
    str,
    typer.Option(
        metavar="ID",
        help="Go on with a match that ended early, or with more --seeds; its other options stay as they were.",
        show_default=False,
    ),
]
JudgeOption = Annotated[
    str,
    typer.Option(
        metavar="ID",
        help="Judge a match again by today's claims and metrics; nothing is trained.",
        show_default=False,
    ),
]

FacesOption = Annotated[
    bool | None,
    typer.Option(
        "--faces/--no-faces",
        help="Whether these are photographs of faces; by default what the data set is said to be.",
        show_default=False,
    ),
]


def match(
    data: Annotated[
        str, typer.Option(help="The images; `genlab data list` shows all.", autocompletion=complete_data)
    ] = "mnist-5k",
    preset: Annotated[
        str, typer.Option(help="Where settings and length come from.", autocompletion=complete_preset)
    ] = "quick",
    seeds: SeedsOption = None,
    families: FamiliesOption = None,
    beside: BesideOption = None,
    images: ImagesOption = None,
    fairness: FairnessOption = "",
    tuned: TunedOption = False,
    no_trials: NoTrialsOption = False,
    change: SetOption = None,
    faces: FacesOption = None,
    name: Annotated[str, typer.Option(help="What to call the match.", show_default=False)] = "",
    samples: SamplesOption = 5_000,
    out: OutOption = None,
    resume: ResumeOption = "",
    judge: JudgeOption = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train families under equal conditions and check textbook claims. Ctrl-C stops it; it can be resumed."""
    target = None if out is None else check_target(out, (".html",))
    lab = open_lab(workspace)
    if resume and judge:
        raise InputError("--resume trains what is missing, --judge trains nothing.", "Choose one.", kind="bad_value")
    if judge:
        now = _judged(lab, judge, as_json)
    elif resume:
        now = _resumed(lab, resume, seeds)
    else:
        request = lab.matches.request(
            data=data,
            preset=preset,
            images=images,
            trials=not no_trials,
            settings=parse_settings(change or []),
            name=name,
            samples=samples,
            **_given(
                tuned=tuned or None, fairness=fairness, families=families, beside=beside, seeds=seeds, faces=faces
            ),
        )
        now = _begun(lab, request)
    if not as_json:
        say(f"{now.id}: {_what(now)}, in {now.path}")
        if not (resume or judge):
            _say_expected(lab, now)
    now = _follow(lab, now, as_json)
    if target is not None:
        lab.matches.report(now.id, target)
    if as_json:
        emit(document(now, lab))
        return
    print_match(now, lab)
    if target is not None:
        say(f"report: {target}")


def _given(**settings: Any) -> dict[str, Any]:
    """The settings that were given; the match's own defaults hold for the others."""
    return {name: value for name, value in settings.items() if value not in (None, "")}


def matches(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List all matches, newest first."""
    lab = open_lab(workspace)
    found = lab.matches.found()
    if as_json:
        emit({"matches": [*(_listed(match, lab) for match in found.good), *(one.as_json() for one in found.damaged)]})
    elif not found.good and not found.damaged:
        say("There are no matches yet. Start one: genlab match --data mnist-5k")
    else:
        heading = ("match", "name", "data", "preset", "seeds", "state", "supported", "begun")
        table(heading, [_row(match) for match in found.good], right=(4,))
        say_damaged(found.damaged)


def document(now: Match, lab: Lab) -> dict[str, Any]:
    """What ``--json`` prints of a match that has ended."""
    from genlab.matches.fairness import fairness_words
    from genlab.matches.since import about_settings
    from genlab.verdicts.findings import earlier_measures
    from genlab.verdicts.plateau import documents_of_sides, plateau_words, sides

    claims = (now.claims or {}).get("claims", [])
    return {
        "match": now.id,
        "state": now.state,
        "path": str(now.path),
        "runs": now.runs,
        "parameters": now.parameters,
        "spread": now.spread,
        "chosen_lr": dict(now.chosen_lr),
        "chosen": {contender: dict(settings) for contender, settings in now.chosen.items()},
        "fairness": now.request.fairness,
        "fairness_words": fairness_words(now),
        "lengths": now.lengths,
        "seconds": now.seconds,
        "speeds": dict(now.speeds),
        "other_settings": _other_settings(now, lab),
        "settings_words": about_settings(now, lab),
        "course": (now.claims or {}).get("course"),
        "plateau": plateau_words(now.claims),
        "due": list((now.claims or {}).get("due", [])),
        "earlier": earlier_measures(now.claims),
        "claims": [
            {key: claim.get(key) for key in JSON_KEYS} | {"plateau": documents_of_sides(sides(now.claims, claim))}
            for claim in claims
        ],
    }


def _other_settings(now: Match, lab: Lab) -> dict[str, Any] | None:
    """Family -> setting -> what it was made with and what today's preset says; None where that cannot be told."""
    from genlab.matches.since import changed_in_match, documents

    try:
        return {family: documents(found) for family, found in changed_in_match(now, lab).items()}
    except InputError:
        return None


def print_match(now: Match, lab: Lab) -> None:
    """What was equal, the parameters, the settings' story, and the claims with their verdicts."""
    from genlab.matches.fairness import chosen_words, fairness_words
    from genlab.matches.since import came_since
    from genlab.verdicts.findings import beside_words, still_due, turned_words
    from genlab.verdicts.plateau import early_words, plateau_words, sides

    say()
    say(fairness_words(now))
    parts = list(dict.fromkeys(part for counts in now.parameters.values() for part in counts if part != "total"))
    rows = [
        (family_title(family), *(f"{counts.get(part, 0):,}" for part in parts), f"{counts['total']:,}")
        for family, counts in now.parameters.items()
    ]
    table(("parameters", *parts, "total"), rows, right=range(1, len(parts) + 2))
    for told in chosen_words(now):
        say(told)
    say()
    claims = (now.claims or {}).get("claims", [])
    table(("claim", "verdict", "effect (95 %)", "seeds"), [_claim(claim) for claim in claims])
    about = (plateau_words(now.claims), early_words(now.claims), turned_words(now.claims), still_due(now.claims))
    for told in filter(None, (*about, *came_since(now, lab))):
        say(told)
    for claim in claims:
        say()
        say(f"{claim['claim']}: {claim.get('title', '')}")
        for told in (claim.get("why", ""), *beside_words(claim), *(one.words for one in sides(now.claims, claim))):
            say(f"  {told}")


def _claim(claim: Mapping[str, Any]) -> tuple[str, str, str, str]:
    from genlab.verdicts.findings import VERDICTS

    effect = ""
    if claim.get("effect") is not None:
        line = {"value": claim.get("effect"), "low": claim.get("low"), "high": claim.get("high")}
        effect = f"{interval(line)} {claim.get('unit') or ''}".rstrip()
    seeds, needs = claim.get("seeds"), claim.get("needs_text") or claim.get("needs")
    number = len(seeds) if isinstance(seeds, list) else seeds
    if claim.get("applicable") is False:
        return claim["claim"], "not applicable", "", ""
    words = {**VERDICTS}.get(claim["verdict"], claim["verdict"])
    more = f", about {needs} more needed" if needs else ""
    return claim["claim"], words, effect, f"{number}{more}"


def _follow(lab: Lab, now: Match, as_json: bool) -> Match:
    """Show a match until it ends.

    Raises:
        typer.Exit: When it was stopped or failed.
    """
    try:
        with job_progress(quiet=as_json) as tell:
            while now.active:
                tell(now)
                time.sleep(0.5)
                now = lab.matches.exact(now.id)
    except KeyboardInterrupt:
        note("Stopping with checkpoints. Press Ctrl-C again to leave without waiting.")
        now = _stopped(lab, now)
        note(f"Continue with: genlab match --resume {now.id}")
        raise typer.Exit(INTERRUPTED) from None
    if now.state == "completed":
        return now
    again = f"Continue with: genlab match --resume {now.id}"
    error = now.error or {"kind": now.state, "message": f"The match {now.id} was {now.state}.", "hint": again}
    if as_json:
        emit({"error": {"kind": error["kind"], "message": error["message"], "hint": error.get("hint") or again}})
    complain(error["message"], error.get("hint") or again)
    raise typer.Exit(exit_code(error["kind"]))


def _stopped(lab: Lab, now: Match) -> Match:
    try:
        lab.matches.stop(now.id)
        while (now := lab.matches.exact(now.id)).active:
            time.sleep(0.3)
    except (InputError, KeyboardInterrupt):
        return lab.matches.exact(now.id)
    return now


def _begun(lab: Lab, request: MatchRequest) -> Match:
    """Start a match once its data are there: what can be refused is refused before anything is written."""
    from genlab.matches.fair import base_configs

    configs, _ = base_configs(request, lab)
    lab.data.open(next(iter(configs.values())).data)
    return lab.matches.start(request)


def _resumed(lab: Lab, key: str, seeds: int | None) -> Match:
    now = lab.matches.find(key)
    if seeds is None and (now.active or now.state == "completed"):
        return now
    return lab.matches.resume(now.id, seeds)


def _say_expected(lab: Lab, now: Match) -> None:
    """Items, and seconds as a range, that a run of each family is expected to take."""
    from genlab.matches.by_kind import many_of
    from genlab.presentation.words import span

    rows, many = [], many_of(now)
    for run in lab.matches.expected_runs(now.request):
        seen = f"{run.images:,} {many}" if run.images else f"as many {many} as its speed says"
        rows.append((family_title(run.family), seen, span(*run.seconds) if run.seconds else "not known yet"))
    table(("a run of", "sees", "takes"), rows)


def _judged(lab: Lab, key: str, as_json: bool) -> Match:
    """A match that has been judged again; Ctrl-C leaves its verdicts as they were."""
    now = lab.matches.find(key)
    with job_progress(quiet=as_json) as tell:
        lab.jobs.wait_for(lab.matches.start_judging(now.id), tell)
    return lab.matches.exact(now.id)


def _what(now: Match) -> str:
    request = now.request
    names = ", ".join(request.families)
    from genlab.matches.fairness import TITLES

    seeds = f"{request.seeds} {'seed' if request.seeds == 1 else 'seeds'}"
    return f"{names} on {request.data.name}, {request.preset}, {seeds}, {TITLES[request.fairness]}"


def _listed(now: Match, lab: Lab) -> dict[str, Any]:
    return {
        **document(now, lab),
        "name": now.name,
        "data": now.request.data.name,
        "preset": now.request.preset,
        "seeds": now.request.seeds,
        "tuned": now.request.tuned,
        "share": now.share,
        "created": now.created,
        "shipped": now.shipped,
    }


def _row(now: Match) -> tuple[str, ...]:
    claims = (now.claims or {}).get("claims", [])
    supported = f"{sum(claim['verdict'] == 'supported' for claim in claims)} of {len(claims)}" if claims else ""
    state = "shipped" if now.shipped else f"{now.state}, {now.share:.0%}" if now.active else now.state
    begun = time.strftime("%Y-%m-%d %H:%M", time.localtime(now.created))
    request = now.request
    return now.id, now.name, request.data.name, request.preset, str(request.seeds), state, supported, begun

"""Makes the zoo that comes with genlab (``assets/zoo``): the families at their best, matches, and twins for lessons.

``python -m benchmarks.zoo --workspace DIR --families DATA`` trains the three families with the balanced preset, where
they are missing there (stopped at any time, it goes on from the newest checkpoint), judges the weights as they are
shipped and writes the zoo; several data sets may be named. ``--twins`` does the same for the lessons' twins, and
``--one NAME`` for one of those there is one of each of: a kind of data, colour, known factors.
``--match ID`` takes seed 0 of every family of a finished match of that workspace, and the match's verdicts. What the
zoo holds already stays.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks._common import ROOT, BenchmarkError, progress
from benchmarks._following import with_flow
from benchmarks._newer_claims import with_newer_claims
from benchmarks._packing import compact
from benchmarks._runs import completed
from benchmarks._shipping import (
    Recipe,
    catalogue,
    finish,
    read_match,
    ship,
    ship_match,
    slimmer,
    with_decoder,
    with_opening,
    with_scores,
    without_critic,
)
from genlab.config import RunConfig, load_config
from genlab.errors import GenlabError
from genlab.lab import Lab
from genlab.plots.theme import family_title
from genlab.store.run import Run
from genlab.worker.inline import InlineLauncher

ZOO = ROOT / "assets" / "zoo"
DATA = "mnist-5k"

ONE_THREAD = {"training.threads": 1}
NARROW = {"network.width": 16, "training.images": 60_000}
SMALL = {"network.width": 16, "training.images": 40_000}
"""Both half as wide as the preset's: a minute on two cores, and a quarter of the bytes."""

COLLAPSING = {**SMALL, "training.seed": 1}
"""A GAN that hops is somewhere else at the end of every run: with this seed it ends while all samples are alike."""

TWINS = (
    Recipe(
        "gan-cured",
        "GAN with stabilisers",
        "Beside gan-collapsed: the same size and length, with a relativistic loss, R1 + R2 and less momentum.",
        "gan",
        DATA,
        "collapsing-gan",
        {
            **COLLAPSING,
            "loss": "relativistic",
            "penalty": "r1_r2",
            "penalty.weight": 1.0,
            "optimiser.beta1": 0.5,
        },
    ),
    Recipe(
        "gan-collapsed",
        "GAN that collapsed",
        "Mode collapse: no penalty, and a generator that learns faster than its critic; all samples are alike.",
        "gan",
        DATA,
        "collapsing-gan",
        COLLAPSING,
        critic=False,
    ),
    Recipe(
        "vae-healthy",
        "VAE with a KL weight of 1",
        "Beside vae-collapsed: the same with beta 1.",
        "vae",
        DATA,
        "posterior-collapse",
        {**NARROW, "beta": 1.0},
    ),
    Recipe(
        "vae-collapsed",
        "VAE that ignores its code",
        "Posterior collapse: the KL term is weighted × 50, and every sample is the average image.",
        "vae",
        DATA,
        "posterior-collapse",
        NARROW,
    ),
    Recipe(
        "gan-critic-won",
        "GAN with an overpowering critic",
        "A critic that learns ten times as fast, under the minimax loss: the generator gets no gradient.",
        "gan",
        DATA,
        "critic-too-strong",
        SMALL,
        critic=False,
    ),
)

WITH_RUNS = ("mnist-5k",)
"""Data sets of whose match a run of each family is shipped as well; of other matches what they found is all there is
room for."""

MATCHES_ON = ("mnist-5k", "fashion-mnist", "tones", "sentences", "moving-digits")
"""Data sets of matches that are shipped, in the order of lists: the Guide opens on the first."""

MODELS = ("vae", "gan", "vae_gan")
"""Models that are shipped, in the order of lists: each family by the one of its name."""

FAMILIES_ON = {"mnist-5k": "handwritten digits", "fashion-mnist": "clothes"}
"""Data sets of which the families at their best are shipped, and what is in them."""


def at_best(data: str) -> list[Recipe]:
    """The three families on ``data`` as the balanced preset trains them, on one thread each."""
    return [
        Recipe(
            f"{data}-{model.replace('_', '-')}-balanced",
            f"{title}, {FAMILIES_ON[data]}",
            f"The {title} of the balanced preset on {data}, seed 0: the settings to judge a family by.",
            model,
            data,
            "balanced",
            {"training.threads": 1},
            critic=False,
        )
        for model, title in ((model, family_title(model)) for model in MODELS)
    ]


def at_home() -> frozenset[str]:
    """Shipped runs that Home shows in motion: the families at their best."""
    return frozenset(recipe.run for data in FAMILIES_ON for recipe in at_best(data))


ONE_OF_EACH = (
    Recipe(
        "emoji-gan",
        "GAN, colour emoji",
        "The GAN of the quick preset on 1,593 colour emoji of 64 × 64 px, seed 0, with DiffAugment against memorising.",
        "gan",
        "emoji64",
        "quick",
        ONE_THREAD,
        critic=False,
    ),
    Recipe(
        "shapes-vae",
        "VAE, shapes with known factors",
        "A VAE half as wide as the quick preset's on shapes: what changes in a picture is known, and can be measured.",
        "vae",
        "shapes",
        "quick",
        {**ONE_THREAD, "network.width": 16},
    ),
    Recipe(
        "tones-gan",
        "GAN, tones that can be heard",
        "The GAN of the quick preset on tones of five instruments, seed 0, twice as long.",
        "gan",
        "tones",
        "quick",
        {**ONE_THREAD, "training.images": 120_000},
        critic=False,
    ),
    Recipe(
        "sentences-vae",
        "VAE, sentences",
        "The VAE of the quick preset on sentences of a small grammar, seed 0.",
        "vae",
        "sentences",
        "quick",
        ONE_THREAD,
    ),
    Recipe(
        "moving-digits-gan",
        "GAN, films of moving digits",
        "The GAN of the quick preset on films of moving digits, seed 0.",
        "gan",
        "moving-digits",
        "quick",
        ONE_THREAD,
        critic=False,
    ),
)
"""A model of each further kind of data, of colour pictures, and of data whose factors are known."""


def without_critics() -> frozenset[str]:
    """Shipped runs that travel without a critic."""
    recipes = [*(recipe for data in FAMILIES_ON for recipe in at_best(data)), *ONE_OF_EACH, *TWINS]
    of_matches = {f"{data}-{family.replace('_', '-')}" for data in WITH_RUNS for family in MODELS}
    return frozenset({recipe.run for recipe in recipes if not recipe.critic} | of_matches)


FOLLOWED = (*(recipe.run for recipe in at_best(DATA)), "gan-cured")
"""Shipped runs that data are followed through: the families at their best on one data set, and a GAN that brings its
critic."""

ORDER = (
    *(recipe.run for data in FAMILIES_ON for recipe in at_best(data)),
    *(recipe.run for recipe in ONE_OF_EACH),
    *(f"{data}-{family.replace('_', '-')}" for data in WITH_RUNS for family in MODELS),
    *(recipe.run for recipe in TWINS),
)


def configured(lab: Lab, recipe: Recipe) -> RunConfig:
    """The complete configuration of a recipe."""
    return lab.configs.make(recipe.model, recipe.data, recipe.preset, recipe.settings)


def trained(lab: Lab, recipe: Recipe) -> Run:
    """The run of a recipe: the one that is there, resumed if it was cut off, or a new one.

    Raises:
        BenchmarkError: When it does not complete.
    """
    config = configured(lab, recipe).model_copy(update={"name": recipe.run})
    run = completed(lab, config)
    if run is None:
        raise BenchmarkError(f"{recipe.run} was not trained to its end.")
    return run


def of_match(lab: Lab, folder: Path) -> Iterator[tuple[Run, Recipe]]:
    """Seed 0 of every family of a match.

    Raises:
        BenchmarkError: When the match is not finished, or none of its runs can be shipped.
    """
    documents = read_match(folder)
    for entry in documents["plan"]["entries"]:
        if entry["role"] != "seed" or entry["seed"] != 0:
            continue
        run = lab.runs.find(entry["run"]) if entry["run"] else None
        if run is None or run.state != "completed":
            progress(f"{entry['family']} of {folder.name} has not completed: left out")
            continue
        yield run, _recipe(entry, load_config(entry["config"]))


def _recipe(entry: dict[str, Any], config: RunConfig) -> Recipe:
    family, data = str(entry["family"]), config.data.name
    title = family_title(family)
    about = f"The {title} of the fair match on {data}, seed 0, {config.training.images:,} images."
    settings: dict[str, Any] = {}
    name = f"{data}-{family.replace('_', '-')}"
    fair = f"{title} of the fair match"
    return Recipe(name, fair, about, config.model.name, data, config.preset, settings, critic=False)


def main(arguments: list[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.zoo", description=__doc__)
    parser.add_argument("--workspace", type=Path, required=True, help="where the runs are, or will be")
    parser.add_argument("--match", action="append", default=[], help="a finished match; several may be named")
    parser.add_argument(
        "--families", action="append", default=[], choices=list(FAMILIES_ON), help="data to train the families on"
    )
    parser.add_argument(
        "--one", action="append", default=[], choices=[recipe.run for recipe in ONE_OF_EACH], help="one of each"
    )
    parser.add_argument("--slim", action="store_true", help="only leave out of what the zoo holds what nobody sees")
    parser.add_argument("--twins", action="store_true", help="make the lessons' twins")
    parser.add_argument("--out", type=Path, default=ZOO, help="the zoo")
    parser.add_argument("--decoders", action="store_true", help="only make the decoders of what the zoo holds anew")
    parser.add_argument("--openings", action="store_true", help="only draw anew what Home opens with")
    parser.add_argument("--flows", action="store_true", help="only follow data anew through what the Guide opens with")
    parser.add_argument("--scores", action="store_true", help="only evaluate anew what has scores of earlier metrics")
    parser.add_argument("--claims", action="store_true", help="only add claims that are not asked of a match's data")
    parser.add_argument(
        "--without-critics", action="store_true", help="take the critics out of runs that are to travel without"
    )
    asked = parser.parse_args(arguments)
    lab = Lab(asked.workspace, launcher=InlineLauncher())
    try:
        lines = [*of_what_is_there(lab, asked), *of_matches(lab, asked), *of_recipes(lab, asked)]
        command = "python -m benchmarks.zoo --workspace DIR --families DATA --one NAME --twins [--match ID]"
        finish(asked.out, lines, ORDER, command, MATCHES_ON)
    except (BenchmarkError, GenlabError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def of_what_is_there(lab: Lab, asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Do anew what is asked for with what the zoo holds; returns lines of the catalogue."""
    lines: list[dict[str, Any]] = []
    if asked.without_critics:
        lines = [
            without_critic(lab, entry, asked.out) for entry in catalogue(asked.out) if entry["run"] in without_critics()
        ]
    if asked.decoders:
        lines = [with_decoder(lab, entry, asked.out) for entry in catalogue(asked.out)]
        lines = [with_opening(line, asked.out) if line["run"] in at_home() else line for line in lines]
    if asked.openings:
        lines = [with_opening(entry, asked.out) for entry in catalogue(asked.out) if entry["run"] in at_home()]
    if asked.flows:
        lines = [with_flow(lab, entry, asked.out) for entry in catalogue(asked.out) if entry["run"] in FOLLOWED]
    if asked.scores:
        lines = [with_scores(lab, entry, asked.out) for entry in catalogue(asked.out)]
    if asked.slim:
        lines = [slimmer(entry, asked.out) for entry in catalogue(asked.out)]
        compact(asked.out / "matches")
    for known in [match for match in lab.matches.all() if match.shipped] if asked.claims else []:
        progress(f"{known.id}: {', '.join(with_newer_claims(lab, known, asked.out)) or 'no claim to add'}")
    return lines


def of_matches(lab: Lab, asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Ship the matches that are asked for, some with a run of each family; returns lines of the catalogue."""
    lines = []
    for match in asked.match:
        folder = lab.workspace.path / "matches" / match
        names = {}
        for run, recipe in of_match(lab, folder):
            if recipe.data not in WITH_RUNS:
                continue
            lines.append(ship(lab, run, recipe, asked.out))
            names[run.id] = recipe.run
        ship_match(lab, folder, names, asked.out)
    return lines


def of_recipes(lab: Lab, asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Train, judge and ship what is asked for by name; returns lines of the catalogue."""
    recipes = [recipe for data in asked.families for recipe in at_best(data)]
    one = [recipe for recipe in ONE_OF_EACH if recipe.run in asked.one]
    lines = []
    for recipe in [*recipes, *one, *(TWINS if asked.twins else ())]:
        line = ship(lab, trained(lab, recipe), recipe, asked.out)
        line = with_flow(lab, line, asked.out) if recipe.run in FOLLOWED else line
        lines.append(with_opening(line, asked.out) if recipe.run in at_home() else line)
    return lines


if __name__ == "__main__":
    sys.exit(main())

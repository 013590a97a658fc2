"""Every lesson is complete, asks for what can be trained, reads its address, and can come out in every way there is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from genlab.errors import InputError
from genlab.lab import Lab
from genlab.lessons._address import parameters, read_options
from genlab.lessons._facts import Seen
from genlab.lessons.base import LessonFacts, LessonSpec
from genlab.metrics import REGISTRY as METRICS
from genlab.playground.scenario import read
from genlab.playground.scenes import SCENES
from genlab.registry import registry

NAMES = registry("lessons").names()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(tmp_path_factory.mktemp("lessons") / "workspace")


@pytest.fixture(params=NAMES)
def spec(request: pytest.FixtureRequest) -> LessonSpec:
    found: LessonSpec = registry("lessons").get(request.param)
    return found


def seen(scores: Mapping[str, Any] | None = None, watch: Mapping[str, Any] | None = None, **curves: Any) -> Seen:
    """A run whose curves hold these values, one row each; ``kl_total`` stands for ``kl/total``."""
    length = max([1, *(len(values) for values in curves.values())])
    rows = [
        {name.replace("__", "/"): values[place] for name, values in curves.items() if place < len(values)}
        for place in range(length)
    ]
    return Seen(rows=rows, scores=scores or {}, watch=watch or {})


def line(value: float, half: float = 0.0) -> dict[str, Any]:
    return {"value": value, "low": value - half, "high": value + half, "floor": 0.0, "n": 1_000}


def kl(plain: float, dear: float, error: float, worse: float) -> LessonFacts:
    runs = {
        "plain": seen(kl__total=[plain], reconstruction__nats=[error]),
        "dear": seen(kl__total=[dear], reconstruction__nats=[worse]),
    }
    return LessonFacts(runs)


def noise(trick: float, plain: float, baseline: float) -> LessonFacts:
    return LessonFacts(measured={"trick": {"noise": trick}, "plain": {"noise": plain}, "baseline": {"noise": baseline}})


def collapse(pressed: float, plain: float = 20.0) -> LessonFacts:
    return LessonFacts({"pressed": seen(kl__total=[pressed]), "plain": seen(kl__total=[plain])})


def coverages(ahead: float, held: float) -> LessonFacts:
    return LessonFacts({"ahead": seen(watch__coverage=[ahead]), "held": seen(watch__coverage=[held])})


def modes(*found: float) -> LessonFacts:
    return LessonFacts({"bare": seen(watch={"modes": 8}, watch__modes=list(found)), "cured": seen(watch__modes=[8.0])})


def holes(plain: float, cheap: float, half: float = 1.0) -> LessonFacts:
    pairs = {"plain": plain, "cheap": cheap}
    return LessonFacts({key: seen({"frechet": line(value, half)}, images=[1]) for key, value in pairs.items()})


def walk(value: float, half: float = 0.02) -> LessonFacts:
    return LessonFacts({"model": seen({"interpolation_realism": line(value, half)}, images=[1])})


def damaged(precision: float, coverage: float) -> LessonFacts:
    lines = {"precision": [line(0.9, 0.02), line(precision, 0.02)], "coverage": [line(0.9, 0.02), line(coverage, 0.02)]}
    return LessonFacts(sandbox=lines)


def hybrid(psnr: tuple[float, float], edges: tuple[float, float]) -> LessonFacts:
    pairs = zip(("vae", "vae_gan"), psnr, edges, strict=True)
    return LessonFacts(
        {key: seen({"psnr": line(near, 0.1), "laplacian": line(sharp, 0.02)}, images=[1]) for key, near, sharp in pairs}
    )


def surprise(likelihood: float, corrected: float = 0.9) -> LessonFacts:
    areas = {"likelihood": {"auroc": likelihood}, "corrected": {"auroc": corrected}}
    return LessonFacts(measured={**areas, "compressed": {"normal": 1_800.0, "other": 990.0}})


def reader(language: float, back: float, nats: float = 0.01) -> LessonFacts:
    first = seen({"grammatical": line(language), "exact": line(back)}, kl__total=[nats])
    return LessonFacts({"plain": first, "helped": seen({"exact": line(0.9)}, kl__total=[10.5])})


def flickering(stills: float) -> LessonFacts:
    lines = {"real": 1.0, "stills": stills, "frames": 3.0, "films": 0.5}
    return LessonFacts(
        measured={way: {"flicker": value, "low": value - 0.1, "high": value + 0.1} for way, value in lines.items()}
    )


CASES: Mapping[str, list[tuple[str | None, LessonFacts]]] = {
    "what-kl-does": [
        ("fewer", kl(25, 5, 90, 150)),
        ("free", kl(25, 5, 90, 91)),
        ("more", kl(25, 60, 90, 70)),
        (None, kl(25, 25.5, 90, 90)),
    ],
    "reparameterisation": [
        ("trick", noise(1.2, 15, 4)),
        ("score", noise(9, 2, 3)),
        ("alike", noise(1, 1.3, 1.2)),
        (None, noise(1, 2, 1.7)),
    ],
    "posterior-collapse": [
        ("nothing", collapse(0.01)),
        ("less", collapse(3)),
        ("ordinary", collapse(19)),
        (None, collapse(14)),
    ],
    "critic-must-not-win": [
        ("held", coverages(0.03, 0.6)),
        ("ahead", coverages(0.6, 0.03)),
        ("same", coverages(0.5, 0.55)),
        (None, LessonFacts({"ahead": seen(images=[1]), "held": seen(images=[1])})),
    ],
    "mode-collapse": [
        ("few", modes(1, 2, 2, 2, 4)),
        ("some", modes(1, 2, 6, 6, 6)),
        ("all", modes(1, 8, 8, 8, 8)),
        (None, modes()),
    ],
    "holes-in-the-prior": [
        ("worse", holes(66, 104)),
        ("better", holes(66, 30)),
        ("same", holes(66, 67)),
        (None, LessonFacts({"plain": seen(images=[1]), "cheap": seen(images=[1])})),
    ],
    "walking-the-latent-space": [
        ("real", walk(0.97)),
        ("between", walk(0.7)),
        ("seldom", walk(0.2)),
        (None, walk(0.85, 0.1)),
    ],
    "what-metrics-miss": [
        ("coverage", damaged(0.9, 0.4)),
        ("precision", damaged(0.4, 0.9)),
        ("both", damaged(0.4, 0.4)),
        ("neither", damaged(0.9, 0.9)),
        (None, LessonFacts(sandbox={"precision": [{"value": None}] * 2, "coverage": [line(0.9)] * 2})),
    ],
    "hybrid": [
        ("split", hybrid((19, 15), (0.3, 0.9))),
        ("hybrid", hybrid((15, 19), (0.3, 0.9))),
        ("vae", hybrid((19, 15), (0.9, 0.3))),
        ("crossed", hybrid((15, 19), (0.9, 0.3))),
        (None, hybrid((19, 19), (0.3, 0.9))),
    ],
    "frames-one-by-one": [
        ("much", flickering(3.3)),
        ("some", flickering(1.5)),
        ("calm", flickering(1.1)),
        (None, LessonFacts()),
    ],
    "autoregressive-decoder": [
        ("silent", reader(0.95, 0.0)),
        ("both", reader(0.95, 0.9, 10.0)),
        ("copies", reader(0.3, 0.9, 10.0)),
        ("broken", reader(0.3, 0.0)),
        (None, reader(0.95, 0.0, 2.0)),
    ],
    "what-likelihood-calls-normal": [
        ("likelier", surprise(0.3)),
        ("found", surprise(0.9)),
        ("alike", surprise(0.52)),
        (None, LessonFacts()),
    ],
}
"""Lesson -> what happened, by hand, and the choice that it makes come true. Test data, not results."""


def test_it_is_complete(spec: LessonSpec):
    options = spec.Options()
    assert 5 <= spec.minutes <= 10
    assert 1 <= len(spec.scene) <= 3 and 2 <= len(spec.explanation) <= 5
    assert len(spec.choices) >= 2 and len({choice.key for choice in spec.choices}) == len(spec.choices)
    assert spec.paper and re.search(r"\b(19|20)\d\d\b", spec.paper), "one paper, with its year"
    assert spec.looks and spec.tries
    assert bool(spec.configs(options)) + (spec.damage is not None) + (spec.experiment is not None) == 1
    for text in (spec.question, *spec.scene):
        assert "{" not in spec.filled(text, options)
    plan = spec.plan
    assert plan.aim.endswith(".") and plan.before.endswith(".")
    assert min(map(len, (plan.ask, plan.said, plan.traps, plan.follow))) >= 2


def test_titles_and_subtitles_give_no_answer_away(spec: LessonSpec):
    """They stand above the prediction, and on the list of lessons."""
    shown = f"{spec.title}. {spec.summary}"
    told = r"nothing|vanish|same average|only what|fraction|never been|must not|worse|fewer|less\b"
    assert not re.search(told, shown)


def test_a_plan_fits_on_a_page(spec: LessonSpec):
    from genlab.lessons._document import plan_markdown

    assert 120 <= len(plan_markdown(spec).split()) <= 420


def test_what_is_shown_is_there(spec: LessonSpec):
    for look in spec.looks:
        if look.kind == "scores":
            assert set(look.names) <= set(spec.scores)
        if look.kind in {"curves", "vector", "portrait"}:
            assert look.names
        if look.kind == "playground":
            read(dict(look.link))
    for name in spec.scores:
        assert METRICS.get(name)


def test_its_runs_can_be_trained_and_end_soon(lab: Lab, spec: LessonSpec):
    trainings = spec.configs(spec.Options())
    assert len({training.key for training in trainings}) == len(trainings)
    for training in trainings:
        config = lab.configs.make(
            training.model, training.data, training.preset, {**training.settings, "name": training.name}
        )
        assert config.name.startswith("Lesson: ") and len(config.name) <= 80
        most = 200_000 if config.data.name in {"ring", "grid"} else 45_000
        assert config.training.images <= most, "a minute or two on two cores"
        assert config.watch.collapse


def test_every_way_out_has_facts_that_lead_there(spec: LessonSpec):
    if spec.name not in CASES:
        pytest.skip("a plugin's lesson: write facts of your own")
    answers = [answer for answer, _ in CASES[spec.name]]
    assert set(answers) == {choice.key for choice in spec.choices} | {None}


@pytest.mark.parametrize(("name", "answer", "facts"), [(name, *case) for name in CASES for case in CASES[name]])
def test_the_check_reads_the_numbers(name: str, answer: str | None, facts: LessonFacts):
    spec: LessonSpec = registry("lessons").get(name)
    outcome = spec.check(facts, spec.Options())
    assert outcome.answer == answer, outcome
    assert outcome.seen and not outcome.seen.endswith("."), "a clause: the page ends it"
    for choice in spec.choices:
        expected = "undecided" if answer is None else "right" if choice.key == answer else "wrong"
        assert outcome.verdict(choice.key) == expected
    if answer is not None:
        assert re.search(r"\d", outcome.seen) and outcome.numbers, "it says what it rests on"


def test_nothing_comes_of_nothing(spec: LessonSpec):
    """No run, runs without curves, runs that were stopped: undecided, never an error."""
    options = spec.Options()
    keys = [training.key for training in spec.configs(options)]
    for facts in (
        LessonFacts(),
        LessonFacts(dict.fromkeys(keys, Seen())),
        LessonFacts(dict.fromkeys(keys, Seen(state="stopped", rows=[{"images": 1}]))),
        LessonFacts(dict.fromkeys(keys, Seen(rows=[{"images": 1}]))),
        LessonFacts(dict.fromkeys(keys, Seen(state="diverged", rows=[{"images": 1}]))),
    ):
        outcome = spec.check(facts, options)
        assert outcome.answer is None and outcome.seen


def test_its_address_is_read_as_it_was_written(spec: LessonSpec):
    usual = spec.Options()
    assert parameters(spec, usual) == {"lesson": spec.name}
    changed = usual.model_copy(update=_other(usual))
    written = {name: [value] for name, value in parameters(spec, changed).items()}
    assert len(written) == 2
    assert read_options(spec, written) == changed


def _other(options: Any) -> dict[str, Any]:
    """One setting with another value."""
    values = options.model_dump()
    for name, value in values.items():
        if isinstance(value, int) and not isinstance(value, bool):
            return {name: value + 1}
    return {"data": "digits"}


def test_wrong_addresses_are_refused_in_a_sentence(spec: LessonSpec):
    name = next(iter(spec.Options.model_fields))
    for wrong in ({"no_such_setting": ["1"]}, {name: ["not-a-value"]}, {name: [""]}, {name: ["1", "2"]}):
        with pytest.raises(InputError) as refused:
            read_options(spec, wrong)
        assert 10 < len(refused.value.message) < 300 and refused.value.hint
        assert next(iter(wrong)) in refused.value.message


def test_what_to_try_next_can_be_tried(lab: Lab, spec: LessonSpec):
    scenes = {scene.name for scene in SCENES}
    for each in spec.tries:
        if each.page == "lesson":
            options = spec.Options.model_validate({**spec.Options().model_dump(), **each.settings})
            assert options != spec.Options()
            for training in spec.configs(options):
                lab.configs.make(training.model, training.data, training.preset, training.settings)
        elif each.page == "playground":
            assert each.settings.get("scene") in scenes or read(dict(each.settings))


def test_they_are_in_an_order():
    assert sorted(registry("lessons").get(name).order for name in CASES) == list(range(1, len(CASES) + 1))

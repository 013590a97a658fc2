"""Frames one by one: films whose every frame is drawn without its neighbours, beside films that are drawn whole."""

from __future__ import annotations

from typing import Any

from genlab.lessons import _frames
from genlab.lessons._facts import undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan
from genlab.numbers import interval
from genlab.options import Options, setting

CALM, MUCH = 1.2, 2.0
"""Times the flicker of real films: up to the first it is about theirs, from the second on it is much."""


class FramesOptions(Options):
    """Settings of the lesson."""

    learned: int = setting(800, "films that the models learn from", ge=100, le=1_600, unit="films")
    latents: int = setting(64, "size of the latent of a frame, and of that of a film", ge=1, le=99, unit="dimensions")
    seed: int = setting(0, "which films are taken, and all draws", ge=0, le=2**31 - 1)


def experiment(options: FramesOptions, items: Any, labels: Any) -> dict[str, Any]:
    """Draw films frame by frame and whole."""
    return _frames.drawn(items, options.learned, options.latents, options.seed)


def check(facts: LessonFacts, options: FramesOptions) -> LessonOutcome:
    """How much a film of real frames, each drawn by itself, flickers."""
    found = facts.measured
    if not found:
        return undecided("no films have been drawn yet")
    told = {
        way: interval({"value": found[way]["flicker"], "low": found[way]["low"], "high": found[way]["high"]})
        for way in _frames.WAYS
    }
    numbers = (
        ("Flicker of real frames, drawn one by one", f"{told['stills']} × that of real films"),
        ("Of a model of frames", f"{told['frames']} ×"),
        ("Of a model of films", f"{told['films']} ×"),
        ("Of other real films", f"{told['real']} ×"),
    )
    words = f"it flickers {told['stills']} times as much as real films do, and one of a model of films {told['films']}"
    flicker = float(found["stills"]["flicker"])
    answer = "calm" if flicker <= CALM else "some" if flicker < MUCH else "much"
    return LessonOutcome(answer, words, numbers)


SPEC = LessonSpec(
    title="Frames one by one",
    summary="Films whose frames are drawn each by itself, beside films that are drawn whole, and how unsteady they are",
    paper="Vondrick et al., Generating Videos with Scene Dynamics, 2016",
    Options=FramesOptions,
    order=11,
    minutes=6,
    scene=(
        "A good model of pictures makes perfect single frames. Is a film, then, many of its pictures one after the "
        "other?",
        "Here films of a running digit are made in three ways. The first is the best model of frames that there can "
        "be: every frame is a *real* one, drawn by itself from other films. The second draws each frame from a linear "
        "decoder with {latents} latents that has learned {learned} films' frames. The third has learned the same films "
        "whole, and draws a whole film from {latents} latents.",
        "Flicker says how far frames are from halfway between their neighbours. That of real films counts as 1.",
    ),
    question="Every frame of the first film is a real one. How much does the film flicker?",
    choices=(
        Answer("calm", "About as much as a real film: all that is seen is real"),
        Answer("some", "A little more than a real film, up to twice as much"),
        Answer("much", "More than twice as much as a real film"),
    ),
    looks=(
        Exhibit("experiment", "One film each, frame by frame", "From left to right in time.", ("films",)),
        Exhibit(
            "experiment",
            "Flicker of 200 films each",
            "The line is that of real films. To the left of it a film is too smooth, to the right it jumps.",
            ("flicker",),
        ),
    ),
    check=check,
    experiment=experiment,
    data="moving-digits",
    explanation=(
        "A film is not in its frames but between them. A model of frames knows p(frame); a film is one draw of "
        "p(frame 1, frame 2, …). Independent draws give real frames in an order that means nothing. Scores that look "
        "at single frames notice none of it: each frame is as real as it can be.",
        "A model of films draws one latent for all frames. Which digit it is, where it starts and how fast it runs are "
        "decided once, so that neighbours agree. Even this linear one, whose frames are blurred worse than those of "
        "the model of frames, does not jump.",
        "It fails on the other side: blurred frames differ too little, and its flicker is below 1. A film that stands "
        "still has none at all. So flicker has an ideal and no direction, and goes with scores of the frames.",
        "Larger models do the same with other means: convolutions over time, a latent per film and one per frame, "
        "attention between frames. The remedy is always that frames know of each other.",
    ),
    tries=(
        Next("With 8 latents", "lesson", {"latents": 8}),
        Next("With other films", "lesson", {"seed": 1}),
        Next("Train a model of films", "train"),
    ),
    plan=TeachingPlan(
        aim="Learners can say why a model of pictures is no model of films, and what one latent per film changes.",
        before="What a sample of a model is; that a decoder makes an item of a latent.",
        ask=(
            "Before: what would you have to see to tell the first film from a real one, frame by frame?",
            "Which things of such a film have to be decided once, and which afresh in each frame?",
            "After: is less flicker better? Which film has none?",
        ),
        said=(
            ("“The frames must be bad.”", "Those of the first film are real. Look at any one alone."),
            ("“Then smooth the film.”", "The mean of neighbours has less flicker and two digits in each frame."),
        ),
        traps=(
            "The model of films looks worst frame by frame, and is the only one that moves.",
            "Flicker is relative to these data: faster digits jump more, in real films as well.",
        ),
        follow=(
            "Evaluate a film model with `genlab evaluate RUN --metrics flicker,speed_distance`.",
            "Have them think of a score by which frozen films lose.",
        ),
    ),
)

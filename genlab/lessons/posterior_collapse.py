"""Posterior collapse: a VAE whose code falls silent, beside one of the same kind whose code does not."""

from __future__ import annotations

from genlab.lessons._facts import missing, undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan, Training
from genlab.numbers import nats
from genlab.options import Options, setting

SILENT = 0.3
"""Nats below which a code tells nothing, as for the alarm of the collapse watch."""

LESS, ORDINARY = 0.6, 0.8
"""Shares of the ordinary nats: below the first it is clearly less, from the second on about as much."""


class CollapseOptions(Options):
    """Settings of the lesson."""

    beta: float = setting(50.0, "weight of the KL", ge=0, le=1_000, log=True)
    kl_warmup: float = setting(0.0, "share of the training over which the weight rises from 0", ge=0, le=1)
    images: int = setting(30_000, "length of each training", ge=1_000, le=500_000, unit="images")
    seed: int = setting(0, "seed of both", ge=0, le=2**31 - 1)


def configs(options: CollapseOptions) -> tuple[Training, ...]:
    """The VAE in question, and one whose KL has weight 1."""
    usual = options == CollapseOptions()
    shared = {"images": options.images, "seed": options.seed}
    warm = f", warm-up {options.kl_warmup:g}" if options.kl_warmup else ""
    return (
        Training(
            "pressed",
            f"Weight {options.beta:g}{warm}",
            "posterior collapse",
            "vae",
            {**shared, "beta": options.beta, "kl_warmup": options.kl_warmup},
            preset="posterior-collapse",
            shipped="vae-collapsed" if usual else "",
        ),
        Training(
            "plain",
            "Weight 1",
            "posterior collapse",
            "vae",
            {**shared, "beta": 1.0},
            preset="posterior-collapse",
            shipped="vae-healthy" if usual else "",
            control=True,
        ),
    )


def check(facts: LessonFacts, options: CollapseOptions) -> LessonOutcome:
    """Nats in the code at the end, against those at weight 1."""
    lack = missing(facts, "pressed", "plain")
    if lack:
        return lack
    pressed, plain = facts.runs["pressed"], facts.runs["plain"]
    kl, ordinary = pressed.late("kl/total"), plain.late("kl/total")
    if kl is None or ordinary is None:
        return undecided("the curves of these runs hold no KL")
    numbers = [("Code", nats(kl)), ("Code at weight 1", nats(ordinary))]
    active, usual = pressed.last("units/active"), plain.last("units/active")
    if active is not None and usual is not None:
        numbers.append(("Active dimensions", f"{active:.0f} (at weight 1: {usual:.0f})"))
    alarm = pressed.alarm("posterior_collapse")
    if alarm:
        numbers.append(("Collapse watch", f"alarm since {int(alarm.get('images', 0)):,} images"))
    words = f"the code carries {nats(kl)}; with weight 1 it carries {nats(ordinary)}"
    if kl < SILENT:
        answer = "nothing"
    elif kl < LESS * ordinary:
        answer = "less"
    else:
        answer = "ordinary" if kl >= ORDINARY * ordinary else ""
    return LessonOutcome(answer or None, words, tuple(numbers))


SPEC = LessonSpec(
    title="Posterior collapse",
    summary="What a VAE's code carries when the KL term has a very large weight from the first step on",
    paper="Lucas et al., Don't Blame the ELBO! A Linear VAE Perspective on Posterior Collapse, 2019",
    Options=CollapseOptions,
    order=3,
    minutes=7,
    scene=(
        "A VAE learns handwritten digits. From the first step on its KL term is weighted × {beta:g}. A second VAE "
        "has a weight of 1; everything else is the same.",
        "The KL measures in nats how much information the code carries about an image. 0.7 nats is one bit: enough "
        "to distinguish two kinds of image.",
    ),
    question="With weight {beta:g}, how much information does the code carry at the end?",
    choices=(
        Answer("nothing", "Nothing: less than half a bit, and all samples are the same"),
        Answer("less", "Something, but clearly less than with weight 1"),
        Answer("ordinary", "About as much as with weight 1: training finds a way around the weight"),
    ),
    configs=configs,
    looks=(
        Exhibit("samples", "Samples", "64 latents from the prior, decoded. Do they depend on the latent?"),
        Exhibit("watch", "What the collapse watch says", "It looks every few thousand images."),
        Exhibit(
            "vector",
            "Nats per latent dimension",
            "An empty chart is not a mistake: every dimension is at zero.",
            ("vector/kl",),
        ),
        Exhibit("curves", "Code and error while they train", "", ("kl/total", "reconstruction/nats")),
    ),
    check=check,
    explanation=(
        "Look at the loss from the encoder's side at the very start. The decoder does not understand the code yet, so "
        "sending it buys nothing, while every nat costs its weight at once. The cheapest thing to do is to send "
        "nothing: make the posterior equal to the prior for every image.",
        "The decoder answers by ignoring z, and draws the one picture that is wrong the least on average. Now "
        "neither has a reason to begin: for the encoder the code is useless because the decoder ignores it, for the "
        "decoder it is noise because the encoder says nothing. It is a local optimum of training, not a bug.",
        "Remedies remove the early cost: let the weight rise slowly (`kl_warmup`), give each dimension some nats for "
        "free (`free_bits`), or lower the weight. Where the likelihood itself makes the code not worth its price, as a "
        "very wide noise of the decoder does, only changing the likelihood helps.",
    ),
    tries=(
        Next("Weight 10: between the two", "lesson", {"beta": 10.0}),
        Next("Weight 50, but let it rise slowly", "lesson", {"kl_warmup": 0.75}),
        Next("In the plane, with a decoder that is too noisy", "playground", {"scene": "posterior_collapse"}),
        Next("Evidence on the Collapse page", "collapse"),
    ),
    plan=TeachingPlan(
        aim="Learners recognise a collapsed posterior by three signs (samples, KL, active units) and name two "
        "remedies.",
        before="The lesson “What KL does”, or what the two terms of the ELBO are.",
        ask=(
            "Before: at the first step the decoder is random. What does a nat of code buy?",
            "While it trains: the loss goes down. Is that good news?",
            "After: the samples are all alike. Is this mode collapse? What is different?",
        ),
        said=(
            ("“It has not trained long enough.”", "Show the KL: it has been at zero for most of the run."),
            ("“The decoder is too weak.”", "The other VAE has the same decoder. If anything, a strong one is worse."),
            ("“It is mode collapse.”", "There is one mode here because there is no code; no game was lost."),
        ),
        traps=(
            "The loss of a collapsed VAE looks healthy: it falls and comes to rest.",
            "With a warm-up that lasts the whole training there is no collapse yet at the end: it may come later.",
        ),
        follow=(
            "Find the weight at which the code falls silent: groups try 5, 10, 20, 30 through the address.",
            "Add `free_bits` on the Train page and see which dimensions wake.",
        ),
    ),
)

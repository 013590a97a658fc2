"""What KL does: two VAEs that differ in the price of a nat, and what each of them still finds worth saying."""

from __future__ import annotations

from genlab.lessons._facts import missing, undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan, Training
from genlab.numbers import nats
from genlab.options import Options, setting

CHANGED = 0.1
"""Relative change of the code's nats below which two runs count as alike."""

WORSE = 2.0
"""Nats by which a reconstruction has to differ to be called better or worse: the noise of a row is about one."""


class KlOptions(Options):
    """Settings of the lesson."""

    beta: float = setting(8.0, "weight of the KL in the second VAE; the first has 1", ge=0, le=1_000, log=True)
    latent_dim: int = setting(32, "size of the latent space of both", ge=2, le=256, unit="dimensions")
    images: int = setting(30_000, "length of each training", ge=1_000, le=500_000, unit="images")
    seed: int = setting(0, "seed of both", ge=0, le=2**31 - 1)


def configs(options: KlOptions) -> tuple[Training, ...]:
    """A VAE whose nats cost 1, and one whose nats cost ``beta``."""
    shared = {"latent_dim": options.latent_dim, "images": options.images, "seed": options.seed, "kl_warmup": 0.0}
    return (
        Training("plain", "Weight 1", "KL", "vae", {**shared, "beta": 1.0}, control=True),
        Training("dear", f"Weight {options.beta:g}", "KL", "vae", {**shared, "beta": options.beta}),
    )


def check(facts: LessonFacts, options: KlOptions) -> LessonOutcome:
    """Nats in the code and reconstruction error at the end of both runs."""
    lack = missing(facts, "plain", "dear")
    if lack:
        return lack
    plain, dear = facts.runs["plain"], facts.runs["dear"]
    kl = [seen.late("kl/total") for seen in (plain, dear)]
    error = [seen.late("reconstruction/nats") for seen in (plain, dear)]
    if kl[0] is None or kl[1] is None or error[0] is None or error[1] is None:
        return undecided("the curves of these runs hold no KL")
    numbers = (
        ("Code at weight 1", nats(kl[0])),
        (f"Code at weight {options.beta:g}", nats(kl[1])),
        ("Reconstruction error at weight 1", nats(error[0])),
        (f"Reconstruction error at weight {options.beta:g}", nats(error[1])),
    )
    words = (
        f"at weight {options.beta:g} the code carries {nats(kl[1])} where it carries {nats(kl[0])} at weight 1, and "
        f"reconstructions cost {nats(error[1])} instead of {nats(error[0])}"
    )
    if kl[1] < (1 - CHANGED) * kl[0]:
        return LessonOutcome("fewer" if error[1] > error[0] + WORSE else "free", words, numbers)
    if kl[1] > (1 + CHANGED) * kl[0]:
        return LessonOutcome("more", words, numbers)
    return LessonOutcome(None, f"the two runs hardly differ: {words}", numbers)


SPEC = LessonSpec(
    title="What KL does",
    summary="What changes when the KL term gets a larger weight",
    paper="Higgins et al., beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework, 2017",
    Options=KlOptions,
    order=1,
    minutes=7,
    scene=(
        "A VAE's loss has two terms for every image: the reconstruction error, and the cost of the code, which is "
        "the KL divergence between the code's distribution and the prior, counted in nats.",
        "Two VAEs learn the same handwritten digits from the same first weights. Only the weight differs: in one a "
        "nat of code costs as much as a nat of error, in the other {beta:g} times as much.",
    ),
    question="What does the weight of {beta:g} do, compared with 1?",
    choices=(
        Answer("fewer", "The code carries fewer nats, and reconstructions get worse"),
        Answer("free", "The code carries fewer nats, and reconstructions stay as good: it only gets tidier"),
        Answer("more", "The code carries more nats: the pressure makes it more informative"),
    ),
    configs=configs,
    looks=(
        Exhibit("samples", "Samples of both", "The same latents on both sides, drawn from the prior."),
        Exhibit(
            "vector",
            "Nats per latent dimension",
            "Sorted. Which dimensions are given up first: the strong ones or the weak ones?",
            ("vector/kl",),
        ),
        Exhibit(
            "curves",
            "Code and error while they train",
            "The two terms of the loss.",
            ("kl/total", "reconstruction/nats"),
        ),
    ),
    check=check,
    explanation=(
        "The KL of one dimension is what it costs to tell the decoder something through it. A dimension is worth its "
        "price as long as it lowers the reconstruction error by more nats than it costs. Raise the price, and those "
        "that were barely worth it become inactive first: their posterior becomes the prior and their bar goes to "
        "zero.",
        "This has a cost. What the code no longer carries, the decoder has to guess, and its best guess is the "
        "average of all images that share the rest of the code. That average is the blur.",
        "In return the codes move closer to the prior, so that a latent drawn from it is more likely to be one that "
        "the decoder has seen. Weight 1 is the only one at which minus the loss is a bound on log p(x).",
    ),
    tries=(
        Next("A small weight: 0.1", "lesson", {"beta": 0.1}),
        Next("A very large weight: 100", "lesson", {"beta": 100.0}),
        Next("Only two dimensions", "lesson", {"latent_dim": 2}),
    ),
    plan=TeachingPlan(
        aim="Learners can say what a nat of KL buys and costs, and read the bars of KL per dimension.",
        before="Encoder, decoder, that a code is a distribution; logarithms. No derivation is needed.",
        ask=(
            "Before: if information costs eight times as much, what would you stop encoding first?",
            "While it trains: which curve moves first, the error or the code?",
            "After: how many dimensions are still in use, and what do the samples have in common?",
        ),
        said=(
            ("“A regulariser always makes it a bit better.”", "Point at the reconstruction error: it is paid for."),
            ("“All dimensions shrink alike.”", "Look at the bars: weak ones go to zero, strong ones stay."),
        ),
        traps=(
            "The loss of the two runs cannot be compared: it adds up different things. Compare error and KL.",
            "Samples at the higher weight may look smoother and so “better”. Ask what is missing from them.",
        ),
        follow=(
            "Let groups take weights from 0.1 to 100 through the address and put error against KL on the board: the "
            "points lie on one curve (rate and distortion).",
            "Go on with posterior collapse: the far end of that curve.",
        ),
    ),
)

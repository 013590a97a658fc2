"""The autoregressive decoder: a VAE of sentences whose decoder reads every word before, and one with remedies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from genlab.lessons._facts import missing, undecided
from genlab.lessons.base import Answer, Exhibit, LessonFacts, LessonOutcome, LessonSpec, Next, TeachingPlan, Training
from genlab.numbers import nats, percent
from genlab.options import Options, setting

GOOD = 0.8
"""Share of grammatical samples from which on a model has learned the language."""

LITTLE, MUCH = 0.1, 0.5
"""Shares of sentences that come back word for word: up to the first nearly none, from the second on most."""

SILENT = 0.3
"""Nats below which a code tells nothing, as for the alarm of the collapse watch."""

SCORES = ("grammatical", "unique", "exact", "elbo")


class DecoderOptions(Options):
    """Settings of the lesson: what is different about the second VAE."""

    told: Literal["everywhere", "start"] = setting(
        "everywhere", "where its decoder is told the code: at every place, or only before the first word"
    )
    word_dropout: float = setting(0.5, "share of the words that its decoder may not read in training", ge=0, le=0.9)
    beta: float = setting(0.5, "weight that its KL ends at", ge=0, le=10)
    kl_warmup: float = setting(1.0, "share of its training over which that weight rises from 0", ge=0, le=1)
    images: int = setting(45_000, "length of each training", ge=1_000, le=500_000, unit="sentences")
    seed: int = setting(0, "seed of both", ge=0, le=2**31 - 1)


def words(options: DecoderOptions) -> Mapping[str, str]:
    """What is different about the second VAE, in words."""
    found = []
    if options.told == "everywhere":
        found.append("is told the code again at every word")
    if options.word_dropout:
        found.append(f"finds {options.word_dropout:.0%} of the words hidden while it learns")
    weight = f"its KL has a weight of {options.beta:g}"
    if options.kl_warmup:
        weight = f"the weight of its KL rises slowly to {options.beta:g}"
    return {"remedies": f"{', '.join(found)}, and {weight}" if found else weight}


def configs(options: DecoderOptions) -> tuple[Training, ...]:
    """A VAE whose decoder reads all words and is told the code once, and one that is helped to use its code."""
    shared: dict[str, Any] = {
        "network": "autoregressive",
        "network.width": 64,
        "network.decoding": "sampled",
        "batch_size": 64,
        "clip_norm": 1.0,
        "images": options.images,
        "seed": options.seed,
    }
    plain = {"network.told": "start", "network.word_dropout": 0.0, "beta": 1.0, "kl_warmup": 0.0}
    helped = {
        "network.told": options.told,
        "network.word_dropout": options.word_dropout,
        "beta": options.beta,
        "kl_warmup": options.kl_warmup,
    }
    told = f"{options.told}, dropout {options.word_dropout:g}, weight {options.beta:g}, warm-up {options.kl_warmup:g}"
    usual = DecoderOptions(images=options.images, seed=options.seed)
    label = "With three remedies" if options == usual else f"Told {told}"
    title = "text VAE"
    return (
        Training("plain", "Reads every word", title, "vae", {**shared, **plain}, data="sentences"),
        Training("helped", label, title, "vae", {**shared, **helped}, data="sentences", control=True),
    )


def check(facts: LessonFacts, options: DecoderOptions) -> LessonOutcome:
    """What share of the first VAE's samples are sentences, what share of held-out ones come back, and its nats."""
    lack = missing(facts, "plain", "helped")
    if lack:
        return lack
    plain, helped = facts.runs["plain"], facts.runs["helped"]
    language, back, kl = plain.score("grammatical"), plain.score("exact"), plain.late("kl/total")
    if language is None or back is None or kl is None:
        return undecided("the first VAE has not been scored")
    numbers = [
        ("Code", _both(kl, helped.late("kl/total"), nats)),
        ("Held-out sentences that come back word for word", _both(back, helped.score("exact"), percent)),
        ("Grammatical samples", _both(language, helped.score("grammatical"), percent)),
        ("Different samples", _both(plain.score("unique"), helped.score("unique"), percent)),
        ("Bound, held-out", _both(plain.score("elbo"), helped.score("elbo"), nats)),
    ]
    alarm = plain.alarm("posterior_collapse")
    if alarm:
        numbers.append(("Collapse watch", f"alarm since {int(alarm.get('images', 0)):,} sentences"))
    seen = (
        f"{percent(language)} of the first VAE's samples are grammatical; its code carries {nats(kl)}, and "
        f"{percent(back)} of held-out sentences come back word for word"
    )
    return LessonOutcome(_answer(language, back, kl), seen, tuple(numbers))


def _answer(language: float, back: float, kl: float) -> str | None:
    """The choice that came true; None in between."""
    good = language >= GOOD
    if back >= MUCH:
        return "both" if good else "copies"
    if back > LITTLE:
        return None
    if not good:
        return "broken"
    return "silent" if kl < SILENT else None


def _both(first: float | None, second: float | None, told: Callable[[float], str]) -> str:
    """A number of the first VAE and of the second."""
    one, other = ("unknown" if value is None else told(value) for value in (first, second))
    return f"{one} and {other}"


SPEC = LessonSpec(
    title="The autoregressive decoder",
    summary="What a text VAE learns when its decoder reads every word before the one that it writes",
    paper="Bowman et al., Generating Sentences from a Continuous Space, 2016, section 3",
    Options=DecoderOptions,
    order=12,
    minutes=8,
    scene=(
        "A decoder of sentences usually writes word by word: it reads what stands before, and says how likely each "
        "word is to come next. In training it reads the true words (teacher forcing). A VAE tells such a decoder a "
        "code before the first word, so that it can write *that* sentence again.",
        "Two VAEs learn 10,000 statements such as “the thieves did not steal the piano”. The first is just that. The "
        "second {remedies}.",
        "Samples are drawn word by word. Telling which of these sentences is meant takes 11.5 nats.",
    ),
    question="The first decoder reads every word before the one that it writes. What becomes of that VAE?",
    choices=(
        Answer("silent", "It writes good sentences, but its code is empty: hardly any sentence comes back"),
        Answer("both", "It writes good sentences, and most held-out sentences come back word for word"),
        Answer("copies", "Most sentences come back word for word, but what it writes by itself is no language"),
        Answer("broken", "Neither: it writes no language, and hardly any sentence comes back"),
    ),
    words=words,
    configs=configs,
    scores=SCORES,
    looks=(
        Exhibit("samples", "Samples", "Can you tell which of the two has an empty code?"),
        Exhibit(
            "scores",
            "Scores",
            "Shares of 1,000 samples that are grammatical and that are different, and of held-out sentences that come "
            "back word for word. The bound is that on log p(x), in nats.",
            SCORES,
        ),
        Exhibit("curves", "Code and error while they train", "", ("kl/total", "reconstruction/nats")),
        Exhibit("watch", "What the collapse watch says", "It looks every few thousand sentences."),
    ),
    check=check,
    explanation=(
        "By the chain rule a decoder that reads can be right about every sentence without a code: p(x) is the product "
        "of p(word | words before). A code of n nats spares at most n nats of the reconstruction, and costs n nats of "
        "KL. So it pays nothing, and while the decoder does not understand it yet it is pure loss. The posterior "
        "becomes the prior, early and for good.",
        "The bound is not wrong about this VAE: it is the better model of the two. It has found another way than the "
        "code: chance decides at every word. What is lost is what a VAE of texts was for. Nearly every code has "
        "the same likeliest sentence, so that nothing can be written again, walked through or edited.",
        "Word dropout hides some of the words that the decoder reads, so that the code is worth something. A "
        "weight that rises slowly lets the decoder learn the code while it costs nothing, and one that ends below 1 "
        "leaves it a gain. A decoder that is told the code at every word need not keep it in mind. Whether one of them "
        "is enough depends on the data: try them one by one below.",
        "The second VAE pays for its code: compare the bounds and the grammar of the samples. Not every nat that the "
        "code carries is spared elsewhere, and between the codes of sentences lie latents that are no sentence's code.",
    ),
    tries=(
        Next("Word dropout alone", "lesson", {"told": "start", "beta": 1.0, "kl_warmup": 0.0}),
        Next("The slow weight alone", "lesson", {"told": "start", "word_dropout": 0.0}),
        Next("The code at every word alone", "lesson", {"word_dropout": 0.0, "beta": 1.0, "kl_warmup": 0.0}),
        Next("Evidence on the Collapse page", "collapse"),
    ),
    plan=TeachingPlan(
        aim="Learners can say why a decoder that reads needs no code, why the bound does not mind, and name three "
        "remedies.",
        before="The lesson “Posterior collapse”; the chain rule of probabilities.",
        ask=(
            "Before: cover a word of a sentence. How well can you guess it from the words before it, and from a "
            "summary of the sentence?",
            "While it trains: the error of the first VAE comes to rest at about 11.5 nats. Why there?",
            "After: which of the two would you use to write sentences, and which to edit one?",
        ),
        said=(
            ("“It has not learned anything.”", "Read its samples. It has learned everything but the code."),
            ("“The better bound is the better VAE.”", "Of the data, yes. The bound does not ask where the nats are."),
        ),
        traps=(
            "Samples alone do not show it: look at what comes back.",
            "The second VAE's curves in training are those with words hidden; compare bounds by their scores.",
        ),
        follow=(
            "Groups take one remedy each through the address, and put nats and sentences that come back on the board.",
            "Evaluate both for perplexity: `genlab evaluate RUN --metrics perplexity,elbo`.",
        ),
    ),
)

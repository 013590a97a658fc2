"""Sentences: one statement each, from a grammar whose six factors are known, so that texts and latents can be judged.

Subject, verb, object, tense, number and negation are drawn independently and evenly, and no sentence comes twice: what
is held out are combinations that training never sees. The grammar is English: the verb agrees with the subject in
number, and tense and negation change the auxiliary and the form of the verb.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal

import numpy as np

from genlab.datasets.base import TEST_SHARE, DatasetSpec, Extent, Raw, RawData, Source
from genlab.kinds._symbols import one_hot
from genlab.options import Options, setting

COUNT = 12_000
CHUNK = 2_048

SUBJECTS = {
    **{noun: f"{noun}s" for noun in ("doctor", "farmer", "teacher", "painter", "sailor", "student", "queen", "robot")},
    **{noun: f"{noun}s" for noun in ("gardener", "neighbour", "dog", "cat", "bear", "bird", "pirate", "cook")},
    **{"child": "children", "woman": "women", "man": "men", "thief": "thieves"},
}
"""Singular -> plural."""

VERBS = {
    **{base: (f"{base}s", f"{base}ed") for base in ("follow", "paint", "clean", "visit", "remember", "want", "show")},
    **{base: (f"{base}s", f"{base}d") for base in ("like", "move", "admire", "describe")},
    **{"watch": ("watches", "watched"), "carry": ("carries", "carried"), "see": ("sees", "saw")},
    **{"find": ("finds", "found"), "draw": ("draws", "drew"), "buy": ("buys", "bought")},
    **{"choose": ("chooses", "chose"), "hide": ("hides", "hid"), "steal": ("steals", "stole")},
}
"""Base form -> third person singular, past."""

NOUNS = tuple(SUBJECTS.items())
FORMS = tuple((base, third, past) for base, (third, past) in VERBS.items())

OBJECTS = (
    *("bridge", "boat", "house", "garden", "lamp", "table", "mirror", "castle", "picture", "river", "clock", "piano"),
    *("letter", "basket", "kite", "wagon", "statue", "map", "ladder", "fountain"),
)
TENSES, NUMBERS, NEGATIONS = ("present", "past", "future"), ("singular", "plural"), ("affirmative", "negative")

LENGTH = 8
"""Places of an item: seven words at most, and the end."""


@dataclass(frozen=True)
class Meaning:
    """What a sentence says.

    Attributes:
        subject: Position in `SUBJECTS`.
        verb: Position in `VERBS`.
        object: Position in `OBJECTS`.
        tense: Position in `TENSES`.
        number: Position in `NUMBERS`.
        negation: Position in `NEGATIONS`.
    """

    subject: int
    verb: int
    object: int
    tense: int
    number: int
    negation: int

    @property
    def text(self) -> str:
        """The sentence."""
        noun = NOUNS[self.subject][self.number]
        return f"the {noun} {self._predicate()} the {OBJECTS[self.object]}"

    def _predicate(self) -> str:
        base, third, past = FORMS[self.verb]
        tense, single = TENSES[self.tense], NUMBERS[self.number] == "singular"
        if NEGATIONS[self.negation] == "negative":
            helper = {"past": "did", "future": "will", "present": "does" if single else "do"}[tense]
            return f"{helper} not {base}"
        return {"past": past, "future": f"will {base}", "present": third if single else base}[tense]


SIZES = (len(SUBJECTS), len(VERBS), len(OBJECTS), len(TENSES), len(NUMBERS), len(NEGATIONS))
FACTORS = ("subject", "verb", "object", "tense", "number", "negation")
VALUES = {
    "subject": tuple(singular for singular, _ in NOUNS),
    "verb": tuple(base for base, _, _ in FORMS),
    "object": OBJECTS,
    "tense": TENSES,
    "number": NUMBERS,
    "negation": NEGATIONS,
}
"""Factor -> what its values are called."""

Single = Literal["subject", "verb", "object", "tense", "number", "negation"]
Label = Literal[Single, "tense and number", "tense, number and negation"]

SYMBOLS = (
    " ",
    *("the", "does", "do", "did", "will", "not"),
    *(form for forms in NOUNS for form in forms),
    *(form for forms in FORMS for form in forms),
    *OBJECTS,
)
"""The words; the first stands for the end, and between two words."""


SUBJECT_FORMS = {form: (at, number) for at, pair in enumerate(NOUNS) for number, form in enumerate(pair)}


def parse(text: str) -> Meaning | None:
    """What a sentence says; None for a text that the grammar does not make."""
    words = text.split(" ")
    if len(words) < 5 or words[0] != "the" or words[-2] != "the":
        return None
    if words[1] not in SUBJECT_FORMS or words[-1] not in OBJECTS:
        return None
    subject, number = SUBJECT_FORMS[words[1]]
    predicates = _predicates(number).get(" ".join(words[2:-2]))
    if predicates is None:
        return None
    verb, tense, negation = predicates
    return Meaning(subject, verb, OBJECTS.index(words[-1]), tense, number, negation)


@cache
def _predicates(number: int) -> dict[str, tuple[int, int, int]]:
    """What may stand between subject and object -> verb, tense, negation."""
    found = {}
    for verb in range(len(VERBS)):
        for tense in range(len(TENSES)):
            for negation in range(len(NEGATIONS)):
                meaning = Meaning(0, verb, 0, tense, number, negation)
                found[" ".join(meaning.text.split(" ")[2:-2])] = (verb, tense, negation)
    return found


def grammatical(text: str) -> bool:
    """Whether the grammar makes this text."""
    return parse(text) is not None


class SentencesOptions(Options):
    """How many sentences."""

    count: int = setting(COUNT, "sentences, training and test together", ge=100, le=int(np.prod(SIZES)))
    label: Label = setting(
        "tense and number", "factors whose values make the class: what a conditional model is told, and edits change"
    )
    seed: int = setting(0, "seed of the draw", ge=0, le=2**31 - 1, advanced=True)


def extent(options: SentencesOptions) -> Extent:
    """Shape and counts that these options ask for."""
    test = round(options.count * TEST_SHARE)
    return Extent((len(SYMBOLS), LENGTH), options.count - test, test, SYMBOLS, class_names(options.label))


def load(source: Source, options: SentencesOptions) -> RawData:
    """Sentences and their factors; the label is what ``options.label`` says, and the store splits them."""
    return RawData(chunks(options), class_names=class_names(options.label))


def telling(label: Label) -> tuple[str, ...]:
    """The factors that ``label`` is made of; the last one's values change first from class to class."""
    return tuple(label.replace(" and ", ", ").split(", "))


def class_names(label: Label) -> tuple[str, ...]:
    """Names of the classes, one for each combination of values, by number."""
    return tuple(" ".join(values) for values in product(*(VALUES[name] for name in telling(label))))


def chunks(options: SentencesOptions, size: int = CHUNK) -> Iterator[Raw]:
    """The sentences that these options ask for, ``size`` at a time."""
    place = {symbol: at for at, symbol in enumerate(SYMBOLS)}
    rng = np.random.default_rng(options.seed)
    chosen = rng.permutation(int(np.prod(SIZES)))[: options.count]
    for start in range(0, options.count, size):
        values = np.transpose(np.unravel_index(chosen[start : start + size], SIZES))
        meanings = [Meaning(*map(int, row)) for row in values]
        rows = np.zeros((len(meanings), LENGTH), np.int64)
        for row, meaning in zip(rows, meanings, strict=True):
            words = [place[word] for word in meaning.text.split(" ")]
            row[: len(words)] = words
        told = telling(options.label)
        labels = np.ravel_multi_index(
            [values[:, FACTORS.index(name)] for name in told], [len(VALUES[name]) for name in told]
        )
        factors = {name: values[:, at].astype(np.float32) for at, name in enumerate(FACTORS)}
        yield Raw(one_hot(rows, len(SYMBOLS)), labels.astype(np.int64), factors)


SPEC = DatasetSpec(
    title="Sentences",
    summary="statements of five to seven words with known subject, verb, object, tense, number and negation",
    paper="A context-free grammar with agreement, after Chomsky, Three models for the description of language, 1956",
    Options=SentencesOptions,
    kind="texts",
    shape=(len(SYMBOLS), LENGTH),
    count=COUNT,
    class_names=class_names("tense and number"),
    licence="Generated; free to use",
    load=load,
    extent=extent,
    grammar=grammatical,
)

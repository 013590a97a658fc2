"""Sentences: one statement each, from a grammar whose six factors are known, so that texts and latents can be judged.

Subject, verb, object, tense, number and negation are drawn independently and evenly, and no sentence comes twice: what
is held out are combinations that training never sees. The grammar is English: the verb agrees with the subject in
number, and tense and negation change the auxiliary and the form of the verb.

By default symbols are parts of words, as in the vocabularies of language models (Sennrich et al., Neural machine
translation of rare words with subword units, 2016), but cut where morphology cuts: a stem, and an ending of number or
tense. Factors are independent, so where a word is a symbol nothing in the data says that `doctor` and `doctors` are one
subject, or `follow` and `followed` one verb; a stem that is the same symbol says it. Irregular forms are no symbols of
their own, which would bring the strangers back, and stay in the language: `children` is `child` with the ending of the
plural and `saw` is `see` with that of the past, as a dictionary of morphemes has them, and they are written as English
writes them. Each part has a place of its own, where the empty part stands when there is none (the zero morpheme of
linguistics), because networks that decode all places at once learn a word anew for each place at which it can stand:

    the doctor +s  do     not  follow +    the bridge      the doctors do not follow the bridge
    the doctor +   +      +    follow +ed  the bridge      the doctor followed the bridge
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal

import numpy as np
from pydantic import model_validator

from genlab.datasets.base import TEST_SHARE, DatasetSpec, Extent, Raw, RawData, Source
from genlab.kinds._english import MARK, PARTS, joined
from genlab.kinds._own_text import check_known
from genlab.kinds._symbols import one_hot
from genlab.options import Options, setting

COUNT = 12_000
EARLIER = frozenset({"count", "seed"})
"""Options that every complete record has had since there are sentences."""

CHUNK = 2_048

SUBJECTS = (
    *("doctor", "farmer", "teacher", "painter", "sailor", "student", "queen", "robot", "gardener", "neighbour", "dog"),
    *("cat", "bear", "bird", "pirate", "cook", "child", "woman", "man", "thief"),
)
VERBS = (
    *("follow", "paint", "clean", "visit", "remember", "want", "show", "like", "move", "admire", "describe", "watch"),
    *("carry", "see", "find", "draw", "buy", "choose", "hide", "steal"),
)
NOUNS = tuple((noun, joined(noun, "s")) for noun in SUBJECTS)
"""Singular and plural."""

FORMS = tuple((verb, joined(verb, "s"), joined(verb, "ed")) for verb in VERBS)
"""Base form, third person singular, past."""

ENDINGS = (MARK, f"{MARK}s", f"{MARK}ed")
"""Their endings."""

OBJECTS = (
    *("bridge", "boat", "house", "garden", "lamp", "table", "mirror", "castle", "picture", "river", "clock", "piano"),
    *("letter", "basket", "kite", "wagon", "statue", "map", "ladder", "fountain"),
)
TENSES, NUMBERS, NEGATIONS = ("present", "past", "future"), ("singular", "plural"), ("affirmative", "negative")

Units = Literal["parts", "words"]
LENGTHS: Mapping[Units, int] = {"parts": 10, "words": 8}
"""Places of an item: nine parts, or seven words at most, and the end."""


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

    def symbols(self, units: Units = "parts") -> list[str]:
        """Its symbols, without the end."""
        return self.text.split(" ") if units == "words" else self._parts()

    def _parts(self) -> list[str]:
        base, negative = VERBS[self.verb], NEGATIONS[self.negation] == "negative"
        helper, ending = self._helper(), MARK
        if not helper:
            present = f"{MARK}s" if NUMBERS[self.number] == "singular" else MARK
            ending = f"{MARK}ed" if TENSES[self.tense] == "past" else present
        plural = f"{MARK}s" if NUMBERS[self.number] == "plural" else MARK
        verb = [helper or MARK, "not" if negative else MARK, base, ending]
        return ["the", SUBJECTS[self.subject], plural, *verb, "the", OBJECTS[self.object]]

    def _helper(self) -> str:
        """The auxiliary, "" for none."""
        tense, single = TENSES[self.tense], NUMBERS[self.number] == "singular"
        if NEGATIONS[self.negation] == "affirmative":
            return "will" if tense == "future" else ""
        return {"past": "did", "future": "will", "present": "does" if single else "do"}[tense]

    def _predicate(self) -> str:
        base, third, past = FORMS[self.verb]
        if helper := self._helper():
            return f"{helper} not {base}" if NEGATIONS[self.negation] == "negative" else f"{helper} {base}"
        return past if TENSES[self.tense] == "past" else third if NUMBERS[self.number] == "singular" else base


SIZES = (len(SUBJECTS), len(VERBS), len(OBJECTS), len(TENSES), len(NUMBERS), len(NEGATIONS))
FACTORS = ("subject", "verb", "object", "tense", "number", "negation")
VALUES = {
    "subject": SUBJECTS,
    "verb": VERBS,
    "object": OBJECTS,
    "tense": TENSES,
    "number": NUMBERS,
    "negation": NEGATIONS,
}
"""Factor -> what its values are called."""

Single = Literal["subject", "verb", "object", "tense", "number", "negation"]
Label = Literal[Single, "tense and number", "tense, number and negation"]

HELPERS = ("the", "does", "do", "did", "will", "not")
SYMBOLS = (PARTS, MARK, f"{MARK}s", f"{MARK}ed", *HELPERS, *SUBJECTS, *VERBS, *OBJECTS)
"""The parts of words; the first stands for the end."""

WORDS = (
    " ",
    *HELPERS,
    *(form for forms in NOUNS for form in forms),
    *(form for forms in FORMS for form in forms),
    *OBJECTS,
)
"""The words; the first stands for the end, and between two words."""

SYMBOLS_OF: Mapping[Units, tuple[str, ...]] = {"parts": SYMBOLS, "words": WORDS}

VERB_FORMS = {form: (at, ending) for at, forms in enumerate(FORMS) for form, ending in zip(forms, ENDINGS, strict=True)}
"""Form of a verb -> its position in `VERBS`, and its ending."""

OTHER_FORM = (
    "the data's sentences are “the (subject) (does, do, did, will) (not) (verb) the (object)”, such as "
    "“the doctor will follow the bridge”"
)

FEWEST = 5
"""Words of the shortest sentence."""

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


def in_parts(text: str) -> list[str]:
    """The parts of a sentence of the grammar's form, whether or not its verb agrees with its subject, without the end.

    Raises:
        ValueError: When it has other words, or another form.
    """
    words = text.split(" ")
    check_known(words, WORDS)
    middle = words[2:-2]
    helper = middle[0] if middle[:1] != ["not"] and len(middle) > 1 else ""
    negative = middle[bool(helper) : -1]
    fits = len(words) >= FEWEST and words[:1] == words[-2:-1] == ["the"] and words[1] in SUBJECT_FORMS
    if not fits or words[-1] not in OBJECTS or middle[-1] not in VERB_FORMS or helper not in ("", *HELPERS[1:-1]):
        raise ValueError(OTHER_FORM)
    if negative not in ([], ["not"]):
        raise ValueError(OTHER_FORM)
    subject, number = SUBJECT_FORMS[words[1]]
    verb, ending = VERB_FORMS[middle[-1]]
    noun = [SUBJECTS[subject], f"{MARK}s" if number else MARK]
    return ["the", *noun, helper or MARK, *(negative or [MARK]), VERBS[verb], ending, "the", words[-1]]


class SentencesOptions(Options):
    """How many sentences, of what symbols."""

    count: int = setting(COUNT, "sentences, training and test together", ge=100, le=int(np.prod(SIZES)))
    label: Label = setting(
        "tense and number", "factors whose values make the class: what a conditional model is told, and edits change"
    )
    units: Units = setting(
        "parts", "what a symbol is: a part of a word (stems and endings) or a whole word, each form one of its own"
    )
    seed: int = setting(0, "seed of the draw", ge=0, le=2**31 - 1, advanced=True)

    @model_validator(mode="before")
    @classmethod
    def _of_words(cls, given: object) -> object:
        """Records from before there were parts hold every other option, and are of words."""
        if isinstance(given, Mapping) and given.keys() >= EARLIER and "units" not in given:
            return {**given, "units": "words"}
        return given


def extent(options: SentencesOptions) -> Extent:
    """Shape and counts that these options ask for."""
    test, symbols = round(options.count * TEST_SHARE), SYMBOLS_OF[options.units]
    shape = (len(symbols), LENGTHS[options.units])
    return Extent(shape, options.count - test, test, symbols, class_names(options.label))


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
    symbols, length = SYMBOLS_OF[options.units], LENGTHS[options.units]
    place = {symbol: at for at, symbol in enumerate(symbols)}
    rng = np.random.default_rng(options.seed)
    chosen = rng.permutation(int(np.prod(SIZES)))[: options.count]
    for start in range(0, options.count, size):
        values = np.transpose(np.unravel_index(chosen[start : start + size], SIZES))
        meanings = [Meaning(*map(int, row)) for row in values]
        rows = np.zeros((len(meanings), length), np.int64)
        for row, meaning in zip(rows, meanings, strict=True):
            told = [place[symbol] for symbol in meaning.symbols(options.units)]
            row[: len(told)] = told
        names = telling(options.label)
        labels = np.ravel_multi_index(
            [values[:, FACTORS.index(name)] for name in names], [len(VALUES[name]) for name in names]
        )
        factors = {name: values[:, at].astype(np.float32) for at, name in enumerate(FACTORS)}
        yield Raw(one_hot(rows, len(symbols)), labels.astype(np.int64), factors)


SPEC = DatasetSpec(
    title="Sentences",
    summary="statements of five to seven words with known subject, verb, object, tense, number and negation",
    paper="A context-free grammar with agreement, after Chomsky, Three models for the description of language, 1956",
    Options=SentencesOptions,
    kind="texts",
    shape=(len(SYMBOLS), LENGTHS["parts"]),
    count=COUNT,
    class_names=class_names("tense and number"),
    licence="Generated; free to use",
    load=load,
    extent=extent,
    grammar=grammatical,
    written=lambda options: in_parts if options.units == "parts" else None,
)

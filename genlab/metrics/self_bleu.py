"""Self-BLEU: how much each generated text is made of pieces of the others."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from genlab.metrics import _texts
from genlab.metrics._resample import clipped, of_mean
from genlab.metrics.base import Evidence, Measured, MetricSpec
from genlab.options import Options, setting

MOST = 1_000
"""Texts that are compared: with twice as many the value is another, for the data as well."""


class SelfBleuOptions(Options):
    """How long the pieces are."""

    longest: int = setting(3, "longest n-grams that are compared", ge=1, le=5)


def compute(evidence: Evidence, options: SelfBleuOptions, rng: np.random.Generator) -> Measured:
    """Mean BLEU of each generated text with all others as references (Zhu et al. 2018), the first `MOST` of them."""
    scores = of_texts(_texts.rows(evidence.fake)[:MOST], options.longest)
    low, high = clipped(of_mean(scores), SPEC.limits)
    return Measured(float(scores.mean()), low, high, len(scores))


def of_texts(rows: list[_texts.Gram], longest: int) -> NDArray[np.float64]:
    """BLEU of each text against all others: clipped precisions of n-grams, their geometric mean (Papineni et al. 2002).

    A count is clipped at the largest in any one other text. A text without n-grams of a length has no precision there.
    There is no penalty for brevity: among many short texts another one is as long.
    """
    logs, lengths = np.zeros(len(rows)), np.zeros(len(rows))
    for n in range(1, longest + 1):
        counted = [Counter(_texts.grams(row, n)) for row in rows]
        most: dict[_texts.Gram, list[int]] = {}
        for counts in counted:
            for gram, count in counts.items():
                most[gram] = sorted([*most.get(gram, [0, 0]), count])[1:]
        for at, counts in enumerate(counted):
            if counts:
                # Where a text has the largest count itself, the next largest is that of another.
                shared = sum(
                    min(count, most[gram][0] if count == most[gram][1] else most[gram][1])
                    for gram, count in counts.items()
                )
                logs[at] += np.log(max(shared / counts.total(), 1e-9))
                lengths[at] += 1
    scores: NDArray[np.float64] = np.where(lengths > 0, np.exp(logs / np.maximum(lengths, 1)), 0.0)
    return scores


SPEC = MetricSpec(
    title="Self-BLEU",
    summary="How much each generated text is made of pieces of the others: above the data's own value, variety is lost",
    paper="Zhu et al., Texygen: a benchmarking platform for text generation models, 2018, section 2.2; BLEU: "
    "Papineni et al., 2002",
    Options=SelfBleuOptions,
    group="modes",
    needs=("symbols",),
    better="down",
    limits=(0.0, 1.0),
    minimum=50,
    sized=True,
    at_n="rises with the number of texts, because more pieces are shared",
    compute=compute,
    notices=("one_image",),
    ignores=("shuffled_labels",),
)

"""From the evaluations of several models to panels that may be compared: same data, encoder and numbers of items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genlab.metrics import EARLIER, is_current, remarks
from genlab.plots.scores import Limits, Score, ScorePanel, expected, over_seeds
from genlab.presentation.lineup import Entrant, model_title, seed_sets
from genlab.presentation.words import extractor
from genlab.registry import registry

GROUP_TITLES = {
    "fidelity": "Fidelity and diversity",
    "modes": "Modes",
    "sharpness": "Sharpness",
    "memorisation": "Memorisation",
    "latent": "Latent structure",
    "reconstruction": "Reconstruction",
    "likelihood": "Likelihood",
    "stability": "Stability",
}
"""Group of metrics -> heading."""

NOT_EVALUATED = "Not evaluated at this checkpoint."


@dataclass(frozen=True)
class Protocol:
    """How scores were computed: those of different protocols never share a panel.

    Attributes:
        encoder: Feature encoder, and the identity of its weights.
        samples: Generated items.
        real: Real items.
        seed: Of the latents and the resampling.
    """

    encoder: str
    identity: str
    samples: int
    real: int
    seed: int

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Protocol:
        """The protocol of an evaluation."""
        facts = document.get("encoder_facts")
        identity = str(facts.get("hash", "")) if isinstance(facts, Mapping) else ""
        return cls(document["encoder"], identity, document["samples"], document["real"], document["seed"])

    @property
    def words(self) -> str:
        """The protocol as a line of text."""
        return f"{extractor(self.encoder)}, {self.samples:,} generated and {self.real:,} real items, seed {self.seed}"


Moments = Mapping[str, int | None]
"""Run -> images seen at the checkpoint that is shown."""


def protocols(entrants: Sequence[Entrant], moments: Moments) -> list[Protocol]:
    """One protocol per encoder: what most of the models were evaluated with here, then the one with most samples."""
    counts: Counter[Protocol] = Counter()
    for entrant in entrants:
        counts.update({Protocol.of(document) for document in here(entrant, moments)})
    ranked = sorted(counts, key=lambda p: (counts[p], p.samples, -p.seed), reverse=True)
    best: dict[str, Protocol] = {}
    for protocol in ranked:
        best.setdefault(protocol.encoder, protocol)
    return list(best.values())


def here(entrant: Entrant, moments: Moments) -> list[Mapping[str, Any]]:
    """The evaluations of the checkpoint that is shown."""
    moment = moments.get(entrant.run.id)
    return [document for document in entrant.documents if document["images"] == moment]


def document_by(entrant: Entrant, moments: Moments, protocol: Protocol) -> Mapping[str, Any] | None:
    """The evaluation of the checkpoint that is shown, computed by ``protocol``."""
    found = [document for document in here(entrant, moments) if Protocol.of(document) == protocol]
    return found[-1] if found else None


def unevaluated(entrants: Sequence[Entrant], moments: Moments, protocol: Protocol | None) -> list[Entrant]:
    """Models with a checkpoint here that has not been evaluated by ``protocol`` (by none at all for None)."""
    ready = [entrant for entrant in entrants if moments.get(entrant.run.id) is not None]
    if protocol is None:
        return [entrant for entrant in ready if not here(entrant, moments)]
    return [entrant for entrant in ready if document_by(entrant, moments, protocol) is None]


def panels(entrants: Sequence[Entrant], moments: Moments) -> list[ScorePanel]:
    """A panel per metric and encoder that at least one model has been judged by, in the order of the groups.

    Args:
        entrants: Models of one data set.
        moments: The checkpoint that is shown of each.
    """
    found: dict[tuple[str, str], ScorePanel] = {}
    sets = [members for members in seed_sets(entrants) if len({moments.get(item.run.id) for item in members}) == 1]
    for protocol in protocols(entrants, moments):
        documents = [document_by(entrant, moments, protocol) for entrant in entrants]
        for name in _names(documents):
            panel = _panel(name, entrants, documents, sets)
            key = (name, panel.encoder)
            if key not in found or (panel.has_values and not found[key].has_values):
                found[key] = panel
    order = list(GROUP_TITLES)
    return sorted(found.values(), key=lambda p: (order.index(p.group) if p.group in order else 99, p.title, p.encoder))


def groups(found: Sequence[ScorePanel]) -> dict[str, list[ScorePanel]]:
    """Heading -> its panels that have a number."""
    parts: dict[str, list[ScorePanel]] = {}
    for panel in found:
        if panel.has_values:
            parts.setdefault(GROUP_TITLES.get(panel.group, panel.group.capitalize()), []).append(panel)
    return parts


def absences(found: Sequence[ScorePanel]) -> dict[str, list[str]]:
    """Why there is no number -> "metric (models)" for each; whole metrics without models' names."""
    reasons: dict[str, list[str]] = {}
    for panel in found:
        missing: dict[str, list[str]] = {}
        for score in panel.scores:
            if score.value is None and score.why and not score.seeds:
                missing.setdefault(score.why, []).append(score.model)
        for why, models in missing.items():
            everyone = len(models) == sum(not score.seeds for score in panel.scores)
            title = panel.title if everyone else f"{panel.title} ({', '.join(models)})"
            reasons.setdefault(why, []).append(title)
    return {why: titles for why, titles in reasons.items() if why != NOT_EVALUATED}


def warnings(found: Sequence[ScorePanel]) -> list[str]:
    """What guards say against models, one sentence each that begins with the model's name."""
    return list(dict.fromkeys(f"{s.model}: {s.alarm}" for panel in found for s in panel.scores if s.alarm))


def expectations(found: Sequence[ScorePanel]) -> str:
    """A paragraph for each metric whose value for so many items is to be told from that of a whole population."""
    told = [(panel, expected(panel)) for panel in found if panel.has_values]
    return "\n\n".join(f"**{panel.title}**: {words}" for panel, words in told if words)


def _names(documents: Sequence[Mapping[str, Any] | None]) -> list[str]:
    return list(dict.fromkeys(name for document in documents if document for name in document["metrics"]))


def _panel(
    name: str,
    entrants: Sequence[Entrant],
    documents: Sequence[Mapping[str, Any] | None],
    sets: Sequence[Sequence[Entrant]],
) -> ScorePanel:
    lines = _comparable(name, [document["metrics"].get(name) if document else None for document in documents])
    told = [line for line in lines if line is not None]
    floors = [line for line in told if line.get("floor") is not None]
    scores = [
        _score(entrant, line, document) for entrant, line, document in zip(entrants, lines, documents, strict=True)
    ]
    # Means of several draws before single draws, which evaluations by older releases hold.
    floor = max(floors, key=lambda line: line.get("floor_draws") or 1, default={})
    about = _about(name, told[0])
    about["title"] += next((mark for line in told if line["value"] is not None and (mark := remarks(name, line))), "")
    return ScorePanel(
        name=name,
        **about,
        encoder=str(told[0].get("encoder") or ""),
        floor=floor.get("floor"),
        floor_low=floor.get("floor_low"),
        floor_high=floor.get("floor_high"),
        scores=(*scores, *_of_seeds(sets, entrants, scores, about.get("limits", (None, None)))),
    )


def _comparable(name: str, lines: Sequence[Mapping[str, Any] | None]) -> list[Mapping[str, Any] | None]:
    """``lines`` without the numbers of an earlier version of the metric, where some are of today's."""
    if not any(line is not None and is_current(name, line) for line in lines):
        return list(lines)
    kept = [line is None or is_current(name, line) for line in lines]
    return [line if stays else _withheld(line or {}) for line, stays in zip(lines, kept, strict=True)]


def _withheld(line: Mapping[str, Any]) -> Mapping[str, Any]:
    gone: dict[str, Any] = dict.fromkeys(("value", "low", "high", "floor", "floor_low", "floor_high", "alarm"))
    return {"n": 0, **line, **gone, "why": EARLIER, "version": None}


def _about(name: str, line: Mapping[str, Any]) -> dict[str, Any]:
    """Title, summary and so on, from the spec where it is still installed."""
    metrics = registry("metrics")
    if name not in metrics:
        title = name.replace("_", " ").capitalize()
        return {"title": title, "summary": "", "group": "other", "better": str(line.get("better", "none"))}
    spec = metrics.get(name)
    kept = ("title", "summary", "group", "better", "unit", "limits", "at_n")
    return {part: getattr(spec, part) for part in kept}


def _score(entrant: Entrant, line: Mapping[str, Any] | None, document: Mapping[str, Any] | None) -> Score:
    who = (entrant.label, entrant.run.family, entrant.place)
    if line is None:
        why = NOT_EVALUATED if document is None else "This metric has not been computed for it."
        return Score(*who, None, why=why)
    why, alarm = (str(line.get(name) or "") for name in ("why", "alarm"))
    return Score(*who, line["value"], line.get("low"), line.get("high"), line["n"], why, alarm=alarm)


def _of_seeds(
    sets: Sequence[Sequence[Entrant]], entrants: Sequence[Entrant], scores: Sequence[Score], limits: Limits
) -> list[Score]:
    """The mean of each set of seeds; all members of a set are shown after the same number of images."""
    found = []
    for members in sets:
        names = {member.run.id for member in members}
        own = [score for entrant, score in zip(entrants, scores, strict=True) if entrant.run.id in names]
        label = model_title(members[0].run.model)
        pooled = over_seeds(label, own, limits)
        if pooled is None:
            first = own[0]
            why = "At least two seeds with a value are needed."
            pooled = Score(f"{label}, mean over seeds", first.family, first.place, None, why=why, seeds=len(own))
        found.append(pooled)
    return found

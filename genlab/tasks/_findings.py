"""What detectors of anomalies found, gathered one after the other into a task's outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from genlab.tasks._detection import RATE, histogram, judged, threshold
from genlab.tasks.base import SHOWN, Role, TaskAnswer, TaskChart, TaskOutcome

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genlab.tasks._suspects import Suspects
    from genlab.tasks.inputs import TaskInputs


@dataclass
class Findings:
    """Detectors with their scores, judged as they come.

    Attributes:
        inputs: The task's.
        of: The items that are judged.
        answers: One for each detector.
        charts: A histogram of the scores of each.
        missing: A sentence for each that could not be had.
        thresholds: Detector -> the score that normal items exceed one time in twenty; None where they are too few.
        ranked: Detector -> for each of a person's own items, the share of normal items that score lower.
    """

    inputs: TaskInputs
    of: Suspects
    answers: list[TaskAnswer] = field(default_factory=list)
    charts: list[TaskChart] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    thresholds: dict[str, float | None] = field(default_factory=dict)
    ranked: dict[str, list[float]] = field(default_factory=dict)

    def add(
        self,
        name: str,
        title: str,
        scores: NDArray[np.floating],
        seconds: float,
        *,
        role: Role = "model",
        maps: NDArray[np.float32] | None = None,
        note: str = "",
        drawn: bool = False,
    ) -> None:
        """Judge a detector.

        Args:
            name: Its key.
            title: Its name.
            scores: Higher for what is more anomalous, [n + m] in the order of `Suspects.every`.
            seconds: For all of them.
            role: Whether it rests on a model.
            maps: Where each item is anomalous, as public values [n + m, *shape].
            note: What has to be known of it.
            drawn: Whether another detector has the same heat-maps: they are then drawn only where the items are
                others, as of a person's own, which each detector ranks.
        """
        import numpy as np

        values = np.asarray(scores, dtype=np.float64)
        n = len(self.of.normal)
        normal, others = values[:n], values[n:]
        line = threshold(normal)
        self.thresholds[name] = line if np.isfinite(line) else None
        found = judged(normal, others[:0] if self.of.own else others, self.inputs.generator(name))
        if drawn and not self.of.own:
            maps = None
        shown, captions = self._shown(name, normal, others, line, maps)
        time = 1_000 * seconds / max(1, len(values))
        self.answers.append(
            TaskAnswer(
                name=name,
                title=title,
                role=role,
                scores=found,
                shown=shown,
                layers=("item", "heat-map") if self.of.own and maps is not None else (),
                captions=captions,
                milliseconds=time,
                note=note,
            )
        )
        groups = {"normal": normal, "your own" if self.of.own else "anomalous": others}
        self.charts.append(histogram(name, title, groups))

    def _shown(
        self,
        name: str,
        normal: NDArray[np.float64],
        others: NDArray[np.float64],
        line: float,
        maps: NDArray[np.float32] | None,
    ) -> tuple[NDArray[np.float32] | None, tuple[str, ...]]:
        """Heat-maps of items; of a person's own the most anomalous ones first, themselves above their heat-maps."""
        import numpy as np

        if not self.of.own:
            return (None if maps is None else self.of.shown(maps, SHOWN)), ()
        lower = np.searchsorted(np.sort(normal), others) / len(normal)
        self.ranked[name] = [float(share) for share in lower]
        order = np.argsort(-others, kind="stable")[:SHOWN]
        rows = [self.of.others[order]] if maps is None else [self.of.others[order], maps[len(normal) :][order]]
        said = tuple(f"above {lower[i]:.0%} of normal items" + (", anomalous" * bool(others[i] > line)) for i in order)
        return np.stack(rows), said

    def outcome(self, **details: Any) -> TaskOutcome:
        """All of it."""
        known: dict[str, Any] = {
            "normal": len(self.of.normal),
            "others": len(self.of.others),
            "about": self.of.about,
            "rate": RATE,
            "thresholds": self.thresholds,
        }
        if self.of.own:
            known["lower"] = self.ranked
        return TaskOutcome(tuple(self.answers), tuple(self.missing), tuple(self.charts), {**known, **details})

"""The plan of a match, ``plan.json``: its runs in the order of training, and what their networks weigh. No torch."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from genlab.config import RunConfig
from genlab.records import Count, Number, Record, Text
from genlab.verdicts.match_run import MatchRun


def _with_total(counts: dict[str, int]) -> dict[str, int]:
    if "total" not in counts:
        raise ValueError("there is no total")
    return counts


Parameters = Annotated[dict[Text, Count], AfterValidator(_with_total)]
"""Part of a model (``encoder``, ``decoder``, ``critic``, ``other``) -> trainable parameters, with their ``total``."""


class DataIdentity(Record):
    """The data that all runs learn from.

    Attributes:
        name: Name of the data set.
        fingerprint: Of its decoded items.
    """

    name: Text = ""
    fingerprint: Text = ""


class MatchPlan(Record):
    """``plan.json``.

    Attributes:
        images: Training length of each run that is judged; in a match of equal compute that of the family whose image
            costs the most.
        batch_size: Images per step.
        latent_dim: Size of the latent space, of all families that leave it to be chosen.
        parameters: Family -> what its networks weigh.
        spread: How far the smallest total lies below the largest, as a share of it.
        entries: The runs.
        data: The data, once they have been decoded.
        chosen_lr: Contender -> factor of its learning rate; None before trials have chosen one.
        chosen: Contender -> settings besides the learning rate that its best trial had; None where none has any.
        speeds: Family -> images per second of compute, as measured before a match of equal compute; None in others.
        seconds: Seconds of compute that each judged run of such a match takes by these speeds.
    """

    images: Count | None = None
    batch_size: Count | None = None
    latent_dim: Count | None = None
    parameters: dict[str, Parameters] = Field(default_factory=dict)
    spread: Number | None = None
    entries: list[MatchRun] = Field(default_factory=list)
    data: DataIdentity | None = None
    chosen_lr: dict[str, Number] | None = None
    chosen: dict[str, dict[Text, Number]] | None = None
    speeds: dict[str, Number] | None = None
    seconds: Number | None = None

    def with_run(self, index: int, **changes: Any) -> MatchPlan:
        """The plan with fields of its run at ``index`` changed."""
        entries = [*self.entries]
        entries[index] = entries[index].model_copy(update=changes)
        return self.model_copy(update={"entries": entries})

    def configurations(self) -> list[RunConfig]:
        """The configurations of all runs, in order.

        Raises:
            InputError: When one of them is none.
        """
        return [entry.configuration() for entry in self.entries]

    def as_json(self) -> dict[str, Any]:
        """The document; what is not known yet is left out."""
        rounded = self.model_copy(update={"spread": None if self.spread is None else round(self.spread, 4)})
        return {key: value for key, value in rounded.model_dump(mode="json").items() if value is not None}

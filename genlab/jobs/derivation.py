"""What a kind of job says of itself: what it makes, who does it, whom it waits for. No torch.

Each kind is one entry of the registry ``derivations``, so that whoever starts, does or waits for jobs names none of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from genlab.registry import Spec, registry
from genlab.store.kept import ResultType
from genlab.store.workspace import Workspace

Work = Callable[[Mapping[str, Any], Workspace, Callable[[float, str], None]], None]
"""``work(arguments, workspace, progress)`` does the job; ``progress(share, what)`` is told how far it is, and may raise
to end it."""

Takes = Literal["moments", "a minute", "minutes", "hours"]

JOBS = "jobs"
"""The slot of all kinds that have none of their own: one after another, beside training, which has slots of its own."""

RANK = 5
"""Of kinds that are neither cheap nor dear."""


@dataclass(frozen=True, kw_only=True)
class Derivation(Spec):
    """A kind of job: something is worked out of what is there, and kept.

    ``Options`` is what may be asked for.

    Attributes:
        called: What a job of it is called where another one waits for it, e.g. ``"the evaluation"``.
        work: Does it; imports what it needs, torch too, only when it is called.
        results: The kinds of results that it keeps.
        takes: About how long it takes on a usual computer.
        rank: Among those that wait for the same slot or process: lower ones come first.
        slot: Jobs of one slot go one after another.
        at_hand: The process that stays at hand for it, because a person waits and its libraries start slowly; "" for a
            process of its own.
        prepare: What that process does in its first quiet moment.
        waits: Whether it mostly waits for others, and holds a core only while it computes.
        threads: How many cores it computes on; 0 for as many as a run.
    """

    noun: ClassVar[str] = "kind of job"

    called: str
    work: Work
    results: tuple[ResultType, ...] = ()
    takes: Takes = "minutes"
    rank: int = RANK
    slot: str = JOBS
    at_hand: str = ""
    prepare: Callable[[], None] | None = None
    waits: bool = False
    threads: int = 0

    @property
    def group(self) -> str:
        """The slot or process that jobs of this kind take turns in."""
        return self.at_hand or self.slot


def derivations() -> list[Derivation]:
    """All kinds of jobs."""
    return list(registry("derivations"))


def derivation(kind: str) -> Derivation:
    """The kind of that name.

    Raises:
        InputError: When there is none.
    """
    found: Derivation = registry("derivations").get(kind)
    return found


def known(kind: str) -> Derivation | None:
    """The kind of that name; None for one that only another release or a plug-in knows."""
    return derivation(kind) if kind in registry("derivations") else None


def result_types() -> list[ResultType]:
    """Every kind of result that is kept, each once."""
    return list({result.name: result for each in derivations() for result in each.results}.values())

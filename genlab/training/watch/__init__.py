"""Watching a run from inside: has it diverged, is it collapsing, and what could be done about it."""

from genlab.training.watch.alarm import TITLES, Advice, Alarm, Symptom
from genlab.training.watch.collapse import CollapseWatch, active_units
from genlab.training.watch.critic import separation
from genlab.training.watch.divergence import EXPLODED, DivergenceWatch, advice
from genlab.training.watch.reference import Look, Reference

__all__ = [
    "EXPLODED",
    "TITLES",
    "Advice",
    "Alarm",
    "CollapseWatch",
    "DivergenceWatch",
    "Look",
    "Reference",
    "Symptom",
    "active_units",
    "advice",
    "separation",
]

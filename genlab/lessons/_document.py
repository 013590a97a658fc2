"""Lesson plans in Markdown, for the page and for ``docs/lessons.md``, made from the specs."""

from __future__ import annotations

from genlab.lessons.base import LessonSpec
from genlab.registry import registry

INTRODUCTION = """# Lessons

Made from the specs by `python -m genlab.lessons`; a test fails when this file is out of date. Each lesson is a page of
the guide (`/guide?lesson=NAME`): predict, run, look, check, explain. Settings stand in the address, for instance
`/guide?lesson=posterior-collapse&beta=50&seed=1`; the page has a button that copies it. A prediction is checked against
the numbers of the run that was just made. One run is an example, not a law: let groups take other seeds.
"""


def in_order() -> list[LessonSpec]:
    """All lessons, as they are to be taken."""
    return sorted(registry("lessons"), key=lambda spec: (spec.order, spec.name))


def document() -> str:
    """The whole file."""
    return "\n".join([INTRODUCTION, *(_section(spec) for spec in in_order())])


def plan_markdown(spec: LessonSpec) -> str:
    """The plan of one lesson, without a heading."""
    plan = spec.plan
    parts = [
        f"**Aim.** {plan.aim}",
        f"**Time.** {spec.minutes} minutes. **Before.** {plan.before}",
        "**What to ask**\n\n" + _list(plan.ask),
        "**What they will say**\n\n" + _list([f"{said} → {answer}" for said, answer in plan.said]),
        "**Traps**\n\n" + _list(plan.traps),
        "**Afterwards**\n\n" + _list(plan.follow),
    ]
    return "\n\n".join(parts) + "\n"


def _section(spec: LessonSpec) -> str:
    options = spec.Options()
    choices = _list([choice.text for choice in spec.choices])
    settings = ", ".join(f"`{name}` ({_shown(value)})" for name, value in options.model_dump().items())
    return "\n".join(
        [
            f"## {spec.title}\n",
            f"{spec.summary}. {spec.paper}.\n",
            f"`/guide?lesson={spec.name}`; settings and their defaults: {settings or 'none'}.\n",
            f"**Prediction.** {spec.asked(options)}\n",
            choices + "\n",
            plan_markdown(spec),
        ]
    )


def _list(items: tuple[str, ...] | list[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _shown(value: object) -> str:
    return "empty" if value is None else f"{value:g}" if isinstance(value, float) else str(value)

"""What a command shows of a job that it waits for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from genlab.commands.console import duration, note

if TYPE_CHECKING:
    from genlab.jobs.background import Job
    from genlab.matches.folder import Match

    Work = Job | Match


@contextmanager
def job_progress(quiet: bool) -> Iterator[Callable[[Work], None]]:
    """Something that shows on stderr how far a job or a match is."""
    if quiet:
        yield lambda job: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        said: list[str] = []

        def line(job: Work) -> None:
            for words in (job.phase, *filter(None, [getattr(job, "note", "")])):
                if words not in said:
                    said.append(words)
                    note(words)

        yield line
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=None), TextColumn("{task.fields[left]}"))
    with Progress(*columns, console=console, transient=True, expand=True) as progress:
        task = progress.add_task("starting", total=1.0, left="")

        def update(job: Work) -> None:
            left = "" if job.left is None else f"{duration(job.left)} left"
            words = " · ".join(filter(None, (job.phase or job.state, getattr(job, "note", ""))))
            progress.update(task, description=words, completed=job.share, left=left)

        yield update

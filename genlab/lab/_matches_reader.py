"""The matches of a workspace, for looking: found, planned, reported on. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genlab.errors import GenlabError, InputError
from genlab.lab.configs import Configs
from genlab.lab.data import DataReader
from genlab.lab.evaluations import EvaluationsReader
from genlab.lab.runs import RunsReader
from genlab.store.reading import Found, named
from genlab.store.workspace import Workspace

if TYPE_CHECKING:
    from genlab.matches.by_kind import ByKind
    from genlab.matches.folder import Match
    from genlab.matches.match_request import MatchRequest
    from genlab.matches.outlook import Expected


class MatchesReader:
    """The matches of a workspace, for looking.

    Attributes:
        data: What they are held on.
        configs: Makes the configurations of their runs.
        runs: Where those are.
        evaluations: How good what they trained is.
    """

    runs: RunsReader

    def __init__(
        self, workspace: Workspace, data: DataReader, configs: Configs, runs: RunsReader, evaluations: EvaluationsReader
    ) -> None:
        self._workspace = workspace
        self.data, self.configs, self.runs, self.evaluations = data, configs, runs, evaluations

    def request(self, **settings: Any) -> MatchRequest:
        """What a match is to be: data, families, preset, seeds, length.

        Whether these are photographs of faces is what the data are said to be, unless ``faces`` says otherwise.

        Raises:
            InputError: When a setting is unknown or out of range, or the families cannot meet.
        """
        from genlab.matches.match_request import MatchRequest
        from genlab.options import parse

        asked = parse(MatchRequest, settings).checked()
        if "faces" in settings:
            return asked
        with suppress(GenlabError):
            # Data that there are not are refused where the match begins.
            return asked.model_copy(update={"faces": self.data.describe(asked.data).about == "faces"})
        return asked

    def all(self) -> list[Match]:
        """All matches: the workspace's own, newest first; then those that came with genlab, in their order."""
        return self.found().good

    def found(self) -> Found[Match]:
        """As `all`, and those that are damaged or a newer genlab's."""
        from genlab.matches.folder import find_matches
        from genlab.store.shipped import matches_folder, order_of_matches

        own = find_matches(self._workspace.matches, self._workspace.jobs)
        taken = {match.id for match in own.good} | {one.id for one in own.damaged}
        shipped, places = find_matches(matches_folder(), None), order_of_matches()
        in_order = sorted(shipped.good, key=lambda match: (places.get(match.id, len(places)), match.created))
        return Found(
            own.good + [match for match in in_order if match.id not in taken],
            own.damaged + [m for m in shipped.damaged if m.id not in taken],
        )

    def by_kind(self) -> ByKind:
        """Which judged match speaks for each kind of data: the one with most seeds; and kinds that have none."""
        from genlab.matches.by_kind import by_kind

        return by_kind(self.all())

    def find(self, key: str) -> Match:
        """The match with that identifier (its beginning is enough) or name; one's own before a shipped one.

        Raises:
            InputError: When there is none or more than one.
        """
        own = self._own(key)
        if own is not None:
            return own
        there = self.found() if key else Found()
        known = there.good
        found = [match for match in known if match.id == key]
        found = found or [match for match in known if match.id.startswith(key)]
        found = found or [match for match in known if match.name == key]
        if not found and (lost := named(there, key)) is not None:
            raise lost.error
        if not found:
            raise InputError(f"There is no match {key!r}.", "`genlab matches` lists them.", kind="not_found")
        if len(found) > 1:
            some = ", ".join(match.id for match in found[:3])
            raise InputError(
                f"{key!r} could be any of {len(found)} matches: {some}…", "Write more of it.", kind="ambiguous"
            )
        return found[0]

    def exact(self, match: str) -> Match:
        """The match with exactly that identifier, as a job or an address of genlab's own names it.

        Raises:
            InputError: When there is none, or it is damaged.
        """
        own = self._own(match)
        if own is not None:
            return own
        there = self.found()
        for one in there.damaged:
            if one.id == match:
                raise one.error
        found = next((one for one in there.good if one.id == match), None)
        if found is None:
            raise InputError(f"There is no match {match!r}.", "`genlab matches` lists them.", kind="not_found")
        return found

    def measures(self, match: Match) -> Mapping[str, Mapping[str, Any]]:
        """Run -> measure -> its line: what was measured of the runs of a match besides their evaluations."""
        from genlab.matches.folder import MatchDirectory

        return MatchDirectory(match.path).measures()

    def _own(self, match: str) -> Match | None:
        """The workspace's own match with exactly that identifier, cheap to ask for."""
        from genlab.matches.folder import MatchDirectory, is_match

        path = self._workspace.matches / match
        if not match or match != Path(match).name or match.startswith(".") or not is_match(path):
            return None
        return MatchDirectory(path).summary(self._workspace.jobs)

    def estimate(self, request: MatchRequest) -> tuple[float, float] | None:
        """Seconds that a match will take, at least and at most; None where no speed was ever measured.

        Raises:
            InputError: When the request cannot be met.
        """
        from genlab.matches.outlook import expected_seconds

        return expected_seconds(request, self)

    def expected_runs(self, request: MatchRequest) -> list[Expected]:
        """What a judged run of each family is expected to take: images, and seconds as a range.

        Raises:
            InputError: When the request cannot be met.
        """
        from genlab.matches.outlook import expected_runs

        return expected_runs(request, self)

    def report(self, key: str, out: Path) -> Path:
        """Write a match's report, one self-contained HTML file.

        Raises:
            InputError: When there is no such match, or ``out`` cannot be written to.
        """
        from genlab.reports.match import write_report

        write_report(self.find(key), self, out)
        return out

"""One visitor's playground: up to three models in lock step, what was measured of them, and its pictures.

It works in bounded slices and holds a bounded history; when and for how long it may work is the host's business.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from genlab.errors import InputError
from genlab.families import with_part
from genlab.playground import pictures
from genlab.playground.measure import Ruler
from genlab.playground.plane_data import PlaneData, data_of
from genlab.playground.scenario import Model, Scenario, changed, offered, restarts
from genlab.playground.stage import Stage
from genlab.playground.wire import finite, picture
from genlab.plots.theme import family_one

SHOWN = 1_500
"""Points of the data that are drawn."""

MOST_ROWS = 600
"""Points of the curves; when there are more, the older half is thinned."""

MEASURE_EVERY = 0.3
"""Seconds between two measurements while it runs."""

MEASURE_SHARE = 0.05
"""At most this share of the time goes into measuring."""

FULL_EVERY = 0.5
"""Seconds between two pictures with all layers, which the page keeps for scrubbing back."""

PACE = {"slow": 2.0, "10": 10.0, "50": 50.0, "full": 0.0}
"""Steps (in slow motion: turns) a second; 0 is as many as there is time for."""

ALL_LAYERS = ("samples", "critic", "arrows", "manifold", "latent")


class PlaygroundSession:
    """A playground.

    Attributes:
        scenario: What it is set to.
        running: Whether it goes on by itself.
        step: Steps since the start.
        rows: What was measured so far, oldest first.
        serial: Number of the visitor's last command that took effect; pictures carry it.

    Args:
        scenario: What to begin with.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.running = False
        self.serial = 0
        self.step = 0
        self.rows: list[dict[str, Any]] = []
        self.stages: dict[Model, Stage] = {}
        self._turn = self._counted = 0
        self._rate = self._last_full = self._since_measured = self._measure_cost = 0.0
        self._next = self._counted_since = 0.0
        self._begin()

    # Commands

    def set(self, changes: object) -> bool:
        """Turn knobs; returns whether the models began anew.

        Raises:
            InputError: When a setting is refused; nothing has changed then.
        """
        new = changed(self.scenario, changes)
        anew = restarts(self.scenario, new)
        ruler_old = self.scenario.noise != new.noise
        self.scenario = new
        if anew:
            self._begin()
            return True
        self.stages = {model: self.stages[model] for model in new.models}
        if ruler_old:
            self._measure_against(data_of(new))
        for stage in self.stages.values():
            stage.change(new)
        return False

    def reset(self) -> None:
        """Begin anew with the same settings."""
        self._begin()

    def one_step(self, player: str = "") -> None:
        """One step of every model, or one turn of every model's ``"critic"`` or of those that it judges, ``"maker"``.

        A turn counts as a step.

        Raises:
            InputError: When no model here has that player.
        """
        if player not in {"", "critic", "maker"}:
            raise InputError(f"There is no player {player[:40]!r}.", "Choose critic or generator.")
        if player and not any("critic" in stage.players for stage in self.stages.values()):
            others = " or ".join(spec.one for spec in with_part("critic") if spec.name in offered())
            raise InputError(
                f"{family_one(next(iter(self.stages)))} has only one player.", f"Add {others}, or step all."
            )
        for stage in self.stages.values():
            if not player:
                stage.step()
            elif "critic" in stage.players:
                for name in stage.players:
                    if (name == "critic") == (player == "critic"):
                        stage.step(name)
        self.step += 1
        self.measure()

    # Work

    def due(self, now: float) -> float:
        """Seconds until it wants to work again; 0 when it does now, infinite when it does not run."""
        if not self.running or all(stage.diverged for stage in self.stages.values()):
            return float("inf")
        return max(0.0, self._next - now) if PACE[self.scenario.speed] else 0.0

    def advance(self, seconds: float) -> int:
        """Train for at most about ``seconds`` (at least one step); returns the number of steps done."""
        pace, begun, done = PACE[self.scenario.speed], time.monotonic(), 0
        while True:
            self._one_tick()
            done += 1
            now = time.monotonic()
            if pace:
                self._next = max(self._next + 1 / pace, now - 0.2)
            if now - begun >= seconds or (pace and self._next > now):
                break
        spent = now - begun
        self._since_measured += spent
        if self._since_measured >= max(MEASURE_EVERY, self._measure_cost / MEASURE_SHARE):
            self.measure()
        self._note_rate(done, now)
        return done

    def _one_tick(self) -> None:
        if self.scenario.speed == "slow":
            for stage in self.stages.values():
                turns = [name for name in stage.players for _ in range(stage.state.objective.repeats.get(name, 1))]
                stage.step(turns[self._turn % len(turns)])
            self._turn += 1
        else:
            for stage in self.stages.values():
                stage.step()
        self.step += 1

    def _note_rate(self, done: int, now: float) -> None:
        self._counted += done
        if now - self._counted_since >= 1.0:
            self._rate = self._counted / (now - self._counted_since)
            self._counted, self._counted_since = 0, now

    def run(self, on: bool) -> None:
        """Go on by itself, or rest; when it rests, the newest measurement is of what is seen."""
        self.running = on
        if not on and self.rows[-1]["step"] != self.step:
            self.measure()

    def measure(self) -> None:
        """Measure every model now and add a row to the history."""
        begun = time.monotonic()
        row: dict[str, Any] = {"step": self.step, "models": {}}
        for model, stage in self.stages.items():
            losses = {name: float(value) for name, value in stage.losses.items()}
            row["models"][model] = {"losses": losses, **self._ruler.model(stage)}
        if self.rows and self.rows[-1]["step"] == self.step:
            self.rows.pop()
        self.rows.append(finite(row))
        if len(self.rows) > MOST_ROWS:
            half = len(self.rows) // 2
            self.rows = self.rows[:half:2] + self.rows[half:]
        self._measure_cost = time.monotonic() - begun
        self._since_measured = 0.0

    # Pictures

    def frame(self, number: int = 0, full: bool = False) -> bytes:
        """The picture now, under a number: with the layers shown, or ``full`` (at times by itself) with all."""
        now = time.monotonic()
        full = full or now - self._last_full >= FULL_EVERY
        if full:
            self._last_full = now
        header: dict[str, Any] = {
            "kind": "frame",
            "number": number,
            "step": self.step,
            "running": self.running,
            "rate": round(self._rate, 1),
            "serial": self.serial,
            "full": full,
            "row": self.rows[-1],
            "models": {},
        }
        arrays: pictures.Arrays = {}
        for model, stage in self.stages.items():
            facts, found = pictures.draw(stage, ALL_LAYERS if full else self.scenario.show)
            header["models"][model] = {
                **facts,
                "losses": {name: float(value) for name, value in stage.losses.items()},
                "moved": list(stage.moved),
                "diverged": stage.diverged,
            }
            arrays |= {f"{model}/{name}": array for name, array in found.items()}
        return picture(header, arrays)

    def world(self) -> bytes:
        """What does not change from picture to picture: settings, data, modes, floor, and the history so far."""
        if self.rows[-1]["step"] != self.step:
            self.measure()
        data = self.data
        points = data.points[:SHOWN]
        if self.scenario.noise:
            rng = np.random.default_rng(5)
            points = points + np.float32(self.scenario.noise) * rng.standard_normal(points.shape, dtype=np.float32)
        header = {
            "kind": "world",
            "scenario": self.scenario.model_dump(),
            "half": data.half,
            "scale": data.scale,
            "modes": None if data.mixture is None else len(data.mixture.means),
            "floor": self._ruler.floor,
            "players": {model: list(stage.players) for model, stage in self.stages.items()},
            "rows": self.rows,
            "serial": self.serial,
        }
        arrays = {"data": points}
        if data.mixture is not None:
            arrays["modes"] = data.mixture.means.astype(np.float32)
        return picture(header, arrays)

    def restore(self, stages: dict[Model, Stage], step: int, rows: Sequence[dict[str, Any]]) -> None:
        """Go on from what a file or a kept state holds."""
        self.stages, self.step, self.rows = stages, step, list(rows)[-MOST_ROWS:]
        self.measure()

    def _begin(self) -> None:
        self._measure_against(data_of(self.scenario))
        self.stages = {model: Stage.fresh(model, self.scenario, self.data) for model in self.scenario.models}
        self.step, self.rows, self._turn = 0, [], 0
        self._since_measured = self._measure_cost = self._last_full = 0.0
        self._next = self._counted_since = time.monotonic()
        self._counted = 0
        self.measure()

    def _measure_against(self, data: PlaneData) -> None:
        self.data = data
        self._ruler = Ruler(data, self.scenario.noise)
        for stage in self.stages.values():
            stage.data = data

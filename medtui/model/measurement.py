"""What training on this machine has really taken: read from a run's folder, to stand beside or replace an estimate."""

import json
import statistics
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from medtui import journal
from medtui.errors import Refusal
from medtui.machine.gpu import GIB
from medtui.model import memory
from medtui.model.architecture import Architecture
from medtui.model.memory import Settings
from medtui.workspace import Workspace

# As much of the newest events as pace is taken from: some hundred steps.
_TAIL_BYTES = 1 << 17


@dataclass(frozen=True)
class Measurement:
    """One run, or the trial of two steps before it.

    Attributes:
        run: its name.
        settings: how it trained; the sequence length is that of its longest example.
        peak_gib: most GPU memory that PyTorch held at once, None where no GPU was used.
        tokens_per_second: median over its newest steps; of a trial, over the longest examples.
        tokens_per_epoch: tokens of all its examples.
    """

    run: str
    settings: Settings
    peak_gib: float | None
    tokens_per_second: float
    tokens_per_epoch: int

    @property
    def minutes_per_epoch(self) -> float:
        """Minutes that one pass over the examples takes."""
        return self.tokens_per_epoch / self.tokens_per_second / 60

    def ratio(self, model: Architecture) -> float | None:
        """Divide the measured peak by the estimate for the very same settings; None where no GPU was used."""
        return None if self.peak_gib is None else self.peak_gib * GIB / memory.breakdown(model, self.settings).peak

    def to_dict(self, model: Architecture) -> dict[str, Any]:
        """Give all figures, JSON-able."""
        ratio = self.ratio(model)
        return {
            "run": self.run,
            "settings": asdict(self.settings),
            "peak_gib": None if self.peak_gib is None else round(self.peak_gib, 2),
            "peak_ratio": None if ratio is None else round(ratio, 3),
            "tokens_per_second": round(self.tokens_per_second, 1),
            "minutes_per_epoch": round(self.minutes_per_epoch, 1),
        }


def newest(workspace: Workspace, model: Path) -> Measurement | None:
    """Find the newest run or trial of a model in a practice.

    Args:
        workspace: the practice.
        model: folder of the base model.

    Returns:
        None when the model was never trained here; a damaged run is passed over.
    """
    folders = [workspace.jobs / "probe", *(workspace.runs.iterdir() if workspace.runs.is_dir() else ())]
    recipes = sorted(
        (folder / "recipe.toml" for folder in folders if (folder / "recipe.toml").is_file()),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    on_gpu = (workspace.result("machine") or {}).get("gpu", "none") != "none"
    for recipe in recipes:
        found = _read(recipe.parent, model, workspace.result("examples") or {}, on_gpu=on_gpu)
        if found is not None:
            return found
    return None


def _read(run: Path, model: Path, examples: Mapping[str, Any], *, on_gpu: bool) -> Measurement | None:
    try:
        tables = tomllib.loads((run / "recipe.toml").read_text())
        recipe = {key: value for table in tables.values() for key, value in table.items()}
        lengths = _lengths(run, examples)
        if Path(str(recipe["model"])) != model or not lengths:
            return None
        settings = Settings(
            str(recipe["method"]), int(recipe["rank"]), lengths[-1], int(recipe["batch"]), bool(recipe["checkpointing"])
        )
        peak, pace = _figures(run, sum(lengths[-settings.batch * int(recipe["accumulation"]) :]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, Refusal):
        return None
    if not pace or settings.method not in memory.METHODS:
        return None
    return Measurement(run.name, settings, peak / GIB if on_gpu and peak else None, pace, sum(lengths))


def _lengths(run: Path, examples: Mapping[str, Any]) -> list[int]:
    """Give the tokens of each example, shortest first: as the trial found them, else as the examples step sums up."""
    if (run / "lengths.json").is_file():
        return sorted(int(length) for length in json.loads((run / "lengths.json").read_text()))
    tokens = examples["tokens"]
    return [int(tokens["median"])] * (int(examples["train"]) - 1) + [int(tokens["longest"])]


def _figures(run: Path, tokens_of_trial: int) -> tuple[float, float]:
    """Give peak bytes and tokens a second, 0 where nothing was measured."""
    probe: dict[str, Any] = {}
    if (run / "probe.json").is_file():
        probe = json.loads((run / "probe.json").read_text())
    steps = _newest_steps(run / "events.jsonl")
    peak = max([float(probe.get("peak_bytes", 0)), *(float(step.get("memory_bytes", 0)) for step in steps)])
    paces = [float(step["tokens_per_second"]) for step in steps if step.get("tokens_per_second")]
    if paces:
        return peak, statistics.median(paces)
    seconds = float(probe.get("step_seconds", 0))
    return peak, tokens_of_trial / seconds if seconds else 0.0


def _newest_steps(events: Path) -> list[dict[str, Any]]:
    if not events.is_file():
        return []
    size = events.stat().st_size
    with events.open("rb") as stream:
        stream.seek(max(0, size - _TAIL_BYTES))
        # The first line may be the end of a longer one.
        start = 0 if size <= _TAIL_BYTES else size - _TAIL_BYTES + len(stream.readline())
    records, _ = journal.read(events, start)
    return [record for record in records if record.get("event") == "step"]

"""What an evaluation is asked to measure, kept beside its result so that it can be repeated."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from medtui.errors import Refusal
from medtui.workspace import write_atomic

FILE = "request.json"


@dataclass(frozen=True)
class Request:
    """One evaluation.

    Attributes:
        run: name of the training run.
        model: folder of the base model.
        adapter: folder of the run's adapter.
        quantization: how the base is held, as in training.
        examples: the held-out split, JSON lines.
    """

    run: str
    model: Path
    adapter: Path
    quantization: Literal["nf4", "int8", "none"]
    examples: Path

    def to_dict(self) -> dict[str, Any]:
        """Give JSON-able values."""
        return {
            "run": self.run,
            "model": str(self.model),
            "adapter": str(self.adapter),
            "quantization": self.quantization,
            "examples": str(self.examples),
        }

    def save(self, folder: Path) -> None:
        """Write the request into an evaluation's folder."""
        write_atomic(folder / FILE, json.dumps(self.to_dict(), indent=1))

    @classmethod
    def load(cls, folder: Path) -> "Request":
        """Read the request of an evaluation.

        Raises:
            Refusal: it is missing or damaged.
        """
        try:
            values = json.loads((folder / FILE).read_text())
            return cls(
                str(values["run"]),
                Path(values["model"]),
                Path(values["adapter"]),
                values["quantization"],
                Path(values["examples"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Refusal(f"{folder / FILE} is missing or damaged; start the evaluation again.") from error

"""Which examples a run learns from, so that it never goes on with others. Light: files are hashed, not read."""

import hashlib
import json
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.training.recipe import Recipe

SPLITS = ("train", "validation")
# Folders inside the dataset that hold other than instruction examples.
_FOLDERS = {"text": "text", "dpo": "preferences"}


def folder(recipe: Recipe) -> Path:
    """Give the folder that holds the examples of the recipe's objective."""
    return Path(recipe.dataset) / _FOLDERS.get(recipe.objective, "")


def digests(recipe: Recipe) -> dict[str, str]:
    """Hash the files of examples.

    Raises:
        Refusal: one cannot be read.
    """
    found = {}
    for name in SPLITS:
        path = folder(recipe) / f"{name}.jsonl"
        try:
            with path.open("rb") as stream:
                found[name] = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise Refusal(f"Cannot read {path} ({type(error).__name__}); do the examples step first.") from error
    return found


def begun(run: Path) -> dict[str, Any]:
    """Read what was noted when the run was made: `promised` rows and `sha256` of each file."""
    try:
        return dict(json.loads((run / "run.json").read_text()))
    except (OSError, ValueError, TypeError):
        return {}


def unchanged(run: Path, recipe: Recipe) -> bool:
    """Tell whether the examples are still those that the run began with."""
    noted = begun(run).get("sha256")
    return noted is None or noted == digests(recipe)

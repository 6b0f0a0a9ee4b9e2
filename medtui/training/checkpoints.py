"""Checkpoints that are whole or do not count.

A checkpoint is staged in a hidden folder, listed in a manifest with sizes and SHA-256, flushed to the disk and renamed.
Order follows the step number, never the clock. Light: no torch here.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from medtui.workspace import flush

MANIFEST = "manifest.json"
_NAME = re.compile(r"checkpoint-(\d+)")


@dataclass(frozen=True)
class Checkpoint:
    """A folder that holds everything needed to go on from a step."""

    step: int
    folder: Path


def staging(folder: Path, step: int) -> Path:
    """Name the hidden folder in which the trainer makes its `checkpoint-STEP` folder."""
    return folder / f".staged-{step}"


def seal(folder: Path, step: int) -> Checkpoint:
    """Turn the staged folder of a step into a checkpoint that counts.

    Raises:
        OSError: the disk is full or failing; the staged folder is left and swept at the next start.
    """
    outer = staging(folder, step)
    staged = outer / f"checkpoint-{step}"
    files = sorted(path for path in staged.rglob("*") if path.is_file() and path.name != MANIFEST)
    entries = {str(path.relative_to(staged)): {"bytes": path.stat().st_size, "sha256": _digest(path)} for path in files}
    manifest = staged / MANIFEST
    manifest.write_text(json.dumps({"version": 1, "step": step, "files": entries}, indent=1))
    for path in (*files, manifest):
        flush(path)
    for inner in [path for path in staged.rglob("*") if path.is_dir()]:
        flush(inner)
    flush(staged)
    target = folder / staged.name
    replaced = folder / f".replaced-{step}"
    if target.exists():
        os.rename(target, replaced)
    os.rename(staged, target)
    flush(folder)
    shutil.rmtree(replaced, ignore_errors=True)
    outer.rmdir()
    return Checkpoint(step, target)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def problem(checkpoint: Checkpoint) -> str:
    """Say why a checkpoint does not count, empty when it is whole."""
    name = checkpoint.folder.name
    try:
        manifest = json.loads((checkpoint.folder / MANIFEST).read_text())
        entries = manifest["files"]
        if manifest["step"] != checkpoint.step or not entries:
            return f"{name} carries the manifest of another step."
        for relative, entry in entries.items():
            path = checkpoint.folder / relative
            if path.stat().st_size != entry["bytes"]:
                return f"{relative} in {name} is cut off or grown."
            if _digest(path) != entry["sha256"]:
                return f"{relative} in {name} is damaged (its hash differs)."
    except FileNotFoundError as error:
        return f"{Path(error.filename).name} is missing in {name}."
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return f"{name} cannot be read."
    return ""


def found(folder: Path) -> list[Checkpoint]:
    """List the checkpoints by step, damaged ones included."""
    if not folder.is_dir():
        return []
    matches = ((path, _NAME.fullmatch(path.name)) for path in folder.iterdir() if path.is_dir())
    return sorted((Checkpoint(int(match[1]), path) for path, match in matches if match), key=lambda one: one.step)


def newest_whole(folder: Path) -> tuple[Checkpoint | None, list[str]]:
    """Find the newest checkpoint that is whole.

    Returns:
        The checkpoint, `None` when there is none, and a sentence about each newer one that was passed over.
    """
    passed_over: list[str] = []
    for checkpoint in reversed(found(folder)):
        trouble = problem(checkpoint)
        if not trouble:
            return checkpoint, passed_over
        passed_over.append(trouble)
    return None, passed_over


def sweep(folder: Path) -> None:
    """Remove what killed saves left behind."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        number = path.name.rpartition("-")[2]
        # A kill between the two renames of `seal` leaves the old checkpoint under its other name: take it back.
        if path.name.startswith(".replaced-") and not (folder / f"checkpoint-{number}").exists():
            with contextlib.suppress(OSError):
                os.rename(path, folder / f"checkpoint-{number}")
        elif path.name.startswith((".staged-", ".replaced-")):
            shutil.rmtree(path, ignore_errors=True)


def keep_only(folder: Path, steps: Iterable[int], newest: int = 2) -> None:
    """Delete checkpoints except those of the given steps and the newest ones.

    Args:
        folder: the run's checkpoints.
        steps: steps to keep, such as the best one.
        newest: how many of the newest stay; two, so that damage to one costs little.
    """
    checkpoints = found(folder)
    kept = {*steps, *(checkpoint.step for checkpoint in checkpoints[-newest:])}
    for checkpoint in checkpoints:
        if checkpoint.step not in kept:
            shutil.rmtree(checkpoint.folder, ignore_errors=True)

"""Starts and follows a download, or copies a model folder over; loads no network library."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.machine.survey import models_folder
from medtui.model import catalogue, folder, resolve, traps
from medtui.model.download import files
from medtui.process import Job
from medtui.progress import Progress, silent
from medtui.text import sanitize_line
from medtui.workspace import write_atomic

MODULE = "medtui.model.download.worker"
_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.A)


def job(identifier: str) -> Job:
    """Give the job that downloads a model, running or not."""
    return Job(models_folder() / ".downloads" / identifier.replace("/", "--"))


def fetch(
    reference: str, progress: Progress = silent, token: str | None = None, *, config_only: bool = False
) -> dict[str, Any]:
    """Download a model and wait until it is in place; a broken download goes on where it ended.

    The worker outlives the caller. This is the only part of medtui that opens a connection, and only when asked.

    Args:
        reference: hub id, or a catalogue model's bare name.
        progress: told the bytes.
        token: access token for gated models; handed to the worker in its environment and stored nowhere.
        config_only: fetch the description alone, to plan with.

    Returns:
        `model`, `path`, `bytes`, `left_out` (files that are never taken).

    Raises:
        Refusal: the name is wrong, the hub refuses, the connection fails, or the disk is too full.
    """
    identifier = _identifier(reference)
    target = resolve.download_folder(identifier)
    if (target / "config.json").is_file():
        return {"model": identifier, "path": str(folder.check(target).path), "bytes": 0, "left_out": 0}
    work = job(identifier)
    if work.status() != "running":
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arguments = ["config-only"] if config_only else []
        work.start(MODULE, identifier, str(target), *arguments, environment=_environment(token))
    result = work.follow(progress)
    if not config_only:
        shutil.rmtree(work.folder, ignore_errors=True)
    return {"model": identifier, **result}


def take_over(source: Path, reference: str | None = None, progress: Progress = silent) -> dict[str, Any]:
    """Copy a model folder, from a stick for instance, to where models are kept, comparing checksums.

    Args:
        source: a whole model folder.
        reference: hub id under which it is kept; the folder's own name otherwise.
        progress: told the bytes.

    Raises:
        Refusal: the folder is incomplete or unsafe, differs from its checksums, or does not fit on the disk.
    """
    checked = folder.check(source.expanduser())
    compared = files.verify(checked.path)
    target = resolve.download_folder(_identifier(reference)) if reference else models_folder() / checked.path.name
    if target.exists():
        raise Refusal(f"{sanitize_line(str(target))} is there already; remove it first or choose another name.")
    names = sorted(path.name for path in checked.path.iterdir() if path.is_file() and files.wanted(path.name))
    sizes = [(checked.path / name).stat().st_size for name in names]
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(target.parent).free < sum(sizes):
        raise Refusal(f"{sum(sizes) / 1024**3:.1f} GiB do not fit on this disk; free some space first.")
    staging = target.with_name(f".{target.name}.copying")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(mode=0o700)
    try:
        for position, name in enumerate(names):
            progress(sum(sizes[:position]), sum(sizes), f"Copying {sanitize_line(name)}")
            shutil.copyfile(checked.path / name, staging / name)
            if files.digest(staging / name) != files.digest(checked.path / name):
                raise Refusal(f"{sanitize_line(name)} was not copied faithfully; check the disks and try again.")
        write_atomic(staging / files.CHECKSUMS, files.checksums(staging))
        staging.rename(target)
    except OSError as error:
        raise Refusal(f"Cannot copy the model: {error.strerror}; free some space or check permissions.") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    progress(sum(sizes), sum(sizes), "Copied")
    return {"model": reference or str(target), "path": str(target), "bytes": sum(sizes), "compared": compared}


def _identifier(reference: str) -> str:
    model = catalogue.find(reference)
    identifier = model.id if model else reference.strip()
    if not _ID.fullmatch(identifier):
        raise Refusal(
            f"{sanitize_line(reference)} is no model name; give it as on the hub, such as Qwen/Qwen3-8B, or copy a "
            "folder over with --from."
        )
    refused = traps.refusal(model) if model else None
    if model and model.remote_code and refused:
        raise Refusal(f"{model.id} cannot be used: {refused}")
    return identifier


def _environment(token: str | None) -> Mapping[str, str]:
    """Lift the offline rule for this one worker; xet would leave the resumable, checked path of plain HTTP."""
    environment = {"HF_HUB_OFFLINE": "0", "TRANSFORMERS_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1"}
    given = token or os.environ.get("HF_TOKEN", "")
    return {**environment, "HF_TOKEN": given, "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}

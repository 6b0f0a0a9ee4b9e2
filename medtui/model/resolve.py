"""From what the user named to a checked folder on this disk."""

import os
import re
from pathlib import Path

from medtui import assets
from medtui.errors import Refusal
from medtui.machine.survey import models_folder
from medtui.model import catalogue, folder
from medtui.text import sanitize_line

DEMO = "demo"
_HUB_ID = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}", re.A)


def resolve(reference: str) -> Path:
    """Find the model that a reference names, and check it.

    Args:
        reference: "demo", a hub id whose files are on this disk already, or a folder.

    Returns:
        A folder that passed `folder.check`.

    Raises:
        Refusal: there is none, or it is incomplete, unsafe or of a kind that cannot be tuned.
    """
    found = locate(reference)
    if found is None:
        raise Refusal(nowhere(reference))
    return folder.check(found).path


def locate(reference: str) -> Path | None:
    """Find the folder that a reference names without checking its content; None when there is none."""
    if reference == DEMO:
        return assets.path("demo_model")
    model = catalogue.find(reference)
    identifier = model.id if model else reference
    if _HUB_ID.fullmatch(identifier):
        for candidate in (download_folder(identifier), hub_cache(identifier)):
            if candidate is not None and (candidate / "config.json").is_file():
                return candidate
    path = Path(reference).expanduser()
    return path.absolute() if path.is_dir() else None


def download_folder(identifier: str) -> Path:
    """Give the folder that `medtui model fetch` puts a hub model into."""
    return models_folder() / identifier.replace("/", "--")


def description(identifier: str) -> Path | None:
    """Find a hub model's config.json that was fetched without weights, or before them."""
    folder = models_folder() / ".downloads" / identifier.replace("/", "--") / "files"
    return folder if (folder / "config.json").is_file() else None


def hub_cache(identifier: str) -> Path | None:
    """Find a model that other programs downloaded: the newest revision in the Hugging Face cache."""
    home = os.environ.get("HF_HOME") or str(Path.home() / ".cache" / "huggingface")
    cache = Path(os.environ.get("HF_HUB_CACHE") or f"{home}/hub") / f"models--{identifier.replace('/', '--')}"
    try:
        revision = (cache / "refs" / "main").read_text().strip()
    except OSError:
        return None
    snapshot = cache / "snapshots" / revision
    return snapshot if re.fullmatch(r"[0-9a-f]{40}", revision) and snapshot.is_dir() else None


def nowhere(reference: str) -> str:
    """Say in one sentence that a model is not here and how to get it."""
    shown = sanitize_line(reference)
    if catalogue.find(reference) or (_HUB_ID.fullmatch(reference) and not Path(reference).parent.exists()):
        return (
            f"{shown} is not on this disk yet; download it with `medtui model fetch {shown}`, or copy its folder here."
        )
    return f"There is no model at {shown}; name the demo model (demo), a model of `medtui model list`, or a folder."

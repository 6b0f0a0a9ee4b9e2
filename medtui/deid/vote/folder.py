"""Tells what kind of model a folder holds, without loading it."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medtui.deid.vote.labels import category_of
from medtui.errors import Refusal
from medtui.model import resolve
from medtui.text import sanitize_line

_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+", re.A)
SPACY, TRANSFORMERS = "spacy", "transformers"


@dataclass(frozen=True)
class Model:
    """A model that can be asked.

    Attributes:
        folder: where it is.
        library: "spacy" or "transformers".
        labels: those that name something that identifies.
        identity: a digest that changes when the model's files do.
    """

    folder: Path
    library: str
    labels: tuple[str, ...]
    identity: str


def look(given: str) -> Model:
    """Check a folder before it is used.

    Args:
        given: a folder, or the hub's name of a model that was fetched.

    Raises:
        Refusal: it holds no model that can be asked, or one whose labels say nothing that identifies.
    """
    folder = Path(given).expanduser()
    if not folder.is_dir() and _HUB_NAME.fullmatch(given):
        folder = resolve.download_folder(given)
    if not folder.is_dir():
        raise Refusal(
            f"There is no folder {sanitize_line(given)}; give the folder of a model for names, or the name of one that "
            "you fetched with `medtui model fetch`."
        )
    spacy = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
    for place in spacy:
        if (place / "meta.json").is_file() and (place / "config.cfg").is_file():
            labels = _read(place / "meta.json").get("labels", {})
            marked = labels.get("ner", []) if isinstance(labels, dict) else []
            return _model(place, SPACY, [str(label) for label in marked])
    if not (folder / "config.json").is_file():
        raise Refusal(f"{folder} holds neither a spaCy model (meta.json) nor a transformers model (config.json).")
    if not any(folder.glob("*.safetensors")):
        raise Refusal(
            f"{folder} holds no weights as safetensors; other files of weights can run code and are not opened."
        )
    names = _read(folder / "config.json").get("id2label", {})
    return _model(folder, TRANSFORMERS, [str(label) for label in names.values()] if isinstance(names, dict) else [])


def _model(folder: Path, library: str, labels: list[str]) -> Model:
    known = tuple(label for label in labels if category_of(label))
    if not known:
        shown = ", ".join(sorted(set(labels))[:8]) or "none"
        raise Refusal(
            f"The model in {folder} does not say which words are names or places (its labels: {shown}); choose a model "
            "for named entities."
        )
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        entry = path.stat()
        digest.update(f"{path.relative_to(folder)} {entry.st_size} {entry.st_mtime_ns}\n".encode())
    return Model(folder, library, known, digest.hexdigest())


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refusal(f"Cannot read {path}; fetch the model again.") from error
    return content if isinstance(content, dict) else {}

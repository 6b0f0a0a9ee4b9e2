"""Checks a model folder on this disk before anything loads it: whole, safe, and of a kind that can be tuned."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medtui.errors import Refusal
from medtui.model import weights
from medtui.text import sanitize_line

_LARGEST_JSON = 64 * 1024 * 1024
_LARGEST_TOKENIZER = 512 * 1024 * 1024
# Weights quantised by these cannot be a base for 4-bit training here; bitsandbytes' own 4-bit form can.
_FOREIGN_QUANTISATION = {"awq", "gptq", "fp8", "compressed-tensors", "mxfp4", "gguf", "aqlm", "quanto", "hqq", "eetq"}


@dataclass(frozen=True)
class Folder:
    """A model folder that passed the checks."""

    path: Path
    config: dict[str, Any]
    tensors: tuple[weights.Tensor, ...]
    chat_template: bool
    warnings: tuple[str, ...]

    @property
    def parameters(self) -> int:
        """Parameters of everything stored, vision parts included."""
        return sum(tensor.size for tensor in self.tensors)

    @property
    def stored_bytes(self) -> int:
        """Bytes of all weight files."""
        return sum(path.stat().st_size for path in self.path.glob("*.safetensors"))


def check(path: Path) -> Folder:
    """Check a folder.

    Raises:
        Refusal: it is not a model folder, is incomplete, needs foreign program code, or is quantised in a way that
            cannot be trained further.
    """
    shown = sanitize_line(str(path))
    if not path.is_dir():
        raise Refusal(f"{shown} is not a folder; give the folder that holds the model's config.json.")
    config = configuration(path)
    _check_tokenizer(path)
    files = _weight_files(path)
    tensors = tuple(tensor for file in files for tensor in weights.read(file))
    if not tensors:
        raise Refusal(f"The weight files in {shown} hold no weights; copy or download the model again.")
    template = _has_template(path)
    warnings = []
    if not template:
        warnings.append("This model has no chat template: it is a base model and does not answer questions yet.")
    if any(path.glob("*.py")):
        warnings.append("The folder holds program files; they are never run.")
    return Folder(path, config, tensors, template, tuple(warnings))


def configuration(path: Path) -> dict[str, Any]:
    """Read and check a folder's config.json alone.

    Raises:
        Refusal: it is damaged, needs foreign program code, or belongs to weights that cannot be tuned.
    """
    shown = sanitize_line(str(path))
    config = _json(path / "config.json", "a model's config.json")
    _refuse_code(shown, config)
    _refuse_quantisation(shown, config)
    return config


def without_weights(path: Path) -> bool:
    """Tell whether a folder describes a model and holds no weights of any form."""
    forms = ("*.safetensors", "*.safetensors.index.json", "*.gguf", "*.bin", "*.pt", "*.pth")
    return (path / "config.json").is_file() and not any(any(path.glob(form)) for form in forms)


def _json(path: Path, what: str) -> dict[str, Any]:
    shown = sanitize_line(str(path))
    try:
        if path.stat().st_size > _LARGEST_JSON:
            raise Refusal(f"{shown} is too large for {what}; copy or download the model again.")
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Refusal(f"{shown} is missing; choose the folder that holds the whole model.") from error
    except OSError as error:
        raise Refusal(f"Cannot read {shown}: {error.strerror}; check its permissions.") from error
    except (ValueError, RecursionError) as error:
        raise Refusal(f"{shown} is damaged (no valid JSON); copy or download the model again.") from error
    if not isinstance(content, dict):
        raise Refusal(f"{shown} is not {what}; choose the folder that holds the whole model.")
    return content


def _refuse_code(shown: str, config: dict[str, Any]) -> None:
    parts = [config, *(value for value in config.values() if isinstance(value, dict))]
    if any("auto_map" in part for part in parts):
        raise Refusal(
            f"The model in {shown} brings its own program code (auto_map), which medtui never runs; choose another "
            "model."
        )
    if not isinstance(config.get("model_type"), str):
        raise Refusal(f"The config.json in {shown} does not say which kind of model it is; choose another folder.")


def _refuse_quantisation(shown: str, config: dict[str, Any]) -> None:
    settings = config.get("quantization_config")
    method = str(settings.get("quant_method", "")).lower() if isinstance(settings, dict) else ""
    if method in _FOREIGN_QUANTISATION:
        raise Refusal(
            f"The model in {shown} is already shrunk with {sanitize_line(method).upper()}, which cannot be tuned "
            "further; choose its original 16-bit form."
        )


def _check_tokenizer(path: Path) -> None:
    tokenizer = path / "tokenizer.json"
    shown = sanitize_line(str(path))
    if not tokenizer.is_file():
        raise Refusal(f"tokenizer.json is missing in {shown}; copy or download the whole model.")
    with tokenizer.open("rb") as stream:
        if tokenizer.stat().st_size > _LARGEST_TOKENIZER or stream.read(64).lstrip()[:1] != b"{":
            raise Refusal(f"The tokenizer.json in {shown} is damaged; copy or download the model again.")
    settings = path / "tokenizer_config.json"
    if settings.is_file() and "auto_map" in _json(settings, "a tokenizer's settings"):
        raise Refusal(
            f"The tokenizer in {shown} brings its own program code (auto_map), which medtui never runs; choose "
            "another model."
        )


def _weight_files(path: Path) -> list[Path]:
    index = path / "model.safetensors.index.json"
    if not index.is_file():
        single = path / "model.safetensors"
        if single.is_file():
            return [single]
        raise Refusal(_no_weights(path))
    listed = _json(index, "an index of weight files").get("weight_map")
    names = sorted({str(name) for name in listed.values()}) if isinstance(listed, dict) else []
    if not names or any("/" in name or not name.endswith(".safetensors") for name in names):
        raise Refusal(f"{sanitize_line(str(index))} is damaged; copy or download the model again.")
    missing = [name for name in names if not (path / name).is_file()]
    if missing:
        raise Refusal(
            f"{len(missing)} of {len(names)} weight files are missing in {sanitize_line(str(path))}, the first is "
            f"{sanitize_line(missing[0])}; copy or download the rest."
        )
    return [path / name for name in names]


def _no_weights(path: Path) -> str:
    shown = sanitize_line(str(path))
    if any(path.glob("*.gguf")):
        return f"{shown} holds a GGUF file, which is made for using a model, not for tuning; choose its 16-bit form."
    if any(path.glob("*.bin")) or any(path.glob("*.pt")) or any(path.glob("*.pth")):
        return (
            f"{shown} holds weights in a form that can hide program code (pickle); medtui reads safetensors only; "
            "choose a copy with .safetensors files."
        )
    return f"{shown} holds no .safetensors weights; choose the folder that holds the whole model."


def _has_template(path: Path) -> bool:
    if (path / "chat_template.jinja").is_file() or (path / "chat_template.json").is_file():
        return True
    settings = path / "tokenizer_config.json"
    return settings.is_file() and bool(_json(settings, "a tokenizer's settings").get("chat_template"))

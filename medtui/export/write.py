"""Write the adapter folder and the merged model. Imported by workers only: it loads torch."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

from medtui.errors import Refusal
from medtui.export import card, check
from medtui.export.order import Order
from medtui.training import loading

# Enough answer tokens to see a broken merge, few enough for an 8B model on a CPU.
CHECKED_ITEMS, CHECKED_TOKENS = 8, 1024
# bfloat16 keeps 8 bits of a weight: losses of a right merge differ in the third digit.
LARGEST_LOSS_DIFFERENCE = 0.05

_ADAPTER_FILES = (
    "adapter_config.json",
    "adapter_model.safetensors",
    "chat_template.jinja",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
)


def adapter(order: Order, folder: Path) -> Path | None:
    """Write `adapter/`: weights, tokenizer, chat template and card, free of paths of this machine.

    A reference adapter of preference tuning lies in a folder of its own and is not copied.

    Returns:
        The folder; `None` when the model was trained as a whole, so that there is no adapter.
    """
    source = Path(order.adapter)
    if loading.is_whole_model(source):
        return None
    with _whole(folder / "adapter") as staged:
        for name in _ADAPTER_FILES:
            if (source / name).is_file():
                shutil.copyfile(source / name, staged / name)
        _scrub(staged, str(order.facts["base"]))
        _card(order, staged, None)
        _check_private(staged, order)
    return folder / "adapter"


def merged(order: Order, folder: Path, tell: Callable[[int, str], None]) -> tuple[Path, dict[str, float]] | None:
    """Write `merged/`: the adapter added to the 16-bit base, checked by loading it with plain transformers.

    Returns:
        The folder and the figures of the check; `None` when no merged model was ordered.

    Raises:
        Refusal: the merged model predicts other text than the tuned one.
    """
    if not order.merged:
        return None
    base, source = Path(order.model), Path(order.adapter)
    tell(1, "Asking the tuned model as it was trained")
    trained, tokenizer = loading.load_tuned(base, source, order.facts["training"]["quantization"])
    texts = check.texts(Path(order.test), tokenizer, CHECKED_ITEMS, CHECKED_TOKENS)
    if not texts:
        raise Refusal("No test example is short enough to check the merged model on; make the examples again.")
    as_trained = check.predict(trained, texts)
    del trained
    tell(2, "Adding what was learnt to the 16-bit base model")
    tuned, _ = loading.load_tuned(base, source, "none", dtype=_dtype(base), device="cpu")
    beside = check.predict(tuned, texts)
    network = tuned.tuned if loading.is_whole_model(source) else tuned.merge_and_unload(safe_merge=True)
    with _whole(folder / "merged") as staged:
        tell(3, "Writing the merged model")
        network.config._name_or_path = ""
        network.save_pretrained(staged, max_shard_size="5GB")
        tokenizer.save_pretrained(staged)
        _scrub(staged, str(order.facts["base"]))
        del network, tuned
        tell(4, "Checking the merged model")
        figures = _compare(staged, texts, beside, as_trained)
        _card(order, staged, figures)
        _check_private(staged, order)
    return folder / "merged", figures


def _dtype(base: Path) -> torch.dtype:
    try:
        config = json.loads((base / "config.json").read_text())
    except (OSError, ValueError) as error:
        raise Refusal(f"{base / 'config.json'} cannot be read; choose the model again.") from error
    stated = config.get("dtype") or config.get("torch_dtype")
    return torch.float16 if stated == "float16" else torch.bfloat16


def _compare(
    staged: Path,
    texts: list[tuple[list[int], int]],
    beside: check.Predictions,
    as_trained: check.Predictions,
) -> dict[str, float]:
    plain = AutoModelForCausalLM.from_pretrained(
        str(staged), dtype="auto", local_files_only=True, trust_remote_code=False, use_safetensors=True
    )
    found = check.predict(plain.eval(), texts)
    if abs(found.loss - beside.loss) > LARGEST_LOSS_DIFFERENCE:
        raise Refusal(
            f"The merged model differs from the tuned one (loss {found.loss:.3f} against {beside.loss:.3f}); it was "
            "not kept. Use the adapter."
        )
    return {
        "items": len(texts),
        "tokens": len(found.targets),
        "loss_merged": found.loss,
        "loss_adapter": beside.loss,
        "loss_trained": as_trained.loss,
        "agreement": found.agreement(beside),
        "largest_difference": found.difference(beside),
    }


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Give a hidden folder that takes the target's place when the block ends well."""
    staged = target.with_name(f".{target.name}")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o700)
    try:
        yield staged
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    for path in staged.iterdir():
        with path.open("rb") as stream:
            os.fsync(stream.fileno())
    shutil.rmtree(target, ignore_errors=True)
    staged.rename(target)


def _scrub(folder: Path, base: str) -> None:
    """Replace the base model's path by its name in the JSON files that libraries wrote."""
    for path in folder.glob("*.json"):
        values = json.loads(path.read_text())
        if not isinstance(values, dict):
            continue
        for key in ("base_model_name_or_path", "name_or_path", "_name_or_path"):
            if key in values:
                values[key] = base
        for key in ("local_files_only", "is_local"):
            values.pop(key, None)
        if path.name != "tokenizer.json":
            path.write_text(json.dumps(values, indent=2, ensure_ascii=False) + "\n")


def _check_private(folder: Path, order: Order) -> None:
    """Make sure that no path of this machine travels with the model."""
    private = {str(Path(order.model).parent), str(Path(order.adapter).parent), str(Path.home())} - {"/", "."}
    for path in folder.iterdir():
        if path.suffix in {".json", ".md", ".jinja"} and any(one in path.read_text() for one in private):
            raise Refusal(f"{path.name} of the export names a folder of this machine; it was not kept.")


def _card(order: Order, folder: Path, figures: dict[str, float] | None) -> None:
    files = {path.name: _digest(path) for path in folder.glob("*.safetensors")}
    (folder / "README.md").write_text(card.render(order.facts, files, merged=figures))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

"""Everything that is known about one model, for a details pane or the command line."""

from dataclasses import asdict
from typing import Any

from medtui.errors import Refusal
from medtui.model import catalogue, memory, terms, traps
from medtui.text import sanitize_line


def details(reference: str) -> dict[str, Any]:
    """Collect what the catalogue knows; unknown is None, never a guess.

    Args:
        reference: hub id or bare name.

    Returns:
        JSON-able; `scores` are as published, each with its harness, and must not be ranked across harnesses.

    Raises:
        Refusal: the model is not in the catalogue.
    """
    model = catalogue.find(reference)
    if model is None:
        raise Refusal(
            f"{sanitize_line(reference)} is not in the catalogue; see `medtui model list`, or plan its folder."
        )
    shape = model.architecture
    weights = None
    if shape is not None:
        sixteen = memory.BYTES_16BIT * shape.parameters
        four = memory.NF4_BYTES * shape.linear + memory.BYTES_16BIT * shape.kept
        weights = {"16 bits": round(sixteen / memory.GIB, 1), "4 bits": round(four / memory.GIB, 1)}
    return {
        "model": model.id,
        "maker": model.maker,
        "description": model.description,
        "group": model.group,
        "parameters": model.parameters,
        "weights_gib": weights,
        "context_length": model.context_length,
        "languages": model.languages_note,
        "licence": {"name": model.licence, "verified": model.licence_verified, "source": model.licence_source},
        "gated": {"value": model.gated, "source": model.gated_source},
        "intended_use": {"text": model.intended_use, "source": model.intended_use_source},
        "built_on": model.base_model,
        "chat_template": model.chat_template,
        "scores": [asdict(score) for score in model.scores],
        "notes": model.notes,
        "traps": traps.traps(model),
        "name_explained": {term.term: term.text for term in terms.explain(model.id)},
        "shape_source": model.architecture_source,
        "sources": model.sources,
    }

"""The catalogue of base models: what each is, who made it, under which licence; unknown stays unknown."""

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from medtui import assets
from medtui.model import architecture as shapes
from medtui.model.architecture import Architecture

ENCODER = "encoder"
UNVERIFIED = "not verified: check the card"


@dataclass(frozen=True)
class Score:
    """A published exam result; scores of different harnesses cannot be compared."""

    exam: str
    score: float
    scale: int
    harness: str | None
    source: str


@dataclass(frozen=True)
class Model:
    """One entry; None where nothing was found."""

    id: str
    group: str
    maker: str
    description: str
    architecture: Architecture | None
    architecture_source: str | None
    config: dict[str, Any] | None
    parameters: int | None
    context_length: int | None
    chat_template: bool | None
    multimodal: bool
    remote_code: bool
    mixture_of_experts: bool
    base_model: str | None
    licence: str | None
    licence_verified: bool
    licence_source: str | None
    gated: bool | None
    gated_source: str | None
    languages: str | None
    intended_use: str | None
    intended_use_source: str | None
    scores: tuple[Score, ...]
    notes: str | None
    sources: dict[str, str | None]

    @property
    def title(self) -> str:
        """The name without its organisation."""
        return self.id.rpartition("/")[2]

    @property
    def licence_note(self) -> str:
        """The licence as it may be stated: seen, remembered, or unknown."""
        if self.licence is None:
            return "licence unknown: check the card"
        return self.licence if self.licence_verified else f"{self.licence} ({UNVERIFIED})"

    @property
    def languages_note(self) -> str | None:
        """The languages as they may be stated: seen, remembered, or None."""
        seen = self.languages is None or self.sources.get("languages")
        return self.languages if seen else f"{self.languages} ({UNVERIFIED})"


@cache
def architectures() -> dict[str, dict[str, Any]]:
    """Read the shipped shapes, by key."""
    return dict(json.loads(assets.path("catalogue", "architectures.json").read_text())["architectures"])


@cache
def models() -> tuple[Model, ...]:
    """Read the shipped catalogue."""
    entries = json.loads(assets.path("catalogue", "models.json").read_text())["models"]
    return tuple(_model(entry) for entry in entries)


def find(reference: str) -> Model | None:
    """Find a model by its hub id or its bare name, upper or lower case."""
    wanted = reference.strip().lower()
    for model in models():
        if wanted in (model.id.lower(), model.title.lower()):
            return model
    return None


def _model(entry: dict[str, Any]) -> Model:
    shape = architectures().get(entry["architecture"] or "")
    licence, gated, intended = entry["licence"], entry["gated"], entry["intended_use"] or {}
    return Model(
        id=entry["id"],
        group=entry["group"],
        maker=entry["maker"],
        description=entry["description"],
        architecture=_architecture(shape) if shape else None,
        architecture_source=shape["source"] if shape else None,
        config=shape["config"] if shape else None,
        parameters=entry["parameters"],
        context_length=entry["context_length"],
        chat_template=entry["chat_template"],
        multimodal=bool(entry["multimodal"]),
        remote_code=entry["remote_code"],
        mixture_of_experts=entry["mixture_of_experts"],
        base_model=entry["base_model"],
        licence=licence["name"],
        licence_verified=licence["verified"],
        licence_source=licence["source"],
        gated={"gated": True}.get(gated["value"], gated["value"]),
        gated_source=gated["source"],
        languages=entry["languages"],
        intended_use=intended.get("text"),
        intended_use_source=intended.get("source"),
        scores=tuple(Score(**score) for score in entry["scores"]),
        notes=entry["notes"],
        sources=dict(entry["sources"]),
    )


def _architecture(entry: dict[str, Any]) -> Architecture:
    return replace(
        shapes.architecture(entry["config"], entry["counts"]),
        cache_bytes_per_token=int(entry["cache_bytes_per_token"]),
    )

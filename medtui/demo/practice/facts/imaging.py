"""The shape of an imaging fact: how it reads among the findings, and what the impression then says."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """One abnormal finding.

    Attributes:
        region: what it is about; one report holds one finding a region.
        seen: template of the sentence among the findings.
        concluded: template of the item in the impression; says nothing that `seen` does not say.
        advice: template of the advice when this finding leads.
        slots: what is drawn for it, in the notation of `medtui.demo.practice.grammar.draw`.
    """

    region: str
    seen: str
    concluded: str
    advice: str
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Normal:
    """A normal statement about a region; `concluded` is empty when the impression would not repeat it."""

    region: str
    seen: str
    concluded: str = ""


@dataclass(frozen=True)
class Examination:
    """One kind of imaging examination with what may be found on it."""

    code: str
    titles: tuple[str, ...]
    techniques: tuple[str, ...]
    indications: tuple[str, ...]
    findings: tuple[Finding, ...]
    normals: tuple[Normal, ...]
    nothing: str
    nothing_advice: str


def found(region: str, seen: str, concluded: str, advice: str, **slots: str) -> Finding:
    """Return a finding whose slots are given by name."""
    return Finding(region, seen, concluded, advice, slots)


SIDE = "right|left"

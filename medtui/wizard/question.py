"""What a screen asks: one question, its possible answers, and what each answer means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Consequence:
    """What an answer means, shown beside it.

    Attributes:
        figures: name and value of what it costs or gives, such as ("Memory", "2.1 of 24 GiB").
        notes: sentences.
        warning: one sentence when the answer is allowed but unwise.
    """

    figures: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    warning: str = ""


@dataclass(frozen=True)
class Option:
    """One possible answer.

    Attributes:
        value: what is saved.
        label: the answer in plain words, with its term after it.
        detail: a short second line.
        consequence: what choosing it means.
        refusal: why it cannot be chosen here; empty when it can.
    """

    value: Any
    label: str
    detail: str = ""
    consequence: Consequence = field(default_factory=Consequence)
    refusal: str = ""


@dataclass(frozen=True)
class Question:
    """One screen's question.

    Attributes:
        step: one of the nine.
        key: under which the answer is saved; empty when Enter only agrees to what is offered.
        title: the question.
        why: why it is asked, in two sentences.
        options: the possible answers, best first.
        default: the value that Enter accepts.
        typed: label of the field for an answer of one's own; empty when only the options can be chosen.
        example: what such an answer looks like, shown in the empty field.
        many: the saved answer is a list: of the one that is typed or chosen, or of all in a value that is a tuple.
    """

    step: str
    key: str
    title: str
    why: str
    options: tuple[Option, ...]
    default: Any
    typed: str = ""
    example: str = ""
    many: bool = False

    def __post_init__(self) -> None:
        if not self.typed and not any(option.value == self.default and not option.refusal for option in self.options):
            raise ValueError(f"{self.step}.{self.key}: the default is none of the answers that can be chosen")

    def option(self, value: Any) -> Option | None:
        """Find the option with a value."""
        return next((option for option in self.options if option.value == value), None)

    @property
    def default_index(self) -> int:
        """Where the default stands among the options; 0 for a default of one's own."""
        return next((index for index, option in enumerate(self.options) if option.value == self.default), 0)

    def saved_form(self, value: Any) -> Any:
        """Turn a chosen or typed value into what is saved."""
        if not self.many:
            return value
        return list(value) if isinstance(value, tuple) else [value]

    def with_saved(self, answers: Mapping[str, Any]) -> Any:
        """Give the value that was saved earlier, else the default."""
        saved = answers.get(self.key)
        if self.many and isinstance(saved, list):
            saved = saved[0] if len(saved) == 1 else tuple(saved) or None
        if saved is None:
            return self.default
        known = self.option(saved)
        if known is not None:
            return saved if not known.refusal else self.default
        return saved if self.typed else self.default


@dataclass(frozen=True)
class Outcome:
    """What a finished step found, in words.

    Attributes:
        headline: one sentence.
        figures: name and value pairs.
        notes: sentences, each a paragraph.
        warnings: sentences that must not be overlooked.
        details: lines of a longer list, such as files that were refused and why.
        details_title: what that list holds.
    """

    headline: str
    figures: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    details_title: str = ""

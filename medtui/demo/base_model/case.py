"""One generated clinical case: what the model is shown and what there is to say about it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The four kinds of clinical text that the model is taught to answer."""

    IMAGING = "imaging"
    CLINIC = "clinic"
    LABORATORY = "laboratory"
    HOSPITAL = "hospital"


@dataclass(frozen=True)
class Case:
    """A case before it is put into any style.

    Attributes:
        kind: Which of the four kinds it is.
        source: The text shown to the model.
        statements: What the answer says, one phrase each, without a full stop.
        follow_up: What should happen next, without a full stop.
    """

    kind: Kind
    source: str
    statements: tuple[str, ...]
    follow_up: str

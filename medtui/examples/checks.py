"""Why a candidate is left out: every reason has a name, plain words, and is counted."""

import re
from collections.abc import Callable
from typing import Any

from medtui.examples import quality
from medtui.examples.grounding import STRICTNESS, unsupported
from medtui.examples.tasks import Pair

NO_SECTIONS = "no_sections"
NO_TASK = "no_task"
TOO_SHORT = "too_short"
REPEATED = "answer_in_input"
UNGROUNDED = "ungrounded"
PRELIMINARY = "preliminary"
ADDENDUM = "addendum_only"
CUT = "cut_off"
LANGUAGE = "other_language"
IDENTIFIER = "identifier_left"
TAG = "placeholder_in_answer"
BOILERPLATE = "boilerplate"
DUPLICATE = "duplicate"
NEAR_DUPLICATE = "near_duplicate"
CARRIED_FORWARD = "carried_forward"
TOO_LONG = "too_long"
NOT_CHOSEN = "task_not_chosen"
NO_FORM = "not_in_form"
HELD_OUT_PATIENT = "held_out_patient"
REPETITIVE = "repeats_itself"

REASONS: dict[str, str] = {
    NO_SECTIONS: "No heading was recognised in the report.",
    NO_TASK: "The report holds no answer section (impression, assessment, ...) together with what it is written from.",
    TOO_SHORT: "Input or answer is too short to learn from.",
    REPEATED: "The answer stands word for word in the input, so only copying would be learned.",
    UNGROUNDED: "The answer states what its input does not support; the model would learn to invent.",
    PRELIMINARY: "The report says of itself that it is preliminary or unsigned.",
    ADDENDUM: "The answer is only an addendum to an earlier report.",
    CUT: "The answer breaks off in the middle of a sentence.",
    LANGUAGE: "The text is not in English.",
    IDENTIFIER: "Something with the form of an identifier is left; look at the report in the deid step.",
    TAG: "The answer holds the placeholder of a replaced identifier; the model would learn to write placeholders.",
    BOILERPLATE: "The same standard answer is used often enough already.",
    DUPLICATE: "The same input and answer are used already.",
    NEAR_DUPLICATE: "Nearly the same input and answer are used already.",
    CARRIED_FORWARD: "The note repeats an earlier note of the same patient.",
    TOO_LONG: "Input and answer are longer than the chosen number of tokens and would be cut.",
    NOT_CHOSEN: "It belongs to a task that you switched off.",
    HELD_OUT_PATIENT: "A draft about a patient of the validation or test; drafts are only trained on, never tested on.",
    REPETITIVE: "The answer says the same again and again.",
    NO_FORM: "The model did not answer in the form that was asked for.",
}
# Reasons found before the grounding gate looks at an answer.
BEFORE_GATE = frozenset(
    {TOO_SHORT, REPEATED, PRELIMINARY, ADDENDUM, CUT, LANGUAGE, IDENTIFIER, TAG, NOT_CHOSEN, NO_FORM, REPETITIVE}
)

# Fewer words than this state nothing that could be learned.
FEWEST_INPUT_WORDS, FEWEST_OUTPUT_WORDS = 5, 2


def _too_short(pair: Pair) -> dict[str, Any] | None:
    short = len(pair.source.split()) < FEWEST_INPUT_WORDS or len(pair.output.split()) < FEWEST_OUTPUT_WORDS
    return {} if short else None


def _flat(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()


def _repeated(pair: Pair) -> dict[str, Any] | None:
    return {} if f" {_flat(pair.output)} " in f" {_flat(pair.source)} " else None


def _found(sign: Callable[[str], bool], part: Callable[[Pair], str]) -> Callable[[Pair], dict[str, Any] | None]:
    return lambda pair: {} if sign(part(pair)) else None


def _output(pair: Pair) -> str:
    return pair.output


def _both(pair: Pair) -> str:
    return f"{pair.source}\n{pair.output}"


def _identified(pair: Pair) -> dict[str, Any] | None:
    return {} if quality.has_identifier(_both(pair), pair.made_up) else None


_CHECKS: tuple[tuple[str, Callable[[Pair], dict[str, Any] | None]], ...] = (
    (TOO_SHORT, _too_short),
    (IDENTIFIER, _identified),
    (ADDENDUM, _found(quality.is_addendum, _output)),
    (CUT, _found(quality.is_cut, _output)),
    (LANGUAGE, _found(quality.is_foreign, _both)),
    (TAG, _found(quality.has_tag, _output)),
    (REPEATED, _repeated),
)


def check(pair: Pair, strictness: str = "strict", *, may_copy: bool = False) -> tuple[str, dict[str, Any]]:
    """Judge one pair by itself.

    Args:
        pair: the candidate.
        strictness: of the grounding gate, see `grounding.STRICTNESS`.
        may_copy: the answer may stand word for word in the input, as the answer to a question about a report does.

    Returns:
        The reason to leave it out, empty to keep it, and what in it led there; for the gate `unsupported` pieces, and
        `tolerated` ones that only a stricter gate would not let pass.
    """
    for reason, failed in _CHECKS:
        details = None if may_copy and reason == REPEATED else failed(pair)
        if details is not None:
            return reason, details
    pieces = [[piece.start, piece.end, piece.kind] for piece in unsupported(pair.source, pair.output)]
    found = {
        "unsupported": [piece for piece in pieces if piece[2] in STRICTNESS[strictness]],
        "tolerated": [piece for piece in pieces if piece[2] not in STRICTNESS[strictness]],
    }
    return UNGROUNDED if found["unsupported"] else "", {name: list_ for name, list_ in found.items() if list_}

"""The choices of the examples step that few people need, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from medtui.examples import repair, split
from medtui.examples.settings import Settings


@dataclass(frozen=True)
class Setting:
    """One choice among few values.

    Attributes:
        key: of the answer.
        attribute: of `Settings`.
        name: in plain words.
        values: what can be chosen, each with its words.
        meaning: what it is for.
    """

    key: str
    attribute: str
    name: str
    values: Sequence[tuple[Any, str]]
    meaning: str

    def label(self, chosen: Settings) -> str:
        """Give the present value in words."""
        value = getattr(chosen, self.attribute)
        return next((words for known, words in self.values if known == value), str(value))

    def next(self, chosen: Settings) -> Any:
        """Give the value after the present one."""
        known = [value for value, _ in self.values]
        value = getattr(chosen, self.attribute)
        return known[(known.index(value) + 1) % len(known)] if value in known else known[0]


SETTINGS = (
    Setting(
        "ungrounded", "ungrounded", "Unsupported sentences",
        ((repair.LEAVE_OUT, "leave the example out"), (repair.DROP, "drop the sentence")),
        "When an answer states what its report does not say, the whole example is left out. You can keep the rest of "
        "the answer instead: the sentence is dropped, items are numbered anew, and both versions can be compared in "
        "the closer look. An answer that would lose its advice or half of its words is left out all the same.",
    ),
    Setting(
        "split", "shares", "Learn / watch / test",
        ((split.USUAL, "80/10/10"), ("80/20", "80/20")),
        "80 % of the examples are learned from, 10 % show during the training whether it still helps, 10 % are kept "
        "for the final test. With 80/20 the final test is a fifth, and a tenth of the rest watches the training.",
    ),
    Setting(
        "test", "test", "Final test",
        ((split.RANDOM, "by chance"), (split.NEWEST, "the newest reports")),
        "Patients are divided by chance. Taking the newest months as the test shows how the model will do on the "
        "reports to come; it needs reports with a date. Dates are only used for this and are not kept.",
    ),
    Setting(
        "free_text", "free_text", "Whole reports as well",
        ((False, "no"), (True, "yes")),
        "Whole de-identified reports, without a question, can be used for continued pretraining: the model learns how "
        "your practice writes, not how to answer. They are written beside the examples (dataset/text), each on the "
        "same side as its patient's examples. The usual training does not need them; it is an expert's choice there "
        "(what is learnt: text).",
    ),
    Setting(
        "general_share", "general", "Share of general instructions",
        ((25, "25 %"), (10, "10 %"), (40, "40 %"), (0, "none")),
        "How much of what is learned comes from your file of general instructions. Without such a file it means "
        "nothing. About a quarter is usual; more protects what the model can do already, less leaves more room for "
        "your reports.",
    ),
)  # fmt: skip
BY_KEY = {setting.key: setting for setting in SETTINGS}

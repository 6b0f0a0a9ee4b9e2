"""What widgets and threads tell the screens."""

from typing import Any

from textual.message import Message

from medtui.wizard.question import Option


class GoTo(Message):
    """Open a step."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self.step = step


class Considered(Message):
    """An answer is under the cursor; its consequence can be shown."""

    def __init__(self, option: Option | None, typed: str = "") -> None:
        super().__init__()
        self.option = option
        self.typed = typed


class Answered(Message):
    """An answer was given."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class Continue(Message):
    """Go on to the next page."""


class Again(Message):
    """Do the present step's work once more."""


class FactsFound(Message):
    """A thread has found what the step's questions need to know."""

    def __init__(self, facts: Any) -> None:
        super().__init__()
        self.facts = facts


class Advanced(Message):
    """Work has got further; only the latest report counts."""

    def __init__(self, done: int, total: int, message: str) -> None:
        super().__init__()
        self.done = done
        self.total = total
        self.message = message

    def can_replace(self, message: Message) -> bool:
        """Let a newer report take the place of one that still waits."""
        return isinstance(message, Advanced)


class WorkEnded(Message):
    """A step's work is done."""

    def __init__(self, step: str, result: dict[str, Any]) -> None:
        super().__init__()
        self.step = step
        self.result = result


class WorkRefused(Message):
    """A step's work could not be done, and why."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__()
        self.step = step
        self.reason = reason

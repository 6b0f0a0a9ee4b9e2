"""A list of which the footer says what Enter does."""

from medtui.ui.widgets.plain import PlainOptionList


class Chooser(PlainOptionList):
    """A list to open or change things from."""

    def __init__(self, action: str, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._bindings.key_to_bindings.pop("enter", None)
        self._bindings.bind("enter", "select", action)

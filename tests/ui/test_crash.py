"""What is said when the program itself fails."""

import pytest

from medtui.ui import crash
from medtui.ui.app import MedtuiApp


async def test_a_crash_shows_where_and_no_values(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "Jane Q. Patient"  # noqa: S105
    app = MedtuiApp()

    def fail(_self: MedtuiApp) -> None:
        patient = secret
        raise RuntimeError(patient)

    monkeypatch.setattr(MedtuiApp, "action_explain", fail)
    shown: list[str] = []
    monkeypatch.setattr(
        MedtuiApp, "_print_error_renderables", lambda self: shown.extend(map(str, self._exit_renderables))
    )

    async def press_help() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await pilot.press("f1")
            await pilot.pause()

    with pytest.raises(RuntimeError):
        await press_help()
    assert len(shown) == 1
    assert "RuntimeError" in shown[0]
    assert secret not in shown[0]


def test_our_own_lines_are_named() -> None:
    try:
        MedtuiApp().get_line_filters().__getitem__("x")  # type: ignore[call-overload]
    except TypeError as error:
        words = crash.in_words(error)
    assert "TypeError" in words

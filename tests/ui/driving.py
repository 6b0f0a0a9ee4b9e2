"""Drives the app as a person would, waiting for what appears and never for time."""

import asyncio
from collections.abc import Callable

from textual.app import App
from textual.pilot import Pilot

from medtui.ui.app import MedtuiApp


def shown(app: App[None]) -> str:
    """Give the text that is on the screen now."""
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())


async def until(pilot: Pilot[None], condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so; fails when it does not become so."""
    async with asyncio.timeout(seconds):
        while not condition():
            await pilot.pause(0.02)


async def until_shown(pilot: Pilot[None], words: str, seconds: float = 60) -> None:
    """Wait until some words are on the screen."""
    app = pilot.app
    assert isinstance(app, MedtuiApp)
    try:
        await until(pilot, lambda: words in shown(app), seconds)
    except TimeoutError:
        raise AssertionError(f"{words!r} did not appear; the screen shows:\n{shown(app)}") from None

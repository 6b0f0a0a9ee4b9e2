"""Drives the app in a process of its own, whose graphics cards a stand-in driver plays; prints what was shown."""

import asyncio
import json
import sys
from pathlib import Path

from medtui.ui.app import MedtuiApp
from tests.ui.driving import shown, until_shown


async def drive(workspace: Path, size: tuple[int, int], script: list[list[str]]) -> list[str]:
    """Follow a script.

    Args:
        workspace: the practice that is opened.
        size: columns and lines.
        script: ("wait", words...), ("press", keys...), ("show",).

    Returns:
        The text on the screen at each `show`.
    """
    app, found = MedtuiApp(workspace), []
    async with app.run_test(size=size) as pilot:
        for action, *arguments in script:
            if action == "wait":
                for words in arguments:
                    await until_shown(pilot, words, seconds=30)
            elif action == "press":
                await pilot.press(*arguments)
            else:
                await pilot.pause()
                found.append(shown(app))
    return found


if __name__ == "__main__":
    size, script = json.loads(sys.argv[2])
    sys.stdout.write(json.dumps(asyncio.run(drive(Path(sys.argv[1]), tuple(size), script))))

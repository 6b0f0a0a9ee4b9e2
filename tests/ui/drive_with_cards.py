"""Drives the app in a process of its own, whose graphics cards a stand-in driver plays; prints what was shown."""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import psutil

from medtui.ui.app import MedtuiApp
from tests.ui.driving import shown, until_shown


async def drive(workspace: Path, size: tuple[int, int], script: list[list[str]]) -> list[str]:
    """Follow a script.

    Args:
        workspace: the practice that is opened.
        size: columns and lines.
        script: ("wait", words...), ("press", keys...), ("show",), ("picture",).

    Returns:
        The text on the screen at each `show`, its SVG at each `picture`.
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
                found.append(shown(app) if action == "show" else app.export_screenshot())
    return found


def same_everywhere() -> None:
    """Give every machine the same memory, disk and processor, so that pictures can be compared."""
    memory = SimpleNamespace(total=64 << 30, available=48 << 30)
    disk = SimpleNamespace(total=1 << 40, used=1 << 39, free=1 << 39)
    figures: tuple[tuple[ModuleType, str, object], ...] = (
        (psutil, "virtual_memory", lambda: memory),
        (shutil, "disk_usage", lambda _path: disk),
        (os, "sched_getaffinity", lambda _process: set(range(16))),
    )
    for module, name, figure in figures:
        setattr(module, name, figure)


if __name__ == "__main__":
    same_everywhere()
    size, script = json.loads(sys.argv[2])
    sys.stdout.write(json.dumps(asyncio.run(drive(Path(sys.argv[1]), tuple(size), script))))

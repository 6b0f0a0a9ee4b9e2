"""Makes the pictures of the README from the running app: `python -m medtui.ui.pictures FOLDER [--workspace DIR]`.

The demo practice must have been walked through (`medtui demo --headless`); its patients are fictional.
"""

import asyncio
import sys
from pathlib import Path

import click
from textual.pilot import Pilot

from medtui.errors import Refusal
from medtui.journey.demo import default_folder
from medtui.text import sanitize
from medtui.ui.app import MedtuiApp
from medtui.ui.messages import GoTo
from medtui.ui.widgets.pages import WaitingPage
from medtui.workspace import DONE, STEPS, Workspace

SIZE = (124, 34)
PICTURES = ("model", "reports", "deid", "training", "evaluation", "export")


async def _settled(pilot: Pilot[None]) -> None:
    """Wait until the screen has drawn what it looked up in threads."""
    await pilot.app.workers.wait_for_complete([w for w in pilot.app.workers if w.group in {"facts", "follow"}])
    await pilot.pause()
    while pilot.app.screen.query(WaitingPage):
        await pilot.pause()
    await pilot.pause(0.2)


async def take(workspace: Workspace, folder: Path) -> list[Path]:
    """Walk through the practice and save one SVG a screen.

    Args:
        workspace: a practice that has done every step.
        folder: where the pictures go.

    Returns:
        The files.
    """
    app, saved = MedtuiApp(workspace.path), []
    async with app.run_test(size=SIZE) as pilot:
        await _settled(pilot)
        for step in PICTURES:
            app.screen.post_message(GoTo(step))
            await _settled(pilot)
            if step == "model":
                # The list says more than the choice that was made from it.
                await pilot.press("escape")
                await _settled(pilot)
            path = folder / f"{step}.svg"
            path.write_text(app.export_screenshot(title="medtui", simplify=True), encoding="utf-8")
            saved.append(path)
    return saved


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--workspace", "practice", type=click.Path(path_type=Path), help="[default: the demo practice]")
def main(folder: Path, practice: Path | None) -> None:
    """Save the pictures into FOLDER."""
    workspace = Workspace.open(practice or default_folder())
    missing = [step for step in STEPS if workspace.state(step) != DONE]
    if missing:
        raise Refusal(f"Not done yet: {', '.join(missing)}; run `medtui demo --headless` first.")
    folder.mkdir(parents=True, exist_ok=True)
    for path in asyncio.run(take(workspace, folder)):
        click.echo(str(path))


if __name__ == "__main__":
    try:
        main()
    except Refusal as refusal:
        click.echo(sanitize(str(refusal)), err=True)
        sys.exit(2)

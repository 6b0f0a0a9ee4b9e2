"""The screen starts without anything heavy: numpy and textual-plot come with the training screen alone."""

import subprocess
import sys
from pathlib import Path

_PROGRAM = """
import asyncio, sys
from pathlib import Path
from medtui.ui.app import MedtuiApp
from medtui.ui.messages import GoTo

async def main():
    app = MedtuiApp(Path(sys.argv[1]))
    async with app.run_test(size=(80, 24)) as pilot:
        while not hasattr(app.screen, "STEP"):
            await pilot.pause()
        for step in ("machine", "model", "reports", "deid", "examples", "evaluation", "chat", "export"):
            app.screen.post_message(GoTo(step))
            await pilot.pause()
            while app.screen.STEP != step:
                await pilot.pause()

asyncio.run(main())
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
_HEAVY = {
    "torch", "transformers", "trl", "peft", "bitsandbytes", "datasets", "accelerate", "presidio_analyzer", "spacy",
    "numpy", "textual_plot", "huggingface_hub",
}  # fmt: skip


def test_no_step_but_training_loads_anything_heavy(data_folder: Path) -> None:
    from tests.ui.sample import finished_practice

    workspace = finished_practice(data_folder / "north")
    command = [sys.executable, "-c", _PROGRAM, str(workspace.path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert _HEAVY & set(ended.stdout.split()) == set()

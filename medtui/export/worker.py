"""The export worker: `python -m medtui.export.worker FOLDER`."""

import sys
from pathlib import Path

from medtui import process
from medtui.export import order


def main(folder: Path) -> None:
    """Write what the order in this folder asks for."""
    with process.worker(folder) as emit:
        # Torch takes seconds to import; the lock must not wait for it.
        from medtui.export import write

        wanted = order.load(folder)
        progress = process.progress_of(emit, seconds=0.0)
        total = 5 if wanted.merged else 1
        progress(0, total, "Copying the adapter")
        adapter = write.adapter(wanted, folder)
        merged = write.merged(wanted, folder, lambda done, message: progress(done, total, message))
        progress(total, total, "The export is complete")
        result = {"adapter": str(adapter) if adapter else None, "merged": str(merged[0]) if merged else None}
        emit("end", status="finished", result={**result, "check": merged[1] if merged else None})


if __name__ == "__main__":
    main(Path(sys.argv[1]))

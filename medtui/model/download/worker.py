"""The worker of a download: `python -m medtui.model.download.worker FOLDER MODEL TARGET`."""

import json
import shutil
import sys
from pathlib import Path

from medtui.errors import Refusal
from medtui.model import folder as folders
from medtui.model.download import files, hub
from medtui.process import progress_of, worker
from medtui.workspace import write_atomic

GIB = 1024**3
# Left free on the disk after a download.
SPARE = GIB


def main(folder: Path, identifier: str, target: Path, config_only: bool) -> None:
    """Fetch a model into a staging folder, check it, and put it in place in one step."""
    with worker(folder) as emit:
        progress = progress_of(emit)
        staging = folder / "files"
        staging.mkdir(mode=0o700, exist_ok=True)
        emit("phase", phase="look", message=f"Asking the hub for {identifier}")
        repository = hub.look(identifier)
        emit("phase", phase="describe", message="Looking at its description before its weights")
        hub.fetch(repository, staging, progress, config_only=True)
        folders.configuration(staging)
        if config_only:
            result = {"path": str(staging), "bytes": 0}
        else:
            _check_room(repository, staging)
            emit("phase", phase="download", message=f"Downloading {repository.size / GIB:.1f} GiB")
            hub.fetch(repository, staging, progress)
            hub.check(repository, staging, progress)
            folders.check(staging)
            _put_in_place(repository, staging, target)
            result = {"path": str(target), "bytes": repository.size}
        emit("end", status="finished", result={**result, "left_out": repository.left_out})


def _check_room(repository: hub.Repository, staging: Path) -> None:
    there = sum(path.stat().st_size for path in staging.iterdir() if path.is_file())
    missing = max(0, repository.size - there)
    free = shutil.disk_usage(staging).free
    if free < missing + SPARE:
        raise Refusal(
            f"{repository.id} needs {missing / GIB:.1f} GiB more on this disk and 1 GiB must stay free, but only "
            f"{free / GIB:.1f} GiB are; free some space or choose a smaller model."
        )


def _put_in_place(repository: hub.Repository, staging: Path, target: Path) -> None:
    for left in staging.glob(".*.partial"):
        left.unlink()
    write_atomic(staging / files.CHECKSUMS, files.checksums(staging))
    origin = {"model": repository.id, "revision": repository.revision}
    write_atomic(staging / "origin.json", json.dumps(origin))
    staging.rename(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), sys.argv[4:] == ["config-only"])

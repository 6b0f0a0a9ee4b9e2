"""Finds what ships with medtui: in a checkout and in an installed wheel."""

from pathlib import Path

from medtui.errors import Refusal

_PACKAGE = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Give the path of a shipped file or folder.

    Args:
        *parts: path below `assets/`, e.g. `path("catalogue", "models.json")`.

    Raises:
        Refusal: it is not there; the installation is incomplete.
    """
    for root in (_PACKAGE.parent / "assets", _PACKAGE / "_assets"):
        candidate = root.joinpath(*parts)
        if candidate.exists():
            return candidate
    raise Refusal(
        f"The shipped file {'/'.join(parts)} is missing: the installation is incomplete; install medtui again."
    )

"""Sizes, counts and times as people read them."""

from pathlib import Path

GIB = 1024**3


def gib(count: int | float | None) -> str:
    """Give a number of bytes in GiB, or in MiB when it is small."""
    if count is None:
        return "unknown"
    return f"{count / GIB:.1f} GiB" if count >= GIB / 2 else f"{count / 1024**2:.0f} MiB"


def parameters(count: int | None) -> str:
    """Give a number of parameters in millions or billions."""
    if count is None:
        return "unknown"
    return f"{count / 1e9:.1f} billion" if count >= 1e9 else f"{count / 1e6:.1f} million"


def counted(count: int, one: str, many: str = "") -> str:
    """Give a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def place(path: str) -> str:
    """Give a path as people write it, from their home folder on."""
    home = str(Path.home())
    return f"~{path[len(home) :]}" if home != "/" and path.startswith(f"{home}/") else path

"""What the machine's and the model's screens look like with no, one and four cards, at both sizes."""

from pathlib import Path

import pytest
from pytest_textual_snapshot import SVGImageExtension  # type: ignore[import-untyped]
from syrupy.assertion import SnapshotAssertion

from tests.ui.conftest import Drive

SIZES = [(80, 24), (140, 45)]
PICTURE = ("picture",)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("cards", [0, 1, 4])
def test_machine_and_model(
    drive: Drive,
    snapshot: SnapshotAssertion,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    cards: int,
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    watched = [("press", "home"), ("wait", "97 %", "402 W of 450")] if cards else []
    machine, model, trap = drive(
        size, ("wait", "What shall do the work?", "What this means"), *watched, PICTURE,
        ("press", "enter"), ("wait", "Continue"), ("press", "enter"),
        ("wait", "Which model shall learn", "best fit first", "What this means"), PICTURE,
        ("press", "slash", *"gemma-2-9b", "enter"), ("wait", "1 of 96", "square of the report"), PICTURE,
        GPUS=cards,
    )  # fmt: skip
    for picture in (machine, model, trap):
        assert picture == snapshot(extension_class=SVGImageExtension)

"""The machine's screen on machines with no, one and four cards, sliced and in trouble."""

import pytest

from tests.ui.conftest import Drive

SIZES = [(80, 24), (140, 45)]
pytestmark = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")

ASKED = ("wait", "What shall do the work?")
SHOW = ("show",)


def test_without_a_card_the_processor_is_offered(drive: Drive, size: tuple[int, int]) -> None:
    asked, done = drive(
        size, ASKED, ("wait", "What this means"), SHOW, ("press", "enter"), ("wait", "Continue"), SHOW, GPUS=0
    )
    assert "No card: the processor" in asked
    assert "Temperature" not in asked
    assert "ready for the demo" in done


def test_one_card_is_watched_while_it_is_considered_and_when_it_is_chosen(drive: Drive, size: tuple[int, int]) -> None:
    asked, done = drive(
        size,
        ASKED,
        ("press", "up"),
        ("wait", "97 %", "2.0 of 24.0 GiB", "71 °C", "402 W of 450"),
        SHOW,
        ("press", "enter"),
        ("wait", "This machine is ready.", "97 %"),
        SHOW,
        GPUS=1,
    )
    assert "GPU 0: RTX 4090" in asked
    assert "22.0 GiB free" in asked
    assert "RTX 4090, 22.0 GiB free" in done


def test_of_four_cards_one_is_chosen_and_nothing_is_added_up(drive: Drive, size: tuple[int, int]) -> None:
    asked, done = drive(
        size,
        ASKED,
        ("press", "up"),
        ("wait", "97 %"),
        SHOW,
        ("press", "enter"),
        ("wait", "This machine is ready.", "97 %"),
        SHOW,
        GPUS=4,
    )
    rows = [line.partition("│")[2] for line in asked.splitlines() if "GiB free, in use" in line]
    assert [row.split()[1] for row in rows] == ["0:", "1:", "2:", "3:"]
    assert "RTX 4090, 16.0 GiB free" in done
    assert "96" not in asked
    assert "76.0" not in asked


def test_slices_of_one_card_have_names_of_their_own(drive: Drive, size: tuple[int, int]) -> None:
    (asked,) = drive(size, ASKED, ("press", "up", "up"), ("wait", "slice 1", "1.0 of 10.0 GiB"), SHOW, GPUS=2, MIG=1)
    assert "GPU 0, slice 1: 1g.10gb" in asked
    assert "GPU 0, slice 2: 1g.10gb" in asked
    assert "GPU 1: RTX 4090" in asked


def test_why_a_card_is_slow_is_said(drive: Drive, size: tuple[int, int]) -> None:
    (asked,) = drive(size, ASKED, ("press", "up"), ("wait", "Slowed down by"), SHOW, THROTTLE=0x20)
    assert "its temperature" in asked


def test_a_card_that_cannot_train_yet_is_not_the_default_and_says_why(drive: Drive, size: tuple[int, int]) -> None:
    (asked,) = drive(size, ASKED, ("press", "up", "enter"), ("wait", "PyTorch cannot use it yet"), SHOW, CUDA=12040)
    assert "12.4" in asked

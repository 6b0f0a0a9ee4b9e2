"""The list of models on machines with no, one and four cards: order, search, details, and planning for another card."""

import re

import pytest

from medtui.workspace import Workspace
from tests.ui.conftest import Drive

SIZES = [(80, 24), (140, 45)]
pytestmark = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")

LISTED = ("wait", "Which model shall learn", "best fit first", "What this means")
SHOW = ("show",)


@pytest.fixture
def surveyed(practice: Workspace) -> Workspace:
    """A practice whose next step is the model."""
    practice.finish("machine", {"gpu": "GPU-0000", "gpus": []})
    return practice


def on_card(practice: Workspace, uuid: str) -> None:
    practice.save_answer("machine", "gpu", uuid)
    practice.finish("machine", {"gpu": uuid, "gpus": []})


def rows(shown: str) -> list[str]:
    """Give the lines of the list: those with a size and a need of memory."""
    middle = (line.split("│")[1] for line in shown.splitlines() if "│" in line)
    return [line for line in middle if re.search(r" (\d[\d.]*B|tiny|\?) +(\d[\d.]* [GM]iB|\?) [! ] \S", line)]


def test_without_a_card_the_demo_model_is_first_and_then_the_smallest(
    drive: Drive, surveyed: Workspace, size: tuple[int, int]
) -> None:
    first, last, done = drive(
        size, LISTED, SHOW, ("press", "end"), ("wait", "cannot be told"), SHOW,
        ("press", "home", "enter"), ("wait", "The demo model is chosen."), SHOW, GPUS=0,
    )  # fmt: skip
    found = rows(first)
    assert "Demo model" in found[0]
    assert all("needs GPU" in row for row in found[1:])
    assert "no card here" in first
    assert "unknown" in last
    assert "The demo model is chosen." in done
    assert surveyed.result("model")["fits"] == "demo"  # type: ignore[index]


@pytest.mark.parametrize(("cards", "uuid", "free"), [(1, "GPU-0000", "22.0"), (4, "GPU-0003", "16.0")])
def test_with_cards_the_list_is_made_for_the_chosen_one(
    drive: Drive, surveyed: Workspace, size: tuple[int, int], cards: int, uuid: str, free: str
) -> None:
    on_card(surveyed, uuid)
    (shown,) = drive(size, LISTED, SHOW, GPUS=cards)
    assert f"RTX 4090, {free} GiB" in shown
    assert "★ fits" in shown
    assert all("fits" in row for row in rows(shown)[1:6])


def test_search_sort_and_what_fits_narrow_the_list(drive: Drive, surveyed: Workspace, size: tuple[int, int]) -> None:
    on_card(surveyed, "GPU-0000")
    found, none, all_again, fitting, smallest = drive(
        size, LISTED,
        ("press", "slash", *"qwen3-8b"), ("wait", "1 of 96"), SHOW,
        ("press", *"zzz"), ("wait", "no model is called that"), SHOW,
        ("press", "escape"), ("wait", "96 models"), SHOW,
        ("press", "f"), ("wait", "only what fits"), SHOW,
        ("press", "s"), ("press", "home"), ("wait", "smallest first", "Demo model"), SHOW, GPUS=1,
    )  # fmt: skip
    assert [row.split()[0] for row in rows(found)] == ["Qwen3-8B"]
    assert rows(none) == []
    assert "Demo model" in all_again
    assert "too large" not in fitting
    assert "Demo model" in rows(smallest)[0]


def test_the_details_show_source_plan_scores_and_name(drive: Drive, surveyed: Workspace, size: tuple[int, int]) -> None:
    on_card(surveyed, "GPU-0000")
    pages = drive(
        size, LISTED, ("press", "slash", *"medgemma-27b-text", "enter", "d"), ("wait", "What it is"), SHOW,
        *[("press", "pagedown"), SHOW] * 6, ("press", "escape"), LISTED, GPUS=1,
    )  # fmt: skip
    text = " ".join(pages)
    for words in (
        "Gated", "terms must be accepted", "Languages", "Weights in 4 bits", "Reserve", "Together", "Free on RTX 4090",
        "Published exam scores", "MedQA: 87.7", "Source:", "What its name says", "instruct, -it",
    ):  # fmt: skip
        assert words in text, words


def test_another_card_can_be_planned_for_and_its_models_are_not_chosen_here(
    drive: Drive, surveyed: Workspace, size: tuple[int, int]
) -> None:
    unclear, planned, refused, here = drive(
        size, LISTED, ("press", "a"), ("wait", "Plan for another"),
        ("press", *"A100", "enter"), ("wait", "Several GPUs are called A100"), SHOW,
        ("press", "backspace", "backspace", "backspace", "backspace", *"24", "enter"),
        ("wait", "for 24.0 GiB"), SHOW,
        ("press", "j", "enter"), ("wait", "no GPU for it"), SHOW,
        ("press", "a"), ("wait", "Plan for another"), ("press", "enter"),
        ("wait", "no card here", "needs GPU"), SHOW, GPUS=0,
    )  # fmt: skip
    assert "A100 80GB" in unclear
    assert "★ fits" in planned
    assert surveyed.result("model") is None
    assert "Which model" in refused
    assert "needs GPU" in here


def test_a_folder_of_ones_own_is_checked(drive: Drive, surveyed: Workspace, size: tuple[int, int]) -> None:
    (refused,) = drive(
        size, LISTED, ("press", "tab", *"/nowhere", "enter"), ("wait", "There is no model at /nowhere"), SHOW, GPUS=0
    )
    assert "Which model" in refused

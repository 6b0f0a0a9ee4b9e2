"""How many files are handed out ahead, and how long answers gather, whatever a file takes."""

from hypothesis import given
from hypothesis import strategies as st

from medtui.reports.pace import Pace


def _after(seconds: float, turns: int, readers: int = 2) -> Pace:
    """Run the pace against readers that take so long for each file, as the pool would."""
    now, owed = 0.0, 0.0
    pace = Pace(now)
    for _ in range(turns):
        waited = max(pace.pause, seconds / readers)
        now += waited
        # Readers work on what they were given, and no longer.
        owed += min(waited * readers / seconds, pace.ahead * readers)
        pace.note(int(owed), readers, now)
        owed -= int(owed)
    return pace


@given(st.floats(1e-5, 100), st.integers(1, 400))
def test_there_is_always_work_for_longer_than_the_pause(seconds: float, turns: int) -> None:
    pace = _after(seconds, turns)
    assert 2 <= pace.ahead <= 32
    assert 0 <= pace.pause <= 0.006


@given(st.floats(2e-4, 100))
def test_readers_are_not_idle_once_the_pace_is_known(seconds: float) -> None:
    pace = _after(seconds, 400)
    assert pace.pause <= pace.ahead * seconds


def test_slow_files_are_handed_out_sparingly_and_quick_ones_in_numbers() -> None:
    assert _after(5.0, 40).ahead == 2
    assert _after(0.0025, 200).ahead == 8
    assert _after(0.0001, 400).ahead == 32
    assert Pace(0.0).pause == 0

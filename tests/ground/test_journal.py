"""Journals survive torn lines and many writers."""

import multiprocessing
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from medtui import journal


def test_reads_on_from_where_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    journal.append(path, {"event": "a"})
    first, offset = journal.read(path)
    journal.append(path, {"event": "b"})
    second, _ = journal.read(path, offset)
    assert [record["event"] for record in first + second] == ["a", "b"]
    assert first[0]["v"] == 1
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_missing_journal_is_empty(tmp_path: Path) -> None:
    assert journal.read(tmp_path / "none") == ([], 0)


def test_a_torn_line_is_passed_over_and_the_next_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    journal.append(path, {"event": "a"})
    with path.open("ab") as stream:
        stream.write(b'{"v": 1, "event": "to')
    records, offset = journal.read(path)
    assert [record["event"] for record in records] == ["a"]
    journal.append(path, {"event": "b"})
    assert [record["event"] for record in journal.read(path, offset)[0]] == ["b"]


def _write_many(path: Path, name: str) -> None:
    for number in range(200):
        journal.append(path, {"event": name, "number": number})


def test_lines_of_two_writers_never_mix(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    writers = [multiprocessing.Process(target=_write_many, args=(path, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    records, _ = journal.read(path)
    for name in "ab":
        assert [record["number"] for record in records if record["event"] == name] == list(range(200))


@given(st.binary())
def test_no_bytes_on_disk_stop_the_reader(data: bytes) -> None:
    assert journal._parse(data) is None or isinstance(journal._parse(data), dict)


@given(st.lists(st.sampled_from(["start", "end", "step"])), st.integers(1, 200))
def test_the_newest_of_some_events_is_found_from_the_end(events: list[str], chunk_bytes: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.jsonl"
        for number, event in enumerate(events):
            journal.append(path, {"event": event, "number": number, "message": '"event": "end"'})
        wanted = [number for number, event in enumerate(events) if event in {"start", "end"}]
        found = journal.last(path, ("start", "end"), chunk_bytes)
    assert (found["number"] if found else None) == (wanted[-1] if wanted else None)

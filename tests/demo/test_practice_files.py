"""The demo practice's command and files: the same bytes from the same seed, readable by others' libraries."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdfium2 import PdfDocument, PdfiumError

from medtui import assets
from medtui.demo.practice.__main__ import main
from medtui.demo.practice.assembling import reports as compose
from tests.demo.practice_files import everything, gold_lines

SEED = 20260101


def _tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice made anew by the command in a process of its own."""
    folder = tmp_path_factory.mktemp("built") / "practice"
    subprocess.run(
        [sys.executable, "-m", "medtui.demo.practice", "--seed", str(SEED), "--out", str(folder)],
        env={**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LC_ALL": "C"},
        check=True,
        capture_output=True,
    )
    return folder


def test_the_same_seed_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--seed", str(SEED), "--out", str(tmp_path / "again")])
    assert result.exit_code == 0, result.output
    assert _tree(tmp_path / "again") == _tree(built)


def test_the_shipped_practice_is_the_one_that_the_command_makes(built: Path) -> None:
    shipped = assets.path("demo_practice")
    ours, theirs = _tree(shipped), _tree(built)
    assert set(ours) == set(theirs)
    for name, data in ours.items():
        # Another build of zlib may compress differently; what the package holds is the same.
        if name.endswith(".docx") and zipfile.is_zipfile(built / name):
            with zipfile.ZipFile(shipped / name) as one, zipfile.ZipFile(built / name) as other:
                assert one.namelist() == other.namelist()
                assert all(one.read(member) == other.read(member) for member in one.namelist()), name
        else:
            assert data == theirs[name], name


def test_another_seed_gives_other_people() -> None:
    here = {report.patient.mrn for report in compose(SEED, {})}
    there = {report.patient.mrn for report in compose(7, {})}
    assert len(here & there) < 3


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = CliRunner().invoke(main, ["--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "not empty" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_every_line_and_identifier_of_the_gold_is_in_its_file() -> None:
    folder = assets.path("demo_practice")
    texts: dict[str, str] = {}
    for line in gold_lines(folder):
        if line["status"] != "readable":
            continue
        text = texts.setdefault(line["path"], everything(folder / line["path"]))
        for item in line["identifiers"]:
            value = item["value"]
            if "text" in item["where"]:
                assert value in text, (line["id"], item["category"])
            elif item["category"] == "NAME":
                assert all(word in text for word in value.split()), line["id"]
            elif item["category"] != "DATE":
                assert value in text, (line["id"], item["category"])
        if answer := line["answer_section"]:
            assert " ".join(answer["text"].split()) in text, line["id"]


def test_files_meant_to_be_unreadable_are() -> None:
    folder = assets.path("demo_practice")
    refused = {line["path"] for line in gold_lines(folder) if line["status"] == "refused"}
    for name in refused:
        data = (folder / name).read_bytes()
        if name.endswith(".pdf"):
            with pytest.raises(PdfiumError):
                PdfDocument(data)
        elif name.endswith(".docx"):
            assert not zipfile.is_zipfile(folder / name)
        elif name.endswith(".json"):
            with pytest.raises(ValueError, match=r"."):
                everything(folder / name)
        else:
            assert data == b""

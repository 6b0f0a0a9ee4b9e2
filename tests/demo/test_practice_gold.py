"""The shipped demo practice: what it holds, and that its gold is exact."""

import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from medtui import assets
from medtui.demo.practice.assembling import reports as compose
from medtui.demo.practice.marks import plain
from medtui.demo.practice.report import Report
from medtui.demo.practice.titles import TASKS
from medtui.phi import Category
from tests.demo.practice_files import gold_lines

_HOUSE_FORM = re.compile(r"(?:\(\d\) [^\n]+\.\n){1,5}Advice: [^\n]+\.")
# Not the digits inside a test's or vitamin's name, such as HbA1c and B12.
_NUMBER = re.compile(r"(?<![A-Za-z\d])\d+(?:[./]\d+)*")


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return gold_lines(assets.path("demo_practice"))


@pytest.fixture(scope="module")
def reports(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["status"] == "readable"]


@pytest.fixture(scope="module")
def composed() -> list[Report]:
    """The reports before they are written to files."""
    return compose(20260101, {})


def _input(report: Report) -> str:
    kinds = TASKS[report.task][0]
    return " ".join(plain(part.body) for part in report.parts if part.kind in kinds)


def test_there_are_enough_reports_of_every_kind_and_they_stay_small(reports: list[dict[str, Any]]) -> None:
    folder = assets.path("demo_practice")
    assert len(reports) >= 320
    assert len({report["patient"] for report in reports}) >= 130
    formats = Counter(report["format"] for report in reports)
    assert set(formats) == {"text", "pdf", "docx", "hl7v2", "fhir", "ccda", "csv"}
    assert min(formats.values()) >= 20
    tasks = Counter(report["task"] for report in reports)
    assert set(tasks) == set(TASKS)
    assert min(tasks.values()) >= 40
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 2_500_000


def test_every_category_of_identifier_occurs(reports: list[dict[str, Any]]) -> None:
    found = Counter(kind for report in reports for kind in {kind for _, _, kind in report["spans"]})
    assert set(found) == {category.value for category in Category}
    assert min(found.values()) >= 8


def test_spans_are_in_order_and_cover_whole_words(reports: list[dict[str, Any]]) -> None:
    for report in reports:
        text, last = report["text"], 0
        for start, end, kind in report["spans"]:
            assert last <= start < end <= len(text), report["id"]
            assert text[start:end] == text[start:end].strip(), (report["id"], kind)
            assert not (start and text[start - 1].isalnum() and text[start].isalnum()), report["id"]
            assert not (end < len(text) and text[end].isalnum() and text[end - 1].isalnum()), report["id"]
            last = end


def _outside(report: dict[str, Any]) -> str:
    """The text without its marked identifiers."""
    text, pieces, last = report["text"], [], 0
    for start, end, _ in report["spans"]:
        pieces.append(text[last:start])
        last = end
    return " ".join(" \u2588 ".join([*pieces, text[last:]]).split()).casefold()


def test_no_identifier_of_the_patient_stands_outside_the_marks(reports: list[dict[str, Any]]) -> None:
    values: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        for item in report["identifiers"]:
            if item["category"] == "NAME":
                values[report["patient"]] |= {word for word in re.split(r"[\s,]+", item["value"]) if len(word) > 4}
            elif item["category"] != "AGE" and len(item["value"]) > 4:
                values[report["patient"]].add(item["value"])
    for report in reports:
        outside = _outside(report)
        left = [
            value for value in values[report["patient"]] if re.search(rf"\b{re.escape(value.casefold())}\b", outside)
        ]
        assert not left, (report["id"], len(left))


def test_no_date_long_number_or_old_age_stands_outside_the_marks(reports: list[dict[str, Any]]) -> None:
    months = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    suspicious = re.compile(
        r"\d{6,}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|@\w+\.|www\."
        rf"|\b\d{{1,2}}(?:st|nd|rd|th)? (?:{months})|\b(?:{months})[a-z]* \d"
        r"|\b(?:9\d|10\d)[ -]?(?:y|yrs?|years?|year-old)\b"
    )
    for report in reports:
        assert not suspicious.search(_outside(report)), report["id"]


def test_the_listed_values_are_those_of_the_spans(reports: list[dict[str, Any]]) -> None:
    for report in reports:
        in_text = {(kind, " ".join(report["text"][start:end].split())) for start, end, kind in report["spans"]}
        assert in_text == {(one["category"], one["value"]) for one in report["identifiers"] if "text" in one["where"]}
        assert all(set(one["where"]) <= {"text", "structured"} and one["where"] for one in report["identifiers"])


def test_answers_have_the_house_form_and_stand_in_the_text(reports: list[dict[str, Any]]) -> None:
    answers = [report for report in reports if report["answer_section"]]
    assert 4 <= len(reports) - len(answers) <= 20
    for report in answers:
        answer = report["answer_section"]
        assert _HOUSE_FORM.fullmatch(answer["text"]), report["id"]
        assert answer["text"] in report["text"], report["id"]
        numbers = [int(number) for number in re.findall(r"^\((\d)\)", answer["text"], re.MULTILINE)]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(answer["text"].split()) <= 50


def test_every_number_of_an_answer_is_in_its_input(composed: list[Report]) -> None:
    for report in composed:
        for part in report.parts:
            if part.kind == TASKS[report.task][1]:
                stated = set(_NUMBER.findall(re.sub(r"(?m)^\(\d\)", "", part.body)))
                assert stated <= set(_NUMBER.findall(_input(report))), report.id


def test_inputs_are_short_enough_for_the_demo_model(composed: list[Report]) -> None:
    for report in composed:
        assert 0 < len(_input(report).split()) <= 125, report.id


def test_reports_are_rarely_alike(reports: list[dict[str, Any]], composed: list[Report]) -> None:
    answers = Counter(report["answer_section"]["text"] for report in reports if report["answer_section"])
    assert len(answers) >= 0.9 * sum(answers.values())
    inputs = []
    for report in composed:
        words = _input(report).casefold().split()
        inputs.append({tuple(words[place : place + 3]) for place in range(len(words) - 2)})
    alike = sum(len(one & other) >= 0.7 * len(one | other) for one, other in combinations(inputs, 2) if one and other)
    assert alike <= 0.05 * len(reports)


def test_hostile_reports_and_unreadable_files_are_named(lines: list[dict[str, Any]]) -> None:
    hostile = [line for line in lines if line.get("hostile")]
    joined = "".join(line["text"] for line in hostile)
    for attack in ("\x1b]0;pwned\x07", "[@click=app.quit]", "[/]", "\u202e", "\u2066"):
        assert attack in joined
    assert len({line["format"] for line in hostile}) >= 4
    others = "".join(line["text"] for line in lines if not line.get("hostile"))
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ue000-\uf8ff]", others)
    refused = [line for line in lines if line["status"] == "refused"]
    assert len(refused) >= 3
    assert all(line["reason"] and not line["spans"] for line in refused)


def test_every_file_is_in_the_gold_and_every_path_exists(lines: list[dict[str, Any]]) -> None:
    folder = assets.path("demo_practice")
    files = {path.relative_to(folder).as_posix() for path in Path(folder, "reports").rglob("*") if path.is_file()}
    assert files == {line["path"] for line in lines}
    assert len({(line["path"], line["inner"]) for line in lines}) == len(lines)

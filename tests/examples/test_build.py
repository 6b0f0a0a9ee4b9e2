"""From reports to rows: what is kept, what is left out, who is on which side."""

import json
import shutil
import sqlite3
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medtui import assets, vault
from medtui.examples import checks, dataset, formats, store
from medtui.examples.build import Brought, build
from medtui.examples.figures import figures
from medtui.examples.settings import Settings
from medtui.examples.settings import settings as settings_of
from medtui.examples.split import SPLITS
from medtui.examples.tasks import BY_NAME, OTHER_WORDINGS, SYSTEM_PROMPT
from medtui.examples.tokens import ChatTokenizer
from medtui.reports.document import Section
from medtui.workspace import Workspace
from tests.examples.conftest import Deidentified, draft, radiology

CHOSEN = Settings(max_length=1000)
GENERAL = list(formats.turned({"question": f"{n} + 1?", "answer": f"{n + 1}"} for n in range(4)))


@pytest.fixture
def connection(workspace: Workspace) -> sqlite3.Connection:
    return vault.connect(workspace)


def _one(connection: sqlite3.Connection, tokenizer: ChatTokenizer, report: Deidentified) -> list[store.Candidate]:
    build(connection, [report], 1, tokenizer, CHOSEN)
    return list(store.candidates(connection))


def test_row_has_the_trainer_s_form(connection: sqlite3.Connection, tokenizer: ChatTokenizer) -> None:
    (found,) = _one(connection, tokenizer, radiology(1, "p"))
    assert found.reason == ""
    assert found.row["prompt"][0] == {"role": "system", "content": SYSTEM_PROMPT}
    question = found.row["prompt"][1]["content"]
    assert question.startswith("Write the impression of this imaging report from its findings.\n\n")
    assert "INDICATION:" in question
    assert "Advice" not in question
    (answer,) = found.row["completion"]
    assert answer["content"].startswith("(1) Nodule of 12 mm in the ")
    assert answer["content"].endswith(" lobe.\nAdvice: CT chest.")
    assert found.row["meta"]["document_id"] == f"{1:016x}"


def test_an_invented_number_keeps_the_pair_out(connection: sqlite3.Connection, tokenizer: ChatTokenizer) -> None:
    report = radiology(1, "p")
    changed = report.text.replace("(1) Nodule of 12 mm", "(1) Nodule of 13 mm")
    (found,) = _one(connection, tokenizer, Deidentified(report.document_id, "p", changed))
    assert found.reason == checks.UNGROUNDED
    ((start, end, kind),) = found.details["unsupported"]
    assert found.row["completion"][0]["content"][start:end] == "13 mm"
    assert kind == "quantity"


def test_reader_s_sections_and_codes_are_used(connection: sqlite3.Connection, tokenizer: ChatTokenizer) -> None:
    sections = (
        Section("Hospital Course", "8648-8", "Admitted with pneumonia. Given ceftriaxone for 5 days and recovered."),
        Section("", "55112-7", "(1) Pneumonia treated for 5 days.\nAdvice: see the doctor."),
    )
    report = Deidentified("0" * 16, "p", "\n".join(part.text for part in sections), sections)
    (found,) = _one(connection, tokenizer, report)
    assert (found.task, found.reason) == ("course_to_summary", "")


def test_over_long_examples_are_named_and_left_out(connection: sqlite3.Connection, tokenizer: ChatTokenizer) -> None:
    build(connection, [radiology(1, "p")], 1, tokenizer, Settings(max_length=50))
    (found,) = store.candidates(connection)
    assert found.reason == checks.TOO_LONG
    assert figures(connection, Settings(50))["tokens"]["over_limit"] == 1


def _written(workspace: Workspace, reports: list[Deidentified], tokenizer: ChatTokenizer) -> dict[str, list[dict]]:  # type: ignore[type-arg]
    with vault.connect(workspace) as connection:
        build(connection, reports, len(reports), tokenizer, CHOSEN)
        dataset.write(connection, workspace.dataset, figures(connection, CHOSEN))
    files = {name: (workspace.dataset / f"{name}.jsonl").read_text().splitlines() for name in SPLITS}
    return {name: [json.loads(line) for line in lines] for name, lines in files.items()}


def test_no_patient_and_no_copy_is_on_two_sides(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    reports = [radiology(number, f"patient-{number % 40}", size=number % 60 + 3) for number in range(1, 201)]
    # Copies under other patients: only spaces changed, and two words changed.
    copies = [Deidentified(f"{1000 + n:016x}", "", reports[n].text.replace(" ", "  ")) for n in range(0, 200, 20)]
    edited = [
        Deidentified(
            f"{2000 + n:016x}", f"other-{n}", reports[n].text.replace("nodule of", "lesion of").replace("for", "x")
        )
        for n in range(0, 200, 10)
    ]
    written = _written(workspace, reports + copies + edited, tokenizer)
    everything = {report.document_id: report for report in (*reports, *copies, *edited)}
    source_of = {copy.document_id: reports[n] for copies_, step in ((copies, 20), (edited, 10))
                 for copy, n in zip(copies_, range(0, 200, step), strict=True)}  # fmt: skip
    sides = defaultdict(set)
    for name, rows in written.items():
        for row in rows:
            report = everything[row["meta"]["document_id"]]
            origin = source_of.get(report.document_id, report)
            sides[report.patient_key or report.document_id].add(name)
            sides[origin.document_id].add(name)
            assert "patient-" not in json.dumps(row)
    assert all(len(names) == 1 for names in sides.values())
    assert any(row["meta"]["document_id"] in source_of for rows in written.values() for row in rows)
    total = sum(len(rows) for rows in written.values())
    assert 0.65 <= len(written["train"]) / total <= 0.95
    assert written["validation"]
    assert written["test"]


def test_copies_and_standard_answers_are_left_out(connection: sqlite3.Connection, tokenizer: ChatTokenizer) -> None:
    first = radiology(1, "p")
    copy = Deidentified("f" * 16, "q", first.text.replace("\n", "\n\n"))
    lungs = [
        Deidentified(
            f"{n:016x}", f"n{n}", radiology(n, "").text.split("A nodule")[0] + f"Image {n}.\nIMPRESSION: Normal chest."
        )
        for n in range(100, 140)
    ]
    build(connection, [first, copy, *lungs], 42, tokenizer, CHOSEN)
    counted = figures(connection, CHOSEN)
    assert counted["excluded"][checks.DUPLICATE] == 1
    assert counted["excluded"][checks.BOILERPLATE] == 30


def test_imported_pairs_are_counted_and_checked(connection: sqlite3.Connection, tokenizer: ChatTokenizer) -> None:
    turns = [("When is INR checked?", "Weekly."), ("When is INR checked?", "Weekly."), ("Whom to call?", "a@b.example")]
    rows = [
        {"prompt": [{"role": "user", "content": question}], "completion": [{"role": "assistant", "content": answer}],
         "meta": {"task": "question_answer", "document_id": question[:4], "section_kinds": []}}
        for question, answer in turns
    ]  # fmt: skip
    build(connection, [], 0, tokenizer, CHOSEN, brought=Brought(imported=rows))
    counted = figures(connection, CHOSEN)
    assert (counted["documents"], counted["used"]) == (3, 1)
    assert counted["excluded"] == {checks.DUPLICATE: 1, checks.IDENTIFIER: 1}


def test_wordings_of_the_practice_are_used_and_stay(connection: sqlite3.Connection, tokenizer: ChatTokenizer) -> None:
    own = {"findings_to_impression": ["Give the impression.", "Impression please."]}
    reports = [radiology(number, f"p{number}") for number in range(1, 20)]
    build(connection, reports, 19, tokenizer, Settings(1000, instructions=own))
    asked = [item.row["prompt"][1]["content"].split("\n\n")[0] for item in store.candidates(connection)]
    assert set(asked) == set(own["findings_to_impression"])
    build(connection, reports, 19, tokenizer, Settings(1000, instructions=own))
    assert asked == [item.row["prompt"][1]["content"].split("\n\n")[0] for item in store.candidates(connection)]


def test_a_model_of_use_gets_several_wordings_and_the_demo_one(workspace: Workspace, tmp_path: Path) -> None:
    assert set(OTHER_WORDINGS) == set(BY_NAME)
    assert settings_of(workspace).instructions == {name: [task.instruction] for name, task in BY_NAME.items()}
    other = shutil.copytree(assets.path("demo_model"), tmp_path / "other")
    workspace.save_answer("model", "model", str(other))
    workspace.save_answer("examples", "instructions", {"course_to_summary": "Sum up."})
    chosen = settings_of(workspace).instructions
    assert chosen["course_to_summary"] == ["Sum up."]
    assert len(chosen["findings_to_impression"]) == 3


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ("\nPRELIMINARY REPORT", checks.PRELIMINARY),
        ("\nMail to jane@example.org", checks.IDENTIFIER),
        ("\n(2) Discussed with [NAME].", checks.TAG),
        ("\n(2) Nodule in the", checks.CUT),
    ],
)
def test_unfit_reports_are_left_out_with_their_reason(
    connection: sqlite3.Connection, tokenizer: ChatTokenizer, changed: str, reason: str
) -> None:
    report = radiology(1, "p")
    text = report.text.replace("\nAdvice: CT chest.\n", changed)
    (found,) = _one(connection, tokenizer, Deidentified(report.document_id, "p", text))
    assert found.reason == reason


def test_same_input_gives_same_bytes(tmp_path: Path, tokenizer: ChatTokenizer) -> None:
    reports = [radiology(number, f"patient-{number % 15}") for number in range(1, 60)]
    contents = []
    for name, order in (("a", reports), ("b", reports)):
        place = Workspace.create(tmp_path / name, "Practice")
        _written(place, order, tokenizer)
        contents.append({path.name: path.read_bytes() for path in sorted(place.dataset.iterdir())})
    assert contents[0] == contents[1]
    assert set(contents[0]) == {"train.jsonl", "validation.jsonl", "test.jsonl", "README.md", "excluded.json"}


def test_datasets_loads_what_was_written(workspace: Workspace, tokenizer: ChatTokenizer, tmp_path: Path) -> None:
    from datasets import load_dataset

    reports = [radiology(number, f"patient-{number % 15}") for number in range(1, 60)]
    written = _written(workspace, reports, tokenizer)
    files = {name: str(workspace.dataset / f"{name}.jsonl") for name in SPLITS}
    loaded = load_dataset("json", data_files=files, cache_dir=str(tmp_path / "cache"))
    assert {name: len(loaded[name]) for name in SPLITS} == {name: len(rows) for name, rows in written.items()}
    assert loaded["train"][0]["prompt"] == written["train"][0]["prompt"]


def test_a_task_that_is_switched_off_is_counted(connection: sqlite3.Connection, tokenizer: ChatTokenizer) -> None:
    reports = [radiology(number, f"p{number}") for number in range(1, 4)]
    chosen = Settings(max_length=1000, tasks=frozenset({"course_to_summary"}))
    build(connection, reports, 3, tokenizer, chosen)
    assert figures(connection, chosen)["excluded"] == {checks.NOT_CHOSEN: 3}


@pytest.mark.parametrize("strictness", ["numbers", "standard", "strict"])
def test_counts_by_strictness_do_not_depend_on_the_chosen_one(
    connection: sqlite3.Connection, tokenizer: ChatTokenizer, strictness: str
) -> None:
    changes = (("", ""), ("IMPRESSION:\n(1) ", "IMPRESSION:\n(1) Appendicitis. "), (" mm in the", " cm in the"))
    reports = []
    for number in range(1, 13):
        report = radiology(number, f"p{number}")
        head, mark, answer = report.text.partition("IMPRESSION:")
        changed = (mark + answer).replace(*changes[number % 3]) if changes[number % 3][0] else mark + answer
        reports.append(Deidentified(report.document_id, report.patient_key, head + changed))
    chosen = Settings(max_length=1000, strictness=strictness)
    build(connection, reports, 12, tokenizer, chosen)
    counted = figures(connection, chosen)
    assert counted["strictness"] == {"numbers": 8, "standard": 8, "strict": 4}
    assert counted["train"] + counted["validation"] + counted["test"] == counted["strictness"][strictness]


_lines = st.sampled_from(
    [
        "FINDINGS: Nodule of 4 mm seen in the left lung today.",
        "IMPRESSION: Nodule of 4 mm.",
        "IMPRESSION: Nodule of 9 mm.",
        "Assessment:",
        "some words",
        "Hospital course: Admitted with fever and treated with antibiotics.",
        "SUMMARY: Fever.",
    ]
)


@given(st.lists(st.tuples(st.lists(_lines, max_size=5), st.integers(0, 4)), max_size=9), st.booleans())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_report_and_every_pair_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory,
    tokenizer: ChatTokenizer,
    drawn: list[tuple[list[str], int]],
    free: bool,
) -> None:
    reports = [Deidentified(f"{n:016x}", f"p{patient}", "\n".join(lines)) for n, (lines, patient) in enumerate(drawn)]
    connection = vault.connect(Workspace.create(tmp_path_factory.mktemp("practice") / "p", "Practice"))
    chosen = Settings(max_length=1000, free_text=free)
    rows = [row for row in GENERAL if row]
    drafts = {reports[0].document_id: [draft(reports[0].document_id, "Fever?", "Fever.")]} if reports else {}
    mixed = build(connection, reports, len(reports), tokenizer, chosen, brought=Brought(mixed=rows, drafts=drafts))
    counted = figures(connection, chosen)
    pairs = connection.execute("SELECT count(*) FROM example_pairs").fetchone()[0]
    connection.close()
    assert counted["documents"] == len(reports) == counted["used"] + sum(counted["excluded"].values())
    in_splits = sum(counted[name] for name in SPLITS)
    assert in_splits == sum(counted["tasks"].values()) == sum(counted["origins"].values())
    assert pairs == in_splits + sum(counted["pairs_excluded"].values())
    assert mixed["read"] == len(rows) == mixed["used"] + sum(mixed["left_out"].values())
    if free:
        texts = counted["free_text"]
        assert texts["reports"] == len(reports) == sum(texts[name] for name in SPLITS) + sum(texts["left_out"].values())

"""What one file says about a patient reaches the patient's reports of all other files, in whatever order they come."""

import itertools
import json
from pathlib import Path

import pytest

from medtui import vault
from medtui.deid import store as deid
from medtui.reports import importing, patients, store
from medtui.reports.document import UnreadFile
from medtui.workspace import Workspace
from tests.reports import samples

NOTE = "Ms Holloway of Mill Lane came with her brother Peter; she feels well today and has no complaints at all."

PATIENT = json.dumps(samples.patient())
RELATED = json.dumps(
    {
        "resourceType": "RelatedPerson",
        "id": "x",
        "patient": {"reference": "Patient/p1"},
        "name": [{"text": "Peter Vale"}],
    }
)
REPORT = json.dumps(
    {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "subject": {"reference": "https://ehr.example.org/fhir/Patient/p1/_history/2"},
        "conclusion": NOTE,
    }
)
ADMISSION = samples.HL7.split("\r")[0].replace("ORU^R01", "ADT^A08") + "\r" + "\r".join(samples.HL7.split("\r")[1:4])
RESULT = "\r".join(
    (samples.HL7.split("\r")[0], "PID|1||00482913^^^CITY^MR", "OBR|1|||1^Note^L", f"OBX|1|TX|1^Note^L||{NOTE}||||||F")
)
PEOPLE = "id,first_name,last_name,birth_date,street address,phone\n"
PEOPLE += "7,Margaret,Holloway,1957-04-11,12 Mill Lane,217-555-0142\n"
NOTES = f'note_id,patient_id,note_date,note_text\n55,7,2024-03-14,"{NOTE}"\n'
# As databases give their tables: the number that joins two of them and the number on the card are different ones.
CARDS = "pid,mrn,fname,lname\n7,00482913,Margaret,Holloway\n"

EXPORTS = {
    "FHIR": (
        {"Patient.ndjson": PATIENT, "RelatedPerson.ndjson": RELATED, "DiagnosticReport.ndjson": REPORT},
        "Peter Vale",
    ),
    "tables": ({"patients.csv": PEOPLE, "notes.csv": NOTES}, "12 Mill Lane"),
    "HL7": ({"admissions.hl7": ADMISSION, "results.hl7": RESULT}, "12 Mill Lane"),
    "by way of a third file": ({"cards.csv": CARDS, "notes.csv": NOTES, "admissions.hl7": ADMISSION}, "HOLLOWAY"),
}
CASES = [(name, order) for name, (files, _) in EXPORTS.items() for order in itertools.permutations(files)]


def _known(workspace: Workspace) -> tuple[int, set[str]]:
    connection = vault.connect(workspace)
    try:
        found = list(store.documents(connection))
        values = {known.value for known in found[0].known_identifiers}
        values |= {known.value for known in patients.known_of(connection, found[0].patient_key)}
        return len(found), values
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("name", "order"), CASES, ids=lambda value: value if isinstance(value, str) else " ".join(value)
)
def test_files_are_joined_in_any_order(workspace: Workspace, tmp_path: Path, name: str, order: tuple[str, ...]) -> None:
    files, last = EXPORTS[name]
    records = 0
    for file in order:
        (tmp_path / file).write_text(files[file])
        summary = importing.import_paths(workspace, [tmp_path / file])
        records += summary.patient_records
        assert summary.refused == 0
    assert records >= len(files) - 1
    number, values = _known(workspace)
    assert number == 1
    assert {"Margaret", "Holloway", last} <= {value.title() if value.isupper() else value for value in values} | values


def test_an_import_again_adds_nothing(workspace: Workspace, tmp_path: Path) -> None:
    for file, text in EXPORTS["tables"][0].items():
        (tmp_path / file).write_text(text)
    importing.import_paths(workspace, [tmp_path])
    before = _known(workspace)
    summary = importing.import_paths(workspace, [tmp_path])
    assert (summary.added, summary.patient_records, summary.already_known) == (0, 0, 1)
    assert _known(workspace) == before


def test_patients_of_one_number_and_two_birthdays_stay_two(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,mrn,last_name,dob\n7,A-1001,Holloway,1957-04-11\n")
    (tmp_path / "b.csv").write_text("id,mrn,last_name,dob\n7,A-1001,Okoye,1949-02-09\n")
    (tmp_path / "notes.csv").write_text(f'mrn,note_text\nA-1001,"{NOTE}"\n')
    importing.import_paths(workspace, [tmp_path])
    _, values = _known(workspace)
    assert {"Holloway", "Okoye"} <= values


def test_results_and_visits_are_no_patient_records(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "labs.csv").write_text("patient_id,test,value,result_date\n7,Creatinine,1.4,2024-03-14\n")
    summary = importing.import_paths(workspace, [tmp_path / "labs.csv"])
    assert (summary.patient_records, summary.refused) == (0, 1)


def test_a_bulk_export_of_other_resources_gets_one_sentence(workspace: Workspace, tmp_path: Path) -> None:
    lines = [json.dumps({"resourceType": "Condition", "id": str(number)}) for number in range(50)]
    (tmp_path / "Condition.ndjson").write_text("\n".join(lines))
    assert importing.import_paths(workspace, [tmp_path / "Condition.ndjson"]).refused == 1


def test_reading_says_what_such_a_file_is_for(tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text(PEOPLE)
    (line,) = importing.read_paths([tmp_path / "patients.csv"])
    assert isinstance(line, UnreadFile)
    assert line.reason.startswith("It says who 1 patients are")


def test_deidentification_knows_them(workspace: Workspace, tmp_path: Path) -> None:
    from medtui.deid.profile import chosen_profile
    from medtui.deid.worker import _gather

    for file, text in EXPORTS["tables"][0].items():
        (tmp_path / file).write_text(text)
    importing.import_paths(workspace, [tmp_path])
    connection = vault.connect(workspace)
    deid.prepare(connection)
    _gather(connection, chosen_profile({}))
    rows = connection.execute("SELECT value FROM patient_identifiers").fetchall()
    assert {"Margaret", "Holloway", "12 Mill Lane", "217-555-0142"} <= {str(row[0]) for row in rows}

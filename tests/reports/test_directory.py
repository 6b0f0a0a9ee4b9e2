"""Staff, organizations and places of one file are known identifiers of the reports of all others that refer to them."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui import vault
from medtui.deid import store as deid
from medtui.reports import importing, store
from medtui.reports.document import UnreadFile
from medtui.reports.readers.fhir_references import KINDS, normal
from medtui.workspace import Workspace
from tests.reports import samples

NOTE = "Seen with Okafor at the Larkspur clinic in room Heron; no complaints at all, to be seen again in a year."
NPI = "http://hl7.org/fhir/sid/us-npi"
PRACTITIONER = {
    "resourceType": "Practitioner", "id": "12", "identifier": [{"system": NPI, "value": "1740000012"}],
    "name": [{"family": "Okafor", "given": ["Chidi"]}], "telecom": [{"system": "phone", "value": "217-555-0188"}],
}  # fmt: skip
ROLE = {
    "resourceType": "PractitionerRole", "id": "7", "practitioner": {"reference": "Practitioner/12"},
    "organization": {"reference": "Organization/3"}, "location": [{"reference": "Location/4"}],
}  # fmt: skip
ORGANIZATION = {
    "resourceType": "Organization",
    "id": "3",
    "name": "Larkspur Clinic",
    "partOf": {"reference": "Organization/1"},
}
PARENT = {"resourceType": "Organization", "id": "1", "name": "Meadow Trust", "partOf": {"reference": "Organization/3"}}
LOCATION = {"resourceType": "Location", "id": "4", "name": "Room Heron"}
ENCOUNTER = {
    "resourceType": "Encounter", "id": "5", "subject": {"reference": "Patient/p1"},
    "participant": [{"individual": {"reference": "Practitioner/12"}}, {"individual": {"display": "Ines Duarte",
    "reference": "Practitioner/40"}}],
}  # fmt: skip
RELATIVE = {
    "resourceType": "RelatedPerson", "id": "x", "patient": {"reference": "Patient/p1"},
    "name": [{"text": "Peter Vale"}],
}  # fmt: skip


def report(**fields: Any) -> dict[str, Any]:
    """A report about a patient of another file."""
    return {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "subject": {"reference": "Patient/p1"},
        "conclusion": NOTE,
    } | fields


def known(workspace: Workspace) -> set[str]:
    """Identifiers of the only document."""
    with closing(vault.connect(workspace)) as connection:
        (document,) = store.documents(connection)
        assert store.document(connection, document.id) == document
        assert len(set(document.known_identifiers)) == len(document.known_identifiers)
        return {item.value for item in document.known_identifiers}


def write(folder: Path, **files: dict[str, Any] | list[dict[str, Any]]) -> list[Path]:
    """Make an NDJSON file for each kind of resource."""
    paths = []
    for name, content in files.items():
        paths.append(folder / f"{name}.ndjson")
        lines = content if isinstance(content, list) else [content]
        paths[-1].write_text("\n".join(json.dumps(line) for line in lines))
    return paths


@pytest.mark.parametrize("order", ["0123", "3210", "2031", "1302"])
def test_what_a_report_names_is_known_in_any_order(workspace: Workspace, tmp_path: Path, order: str) -> None:
    performer = report(performer=[{"reference": "https://ehr.example.org/fhir/PractitionerRole/7/_history/2"}])
    paths = write(
        tmp_path, Report=performer, Role=ROLE, Practitioner=PRACTITIONER, Other=[PARENT, LOCATION, ORGANIZATION]
    )
    entries = 0
    ordered = [paths[int(place)] for place in order]
    for some in (ordered[:1], ordered[1:]):
        summary = importing.import_paths(workspace, some)
        entries += summary.directory_entries
        assert (summary.refused, summary.patient_records) == (0, 0)
    assert entries == 4
    assert {"Chidi Okafor", "Okafor", "217-555-0188", "Larkspur Clinic", "Meadow Trust", "Room Heron"} <= known(
        workspace
    )


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Practitioner/12"},
        {"reference": f"Practitioner?identifier={NPI}|1740000012"},
        {"reference": f"Practitioner?identifier={NPI.replace(':', '%3A')}%7C1740000012"},
        {"type": "Practitioner", "identifier": {"system": NPI, "value": "1740000012"}},
        {"reference": "urn:uuid:12"},
    ],
    ids=["relative", "conditional", "escaped", "logical", "urn"],
)
def test_every_way_of_writing_a_reference(workspace: Workspace, tmp_path: Path, reference: dict[str, Any]) -> None:
    files = write(tmp_path, Practitioner=PRACTITIONER, Report=report(resultsInterpreter=[reference]))
    importing.import_paths(workspace, files)
    assert "Chidi Okafor" in known(workspace)


def test_a_team_leads_to_its_members_and_is_not_called_by_its_task(workspace: Workspace, tmp_path: Path) -> None:
    team = {"resourceType": "CareTeam", "id": "9", "name": "Diabetes care", "participant": [{"member": {"reference":
            "Practitioner/12"}}]}  # fmt: skip
    files = write(
        tmp_path, Team=team, Practitioner=PRACTITIONER, Report=report(performer=[{"reference": "CareTeam/9"}])
    )
    importing.import_paths(workspace, files)
    values = known(workspace)
    assert "Okafor" in values
    assert "Diabetes care" not in values


def test_others_are_not_known(workspace: Workspace, tmp_path: Path) -> None:
    elsewhere = {**PRACTITIONER, "id": "13", "name": [{"text": "Ruth Vandermeer"}], "identifier": []}
    files = write(
        tmp_path, Practitioner=[PRACTITIONER, elsewhere], Report=report(performer=[{"reference": "Practitioner/12"}])
    )
    importing.import_paths(workspace, files)
    assert "Okafor" in known(workspace)
    assert "Vandermeer" not in known(workspace)


def test_a_visit_leads_to_those_who_took_part(workspace: Workspace, tmp_path: Path) -> None:
    from medtui.deid.profile import chosen_profile
    from medtui.deid.worker import _gather

    files = write(
        tmp_path, Encounter=ENCOUNTER, Practitioner=PRACTITIONER, Report=report(encounter={"reference": "Encounter/5"})
    )
    importing.import_paths(workspace, files)
    assert "Okafor" in known(workspace)
    with closing(vault.connect(workspace)) as connection:
        deid.prepare(connection)
        _gather(connection, chosen_profile({}))
        told = {str(row[0]) for row in connection.execute("SELECT value FROM patient_identifiers")}
    assert {"Okafor", "Chidi Okafor", "217-555-0188", "Ines Duarte"} <= told


def test_a_relative_is_known_where_the_patient_stands_beside_the_report(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "bundle.json").write_bytes(samples.bundle(conclusion=NOTE))
    importing.import_paths(workspace, [tmp_path / "bundle.json"])
    assert "Peter Vale" not in known(workspace)
    importing.import_paths(workspace, write(tmp_path, RelatedPerson=RELATIVE))
    assert "Peter Vale" in known(workspace)


def test_the_general_practitioner_of_a_patient_is_known(workspace: Workspace, tmp_path: Path) -> None:
    patient = samples.patient() | {"generalPractitioner": [{"reference": "Practitioner/12"}]}
    importing.import_paths(workspace, write(tmp_path, Report=report(), Practitioner=PRACTITIONER, Patient=patient))
    assert "Okafor" in known(workspace)


NOTE_ROW = f'note_id,patient_id,note_date,provider_id,care_site_id,note_text\n55,7,2024-03-14,12.0,3,"{NOTE}"\n'
PROVIDERS = "provider_id,provider_name,npi,care_site_id\n12,Dr. Chidi Okafor,1740000012,3\n13,Ruth Vandermeer,,4\n"
CARE_SITES = "care_site_id,care_site_name,location_id\n3,Larkspur Clinic,9\n4,Foxglove House,10\n"
LOCATIONS = "location_id,address_1,city,zip\n9,12 Heron Row,Springfield,62704\n12,1 Elm Place,Dover,19901\n"
OMOP = {"note": NOTE_ROW, "provider": PROVIDERS, "care_site": CARE_SITES, "location": LOCATIONS}


@pytest.mark.parametrize("order", ["note provider care_site location", "location care_site provider note"])
def test_tables_that_name_staff_and_places_by_number(workspace: Workspace, tmp_path: Path, order: str) -> None:
    for name, text in OMOP.items():
        (tmp_path / f"{name}.csv").write_text(text)
    ordered = [tmp_path / f"{name}.csv" for name in order.split()]
    for some in (ordered[:2], ordered[2:]):
        summary = importing.import_paths(workspace, some)
        assert (summary.refused, summary.patient_records) == (0, 0)
    values = known(workspace)
    assert {"Chidi Okafor", "Okafor", "1740000012", "Larkspur Clinic", "12 Heron Row", "Springfield"} <= values
    assert not {"Ruth Vandermeer", "Foxglove House", "1 Elm Place", "Clinic", "Dover"} & values


def test_tables_with_keys_that_are_the_same_nowhere_else(workspace: Workspace, tmp_path: Path) -> None:
    person, clinic = "3421aa75-dec7-378d-a9e0-0bc764e4cb0d", "74ab949d-17ac-3309-83a0-13b4405c66aa"
    (tmp_path / "providers.csv").write_text(
        f"Id,ORGANIZATION,NAME,GENDER,SPECIALITY,ADDRESS\n{person},{clinic},Chidi Okafor,M,GENERAL,4 Heron Row\n"
    )
    (tmp_path / "organizations.csv").write_text(f"Id,NAME,ADDRESS\n{clinic},Larkspur General Hospital,9 Elm Place\n")
    (tmp_path / "notes.csv").write_text(f'Id,PATIENT,PROVIDER,NOTE\n55,7,{person},"{NOTE}"\n')
    importing.import_paths(workspace, [tmp_path])
    values = known(workspace)
    assert {"Chidi Okafor", "Okafor", "4 Heron Row", "Larkspur General Hospital", "9 Elm Place"} <= values
    assert not {"General", "Hospital", "GENERAL"} & values


def test_a_short_number_means_nobody_where_the_table_does_not_say_of_whom_it_is(
    workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text("id,name,phone\n12,Ruth Vandermeer,217-555-0101\n")
    (tmp_path / "notes.csv").write_text(NOTE_ROW)
    importing.import_paths(workspace, [tmp_path])
    assert "Vandermeer" not in known(workspace)


def _rows(workspace: Workspace) -> list[list[tuple[str, ...]]]:
    tables = ("directory_known", "directory_links", "document_references")
    with closing(vault.connect(workspace)) as connection:
        return [sorted(map(tuple, connection.execute(f"SELECT * FROM {table}"))) for table in tables]  # noqa: S608


def test_an_import_again_adds_nothing(workspace: Workspace, tmp_path: Path) -> None:
    files = write(
        tmp_path, Role=ROLE, Practitioner=PRACTITIONER, Report=report(performer=[{"reference": "PractitionerRole/7"}])
    )
    importing.import_paths(workspace, files)
    before = _rows(workspace)
    for path in files:
        path.write_bytes(path.read_bytes() + b"\n")
    summary = importing.import_paths(workspace, files)
    assert (summary.added, summary.already_known) == (0, 1)
    assert _rows(workspace) == before


_KILLED = """
import os, sys
from pathlib import Path
from medtui.reports import importing
from medtui.workspace import Workspace
def progress(done, total, message):
    if done >= int(sys.argv[3]):
        os.kill(os.getpid(), 9)
importing.import_paths(Workspace.open(Path(sys.argv[1])), [Path(sys.argv[2])], progress)
"""


def test_an_import_that_is_killed_is_carried_on(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(12):
        place, other = str(number), str((number + 5) % 12)
        reports = report(id=place, performer=[{"reference": f"PractitionerRole/{other}"}], conclusion=f"{NOTE} {place}")
        role = {"resourceType": "PractitionerRole", "id": place, "practitioner": {"reference": f"Practitioner/{place}"}}
        person = {"resourceType": "Practitioner", "id": place, "name": [{"text": f"Chidi Okafor{place}"}]}
        write(folder, **{f"a{place}": reports, f"b{place}": role, f"c{place}": person})
    for point in (5, 20, 34):
        arguments = [sys.executable, "-c", _KILLED, str(workspace.path), str(folder), str(point)]
        assert subprocess.run(arguments, check=False).returncode == -9
    importing.import_paths(workspace, [folder])
    with closing(vault.connect(workspace)) as connection:
        for document in store.documents(connection):
            values = [item.value for item in document.known_identifiers]
            family = f"Okafor{(int(document.text.split()[-1]) + 5) % 12}"
            assert [value for value in values if value.startswith("Okafor") and value.isalnum()] == [family]
        assert store.count(connection) == 12


def test_reading_says_what_such_a_file_is_for(tmp_path: Path) -> None:
    (line,) = importing.read_paths(write(tmp_path, Practitioner=[PRACTITIONER, {**PRACTITIONER, "id": "13"}]))
    assert isinstance(line, UnreadFile)
    assert line.reason.startswith("It says who 2 people, organizations or places are")


@given(st.text(), st.sampled_from(sorted(KINDS)), st.text(alphabet="abc-1./", min_size=1))
def test_references_have_one_form(written: str, kind: str, identifier: str) -> None:
    normal({"reference": written, "identifier": {"value": written}})
    plain = identifier.replace("/", "")
    for server in ("", "https://a.example/fhir/"):
        for version in ("", "/_history/3"):
            assert normal({"reference": f"{server}{kind}/{plain}{version}"}) == (f"{kind}/{plain}")

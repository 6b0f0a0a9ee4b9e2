"""Names planted everywhere - file, header, body, titles, fields - stand nowhere outside the vault."""

import json
from pathlib import Path

import pytest

from medtui import vault
from medtui.deid import step
from medtui.errors import Refusal
from medtui.examples import step as examples
from medtui.reports import step as reports
from medtui.workspace import Workspace
from tests.deid.conftest import again

REPORTS = 40
LETTERS = "bcdfghjklm"
TEXT = """Patient Name: {given} {family}
MRN: {number}
Referred by: Dr. Bartholomea {doctor}

NOTE FOR {upper}:
{given} was told on 14 March 2024.

FINDINGS:
There is a pleural effusion on the right measuring {size} mm in depth. {family} has a heart of normal size, says
Dr. {doctor}. The left lung is clear in its {zone} and the ribs are intact.

IMPRESSION:
Right pleural effusion measuring {size} mm in {zone}. {mention}
"""
HL7 = (
    "MSH|^~\\&|LAB|HOSP|||20240314||ORU^R01|{number}|P|2.5\r"
    "PID|1||{number}||{family}^{given}||19610403|F|||12 {street} Street^^Maplewick^OH^44107\r"
    "OBR|1|||24627-2^CHEST CT\rOBX|1|TX|24627-2||Small nodule. Told {given} {family} at home in {street} Street.\r"
)
ZONES = ("upper lobe", "lower lobe", "middle lobe", "apex", "base", "hilum", "lingula", "periphery")


def planted(folder: Path) -> list[str]:
    """Write reports whose every name is made for this test; gives the names."""
    names = ["Bartholomea", "Thistlemerex"]
    folder.mkdir()
    for number in range(REPORTS):
        mark = LETTERS[number % 10] + LETTERS[number // 10]
        family, doctor, street = f"Quorndale{mark}", f"Wexcombe{mark}", f"Ploverbrook{mark}"
        given, record = f"Ottilie{mark}", f"88{number:06}"
        names += [family, given, doctor, record]
        fields = {
            "given": given, "family": family, "doctor": doctor, "number": record, "street": street,
            "upper": family.upper(), "size": 3 + 2 * number, "zone": ZONES[number % 8],
            "mention": f"Discussed with Dr. {doctor}." if number % 10 == 0 else "",
        }  # fmt: skip
        (folder / f"{family}_{given}_{record}.txt").write_text(TEXT.format(**fields), encoding="utf-8")
        if number % 8 == 0:
            names.append(street)
            (folder / f"{family}.hl7").write_text(HL7.format(**fields), encoding="utf-8")
    (folder / "Thistlemerex.pdf").write_bytes(b"%PDF-1.4 broken")
    return names


@pytest.fixture(scope="module", params=["tags", "surrogates"])
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, list[str]]:
    """A practice after three steps, and the names planted."""
    root = tmp_path_factory.mktemp("planted")
    workspace = Workspace.create(root / "practice", "Test Practice")
    names = planted(root / "export")
    workspace.save_answer("model", "model", "demo")
    workspace.save_answer("reports", "paths", [str(root / "export")])
    workspace.save_answer("deid", "replacement", request.param)
    reports.run(workspace)
    # Once as a detached process with its log and events, once without.
    result = step.run(workspace) if request.param == "tags" else again(workspace)
    assert result["known_identifiers_left"] == 0
    assert result["documents"] == REPORTS + REPORTS // 8
    examples.run(workspace)
    return workspace, names


def test_no_planted_name_outside_the_vault(finished: tuple[Workspace, list[str]]) -> None:
    workspace, names = finished
    files = [path for path in workspace.path.rglob("*") if path.is_file() and not path.name.startswith("vault.db")]
    detached = workspace.answers("deid")["replacement"] == "tags"
    expected = {"audit.jsonl", "state.json", "train.jsonl"} | ({"events.jsonl", "worker.log"} if detached else set())
    assert {path.name for path in files} >= expected
    for path in files:
        content = f"{path}\n{path.read_bytes().decode('utf-8', 'replace')}".lower()
        left = [name for name in names if name.lower() in content]
        assert not left, f"{len(left)} planted names in {path.relative_to(workspace.path)}"


def test_the_vault_holds_them(finished: tuple[Workspace, list[str]]) -> None:
    workspace, names = finished
    content = workspace.vault_path.read_bytes().decode("utf-8", "replace")
    assert all(name in content for name in names)


def test_only_made_up_names_reach_the_examples(finished: tuple[Workspace, list[str]]) -> None:
    workspace, _ = finished
    lines = [json.loads(line) for line in (workspace.dataset / "train.jsonl").read_text().splitlines()]
    made_up = workspace.answers("deid")["replacement"] == "surrogates"
    mentioned = [line for line in lines if "Discussed with" in line["completion"][0]["content"]]
    # An answer with a tag teaches to write tags and is left out; a made-up name is no identifier.
    assert bool(mentioned) is made_up
    assert all("[NAME]" not in line["completion"][0]["content"] for line in lines)


def test_purge_leaves_no_planted_name(finished: tuple[Workspace, list[str]]) -> None:
    workspace, names = finished
    assert step.purge(workspace) >= 1
    content = "".join(
        path.read_bytes().decode("utf-8", "replace") for path in workspace.path.rglob("*") if path.is_file()
    )
    assert not any(name.lower() in content.lower() for name in names)
    trail = [json.loads(line) for line in workspace.audit_path.read_text().splitlines()]
    assert [entry["action"] for entry in trail] == [
        "workspace created", "reports imported", "reports de-identified", "examples built", "vault destroyed",
    ]  # fmt: skip
    vault.connect(workspace).close()
    with pytest.raises(Refusal, match="no reports"):
        step.run(workspace)

"""Sections: forms of headings, coverage of the text, and the labelled sample."""

import itertools
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from medtui import vault
from medtui.examples.command import command
from medtui.examples.kinds import SectionKind, kind_of, lexicon
from medtui.examples.segmenter import segment
from medtui.reports import importing, store
from medtui.workspace import Workspace
from tests.examples import headings


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("FINDINGS: clear\nIMPRESSION: normal", ["FINDINGS", "IMPRESSION"]),
        ("Findings\nclear\nImpression\nnormal", ["Findings", "Impression"]),
        ("## Findings\nclear\n**Impression:** normal", ["Findings", "Impression"]),
        ("** FINDINGS **\nclear\n== Opinion ==\nnormal", ["FINDINGS", "Opinion"]),
        ("Medications\n-----------\nnone", ["Medications"]),
        ("1. HISTORY: cough\n2. PLAN: rest", ["HISTORY", "PLAN"]),
        ("IMPRESSION - normal\nImp- viral", ["IMPRESSION", "Imp"]),
        ("SUBJECTIVE:,  Cough.,MEDICATIONS: , None.,PLAN:,1.  Rest.", ["SUBJECTIVE", "MEDICATIONS", "PLAN"]),
        ("Well. HEENT: Normal. NECK: Supple.", ["HEENT", "NECK"]),
        ("PMH asthma\nDH: nil\nSH; teacher\nImp: asthma", ["PMH", "DH", "SH", "Imp"]),
        ("Pertinent laboratory data on admission: Hb 9", ["Pertinent laboratory data on admission"]),
        ("SPO2: 98 %\nBP: 120/80\nDOB: 1960\nName: x\nThe plan is rest.", []),
        ("FINDINGS: clear\nVerified by someone\nTel: 1", ["FINDINGS"]),
        ("LABS:\nHBSAG: NON REACTIVE\nTSH: 2.1 mIU/L", ["LABS"]),
        (
            "HISTORY: a\nCOURSE: b\nPLAN: c\nWidget: Blue.\nFall precautions: Taken.",
            ["HISTORY", "COURSE", "PLAN", "Fall precautions"],
        ),
        ("History: a\nExam: b\nTetanus: Up to date\nLabs: c", ["History", "Exam", "Tetanus", "Labs"]),
        ("Exam\nfit\n\nAllergies\nnone\n\nGait pattern\nBroad.", ["Exam", "Allergies", "Gait pattern"]),
        (
            "FINDINGS:\nL4-L5: Normal.\nLEFT KIDNEY: 10 cm\nHead and Eyes: Well.",
            ["FINDINGS", "L4-L5", "LEFT KIDNEY", "Head and Eyes"],
        ),
        ("OPERATION NOTE\nFindings: sac", ["Findings"]),
        ("MEDICATIONS:\nName: x | Dose: y\nPlan: z | w", ["MEDICATIONS"]),
        (
            "Gizmo: Left arm\nWidget: Small and round\nFindings: clear\nGadget: Two of them\nOther thing: Kept",
            ["Gizmo", "Widget", "Findings", "Gadget", "Other thing"],
        ),
        ("Fever: Yes\nRash: None\nFindings: clear\nVomiting: No\nDrowsy: Denied", ["Findings"]),
        (
            "### What we did\nOxygen.\n### Your medicines\nNew ones.\n# Asthma\nInhaler",
            ["What we did", "Your medicines"],
        ),
        ("Findings. Clear.\nTechnique. T1.\nConclusion. Normal.\nPain. None.", ["Findings", "Technique", "Conclusion"]),
        (
            "Findings\nLeft ventricle\nNormal size.\nMitral valve\nMild reflux.",
            ["Findings", "Left ventricle", "Mitral valve"],
        ),
        ("Sample: Blood      Received: 2022\nComment: none", ["Comment"]),
        ("COURSE:\n1. Anaemia: well\n2. CKD: creatinine 2.1\nPLAN: rest", ["COURSE", "PLAN"]),
        ("HISTORY Low back pain.\n\nTECHNIQUE Sagittal T1.", ["HISTORY", "TECHNIQUE"]),
        ("\u092e\u0930\u0940\u091c c/o bukhar\nDiagnosis: viral fever, \u0906\u0930\u093e\u092e", ["Diagnosis"]),
    ],
)
def test_forms_of_headings(text: str, titles: list[str]) -> None:
    assert [part.title for part in segment(text) if part.title] == titles


def test_kinds() -> None:
    assert kind_of("Clinical Impression") is SectionKind.ASSESSMENT
    assert kind_of("unheard of", "8648-8") is SectionKind.COURSE
    assert kind_of("unheard of") is None
    systems = segment("REVIEW OF SYSTEMS: as follows\nHEENT: normal")
    assert [part.kind for part in systems] == [SectionKind.REVIEW_OF_SYSTEMS] * 2
    assert len(lexicon()) > 1000


@given(st.text(max_size=300))
def test_sections_cover_the_text_without_overlap(text: str) -> None:
    found = segment(text)
    for part in found:
        assert part.start <= part.body <= part.end
    for before, after in itertools.pairwise(found):
        assert before.end == after.start
    if found:
        assert not text[: found[0].start].strip() or found[0].start == 0
        assert found[-1].end == len(text)


@given(
    st.lists(st.sampled_from(["FINDINGS:", "Impression", ",PLAN:,", "** x **", "(1) a.", "Advice: b", "\n", " ", "1."]))
)
def test_heading_soup_is_survived(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert "".join(text[part.start : part.end] for part in segment(text)).strip() == text.strip() or not text.strip()


def test_labelled_demo_practice() -> None:
    texts, score = headings.demo(), headings.Score()
    for _, name, wanted in headings.labelled("demo_practice"):
        score.add(texts[name], wanted)
    assert score.documents >= 40
    assert score.f1 >= 0.95


@pytest.mark.parametrize("source", ["notes_primock57", "notes_mtsdialog"])
def test_labelled_notes(shared_data: Path, source: str) -> None:
    texts, score = headings.notes(shared_data / "formats"), headings.Score()
    for label, name, wanted in headings.labelled(source):
        score.add(texts[label, name], wanted)
    assert score.documents >= 50
    assert score.f1 >= 0.95, vars(score)


def test_labelled_ccda(shared_data: Path, workspace: Workspace) -> None:
    importing.import_paths(workspace, [shared_data / "formats" / "ccda_hl7"])
    score = headings.Score()
    for document in store.documents(vault.connect(workspace)):
        if (wanted := headings.titles(Path(document.path).name)) and document.format == "ccda":
            score.add(document.text, headings.place(document.text, wanted))
    assert score.documents >= 20
    assert score.f1 >= 0.95, vars(score)


@pytest.mark.parametrize(("name", "least"), zip(headings.WRITTEN, (0.96, 0.96, 0.93), strict=True))
def test_habits_of_other_specialties_and_countries(name: str, least: float) -> None:
    score = headings.Score()
    for text, wanted in headings.written(name):
        score.add(text, wanted)
    assert score.documents >= 10
    assert score.f1 >= least, vars(score)


def test_command_prints_one_object_a_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_text('{"id": "a", "text": "FINDINGS: clear"}\n\n{"id": 7, "text": ""}\n')
    lines = CliRunner().invoke(command, ["sections", str(path), "--json"]).output.splitlines()
    assert [json.loads(line) for line in lines] == [
        {"id": "a", "sections": [{"kind": "findings", "title": "FINDINGS", "start": 0, "end": 15}]},
        {"id": 7, "sections": []},
    ]
    grounded = tmp_path / "pairs.jsonl"
    grounded.write_text('{"id": 1, "input": "5 mg", "output": "6 mg"}\n')
    (line,) = CliRunner().invoke(command, ["ground", str(grounded), "--json"]).output.splitlines()
    assert json.loads(line) == {"id": 1, "grounded": False, "unsupported": [{"start": 0, "end": 4, "kind": "quantity"}]}


def test_bad_lines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n{"id": "b"}\n')
    result = CliRunner().invoke(command, ["sections", str(path), "--json"])
    assert "Line 2" in str(result.exception)

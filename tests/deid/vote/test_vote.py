"""A name that the rules miss goes to review; nothing that the rules found is let go."""

import json
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtui import vault
from medtui.deid import listing, store
from medtui.deid.listing import View
from medtui.deid.spans import DOUBT, LIKELY, UNVOUCHED, Span
from medtui.deid.vote import worker
from medtui.deid.vote.combine import SOURCE, Votes, combined
from medtui.deid.vote.folder import look
from medtui.deid.vote.labels import category_of
from medtui.deid.vote.windows import joined
from medtui.errors import Refusal
from medtui.model import folder
from medtui.phi import Category
from medtui.reports import store as reports
from medtui.workspace import Workspace
from tests.deid.conftest import again, document

NAMES = frozenset({Category.NAME})
VISIT = "HISTORY:\nSeen with quillon today. Mild pain in the left knee.\n"


@pytest.fixture
def with_visit(finished: Workspace) -> Workspace:
    """The practice after the step, with one more report: it holds a name that begins with a small letter."""
    with closing(vault.connect(finished)) as connection, connection:
        reports.add(connection, document(VISIT, (("HISTORY", VISIT.partition("\n")[2].strip()),), (), "p2"))
    again(finished)
    return finished


def texts(workspace: Workspace) -> list[str]:
    with closing(vault.connect(workspace)) as connection:
        return [report.text for report in store.deidentified(connection)]


def covered(workspace: Workspace) -> set[tuple[str, int]]:
    with closing(vault.connect(workspace)) as connection:
        rows = connection.execute("SELECT document_id, start, stop FROM findings")
        return {(str(row[0]), at) for row in rows for at in range(row[1], row[2])}


def test_missed_name_goes_to_review_and_nothing_is_let_go(with_visit: Workspace, bert: Path) -> None:
    before = covered(with_visit)
    assert "quillon" in texts(with_visit)[2]
    with_visit.save_answer("deid", "vote", str(bert))
    again(with_visit)
    assert "quillon" not in " ".join(texts(with_visit))
    assert "Mild pain in the left knee." in texts(with_visit)[2]
    with closing(vault.connect(with_visit)) as connection:
        place = listing.place(connection, View(), "quillon")
    assert place is not None
    assert (place.source, place.category) == (SOURCE, Category.NAME)
    assert before < covered(with_visit)
    others = [path for path in with_visit.path.rglob("*") if path.is_file() and path != with_visit.vault_path]
    assert others
    assert not any(b"quillon" in path.read_bytes() for path in others)


def test_model_is_asked_once_and_left_out_when_the_practice_says_so(with_visit: Workspace, bert: Path) -> None:
    with_visit.save_answer("deid", "vote", str(bert))
    again(with_visit)
    with closing(vault.connect(with_visit)) as connection:
        connection.execute("UPDATE votes SET spans = '[]'")
        connection.commit()
        again(with_visit)
        assert [row[0] for row in connection.execute("SELECT spans FROM votes")] == ["[]"] * 3
    with_visit.save_answer("deid", "vote", "")
    again(with_visit)
    assert "quillon" in texts(with_visit)[2]
    with closing(vault.connect(with_visit)) as connection:
        with connection:
            connection.execute("DELETE FROM documents WHERE number = 3")
        again(with_visit)
        assert connection.execute("SELECT count(*) FROM votes").fetchone()[0] == 2


@pytest.mark.parametrize("kind", ["bert", "spacy_model"])
def test_both_libraries_find_names_wherever_they_stand_in_a_long_report(
    kind: str, request: pytest.FixtureRequest
) -> None:
    model = look(str(request.getfixturevalue(kind)))
    asked = worker.load(model.folder, model.library)
    filler = "no effusion and no consolidation . the patient walks with a stick . " * 30
    long = f"seen with quillon today . {filler}spoke to tolverd on the phone . {filler}seen with vandry today ."
    short = "the patient walks with a stick ."
    found = asked.vote([long, short, ""])
    assert [long[start:end] for start, end, _ in found[0]] == ["quillon", "tolverd", "vandry"]
    assert {category for _, _, category in found[0]} == {"NAME"}
    assert found[1:] == [[], []]


def test_folder_is_checked_before_it_is_used(bert: Path, tmp_path: Path) -> None:
    assert look(str(bert)).labels == ("B-PATIENT",)
    # What `medtui model fetch` checks before it puts a download in place.
    assert folder.check(bert).path == bert
    with pytest.raises(Refusal, match="medtui model fetch"):
        look("nobody/has-fetched-this")
    with pytest.raises(Refusal, match="There is no folder"):
        look(str(tmp_path / "nowhere"))
    with pytest.raises(Refusal, match="neither a spaCy model"):
        look(str(tmp_path))
    (tmp_path / "config.json").write_text(json.dumps({"id2label": {"0": "LABEL_0"}}))
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(Refusal, match="no weights as safetensors"):
        look(str(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(Refusal, match="does not say which words"):
        look(str(tmp_path))


def test_broken_model_stops_the_step_with_a_sentence(with_visit: Workspace, bert: Path, tmp_path: Path) -> None:
    for path in bert.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    with_visit.save_answer("deid", "vote", str(tmp_path))
    with pytest.raises(Refusal, match="model"):
        again(with_visit)


@pytest.mark.parametrize(
    ("label", "category"),
    [
        ("B-PATIENT", "NAME"), ("I-DOCTOR", "NAME"), ("L-HCW", "NAME"), ("PERSON", "NAME"), ("I-PER", "NAME"),
        ("private_person", "NAME"), ("HOSPITAL", "LOCATION"), ("GPE", "LOCATION"), ("U-LOC", "LOCATION"),
        ("B-street-address", "LOCATION"), ("MEDICALRECORD", "MRN"), ("date of birth", "DATE"), ("O", None),
        ("B-AGE", None), ("MISC", None), ("LABEL_1", None), ("DISEASE", None),
    ],
)  # fmt: skip
def test_labels(label: str, category: str | None) -> None:
    assert category_of(label) == category


def test_agreement_makes_a_finding_and_silence_a_doubt() -> None:
    text = "Rose and Amber and Okonkwo in 2021"
    found = [
        Span(0, 4, Category.NAME, DOUBT, "name:word"),
        Span(9, 14, Category.NAME, UNVOUCHED, "name:unknown"),
        Span(19, 26, Category.NAME, 1.0, "known"),
    ]
    weighed = combined(found, Votes(((0, 4, "NAME"), (30, 34, "DATE")), NAMES | {Category.DATE}), text)
    assert [span.score for span in weighed] == [LIKELY, DOUBT, 1.0]


def test_title_alone_is_no_name() -> None:
    assert combined([], Votes(((0, 4, "NAME"),), NAMES), "Dr. came") == []
    (found,) = combined([], Votes(((0, 9, "NAME"),), NAMES), "Dr. quill came")
    assert (found.start, found.end) == (0, 9)


ALPHABET = st.text("ab A.-1", min_size=1, max_size=30)


@given(ALPHABET, st.data())
def test_nothing_is_let_go(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    found = [
        Span(start, end, Category.NAME, data.draw(st.sampled_from([DOUBT, UNVOUCHED, 1.0])), "rule")
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    ranges = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    votes = tuple((start, end, "NAME") for start, end in data.draw(st.lists(ranges, max_size=4)))
    weighed = combined(found, Votes(votes, NAMES), text)
    assert all(first.end <= second.start for first, second in pairwise(weighed))
    before = {at for span in found for at in range(span.start, span.end)}
    after = {at for span in weighed for at in range(span.start, span.end)}
    assert before <= after
    certain = [span for span in found if span.score == 1.0]
    assert all(span in weighed for span in certain)
    assert combined(found, Votes(), text) == found


def test_tokens_become_words() -> None:
    text = "seen with Asha Rao-Iyer today"
    assert joined(text, [(10, 12, "NAME"), (15, 18, "NAME"), (10, 12, "NAME"), (19, 21, "NAME")]) == [(10, 23, "NAME")]

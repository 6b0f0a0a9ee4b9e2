"""Documents in the vault: the same one once, streamed, with what is known about people added up."""

import sqlite3

from msgspec.structs import replace

from medtui.phi import Category
from medtui.reports import protected, store
from medtui.reports.document import PROTECTED, Document, KnownIdentifier, UnreadFile
from medtui.reports.protected import Group
from tests.reports import samples
from tests.reports.conftest import Read, one


def test_what_comes_out_is_what_went_in(opened: sqlite3.Connection, read: Read) -> None:
    document = one(read(samples.CCDA.encode()))
    assert store.add(opened, document)
    assert list(store.documents(opened)) == [document]


def test_the_same_report_is_there_once_and_knows_more(opened: sqlite3.Connection, read: Read) -> None:
    document = one(read(samples.TEXT.encode()))
    another = KnownIdentifier(Category.PHONE, "217-555-0142")
    assert store.add(opened, document)
    assert not store.add(opened, replace(document, path="elsewhere", known_identifiers=(another,)))
    (stored,) = store.documents(opened)
    assert stored.path == "file"
    assert set(stored.known_identifiers) == {*document.known_identifiers, another}


def test_reading_goes_on_while_the_reader_writes(opened: sqlite3.Connection, read: Read) -> None:
    first = one(read(samples.TEXT.encode()))
    for number in range(450):
        store.add(opened, replace(first, id=f"{number:016x}"))
    seen: list[Document] = []
    for document in store.documents(opened):
        seen.append(document)
        opened.execute("INSERT OR REPLACE INTO refusals VALUES (?, '', 'text', 'reason')", (document.id,))
        opened.commit()
    assert [item.id for item in seen] == [f"{number:016x}" for number in range(450)]


def test_a_reason_is_replaced_not_repeated(opened: sqlite3.Connection) -> None:
    for reason in ("first", "second"):
        store.refuse(opened, UnreadFile("a.pdf", "", "pdf", reason))
    assert [item.reason for item in store.refusals(opened)] == ["second"]


def test_documents_are_found_by_their_files_name(opened: sqlite3.Connection, read: Read) -> None:
    first = one(read(samples.TEXT.encode()))
    for number in range(6):
        where = "/x/May.zip" if number % 2 else f"/x/{number}.txt"
        store.add(opened, replace(first, id=f"{number:016x}", path=where, inner_path=f"m{number}", steps=(("a", 2),)))
    found, more = store.listing(opened, "may.ZIP")
    assert ([item.inner_path for item in found], more) == (["m1", "m3", "m5"], False)
    assert found[0].changes == 2
    assert store.listing(opened, "M3")[0][0].id == f"{3:016x}"
    assert (len(store.listing(opened, limit=4)[0]), store.listing(opened, limit=4)[1]) == (4, True)


def test_protected_files_are_grouped_by_place_and_kind(opened: sqlite3.Connection) -> None:
    for path, inner, kind in (
        ("/a/1", "", "pdf"),
        ("/a/2", "", "pdf"),
        ("/a/3", "", "xlsx"),
        ("/a/b.zip", "4", "pdf"),
        ("/a/c.zip", "5", ""),
    ):
        store.refuse(opened, UnreadFile(path, inner, kind, PROTECTED))
    store.refuse(opened, UnreadFile("/a/5", "", "pdf", "It is damaged."))
    assert protected.groups(opened) == [
        Group("/a", "archive", 2),
        Group("/a", "pdf", 2),
        Group("/a", "xlsx", 1),
    ]

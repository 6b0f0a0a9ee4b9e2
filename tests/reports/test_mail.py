"""E-mail in the shapes that mail programs give it."""

from email.message import EmailMessage

import pytest

from medtui.reports.document import Document
from tests.reports.conftest import Read, one

LONG = "FINDINGS: The liver is normal in size and texture. IMPRESSION: No focal lesion."


def _mixed(*parts: tuple[str, str]) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "Report"
    message.make_mixed()
    for text, subtype in parts:
        part = EmailMessage()
        part.set_content(text, subtype=subtype)
        message.attach(part)
    return message


def test_a_footer_in_plain_text_does_not_replace_the_report_in_html(read: Read) -> None:
    document = one(
        read(_mixed((f"<p>{LONG}</p>", "html"), ("This mail is confidential to its reader.", "plain")).as_bytes())
    )
    assert document.text.startswith("FINDINGS: The liver is normal")
    assert "confidential to its reader" in document.text


@pytest.mark.parametrize(("plain", "kept"), [(LONG, LONG), ("Please use a program that shows HTML.", LONG)])
def test_of_alternatives_the_plain_one_stays_unless_it_says_little(read: Read, plain: str, kept: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "Report"
    message.set_content(plain)
    message.add_alternative(f"<p>{LONG}</p><p>Second paragraph of the same.</p>", subtype="html")
    text = one(read(message.as_bytes())).text
    assert kept.split(". IMPRESSION")[0] in text
    assert text.count("FINDINGS") == 1
    assert ("Second paragraph" in text) == (plain != LONG)


def test_a_saved_page_is_its_text_and_not_how_it_looks(read: Read) -> None:
    lines = (
        "From: <Saved by a browser>", "Subject: Discharge summary", "MIME-Version: 1.0",
        'Content-Type: multipart/related; type="text/html"; boundary="--B1"', "", "----B1", "Content-Type: text/html",
        "Content-Transfer-Encoding: quoted-printable", "", "<p>FINDINGS: Liver normal=2C no mass.</p>", "----B1",
        "Content-Type: text/css", "", "p { color: red }", "----B1--", "",
    )  # fmt: skip
    document = one(read("\r\n".join(lines).encode()))
    assert (document.text, document.title) == ("FINDINGS: Liver normal, no mass.", "Discharge summary")


def test_a_table_within_the_message_is_read_as_one(read: Read) -> None:
    rows = (
        "MRN,Report\n00482913,FINDINGS: Liver normal in size and texture.\n00482914,FINDINGS: Spleen normal in size.\n"
    )
    documents = read(_mixed(("See below.", "plain"), (rows, "csv")).as_bytes())
    assert [item.format for item in documents if isinstance(item, Document)] == ["eml", "csv", "csv"]

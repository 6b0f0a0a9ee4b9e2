"""OpenDocument texts."""

import io
import zipfile

from medtui.phi import Category
from medtui.reports.document import KnownIdentifier
from tests.reports.conftest import Read, one, refused

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "drawing", "meta")
)
_KIND = "application/vnd.oasis.opendocument.text"
STYLES = (
    f"<office:document-styles {_SPACES}><office:master-styles><style:master-page><style:header>"
    "<text:p>Patient Name: Margaret Holloway</text:p></style:header><style:header-first>"
    "<text:p>Patient Name: Margaret Holloway</text:p></style:header-first>"
    "<style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer>"
    "</style:master-page></office:master-styles></office:document-styles>"
)
BODY = (
    "<text:tracked-changes><text:changed-region><text:deletion><text:p>Mass seen.</text:p></text:deletion>"
    "</text:changed-region></text:tracked-changes>"
    "<text:h>FINDINGS:</text:h>"
    '<text:p>Heart\n   <text:span>normal</text:span>,<text:s text:c="2"/>lungs<text:tab/>clear.'
    "<text:line-break/>No mass.<office:annotation><text:p>Ask again.</text:p></office:annotation></text:p>"
    "<text:list><text:list-item><text:p>First</text:p></text:list-item></text:list>"
    "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Test</text:p></table:table-cell>"
    "<table:table-cell><text:p>Value</text:p></table:table-cell></table:table-row></table:table-header-rows>"
    "<table:table-row><table:table-cell><text:p>Sodium</text:p><text:p>serum</text:p></table:table-cell>"
    "<table:table-cell><text:p>139</text:p></table:table-cell></table:table-row></table:table>"
    "<text:p>Seen<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>By phone.</text:p>"
    "</text:note-body></text:note> today.</text:p>"
)


def package(body: str, **others: str) -> bytes:
    """Write a text; further parts of the package by their names, `styles_xml` for `styles.xml`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", _KIND, zipfile.ZIP_STORED)
        content = f"<office:document-content {_SPACES}><office:body><office:text>{body}</office:text></office:body>"
        file.writestr("content.xml", f"{content}</office:document-content>")
        for name, text in others.items():
            file.writestr(name.replace("_xml", ".xml"), text)
    return buffer.getvalue()


def test_everything_on_the_page_in_order(read: Read) -> None:
    document = one(read(package(BODY, styles_xml=STYLES)))
    assert document.format == "odt"
    assert document.text == (
        "Patient Name: Margaret Holloway\nFINDINGS:\nHeart normal,  lungs\tclear.\nNo mass.\nFirst\nTest | Value\n"
        "Sodium / serum | 139\nSeen today.\nBy phone.\nPage 1"
    )
    assert KnownIdentifier(Category.NAME, "Margaret Holloway") in document.known_identifiers


def test_protected_and_damaged_ones_are_named(read: Read) -> None:
    manifest = "<manifest><encryption-data/></manifest>"
    assert "protected by a password" in refused(read(package(BODY, **{"META-INF/manifest.xml": manifest}))).reason
    assert "entities" in refused(read(package("<text:p/>", styles_xml='<!DOCTYPE a [<!ENTITY b "c">]><a/>'))).reason
    whole = package(BODY)
    assert "damaged" in refused(read(whole[: len(whole) // 2])).reason

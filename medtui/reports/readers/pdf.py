"""PDF with text, by PDFium."""

import ctypes
import re
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from medtui.reports import labels
from medtui.reports.document import PARTLY, PROTECTED
from medtui.reports.draft import Attachment, Draft, Found, Skipped, Source, Unreadable
from medtui.reports.identity import Identity
from medtui.reports.readers import scan
from medtui.reports.standard import PAGE_BREAK

# More pages than any single report has; keeps a crafted page tree from running for hours.
_MOST_PAGES = 2000
_MOST_FIELDS, _LONGEST_FIELD = 10_000, 1_000_000
# Annotations that are read like the page itself: form fields, text typed onto it, stamps.
_FILLED_IN = frozenset((pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_STAMP))
# PDFium marks a hyphen at a line's end with U+0002 or U+FFFE; standardising decides whether it stays.
_HYPHEN = re.compile("[\x02\ufffe]\r?\n?")
# A page with fewer letters than sixteen shows pictures, not text.
_ENOUGH = re.compile(r"(?:[^\W_][\W_]*){16}")


def read(source: Source) -> Iterator[Found]:
    """Read a PDF as one report; pages without text are read as scans where that is possible.

    Raises:
        Unreadable: protected, damaged, or nothing but pictures and no text recognition here.
    """
    document = _open(source)
    if document.get_formtype():
        document.init_forms()
    draft = Draft("pdf", printed=True)
    pages: list[str] = []
    lost = 0
    try:
        for number in range(min(len(document), _MOST_PAGES)):
            source.alive()
            try:
                text, recognised = _page(document, number, draft.identity)
            except (pdfium.PdfiumError, scan.NoRecognition, Unreadable):
                lost += 1
                continue
            pages.append(text)
            if recognised and not draft.warnings:
                draft.warnings.append(scan.RECOGNISED)
        _check(document, pages, lost, draft)
        draft.text = PAGE_BREAK.join(page for page in pages if page.strip())
        yield draft
        yield from _attachments(document)
    finally:
        document.close()


def _open(source: Source) -> pdfium.PdfDocument:
    error: pdfium.PdfiumError | None = None
    for password in (None, *source.passwords):
        try:
            return pdfium.PdfDocument(source.data, password=password)
        except pdfium.PdfiumError as failure:
            error = failure
            if failure.err_code != pdfium_c.FPDF_ERR_PASSWORD:
                break
    if error is not None and error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
        raise Unreadable(PROTECTED)
    if error is not None and error.err_code == pdfium_c.FPDF_ERR_SECURITY:
        raise Unreadable("Its protection is of an unknown kind; save it without protection.")
    raise Unreadable("The PDF is damaged; export it again.")


def _page(document: pdfium.PdfDocument, number: int, identity: Identity) -> tuple[str, bool]:
    page = document[number]
    if _is_filled_in(document, page, identity):
        # What was typed into fields and onto the page becomes part of it; that shows when the page is loaded again.
        page.flatten()
        page.close()
        page = document[number]
    try:
        textpage = page.get_textpage()
        try:
            text = _HYPHEN.sub("-\n", textpage.get_text_bounded())
        finally:
            textpage.close()
        if _ENOUGH.search(text) or not _has_shapes(page):
            return text, False
        recognised = scan.recognise_page(page)
        return (recognised, True) if len(recognised) > len(text) else (text, False)
    finally:
        page.close()


def _is_filled_in(document: pdfium.PdfDocument, page: pdfium.PdfPage, identity: Identity) -> bool:
    """Tell whether something was typed into a page's fields or onto it; fields' names say what their values are."""
    found = False
    for number in range(min(_MOST_FIELDS, pdfium_c.FPDFPage_GetAnnotCount(page))):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, number)
        kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
        found = found or kind in _FILLED_IN
        if kind == pdfium_c.FPDF_ANNOT_WIDGET and document.formenv is not None:
            form = document.formenv.raw
            name = _said(pdfium_c.FPDFAnnot_GetFormFieldName, form, annotation)
            value = _said(pdfium_c.FPDFAnnot_GetFormFieldValue, form, annotation)
            labels.add(identity, name, value, labels.writes_day_first(value))
        pdfium_c.FPDFPage_CloseAnnot(annotation)
    return found


def _said(get: Callable[..., int], form: Any, annotation: Any) -> str:
    """Give what PDFium writes into a buffer about a form's field: UTF-16 with a null behind it."""
    size = min(get(form, annotation, None, 0), _LONGEST_FIELD)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    get(form, annotation, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").partition("\0")[0]


def _has_shapes(page: pdfium.PdfPage) -> bool:
    """Tell whether a page shows anything else than text: pictures, or letters drawn as outlines."""
    kinds = (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING)
    return next(iter(page.get_objects(filter=kinds, max_depth=4)), None) is not None


def _check(document: pdfium.PdfDocument, pages: list[str], lost: int, draft: Draft) -> None:
    if not any(page.strip() for page in pages):
        if lost and not scan.available():
            raise Unreadable(scan.ADVICE)
        raise Unreadable("The PDF holds no text; if it shows text, print it to a new PDF and import that.")
    if lost:
        draft.status = PARTLY
        draft.warnings.append(f"{lost} of its pages could not be read (pictures without text, or damaged).")
    if len(document) > _MOST_PAGES:
        draft.status = PARTLY
        draft.warnings.append(f"Only the first {_MOST_PAGES} of its {len(document)} pages were read.")


def _attachments(document: pdfium.PdfDocument) -> Iterator[Found]:
    for number in range(document.count_attachments()):
        attachment = document.get_attachment(number)
        inner = f"attachment {number + 1}: {attachment.get_name()}"
        try:
            yield Attachment(inner, bytes(attachment.get_data()))
        except pdfium.PdfiumError:
            yield Skipped(inner, "The embedded file is damaged; export it on its own.")

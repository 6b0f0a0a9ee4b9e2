"""What anybody would write to get the text out with a format's library.

`python -m tests.benchmarks.reports_bare FORMAT FOLDER`: one file after the other, in one process, the text kept; no
limits, no identifiers, no sections beyond what the format gives, and the first file that the library stumbles over ends
it.
"""

import base64
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def pdf(path: Path) -> str:
    """Read a PDF with pypdfium2: the text of each page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


def docx(path: Path) -> str:
    """Read a Word file with python-docx: paragraphs and tables in order."""
    import docx as library

    lines: list[str] = []
    for block in library.Document(str(path)).iter_inner_content():
        if hasattr(block, "rows"):
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def hl7v2(path: Path) -> str:
    """Read an HL7 file with hl7: the texts of the observations and notes."""
    import hl7

    lines: list[str] = []
    message = hl7.parse(path.read_text().replace("\r\n", "\r").replace("\n", "\r"))
    for segment in message:
        name = str(segment[0])
        if name == "OBX":
            lines.append(f"{segment[3]}: {segment[5]}")
        elif name == "NTE" and len(segment) > 3:
            lines.append(str(segment[3]))
    return "\n".join(lines)


def fhir(path: Path) -> str:
    """Read a FHIR bundle with json: each report's results, conclusion, narrative and attached text."""
    bundle = json.loads(path.read_text())
    resources = [entry["resource"] for entry in bundle.get("entry", [])] or [bundle]
    by_reference: dict[str, Any] = {}
    for entry, resource in zip(bundle.get("entry", []), resources, strict=False):
        by_reference[entry.get("fullUrl", "")] = resource
        by_reference[f"{resource['resourceType']}/{resource.get('id')}"] = resource
    lines: list[str] = []
    for resource in resources:
        if resource["resourceType"] == "DiagnosticReport":
            lines.append(resource.get("code", {}).get("text", ""))
            for reference in resource.get("result", []):
                result = by_reference.get(reference["reference"], {})
                value = result.get("valueQuantity", {})
                lines.append(f"{result.get('code', {}).get('text')}: {value.get('value')} {value.get('unit')}")
            lines.append(resource.get("conclusion", ""))
            lines.append(re.sub("<[^>]+>", " ", resource.get("text", {}).get("div", "")))
            lines += [base64.b64decode(form.get("data", "")).decode() for form in resource.get("presentedForm", [])]
    return "\n".join(lines)


def ccda(path: Path) -> str:
    """Read a C-CDA document with lxml: the title and the text of each section."""
    from lxml import etree

    lines: list[str] = []
    for section in etree.fromstring(path.read_bytes()).iter("{urn:hl7-org:v3}section"):
        for name in ("title", "text"):
            part = section.find(f"{{urn:hl7-org:v3}}{name}")
            lines.append("".join(part.itertext()) if part is not None else "")
    return "\n".join(lines)


READERS: dict[str, Callable[[Path], str]] = {"pdf": pdf, "docx": docx, "hl7v2": hl7v2, "fhir": fhir, "ccda": ccda}


def main() -> None:
    """Read every file of a folder and say how many characters came out."""
    read = READERS[sys.argv[1]]
    texts = [read(path) for path in sorted(Path(sys.argv[2]).iterdir())]
    print(len(texts), sum(len(text) for text in texts))  # noqa: T201


if __name__ == "__main__":
    main()

"""An import against the bare libraries on the same files: `python -m tests.benchmarks.reports_import [--files 300]`.

For each format: seconds that the library alone needs to read the files in one process (open, take the text out), and
seconds of our import into a vault, sandbox, hashing, sections and identifiers included. Then the parent's peak memory
for many mixed documents. Prints JSON.
"""

import argparse
import io
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from medtui.reports import importing
from medtui.workspace import Workspace
from tests.reports import samples

# Reports of two to three pages, as long as real letters.
PARAGRAPH = "The patient was seen in the clinic and examined; there was no sign of decompensation at rest. " * 4
LONG = samples.TEXT + "\n".join(f"Paragraph {number}. {PARAGRAPH}" for number in range(12))


def _wrapped(text: str) -> list[str]:
    lines = [line[start : start + 90] for line in text.split("\n") for start in range(0, max(1, len(line)), 90)]
    return ["\n".join(lines[start : start + 50]) for start in range(0, len(lines), 50)]


def _pdf(data: bytes) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for page in document:
        page.get_textpage().get_text_bounded()
    document.close()


def _word(data: bytes) -> None:
    import docx

    document = docx.Document(io.BytesIO(data))
    for block in document.iter_inner_content():
        _ = block.text if hasattr(block, "text") else [[cell.text for cell in row.cells] for row in block.rows]


def _hl7(data: bytes) -> None:
    import hl7

    message = hl7.parse(data.decode().replace("\r\n", "\r").replace("\n", "\r"))
    for segment in message.segments("OBX"):
        _ = str(segment[5])


def _fhir(data: bytes) -> None:
    json.loads(data)


def _ccda(data: bytes) -> None:
    from lxml import etree

    root = etree.fromstring(data)
    for text in root.iter("{urn:hl7-org:v3}text"):
        _ = "".join(text.itertext())


def _hl7_message(number: int) -> bytes:
    lines = "\r".join(f"OBX|{line}|TX|X^Text^L||{PARAGRAPH.replace('.', '')} {number}||||||F" for line in range(20))
    return f"{samples.HL7}\r{lines}".replace("00482913", f"{number:08}").encode()


def _ccda_document(number: int) -> bytes:
    section = (
        "<component><section><title>Part</title><text>"
        + f"<paragraph>{PARAGRAPH}</paragraph>" * 8
        + "</text></section></component>"
    )
    body = samples.CCDA.replace("</structuredBody>", section * 3 + "</structuredBody>")
    return body.replace("00482913", f"{number:08}").encode()


MAKERS: dict[str, tuple[Callable[[int], bytes], Callable[[bytes], None]]] = {
    "pdf": (lambda number: samples.pdf(*_wrapped(LONG.replace("00482913", f"{number:08}"))), _pdf),
    "docx": (lambda number: samples.word(LONG.replace("00482913", f"{number:08}")), _word),
    "hl7v2": (_hl7_message, _hl7),
    "fhir": (lambda number: samples.bundle(conclusion=LONG + str(number)), _fhir),
    "ccda": (_ccda_document, _ccda),
}


def _has_text(data: bytes) -> bool:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    return not document.count_attachments() and all(
        len(page.get_textpage().get_text_bounded()) > 30 for page in document
    )


def real(folder: Path, name: str, count: int) -> list[bytes]:
    """Give real samples of a format, repeated; each copy differs by trailing white space, so that none is known."""
    places = {
        "pdf": ("pdf_pypdf_samples/**/*.pdf", _pdf),
        "docx": ("docx_python_docx/*.docx", _word),
        "hl7v2": ("hl7v2_fhirconverter/**/O*.hl7", _hl7),
        "fhir": ("fhir_synthea_r4/**/*.json", _fhir),
        "ccda": ("ccda_hl7/Documents/**/*.xml", _ccda),
    }
    pattern, bare = places[name]
    good: list[bytes] = []
    for path in sorted(folder.glob(pattern)):
        data = path.read_bytes().lstrip(b"\xef\xbb\xbf")
        try:
            bare(data)
        except Exception as error:
            print(f"left out of {name}: {path.name} ({type(error).__name__})", file=sys.stderr)  # noqa: T201
        else:
            # Scans and attached pictures are left out: the library reads none.
            if name != "pdf" or _has_text(data):
                good.append(data)
    ending = b"\n" if name in ("pdf", "ccda", "fhir", "hl7v2") else b""
    return [good[number % len(good)] + ending * (number // len(good)) for number in range(count)]


def _once(files: list[Path], bare: Callable[[bytes], None], scratch: Path) -> tuple[float, float]:
    started = time.perf_counter()
    for path in files:
        bare(path.read_bytes())
    alone = time.perf_counter() - started
    workspace = Workspace.create(scratch, "benchmark")
    started = time.perf_counter()
    importing.import_paths(workspace, [files[0].parent])
    return alone, time.perf_counter() - started


def compare(count: int, rounds: int, scratch: Path, samples_folder: Path | None) -> dict[str, dict[str, float]]:
    """Give each format's seconds and their ratio (median of the rounds)."""
    result: dict[str, dict[str, float]] = {}
    for name, (make, bare) in MAKERS.items():
        folder = scratch / name
        folder.mkdir()
        files = [folder / f"{number:05}" for number in range(count)]
        contents = real(samples_folder, name, count) if samples_folder else [make(number) for number in range(count)]
        for path, data in zip(files, contents, strict=True):
            path.write_bytes(data)
        bare(files[0].read_bytes())
        pairs = [_once(files, bare, scratch / f"{name} practice {turn}") for turn in range(rounds)]
        result[name] = {
            "library": round(statistics.median(pair[0] for pair in pairs), 3),
            "import": round(statistics.median(pair[1] for pair in pairs), 3),
            "ratio": round(statistics.median(pair[1] / pair[0] for pair in pairs), 2),
        }
    return result


def memory(count: int, scratch: Path) -> dict[str, float]:
    """Give the parent's growth in memory while it imports many mixed documents, and how long it took."""
    folder = scratch / "mixed"
    kinds = list(MAKERS.values())
    template = [make(99_999_999) for make, _ in kinds if make is not MAKERS["pdf"][0]]
    folder.mkdir()
    for number in range(count):
        data = template[number % len(template)].replace(b"99999999", b"%08d" % number)
        (folder / f"{number:06}").write_bytes(data + b" " * (number % 7))
    workspace = Workspace.create(scratch / "mixed practice", "benchmark")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    summary = importing.import_paths(workspace, [folder])
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "files": count,
        "documents": summary.added,
        "seconds": round(seconds, 1),
        "peak_mib": round(peak / 1024, 1),
        "growth_mib": round((peak - before) / 1024, 1),
    }


def main() -> None:
    """Run both and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--mixed", type=int, default=10_000)
    parser.add_argument("--samples", type=Path, help="a folder of real files by format, instead of made ones")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures: dict[str, object] = {}
        if options.mixed:
            figures["memory"] = memory(options.mixed, Path(folder))
        figures["formats"] = compare(options.files, options.rounds, Path(folder), options.samples)
    print(json.dumps(figures, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()

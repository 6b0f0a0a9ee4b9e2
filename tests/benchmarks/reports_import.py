"""An import against the bare libraries on the same files, and its memory: `python -m tests.benchmarks.reports_import`.

For each format the same files are read twice, each time by a process of its own: by a plain loop with the format's
library (`reports_bare.py`: what anybody would write) and by `medtui reports import` into a vault, with its sandbox,
identifiers, sections and standardising. Wall time says how long one waits, and suffers when the machine has other work;
processor time does not: with two free cores an import that takes 2.6 times as much of it as the library is 1.3 times as
slow. Then the memory of parent and readers while `--files` mixed files are imported. Prints JSON.
"""

import argparse
import compileall
import io
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import medtui
from medtui.reports import importing
from medtui.workspace import Workspace
from tests.benchmarks import reports_bare
from tests.reports import samples

# Reports of two to three pages, as long as real letters.
PARAGRAPH = "The patient was seen in the clinic and examined; there was no sign of decompensation at rest. " * 4
LONG = samples.TEXT + "\n".join(f"Paragraph {number}. {PARAGRAPH}" for number in range(12))
_READINGS = 20


def _wrapped(text: str) -> list[str]:
    lines = [line[start : start + 90] for line in text.split("\n") for start in range(0, max(1, len(line)), 90)]
    return ["\n".join(lines[start : start + 50]) for start in range(0, len(lines), 50)]


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


MAKERS: dict[str, Callable[[int], bytes]] = {
    "pdf": lambda number: samples.pdf(*_wrapped(LONG.replace("00482913", f"{number:08}"))),
    "docx": lambda number: samples.word(LONG.replace("00482913", f"{number:08}")),
    "hl7v2": _hl7_message,
    "fhir": lambda number: samples.bundle(conclusion=LONG + str(number)),
    "ccda": _ccda_document,
}
_REAL = {
    "pdf": "pdf_pypdf_samples/**/*.pdf",
    "docx": "docx_python_docx/*.docx",
    "hl7v2": "hl7v2_fhirconverter/**/O*.hl7",
    "fhir": "fhir_synthea_r4/**/*.json",
    "ccda": "ccda_hl7/Documents/**/*.xml",
}


def _has_text(path: Path) -> bool:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return not document.count_attachments() and all(
        len(page.get_textpage().get_text_bounded()) > 30 for page in document
    )


def copy(name: str, data: bytes, number: int) -> bytes:
    """Give a copy of a file that no other equals: another patient, title or value where the format is text."""
    mark = str(number).encode()
    if name == "fhir":
        return data.replace(b'"value": "', b'"value": "' + mark)
    if name == "ccda":
        return data.replace(b"<title>", b"<title>" + mark + b" ")
    if name == "hl7v2":
        return re.sub(rb"(OBX\|\d*\|(?:TX|ST|FT|NM)\|[^|]*\|[^|]*\|)", rb"\g<1>" + mark + b" ", data)
    if name == "pdf":
        return data + b"\n%" + mark
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package:
        package.comment = mark
    return buffer.getvalue()


def real(folder: Path, name: str, count: int) -> list[bytes]:
    """Give real samples of a format, those that the library reads, and copies of them."""
    good: list[bytes] = []
    for path in sorted(folder.glob(_REAL[name])):
        try:
            reports_bare.READERS[name](path)
        except Exception as error:
            print(f"left out of {name}: {path.name} ({type(error).__name__})", file=sys.stderr)  # noqa: T201
        else:
            # Scans and attached pictures are left out: the library reads none.
            if name != "pdf" or _has_text(path):
                good.append(path.read_bytes())
    return [copy(name, good[number % len(good)], number) for number in range(count)]


def _measured(*arguments: str) -> tuple[float, float]:
    """Run Python on something in a process of its own; give wall and processor seconds, those of children included."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - started
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(name: str, count: int, rounds: int, scratch: Path, samples_folder: Path | None) -> dict[str, float]:
    """Give a format's seconds and their ratios (medians of the rounds)."""
    folder = scratch / name
    folder.mkdir()
    contents = (
        real(samples_folder, name, count) if samples_folder else [MAKERS[name](number) for number in range(count)]
    )
    for number, data in enumerate(contents):
        (folder / f"{number:05}").write_bytes(data)
    pairs = []
    for turn in range(rounds):
        practice = scratch / f"{name} practice {turn}"
        Workspace.create(practice, "benchmark")
        bare = _measured("-m", "tests.benchmarks.reports_bare", name, str(folder))
        command = ("-m", "medtui", "reports", "import", str(folder), "--workspace", str(practice))
        pairs.append((bare, _measured(*command)))
    return {
        "library_seconds": round(statistics.median(bare[0] for bare, _ in pairs), 3),
        "import_seconds": round(statistics.median(ours[0] for _, ours in pairs), 3),
        "ratio": round(statistics.median(ours[0] / bare[0] for bare, ours in pairs), 2),
        "processor_ratio": round(statistics.median(ours[1] / bare[1] for bare, ours in pairs), 2),
    }


def _resident() -> float:
    """Give this process's memory in MiB (/proc/self/statm counts pages)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20), 1)


def memory(count: int, scratch: Path) -> dict[str, object]:
    """Import many mixed files and give the memory of the parent on the way, and the most that any reader took."""
    folder = scratch / "mixed"
    kinds = ("docx", "hl7v2", "fhir", "ccda") if count <= 10_000 else ("hl7v2", "fhir", "ccda")
    template = [MAKERS[kind](99_999_999) for kind in kinds] + [
        samples.TEXT.replace("00482913", "99999999").encode()
    ] * 4
    for number in range(count):
        place = folder / f"{number // 1000:04}"
        place.mkdir(parents=True, exist_ok=True)
        data = template[number % len(template)].replace(b"99999999", b"%08d" % number)
        (place / f"{number:06}").write_bytes(data + b" " * (number % 7))
    workspace = Workspace.create(scratch / "mixed practice", "benchmark")
    readings: list[float] = []

    def progress(done: int, total: int, message: str) -> None:
        if done * _READINGS >= len(readings) * max(1, total):
            readings.append(_resident())
            seconds = time.perf_counter() - started
            line = f"{done:,} of {total:,} files, {seconds:.0f} s, parent {readings[-1]} MiB"
            print(line, file=sys.stderr, flush=True)  # noqa: T201

    started = time.perf_counter()
    summary = importing.import_paths(workspace, [folder], progress)
    seconds = time.perf_counter() - started
    return {
        "files": count,
        "documents": summary.added + summary.already_known,
        "refused": summary.refused,
        "seconds": round(seconds, 1),
        "files_per_second": round(count / seconds, 1),
        "parent_mib_on_the_way": readings,
        "vault_mib": round(workspace.vault_path.stat().st_size / (1 << 20), 1),
        "parent_peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "largest_reader_mib": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1),
        "readers": min(8, len(os.sched_getaffinity(0))),
    }


def main() -> None:
    """Run both and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000, help="mixed files for the memory; 0 leaves it out")
    parser.add_argument("--compare", type=int, default=300, help="files of each format to compare; 0 leaves it out")
    parser.add_argument("--formats", nargs="*", default=list(MAKERS), choices=list(MAKERS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--samples", type=Path, help="a folder of real files by format, instead of made ones")
    options = parser.parse_args()
    # As it is once installed, or started before: some environments forbid Python to keep what it has compiled.
    compileall.compile_dir(Path(medtui.__file__).parent, quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        figures: dict[str, object] = {}
        if options.files:
            figures["memory"] = memory(options.files, Path(folder))
        for name in options.formats if options.compare else ():
            figures[name] = compare(name, options.compare, options.rounds, Path(folder), options.samples)
    print(json.dumps(figures, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()

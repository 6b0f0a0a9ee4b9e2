"""Decides which report goes into which file and writes all files and the gold."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

from medtui.demo.practice import gold
from medtui.demo.practice.assembling import REPORTS, reports
from medtui.demo.practice.gold import Written
from medtui.demo.practice.report import Report
from medtui.demo.practice.writers import ccda, csv, docx, fhir, hl7, pdf, text

# The export software of each institution, in turns.
_FORMATS = {
    "lakeshore": ("hl7v2", "ccda", "pdf"),
    "prairie": ("text", "docx"),
    "thistle": ("hl7v2", "pdf", "csv"),
    "tamsin": ("ccda", "fhir", "text"),
    "orrin": ("hl7v2", "csv", "pdf", "ccda"),
    "harlow": ("fhir", "docx", "text"),
    "sahyadri": ("pdf", "docx", "fhir"),
    "kaveri": ("csv", "hl7v2", "pdf", "fhir"),
    "aravalli": ("text", "docx", "csv"),
    "periyar": ("fhir", "hl7v2", "text"),
    "ganga": ("pdf", "text"),
    "brahma": ("docx", "text", "pdf"),
}
_SUFFIX = {"text": "txt", "pdf": "pdf", "docx": "docx", "hl7v2": "hl7", "fhir": "json", "ccda": "xml", "csv": "csv"}
_XML = ("docx", "ccda")
_BATCH = 5
# How many reports of each format attack the terminal.
_HOSTILE = {"text": 3, "hl7v2": 2, "csv": 1, "fhir": 1, "docx": 1, "ccda": 1}


def _grouped(seed: int) -> dict[tuple[str, str], list[Report]]:
    """Return all reports by institution and format, in order."""
    planned = reports(seed, {})
    formats = {report.number: _format(report) for report in planned}
    chosen: dict[int, bool] = {}
    random = Random(f"{seed}/hostile")
    for name, count in _HOSTILE.items():
        numbers = [number for number, form in formats.items() if form == name and not planned[number - 1].rows]
        chosen |= {number: name in _XML for number in random.sample(numbers, count)}
    groups: dict[tuple[str, str], list[Report]] = {}
    for report in reports(seed, chosen):
        groups.setdefault((report.author.institution.key, formats[report.number]), []).append(report)
    return groups


def _format(report: Report) -> str:
    forms = _FORMATS[report.author.institution.key]
    return forms[Random(f"format/{report.number}").randrange(len(forms))]


def _files(seed: int) -> Iterator[tuple[str, bytes, list[Written]]]:
    """Yield each file's path, bytes and reports."""
    for (key, form), group in sorted(_grouped(seed).items()):
        folder = f"reports/{key}"
        if form == "csv":
            yield _csv_file(f"{folder}/export.csv", group, len(key))
        elif form == "hl7v2":
            yield from _hl7_files(folder, group)
        else:
            for report in group:
                name = f"{folder}/{report.code.lower()}_{report.number:05d}.{_SUFFIX[form]}"
                if report.hostile and form == "text":
                    name = f"{folder}/letter [@click=app.quit] {report.number:05d}.txt"
                data, marked, pairs = _single(form, report, Random(f"{seed}/{form}/{report.number}"))
                yield name, data, [Written(report, name, "", form, marked, pairs)]


def _single(form: str, report: Report, random: Random) -> tuple[bytes, str, tuple[tuple[str, str], ...]]:
    if form in ("fhir", "ccda"):
        return fhir.write(report) if form == "fhir" else ccda.write(report)
    if form == "text":
        return (*text.write(report), ())
    return (*(pdf.write(report, random) if form == "pdf" else docx.write(report, random)), ())


def _csv_file(name: str, group: list[Report], number: int) -> tuple[str, bytes, list[Written]]:
    data, rows = csv.file(group, number)
    pairs = zip(group, rows, strict=True)
    return (
        name,
        data,
        [
            Written(report, name, f"row {place}", "csv", marked, fields)
            for place, (report, (marked, fields)) in enumerate(pairs, start=1)
        ],
    )


def _hl7_files(folder: str, group: list[Report]) -> Iterator[tuple[str, bytes, list[Written]]]:
    """The first ten messages of an institution come in batches of five, the others one a file."""
    chunks = [group[place : place + _BATCH] for place in range(0, 2 * _BATCH, _BATCH)] + [
        [report] for report in group[2 * _BATCH :]
    ]
    for chunk in filter(None, chunks):
        several = len(chunk) > 1
        name = f"{folder}/{'batch' if several else 'oru'}_{chunk[0].number:05d}.hl7"
        messages, written = [], []
        for place, report in enumerate(chunk, start=1):
            segments, marked, pairs = hl7.message(report)
            messages.append(segments)
            written.append(Written(report, name, f"message {place}" if several else "", "hl7v2", marked, pairs))
        yield name, hl7.file(messages, chunk[0].number), written


def _unreadable(seed: int, readable: dict[str, bytes]) -> Iterator[tuple[str, bytes, str]]:
    """Yield files that no reader can read: path, bytes, why."""
    random = Random(f"{seed}/unreadable")
    sample = next(data for name, data in sorted(readable.items()) if name.endswith(".pdf"))
    yield "reports/lakeshore/scan_truncated.pdf", sample[:180], "the PDF ends before its first page"
    yield "reports/brahma/empty.txt", b"", "the file is empty"
    # The signature of an encrypted office file, then noise.
    blob = bytes.fromhex("d0cf11e0a1b11ae1") + random.randbytes(6000)
    yield "reports/sahyadri/protected.docx", blob, "the document is encrypted"
    bundle = next(data for name, data in sorted(readable.items()) if name.endswith(".json"))
    yield "reports/tamsin/bundle_truncated.json", bundle[: len(bundle) // 2], "the JSON ends in the middle"


_README = """# Demo practice

Everything here is invented. No patient, clinician or institution in these files exists; every name, number,
address, finding and result was composed by a program from word lists and chance. Social security numbers come
from areas given to nobody born before 2011, United States telephone numbers from 555-01xx, Aadhaar numbers from
the issuer's test prefix 9999, e-mail and web addresses from names reserved for examples; other numbers are random
and only have a valid form.

- Made by `python -m medtui.demo.practice --seed {seed} --out assets/demo_practice`
  (needs the extra `demo-build`; the same seed gives the same bytes).
- `reports/`: {reports} reports of {patients} patients in {files} files, as the software of twelve institutions in
  the United States and India might export them: {formats}.
- `gold.jsonl`: one line a report, not for import. `text` is the text that a correct reader obtains and `spans` the
  exact place (start, end, category) of every identifier in it; `identifiers` lists each value, also those that
  stand only in structured fields, so that recall can be measured when a reader's white space differs.
  `answer_section` is the part that a model learns to write.
- What counts as an identifier: Safe Harbor, 45 CFR 164.514(b)(2)(i), and India's identity numbers. Years alone,
  states, ages up to 89 and titles such as "Dr." are not marked.
- {hostile} reports attack the terminal that shows them (escape sequences, markup, bidirectional overrides), and
  {refused} files cannot be read at all; `gold.jsonl` names both (`hostile`, `status`).
- The answers are in this practice's house form: `(1) ...` lines and a last line `Advice: ...`.
"""


def export(seed: int, folder: Path) -> dict[str, int]:
    """Write the whole demo practice into `folder`, which must be new or empty.

    Returns:
        Counts of reports, patients, files, and refused files.
    """
    contents: dict[str, bytes] = {}
    lines: list[dict[str, object]] = []
    counts: dict[str, int] = {}
    for name, data, written in _files(seed):
        contents[name] = data
        lines += [gold.line(one) for one in written]
        counts[written[0].format] = counts.get(written[0].format, 0) + len(written)
    lines.sort(key=lambda line: str(line["id"]))
    hostile = sum(bool(line["hostile"]) for line in lines)
    patients = len({line["patient"] for line in lines})
    broken = list(_unreadable(seed, contents))
    for name, data, why in broken:
        contents[name] = data
        lines.append(gold.refused(name, why))
    text_form = ", ".join(f"{count} {form}" for form, count in sorted(counts.items()))
    readme = _README.format(
        seed=seed,
        reports=REPORTS,
        patients=patients,
        files=len(contents),
        formats=text_form,
        hostile=hostile,
        refused=len(broken),
    )
    contents["README.md"] = readme.encode()
    contents["gold.jsonl"] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
    for name, data in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return {"reports": REPORTS, "patients": patients, "files": len(contents) - 2, "refused": len(broken)}

"""Our detector and stock Presidio in one run, as JSON.

Run `python -m tests.benchmarks.deid_side_by_side [NAME=GOLD.jsonl ...]`.

Gold lines are `{"id", "text", "spans": [[start, end, label]]}`. Both run through Presidio's engine without a model;
stock Presidio has its recognizers for India switched on. The two take turns, text by text, on the second pass over all
texts; what is counted is the processor time of this one process. Without arguments the demo practice's gold is used.

Beside the figures of each set stand what the project asks for ("must") and the licence and source of the sets it knows.
Names are counted without titles and single initials too ("core words").
"""

import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import psutil

from medtui import assets
from medtui.deid.detector import detect
from medtui.deid.recognizers import Analyzer
from medtui.deid.score import Score, wilson_lower
from medtui.deid.spans import THRESHOLD
from tests.deid.test_streets import LOCALES, SENTENCES, addresses

_INDIA = ("Aadhaar", "Pan", "Passport", "VehicleRegistration", "Voter", "Gstin")
_LICENCES = {
    "asq_phi": "ASQ-PHI, MIT, doi:10.1016/j.dib.2026.112586",
    "openmed_golden": "OpenMed golden fixtures, Apache-2.0",
    "made_addresses": "made with Faker, MIT",
    "demo_practice": "made for this project, Apache-2.0",
}
_MUST = {
    "certain identifiers full": 0.995, "dates full": 0.99, "ages over 89 full": 1.0, "name core words": 0.98,
    "places full": 0.92, "addresses full": 0.85, "character recall": 0.985, "character precision": 0.95,
    "negatives touched": 0.12,
    "rate over stock": 5.0, "time of 2n over n": 2.2, "seconds for 320 KB": 2.0, "unique MiB": 250,
}  # fmt: skip
_KINDS = (
    ("dates full", r"DATE"),
    ("ages over 89 full", r"AGE"),
    ("addresses full", r"(?i).*address(?<!EMAIL_ADDRESS)(?<!IP_ADDRESS)"),
    ("places full", r".*LOCATION|ZIPCODE|pin_code"),
    (
        "certain identifiers full",
        r"(?i).*(?:record_number|beneficiary|phone|fax|social_security|ssn|email|aadhaar|abha|voter|vehicle|mrn).*"
        r"|(?i:health_plan|account|url|ip|ip_address|pan|upi|upi_id)",
    ),
)
_NAMES = {"NAME", "PERSON", "person_name"}
_TITLE = re.compile(
    r"(?:Dr|Mr|Mrs|Ms|Miss|Mx|Prof|Professor|Doctor|Nurse|Sir|Sr|Jr|Sister|Shri|Smt|Sri|MD|RN|NP|PA)\Z", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_HIGHEST_AGE = 89
_LARGE = 320_000
Ranges = list[tuple[int, int]]
Find = Callable[[str], Ranges]


def stock() -> Find:
    """Give stock Presidio as a function; imported late, because by itself it loads PyTorch."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers
    from presidio_analyzer.nlp_engine import NoOpNlpEngine

    nlp = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "no_op"}])
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    for name in _INDIA:
        registry.add_recognizer(getattr(predefined_recognizers, f"In{name}Recognizer")())
    engine = AnalyzerEngine(registry=registry, nlp_engine=nlp)
    return lambda text: [(found.start, found.end) for found in engine.analyze(text, "en")]


def ours() -> Find:
    """Give our detector, through Presidio's engine, as a function."""
    find = Analyzer().find
    return lambda text: [(span.start, span.end) for span in find(text) if span.score >= THRESHOLD]


def core_words(text: str, spans: Iterable[Sequence[Any]], found: Ranges) -> tuple[int, int]:
    """Count the words of names without titles and single letters, and those of them that were found whole."""
    covered = bytearray(len(text))
    for start, end in found:
        covered[start:end] = b"\1" * (end - start)
    total = hit = 0
    for start, end, label in spans:
        for match in _WORD.finditer(text, start, end) if label in _NAMES else ():
            word = match.group().removesuffix("'s")
            if len(word) > 1 and not _TITLE.match(word):
                total += 1
                hit += all(covered[match.start() : match.start() + len(word)])
    return hit, total


def figures(score: Score, core: tuple[int, int], seconds: float) -> dict[str, Any]:
    """Give the issue's figures of one system on one set; None where the set holds nothing of a kind."""
    every = score.to_dict(seconds)
    result: dict[str, Any] = {}
    left = dict(score.labels)
    for kind, pattern in _KINDS:
        labels = [label for label in left if re.fullmatch(pattern, label)]
        entries = [left.pop(label) for label in labels]
        total, full = sum(entry.total for entry in entries), sum(entry.full for entry in entries)
        result[kind] = {"of": total, "share": round(full / total, 4), "lower": wilson(full, total)} if total else None
    hit, total = core
    result["name core words"] = (
        {"of": total, "share": round(hit / total, 4), "lower": wilson(hit, total)} if total else None
    )
    negatives = every["negatives"]
    result |= {
        "character recall": every["character_recall"],
        "character precision": every["character_precision"],
        "negatives touched": round(every["negatives_hit"] / negatives, 4) if negatives else None,
        "negatives": negatives,
        "MB/min": every["megabytes_per_minute"],
        "labels": every["labels"],
    }
    return result


def wilson(hits: int, total: int) -> float:
    """Give the lower end of the 95 % interval, rounded."""
    return round(wilson_lower(hits, total), 4)


def _aged(text: str, span: Sequence[Any]) -> Sequence[Any]:
    """Tell ages over 89 from others, which may stay."""
    start, end, label = span
    digits = re.sub(r"\D", "", text[start:end])
    return (start, end, "young age") if label == "AGE" and digits and int(digits) <= _HIGHEST_AGE else span


def _made_addresses() -> list[dict[str, Any]]:
    """Give street addresses that Faker made for 36 countries, in sentences."""
    chance = random.Random(20)
    entries = []
    for locale in LOCALES:
        for address in addresses(locale, chance):
            before, after = chance.choice(SENTENCES).split("{}")
            spans = [[len(before), len(before) + len(address), "STREET_ADDRESS"]]
            entries.append({"id": locale, "text": before + address + after, "spans": spans})
    return entries


def measure(entries: list[dict[str, Any]], systems: dict[str, Find]) -> dict[str, Any]:
    """Measure systems on one set, in turns."""
    for entry in entries:
        entry["spans"] = [_aged(entry["text"], span) for span in entry["spans"]]
        for find in systems.values():
            find(entry["text"])
    scores = {name: Score() for name in systems}
    seconds = dict.fromkeys(systems, 0.0)
    core = {name: [0, 0] for name in systems}
    for entry in entries:
        for name, find in systems.items():
            begun = time.process_time()
            found = find(entry["text"])
            seconds[name] += time.process_time() - begun
            scores[name].add(entry["text"], entry["spans"], found)
            for index, count in enumerate(core_words(entry["text"], entry["spans"], found)):
                core[name][index] += count
    result = {name: figures(scores[name], (core[name][0], core[name][1]), seconds[name]) for name in systems}
    return {"texts": len(entries), **result, "rate over stock": round(seconds["stock"] / seconds["ours"], 2)}


def scaling(texts: list[str]) -> dict[str, float]:
    """Measure one large report, and twice as many reports over as many."""
    large = ("\n".join(texts) * (1 + _LARGE // sum(map(len, texts))))[:_LARGE]
    half = texts[: len(texts) // 2]

    def seconds(batch: list[str]) -> float:
        begun = time.process_time()
        for text in batch:
            detect(text)
        return time.process_time() - begun

    repeats = 1 + 1_000_000 // sum(map(len, half))
    return {
        "seconds for 320 KB": round(seconds([large]), 2),
        "time of 2n over n": round(seconds(half * repeats * 2) / seconds(half * repeats), 2),
    }


def read(argument: str) -> tuple[str, list[dict[str, Any]]]:
    """Read a set given as NAME=FILE or FILE."""
    name, _, file = argument.rpartition("=")
    lines = Path(file).read_text("utf-8").splitlines()
    return name or Path(file).parent.name, [json.loads(line) for line in lines]


def main() -> None:
    """Measure ours first for its memory, then both in turns."""
    sets = dict(map(read, sys.argv[1:] or [f"demo_practice={assets.path('demo_practice', 'gold.jsonl')}"]))
    sets["made_addresses"] = _made_addresses()
    mine = ours()
    texts = [entry["text"] for entries in sets.values() for entry in entries]
    for text in texts:
        mine(text)
    alone = {"unique MiB": round(psutil.Process().memory_full_info().uss / 2**20), **scaling(texts)}
    systems = {"ours": mine, "stock": stock()}
    report: dict[str, Any] = {"must": _MUST, "ours alone": alone}
    for name, entries in sets.items():
        report[name] = {"licence": _LICENCES.get(name, "unknown"), **measure(entries, systems)}
    if len(sets) > 1:
        mixed = [entry for entries in sets.values() for entry in entries]
        report["all sets together"] = {"rate over stock": measure(mixed, systems)["rate over stock"]}
    print(json.dumps(report, indent=1, ensure_ascii=False))  # noqa: T201 - a benchmark prints


if __name__ == "__main__":
    main()

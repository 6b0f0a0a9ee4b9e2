"""Puts patients, authors, facts and mentions together into reports."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from medtui.demo.practice import composing, heads, identifiers, mentions, people
from medtui.demo.practice.institutions import institutions
from medtui.demo.practice.marks import mark
from medtui.demo.practice.people import Clinician, Patient
from medtui.demo.practice.report import Part, Report
from medtui.demo.practice.style import Author, Institution, author, day_text, spelled, written
from medtui.demo.practice.titles import TASKS

REPORTS = 352
PATIENTS = 144
# What each kind of institution writes, with weights.
_WRITES = {
    "hospital": (("imaging", 5), ("stay", 7), ("consultation", 1), ("laboratory", 1)),
    "imaging": (("imaging", 1),),
    "laboratory": (("laboratory", 1),),
    "clinic": (("consultation", 7), ("laboratory", 1)),
}
# Every so many reports one was exported before its answer was written.
_UNFINISHED = 44
# Attacks on whoever shows the text: terminal title, Textual markup and actions, bidirectional override.
ATTACKS = (
    "\x1b]0;pwned\x07 seen on the old label",
    "[@click=app.quit]click here[/] for images",
    "[/] [bold red]urgent[/bold red] [/]",
    "label \u202efdp.tluser\u202c checked \u2066twice\u2069",
    "\x1b[2J\x1b[31mred\x1b[0m \x9b5m",
)


def _content(kind: str, patient: Patient, day_age: int, random: Random) -> composing.Content:
    if kind == "stay":
        return composing.stay(random, patient.sex, day_age)
    makers: dict[str, Callable[[Random, str], composing.Content]] = {
        "imaging": composing.imaging,
        "consultation": composing.consultation,
        "laboratory": composing.laboratory,
    }
    return makers[kind](random, patient.sex)


def _mentioned(
    report: Report, random: Random, colleagues: list[Clinician], places: list[Institution]
) -> tuple[list[str], list[str]]:
    """Return sentences for the first prose section, and sentences for a section of notes."""

    def sentence(kind: str) -> str:
        home = report.author.institution
        other = random.choice([place for place in places if place is not home and place.country == home.country])
        return mentions.mention(kind, report, random, random.choice(colleagues).name.full, other.name)

    opening = []
    if report.patient.age(report.day) > 89 and random.random() < 0.8:
        opening.append(sentence("AGE"))
    if random.random() < 0.35:
        opening.append(sentence(random.choice(("RELATIVE", "TOWN", "DATE", "SHORT_DATE", "HOSPITAL", "SELF"))))
    turns = mentions.rotation(report.patient.country)
    notes = [sentence(turns[report.number % len(turns)])]
    if random.random() < 0.5:
        notes.append(sentence(turns[(report.number + 7) % len(turns)]))
    if random.random() < 0.5:
        notes.append(sentence(random.choice(("DOCTOR", "RELATIVE", "SHORT_DATE", "HOSPITAL", "PHONE", "SELF"))))
    return opening, notes


def _parts(
    report: Report, content: composing.Content, random: Random, opening: list[str], notes: list[str]
) -> list[Part]:
    titles = report.author.titles
    parts: list[Part] = []
    answer_kind = content.sections[-1][0]
    for kind, text, prose in content.sections:
        if not text:
            continue
        body = written(text, report.author, random) if prose else spelled(text, report.author)
        if prose and opening and kind in ("indication", "history", "course"):
            body = " ".join((*opening, body))
            opening = []
        if report.author.shouts and kind != answer_kind:
            body = body.upper()
        parts.append(Part(kind, titles[kind], body, prose))
    note = Part("note", titles["note"], " ".join((*opening, *notes)))
    parts.insert(random.choice((0, len(parts) - 2 if len(parts) > 2 else 0, len(parts), len(parts) - 1)), note)
    if random.random() < 0.06:
        # Some authors put the answer first.
        parts.insert(0, parts.pop(next(place for place, part in enumerate(parts) if part.kind == answer_kind)))
    return parts


def _attack(report: Report, random: Random, in_xml: bool) -> None:
    """Add hostile text to the first prose section; control characters stay out of XML, which forbids them."""
    attacks = [attack for attack in ATTACKS if not (in_xml and ("\x1b" in attack or "\x9b" in attack))]
    place = next(index for index, part in enumerate(report.parts) if part.kind != "note" and part.prose)
    part = report.parts[place]
    body = f"{part.body} {' '.join(random.sample(attacks, 2))} [/]."
    report.parts[place] = Part(part.kind, part.title, body, part.prose)
    report.hostile = True


def reports(seed: int, hostile: dict[int, bool]) -> list[Report]:
    """Return all reports, in the order of their numbers.

    Args:
        seed: decides everything.
        hostile: number of each report that shall attack the terminal -> whether its format is XML.
    """
    random = Random(f"{seed}/practice")
    places = institutions(random)
    authors = {place.key: [author(random, place) for _ in range(4)] for place in places}
    staff = {place.key: [people.clinician(random, place.country) for _ in range(5)] for place in places}
    homes = [places[number % len(places)] for number in range(PATIENTS)]
    patients = [
        people.patient(Random(f"{seed}/patient/{number}"), home.country, home.record(random))
        for number, home in enumerate(homes)
    ]
    result = []
    for number in range(1, REPORTS + 1):
        source = Random(f"{seed}/report/{number}")
        # Every patient has one report before any has a second; later ones are drawn.
        index = number - 1 if number <= PATIENTS else source.randrange(PATIENTS)
        result.append(
            _report(
                number,
                patients[index],
                source.choice(authors[homes[index].key]),
                staff[homes[index].key],
                places,
                source,
            )
        )
        if number in hostile:
            _attack(result[-1], source, hostile[number])
    return result


def _report(
    number: int, patient: Patient, writer: Author, staff: list[Clinician], places: list[Institution], random: Random
) -> Report:
    day = people.FIRST_DAY + timedelta(days=random.randrange((people.LAST_DAY - people.FIRST_DAY).days))
    kinds, weights = zip(*_WRITES[writer.institution.kind], strict=True)
    content = _content(random.choices(kinds, weights)[0], patient, patient.age(day), random)
    signer, referrer = random.sample(staff, 2)
    accession = random.choice(
        (
            f"ACC{identifiers.digits(random, 7)}",
            f"{day:%y}-{identifiers.digits(random, 6)}",
            f"L{identifiers.digits(random, 8)}",
        )
    )
    title = spelled(content.title, writer)
    report = Report(number, content.task, title, content.code, patient, writer, signer, referrer, day, accession)
    report.rows = [(spelled(row[0], writer), *row[1:]) for row in content.rows]
    report.head = heads.head(report, random)
    opening, notes = _mentioned(report, random, staff, places)
    report.parts = _parts(report, content, random, opening, notes)
    if number % _UNFINISHED == 0:
        answer_kind = TASKS[report.task][1]
        remark = random.choice(("Report to follow.", "Preliminary, not yet reviewed.", "Addendum will be issued."))
        report.parts = [part for part in report.parts if part.kind != answer_kind]
        report.parts.append(Part("note", writer.titles["note"], remark))
    if content.task == "course_to_summary":
        dates = (day - timedelta(days=random.randint(4, 11)), day)
        admitted, discharged = (mark("DATE", day_text(writer, each)) for each in dates)
        report.head.append(
            random.choice(
                (f"Admitted on {admitted}, discharged on {discharged}", f"DOA: {admitted}   DOD: {discharged}")
            )
        )
    report.foot = heads.foot(report, random)
    return report

"""From clinical facts to the sections of one report, with the answer in the house form."""

from dataclasses import dataclass
from random import Random

from medtui.demo.practice.facts import abdomen, chest, limbs, neuro
from medtui.demo.practice.facts.consultations import PROBLEMS, Problem
from medtui.demo.practice.facts.imaging import Examination, Finding
from medtui.demo.practice.facts.laboratory import ANALYTES, PANELS, Panel, Pattern
from medtui.demo.practice.facts.stays import STAYS
from medtui.demo.practice.grammar import draw, draw_all, expand

EXAMINATIONS: tuple[Examination, ...] = (
    *chest.EXAMINATIONS,
    *abdomen.EXAMINATIONS,
    *neuro.EXAMINATIONS,
    *limbs.EXAMINATIONS,
)
_LINE = 92


@dataclass(frozen=True)
class Content:
    """What a report says: `(kind, text, is prose)` of each section, in the author's plain British spelling.

    Attributes:
        task: key of `medtui.demo.practice.titles.TASKS`.
        title: what was done.
        code: short code of the examination.
        sections: kind, text, and whether the text is prose (not a table or an answer).
        rows: printed laboratory results: name, LOINC code, value, unit, range, flag.
    """

    task: str
    title: str
    code: str
    sections: tuple[tuple[str, str, bool], ...]
    rows: tuple[tuple[str, str, str, str, str, str], ...] = ()


def answer(items: list[str], advice: str) -> str:
    """Return the house form: `(1) ...` lines, then one line that starts with `Advice:`.

    Raises:
        ValueError: a line is too long to stay on one line of every format.
    """
    lines = [f"({number}) {item}" for number, item in enumerate(items, start=1)] + [f"Advice: {advice}"]
    if too_long := [line for line in lines if len(line) > _LINE]:
        raise ValueError(f"an answer line is longer than {_LINE} characters: {too_long[0]}")
    return "\n".join(lines)


def _sample_findings(examination: Examination, random: Random) -> list[Finding]:
    chosen: list[Finding] = []
    for finding in random.sample(examination.findings, len(examination.findings)):
        if finding.region not in {other.region for other in chosen}:
            chosen.append(finding)
    count = random.choices((0, 1, 2, 3), (12, 35, 38, 15))[0]
    return chosen[:count]


def imaging(random: Random, sex: str) -> Content:
    """Compose a radiology report; the impression follows from the findings."""
    examination = random.choice([item for item in EXAMINATIONS if not (item.code == "MAMMO" and sex == "M")])
    chosen = [item for item in _sample_findings(examination, random) if sex == "M" or item.region != "bladder"]
    taken = {finding.region for finding in chosen}
    free = [normal for normal in examination.normals if normal.region not in taken]
    normals = random.sample(free, min(len(free), random.randint(2, 4)))
    sentences: list[str] = []
    items: list[str] = []
    advice = examination.nothing_advice
    for place, finding in enumerate(chosen):
        slots = draw_all(finding.slots, random)
        sentences.append(expand(finding.seen, random, slots))
        items.append(expand(finding.concluded, random, slots))
        if place == 0:
            advice = expand(finding.advice, random, slots)
    negatives = [normal.concluded for normal in normals if normal.concluded]
    if not chosen:
        items = [examination.nothing]
    elif negatives and random.random() < 0.5:
        items.append(negatives[0])
    sentences += [expand(normal.seen, random) for normal in normals]
    if random.random() < 0.4:
        random.shuffle(sentences)
    slots = {"n": str(random.randint(2, 12)), "side": random.choice(("right", "left"))}
    sections = [("indication", expand(random.choice(examination.indications), random, slots), True)]
    if random.random() < 0.6:
        sections.append(("technique", expand(random.choice(examination.techniques), random, slots), True))
    sections.append(("findings", (random.choice((" ", " ", "\n"))).join(sentences), True))
    sections.append(
        ("impression", answer(items, advice[:1].lower() + advice[1:] if advice[1:2].islower() else advice), False)
    )
    return Content("findings_to_impression", random.choice(examination.titles), examination.code, tuple(sections))


def _problems(random: Random, sex: str) -> list[Problem]:
    chosen: list[Problem] = []
    for problem in random.sample(PROBLEMS, len(PROBLEMS)):
        if problem.name in {other.name for other in chosen} or (problem.name == "prostate" and sex == "F"):
            continue
        chosen.append(problem)
    return chosen[: random.choices((1, 2, 3), (30, 50, 20))[0]]


def consultation(random: Random, sex: str) -> Content:
    """Compose a clinic letter; the assessment follows from history, examination and results."""
    told: dict[str, list[str]] = {"history": [], "examination": [], "results": [], "medication": []}
    items: list[str] = []
    advice = ""
    for problem in _problems(random, sex):
        slots = draw_all(problem.slots, random)
        for kind, templates in (
            ("history", problem.history),
            ("examination", problem.examination),
            ("results", problem.results),
        ):
            told[kind] += [expand(template, random, slots) for template in templates]
        told["medication"] += [expand(template, random, slots) for template in problem.medication]
        items += [expand(template, random, slots) for template in problem.concluded]
        advice = advice or expand(problem.advice, random, slots)
    separator = random.choice((" ", " ", "\n"))
    sections = [(kind, separator.join(texts), True) for kind, texts in told.items() if texts and kind != "medication"]
    if told["medication"] and random.random() < 0.7:
        line = random.choice((", ", "; ", "\n")).join(told["medication"])
        sections.insert(random.randint(1, len(sections)), ("medication", line, True))
    sections.append(
        ("assessment", answer(items, advice[:1].lower() + advice[1:] if advice[1:2].islower() else advice), False)
    )
    title = random.choice(
        ("Clinic letter", "Outpatient consultation", "OPD note", "Progress note", "Office visit", "Consultation letter")
    )
    return Content("clinical_to_assessment", title, "CLINIC", tuple(sections))


def _patterns(panel: Panel, random: Random) -> list[Pattern]:
    chosen: list[Pattern] = []
    keys: set[str] = set()
    for pattern in random.sample(panel.patterns, len(panel.patterns)):
        if not keys & set(pattern.values):
            chosen.append(pattern)
            keys |= set(pattern.values)
    return chosen[: random.choices((0, 1, 2, 3), (10, 45, 35, 10))[0]]


def laboratory(random: Random, sex: str) -> Content:
    """Compose a laboratory report; the interpretation follows from the results."""
    panel = random.choice(PANELS)
    keys = [key for key in panel.analytes if not (key == "psa" and sex == "F")]
    chosen = [pattern for pattern in _patterns(panel, random) if set(pattern.values) <= set(keys)]
    drawn: dict[str, str] = {}
    for pattern in chosen:
        drawn |= draw_all(pattern.values, random)
    values = _plausible({key: drawn.get(key) or draw(_inside(key), random) for key in keys})
    rows = [_row(key, values[key], random) for key in keys]
    items = [expand(item, random, values) for pattern in chosen for item in pattern.concluded]
    explained = all(not row[5] for key, row in zip(keys, rows, strict=True) if key not in drawn)
    if len(rows) - len(drawn) > 1 and chosen and explained and random.random() < 0.4:
        items.append("Other results within range.")
    advice = chosen[0].advice if chosen else random.choice(("no action needed.", "repeat as clinically indicated."))
    sections = (
        ("laboratory", table(rows, random), False),
        ("interpretation", answer(items or [panel.nothing], advice), False),
    )
    return Content("results_to_interpretation", random.choice(panel.titles), panel.code, sections, tuple(rows))


def _limits(key: str) -> tuple[str, str]:
    analyte = ANALYTES[key]
    return f"{analyte.low:.{analyte.decimals}f}", f"{analyte.high:.{analyte.decimals}f}"


def _inside(key: str) -> str:
    return "#{}-{}".format(*_limits(key))


def _plausible(values: dict[str, str]) -> dict[str, str]:
    """Return the values with those parts that cannot exceed their whole brought in line."""
    if "wcc" in values and "neut" in values:
        values["neut"] = f"{min(float(values['neut']), 0.72 * float(values['wcc'])):.1f}"
    if "chol" in values:
        # Friedewald's relation between the lipids, in mg/dL.
        values["chol"] = f"{int(values['ldl']) + int(values['hdl']) + int(values['tg']) / 5:.0f}"
    return values


def _row(key: str, value: str, random: Random) -> tuple[str, str, str, str, str, str]:
    analyte = ANALYTES[key]
    flag = "L" if float(value) < analyte.low else "H" if float(value) > analyte.high else ""
    return random.choice(analyte.names), analyte.loinc, value, analyte.unit, "-".join(_limits(key)), flag


def table(rows: list[tuple[str, str, str, str, str, str]], random: Random) -> str:
    """Return printed results in one of several layouts, one line for each test."""
    layout = random.randrange(6)
    flags = random.choice(
        (
            {"L": "L", "H": "H", "": ""},
            {"L": "LOW", "H": "HIGH", "": ""},
            {"L": "*", "H": "*", "": ""},
            {"L": "(L)", "H": "(H)", "": ""},
        )
    )
    lines = []
    for name, _, value, unit, limits, flag in rows:
        mark = flags[flag]
        lines.append(
            (
                f"{name:<24}{value:>8} {mark:<5}{unit:<10}{limits}",
                f"{name}: {value} {unit} (ref {limits}) {mark}",
                f"{name} | {value} | {unit} | {limits} | {mark}",
                f"{name:.<26}{value} {unit} [{limits}] {mark}",
                f"{name} {value} {unit} {mark} range {limits}",
                f"{name}\t{value}\t{unit}\t{limits}\t{mark}",
            )[layout].rstrip(" |\t")
        )
    return "\n".join(lines)


def stay(random: Random, sex: str, age: int) -> Content:
    """Compose a discharge summary; the summary follows from the course."""
    may_deliver = sex == "F" and age < 45
    chosen = random.choice([item for item in STAYS if may_deliver or "delivery" not in item.diagnosis])
    slots = draw_all(chosen.slots, random)
    templates = [chosen.admitted, *chosen.investigated, *chosen.treated, *chosen.followed]
    course = [expand(template, random, slots) for template in templates]
    if random.random() < 0.5:
        course.append(
            expand("{Discharged|Sent home|Went home} on day <stay>{ in stable condition|, walking|}.", random, slots)
        )
    if random.random() < 0.4:
        course.append(expand("{Review booked|Follow-up arranged} at <review> weeks.", random, slots))
    elif "<review>" in chosen.advice:
        course.append(expand("{To be seen|OPD|Clinic visit planned} in <review> weeks.", random, slots))
    items = [expand(template, random, slots) for template in chosen.concluded]
    advice = expand(chosen.advice, random, slots)
    advice = advice[:1].lower() + advice[1:] if advice[1:2].islower() else advice
    sections = (
        ("diagnosis", expand(chosen.diagnosis, random, slots) + ".", True),
        ("course", random.choice((" ", " ", "\n")).join(course), True),
        ("summary", answer(items, advice), False),
    )
    title = random.choice(("Discharge summary", "Discharge note", "Hospital discharge report", "Discharge card"))
    return Content("course_to_summary", title, "DISCH", sections)

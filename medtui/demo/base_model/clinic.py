"""Generates clinic notes and what an assessment says about them."""

from random import Random

from medtui.demo.base_model.case import Case, Kind
from medtui.demo.base_model.layout import labelled
from medtui.demo.base_model.medicine_words import CONDITIONS, DRUGS, FREQUENCIES, SIGNS, SYMPTOMS
from medtui.demo.base_model.phrases import capitalise, phrase
from medtui.demo.base_model.quantities import age, interval, number, person, year

_OPENING = (
    "$person is a $age-year-old {man|woman|male|female|gentleman|lady} with $duration of $symptom{| and $other}.",
    "{Presents|Came|Attends|Seen today} with $symptom {for|since} $duration{|, also $other}.",
    "$age y {M|F}. C/o $symptom x $duration{|, $other}.",
    "{Chief complaint|Complaint|History}: $symptom{| and $other} for $duration. Age $age.",
)
_BACKGROUND = (
    "{Known|Past history of|PMH:|Background of|Known case of} $first{| and $second}{| since $year}.",
    "{History of|H/o} $first{|, $second}.",
)
_DRUG = ("{On|Takes|Taking|Current medicines:|Rx:|Medication:} $drug $frequency.",)
_EXAMINATION = ("{On examination|O/E|Exam|Examination}: {$vital, $sign|$sign, $vital|$vital|$vital. $Sign}.",)
_RESULT = ("{Labs|Results|Investigations|Recent tests|Bloods}: $result.", "$result{| in $year| last month}.")
_SOURCE = {
    **{"opening": _OPENING, "background": _BACKGROUND, "drug": _DRUG},
    **{"examination": _EXAMINATION, "result": _RESULT},
}
_STATEMENTS = {
    "symptom": (
        "$Symptom {for|of} $duration{|, cause unclear|, under evaluation|, {probably|likely} related to $first}",
        "$duration {of|history of} $symptom",
    ),
    "condition": (
        "$First{|, {stable|uncontrolled|well controlled|poorly controlled|on treatment}}{|, $vital|, $result}",
        "{Known|Background of} $first{| and $second}",
        "$First with $result",
    ),
    "drug": (
        "{Continue|Continues|Stays on|Currently on|To continue} $drug $frequency",
        "{Tolerating|Takes} $drug $frequency",
    ),
    "sign": ("{Examination:|On examination} $sign{|, $vital}", "$Vital{|; $sign}", "$Sign{| on examination}"),
    "result": ("$Result{| noted| on recent testing|, to be repeated}", "{Latest|Recent} $result"),
}
_FOLLOW_UP = (
    "{review|see again|clinic visit|follow-up} in $interval",
    "{repeat|recheck} {bloods|blood tests|HbA1c|renal function|blood pressure|lipids|TSH} in $interval",
    "{start|consider|trial of|add} $new $frequency{|, review in $interval}",
    "{referral to|refer to|opinion from} {cardiology|neurology|physiotherapy|the diabetes clinic|dermatology|ENT}",
    "{diet and exercise|weight loss|smoking cessation|home BP chart|less salt|stop alcohol}{|, review in $interval}",
    "{ECG|chest film|echocardiogram|ultrasound|nerve conduction study|spirometry} {and review|within $interval}",
)


def _vital(random: Random) -> str:
    """Writes one vital sign with its unit."""
    return random.choice(
        (
            f"BP {random.randint(94, 190)}/{random.randint(54, 110)}{random.choice((' mmHg', '', ''))}",
            f"pulse {random.randint(52, 124)}{random.choice(('/min', ' bpm', ''))}",
            f"temperature {number(random, 36.2, 40, 1)} C",
            f"SpO2 {random.randint(84, 99)}%",
            f"weight {random.randint(42, 118)} kg",
            f"BMI {number(random, 17, 42, 1)}",
            f"respiratory rate {random.randint(12, 32)}",
        )
    )


def _result(random: Random) -> str:
    """Writes one short test result."""
    return random.choice(
        (
            f"HbA1c {number(random, 5.2, 12.4, 1)}%",
            f"creatinine {number(random, 0.6, 4.2, 1)} mg/dL",
            f"Hb {number(random, 6.8, 16, 1)} g/dL",
            f"LDL {random.randint(58, 210)} mg/dL",
            f"TSH {number(random, 0.1, 14, 1)} mIU/L",
            f"eGFR {random.randint(18, 98)}",
            f"uric acid {number(random, 3.8, 10.5, 1)} mg/dL",
            f"ferritin {random.randint(4, 320)} ng/mL",
            f"ejection fraction {random.randint(20, 65)}%",
            f"fasting glucose {random.randint(72, 288)} mg/dL",
            f"potassium {number(random, 2.8, 6.1, 1)} mmol/L",
        )
    )


def case(random: Random) -> Case:
    """Generates one clinic case.

    Args:
        random: Source of every choice.
    """
    side = random.choice(("right", "left"))
    symptom, other = (phrase(random, item, side=side) for item in random.sample(SYMPTOMS, 2))
    first, second = random.sample(CONDITIONS, 2)
    sign, vital, result = phrase(random, random.choice(SIGNS), side=side), _vital(random), _result(random)
    duration = f"{random.randint(2, 14)} {random.choice(('days', 'weeks', 'months', 'years'))}"
    drug, new = random.sample(DRUGS, 2)
    values = {
        **{"symptom": symptom, "other": other, "first": first, "second": second, "duration": duration, "drug": drug},
        **{"frequency": random.choice(FREQUENCIES), "sign": sign, "vital": vital, "result": result, "new": new},
        **{"age": age(random), "person": person(random), "year": year(random), "interval": interval(random)},
    }
    values |= {capitalise(name): capitalise(text) for name, text in values.items()}
    parts = ["opening", "background", "drug", "examination", "result"]
    if random.random() < 0.5:
        parts.remove(random.choice(parts[1:]))
    sentences = [(part, capitalise(phrase(random, random.choice(_SOURCE[part]), **values))) for part in parts]
    source = labelled(random, sentences)
    kinds = random.sample(sorted(_STATEMENTS), random.randint(2, 4))
    statements = []
    for kind in kinds:
        text = capitalise(phrase(random, random.choice(_STATEMENTS[kind]), **values))
        statements.append(text)
    follow_up = phrase(random, random.choice(_FOLLOW_UP), **values)
    return Case(Kind.CLINIC, source, _grounded(statements, source, values), follow_up)


def _grounded(statements: list[str], source: str, values: dict[str, str]) -> tuple[str, ...]:
    """Keeps only statements whose facts all stand in the source, so that the model never learns to invent."""
    facts = [values[name] for name in ("drug", "result", "vital", "sign", "first", "second", "other", "frequency")]
    written = source.lower()
    unknown = [fact.lower() for fact in facts if fact.lower() not in written]
    kept = tuple(text for text in statements if not any(fact in text.lower() for fact in unknown))
    return kept or (capitalise(f"{values['symptom']} for {values['duration']}"),)

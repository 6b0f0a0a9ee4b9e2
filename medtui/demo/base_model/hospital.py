"""Generates hospital courses and what a discharge summary says about them."""

from random import Random

from medtui.demo.base_model.case import Case, Kind
from medtui.demo.base_model.layout import labelled
from medtui.demo.base_model.medicine_words import ACUTE, CONDITIONS, DRUGS, FREQUENCIES, ROUTES, SYMPTOMS
from medtui.demo.base_model.phrases import capitalise, phrase
from medtui.demo.base_model.quantities import age, interval, number, tag, year

_SOURCE = {
    "admission": (
        "{Admitted|Brought in|Came to casualty} with $symptom{| and found to have $illness|; diagnosis $illness}.",
        "$age-year-old {man|woman} {admitted|hospitalised} {for|with} $illness{| in $year| at [LOCATION]}.",
        "{Admission diagnosis|Diagnosis|Reason for admission}: $illness.",
    ),
    "background": ("{Background of|Known|PMH} $condition.", "{History of|Long-standing} $condition."),
    "treatment": (
        "{Treated with|Received|Was given|Started on|Managed with} {$route|} $drug $frequency for $days days.",
        "$Drug $frequency {was given|was started|given} for $days days.",
    ),
    "value": (
        "$Marker {improved|settled|changed|went} from $before to $after{| by day $day| before discharge}.",
        "$Marker $before on admission{, | and } $after {at discharge|on day $day}.",
    ),
    "event": (
        "{Course complicated by|Developed|On day $day had} {fever|delirium|phlebitis|a minor fall|rash|hypoxia}.",
        "{Underwent|Had} {endoscopy|angiography|CT of the abdomen|drainage|dialysis|surgery} on day $day.",
        "{Uneventful stay|No complications|Recovered well|Afebrile from day $day}.",
    ),
    "discharge": (
        "{Discharged|Went home|Sent home} on $second $often{| after $stay days| on day $stay}.",
        "{Discharge medicines|Medicines at discharge|Home on}: $second $often.",
    ),
}
_ANSWER = {
    "admission": (
        "{Admitted with|Admission for|Hospital stay for|In-patient care for|Diagnosis:} $illness",
        "$Illness{|, treated|, {recovered|improved}}",
    ),
    "background": ("{Background of|Known|Past history:} $condition",),
    "treatment": (
        "{Treated with|Received|Given|Had} $drug $frequency for $days days",
        "$Drug for $days days",
        "$Days days of $drug",
    ),
    "value": (
        "$Marker {|from} $before to $after",
        "$Marker {improved to $after|$after at discharge|$before on admission, $after later}",
    ),
    "discharge": (
        "{Discharged on|Home on|To continue|Continue|Goes home with} $second $often",
        "{Discharge medicine|Discharge drug}: $second $often",
    ),
}
_FOLLOW_UP = (
    "{review|clinic visit|follow-up|outpatient review} in $interval{| with $tag|}",
    "{repeat|recheck} {$marker|bloods|chest film|ultrasound} {in|after} $interval",
    "{return|come back} if {fever|pain|bleeding|breathlessness} {recurs|develops}",
    "{continue|complete} $second {for $interval|and review in $interval}",
    "{GP to check|family doctor to monitor} {$marker|blood pressure|weight} in $interval",
)
# What was measured, its bounds on admission, its bounds at discharge, decimals.
_MARKERS = (
    ("creatinine", (1.6, 5.0), (0.7, 1.5), 1),
    ("CRP", (40, 240), (2, 38), 0),
    ("white cell count", (12, 26), (4, 11.5), 1),
    ("sodium", (112, 128), (130, 142), 0),
    ("haemoglobin", (5, 8), (8.4, 12), 1),
    ("platelets", (14, 70), (84, 240), 0),
    ("bilirubin", (3, 14), (0.6, 2.6), 1),
    ("glucose", (240, 580), (90, 190), 0),
    ("troponin", (140, 900), (12, 120), 0),
    ("SpO2", (78, 90), (93, 99), 0),
    ("weight", (72, 104), (50, 70), 0),
)


def case(random: Random) -> Case:
    """Generates one hospital stay.

    Args:
        random: Source of every choice.
    """
    side = random.choice(("right", "left"))
    marker, before, after, decimals = random.choice(_MARKERS)
    drug, second = random.sample(DRUGS, 2)
    days, day = random.randint(2, 14), random.randint(2, 6)
    values = {
        **{"illness": phrase(random, random.choice(ACUTE), side=side), "condition": random.choice(CONDITIONS)},
        **{
            "symptom": phrase(random, random.choice(SYMPTOMS), side=side),
            "drug": drug,
            "second": second,
            "marker": marker,
        },
        **{
            "before": number(random, before[0], before[1], decimals),
            "after": number(random, after[0], after[1], decimals),
        },
        **{
            "frequency": random.choice(FREQUENCIES),
            "often": random.choice(FREQUENCIES),
            "route": random.choice(ROUTES),
        },
        **{"days": str(days), "day": str(day), "stay": str(days + 1), "age": age(random), "tag": tag(random)},
        **{"year": year(random), "interval": interval(random)},
    }
    values |= {capitalise(name): capitalise(text) for name, text in values.items()}
    parts = [
        "admission",
        *(part for part in ("background", "treatment", "value", "event", "discharge") if random.random() < 0.75),
    ]
    sentences = [(part, capitalise(phrase(random, random.choice(_SOURCE[part]), **values))) for part in parts]
    source = labelled(random, sentences)
    told = [part for part in parts if part in _ANSWER and (part != "admission" or values["illness"] in source)]
    told = told or ["admission"]
    if len(told) > 3 and random.random() < 0.5:
        told.remove(random.choice(told[1:]))
    statements = [capitalise(phrase(random, random.choice(_ANSWER[part]), **values)) for part in told]
    if values["illness"] not in source:
        statements = [text for text in statements if values["illness"].lower() not in text.lower()] or [
            capitalise(f"admitted with {values['symptom']}")
        ]
    follow_up = phrase(random, random.choice(_FOLLOW_UP), **values)
    return Case(Kind.HOSPITAL, source, tuple(statements), follow_up)

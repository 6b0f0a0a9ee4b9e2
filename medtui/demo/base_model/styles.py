"""Puts what there is to say into one of very many forms.

A form is drawn piece by piece (heading, marker before each line, letter case, closing line), so that the model learns
to write in whatever form it is asked for or tuned to. One family is left out on purpose: numbers in round brackets
before the items and a closing line labelled as advice. The demo practice writes that way; tuning must teach it.
"""

from dataclasses import dataclass
from random import Random

from medtui.demo.base_model.case import Case, Kind
from medtui.demo.base_model.phrases import capitalise, lower_first

_MARKERS = (
    *("- ",) * 5,
    *("* ", "• ", "> ", ">> ", "+ ", "-- ", "~ ", "= ", "# ", "→ ", "· ", "o ", "/ ", "| ", "-> ", "!! ", ":: "),
    *("",) * 4,
    *("{n}. ",) * 4,
    *(
        "{n}) ",
        "{n}: ",
        "{n} - ",
        "{n}] ",
        "[{n}] ",
        "#{n} ",
        "No. {n} ",
        "Item {n}: ",
        "Point {n}. ",
        "{n}/ ",
        "0{n}. ",
        "<{n}> ",
    ),
    *("{a}. ", "{a}) ", "({a}) ", "{A}. ", "{A}: ", "[{A}] ", "{A} - ", "({A}) ", "{r}. ", "({r}) ", "{R}. ", "{R}) "),
)
_HEADINGS = {
    Kind.IMAGING: (
        "Impression",
        "Conclusion",
        "Opinion",
        "Summary",
        "Radiological diagnosis",
        "Interpretation",
        "Comment",
    ),
    Kind.CLINIC: (
        "Assessment",
        "Impression",
        "A/P",
        "Problems",
        "Diagnosis",
        "Opinion",
        "Formulation",
        "Clinical picture",
    ),
    Kind.LABORATORY: ("Interpretation", "Comment", "Remarks", "Conclusion", "Laboratory comment", "Reading"),
    Kind.HOSPITAL: ("Summary", "Hospital course", "Course", "Discharge summary", "Stay in brief", "In short"),
}
_CLOSINGS = (
    *(
        "Plan",
        "Recommendation",
        "Follow-up",
        "Next step",
        "Suggested",
        "To do",
        "Suggestion",
        "Recommended",
        "Further care",
    ),
    *(
        "Action",
        "Thereafter",
        "Next",
        "Proposal",
        "Needs",
        "Remark",
        "Note",
        "Please",
        "Then",
        "Request",
        "Outlook",
        "After this",
    ),
)
_SENTENCES = (
    "We suggest {x}.",
    "Recommend {x}.",
    "I would suggest {x}.",
    "{X} is recommended.",
    "{X} advised.",
    "Consider {x}.",
    "Should have {x}.",
    "Please arrange {x}.",
    "Next: {x}.",
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")
_SYLLABLES = (
    "ba",
    "lo",
    "mir",
    "ten",
    "dra",
    "sol",
    "vek",
    "ni",
    "qua",
    "zor",
    "phi",
    "gus",
    "tal",
    "em",
    "ri",
    "cor",
    "hux",
    "jo",
    "wy",
    "pel",
)
_STEMS = (
    *(
        "cardio",
        "hepato",
        "nephro",
        "neuro",
        "osteo",
        "arthro",
        "gastro",
        "broncho",
        "cholecysto",
        "myo",
        "angio",
        "dermo",
    ),
    *(
        "haemato",
        "lympho",
        "spondylo",
        "chondro",
        "uretero",
        "pneumo",
        "entero",
        "encephalo",
        "thyro",
        "adeno",
        "fibro",
    ),
    *("melo", "cysto", "phlebo", "pleuro", "tendino", "oculo", "sialo", "spleno", "colo", "laryngo", "mammo", "prosto"),
)
_ENDINGS = (
    *("pathy", "sclerosis", "megaly", "lithiasis", "graphy", "plasty", "scopy", "genic", "stenosis", "cele", "malacia"),
    *(
        "logy",
        "metry",
        "ptosis",
        "rrhage",
        "trophy",
        "plegia",
        "lysis",
        "toma",
        "pril",
        "cillin",
        "statin",
        "mycin",
        "mab",
    ),
)


@dataclass(frozen=True)
class Style:
    """One form of answer.

    Attributes:
        heading: Title before the answer, or nothing.
        heading_end: What stands between title and answer.
        marker: Text before each line, with `{n}`, `{a}`, `{A}`, `{r}` or `{R}` for its number; only used in lines.
        separator: What stands between the statements.
        end: What stands after each statement.
        closing: Label of the last line, or nothing when a sentence is written instead.
        closing_separator: What stands between the statements and the last line.
        closing_sentence: Sentence for the follow-up when there is no label; nothing leaves it out.
        letters: "as_is", "upper" or "lower".
    """

    heading: str
    heading_end: str
    marker: str
    separator: str
    end: str
    closing: str
    closing_separator: str
    closing_sentence: str
    letters: str


def invented_word(random: Random) -> str:
    """Returns a capitalised word that means nothing, so that labels must be copied and cannot be remembered."""
    return capitalise("".join(random.choice(_SYLLABLES) for _ in range(random.randint(2, 3))))


def invented_term(random: Random) -> str:
    """Returns a word built from medical word parts; some exist, most do not."""
    return random.choice(_STEMS) + random.choice(_ENDINGS)


def draw(random: Random, kind: Kind) -> Style:
    """Draws a form for an answer of one kind.

    Args:
        random: Source of every choice.
        kind: Which headings fit.
    """
    lines = random.random() < 0.7
    heading = random.choice(_HEADINGS[kind]) if random.random() < 0.4 else ""
    if heading and random.random() < 0.35:
        heading = heading.upper()
    closing = random.choice(_CLOSINGS) if random.random() < 0.8 else invented_word(random)
    closing = closing.upper() if random.random() < 0.15 else closing
    labelled = random.random() < (0.65 if lines else 0.3)
    return Style(
        heading=heading,
        heading_end=random.choice((":\n", "\n", ": ", " - ", "\n\n"))
        if not lines
        else random.choice((":\n", "\n", "\n\n")),
        marker=random.choice(_MARKERS) if lines else "",
        separator="\n" if lines else random.choice((" ", " ", "; ", ", ", " / ", " // ")),
        end=random.choice((".", ".", "", ";")) if lines else ".",
        closing=f"{closing}{random.choice((':', ':', ':', ' -', ' =', ' >', '...'))} " if labelled else "",
        closing_separator=random.choice(("\n", "\n", "\n", "\n\n")) if lines else random.choice((" ", "\n")),
        closing_sentence=random.choice(_SENTENCES) if random.random() < 0.85 else "",
        letters=random.choices(("as_is", "upper", "lower"), (0.8, 0.13, 0.07))[0],
    )


def _marker(style: Style, index: int) -> str:
    """Fills the number of a line into its marker."""
    letter = "abcdefgh"[index]
    return style.marker.format(n=index + 1, a=letter, A=letter.upper(), r=_ROMAN[index], R=_ROMAN[index].upper())


def _statements(case: Case, style: Style) -> str:
    """Writes all statements in the style."""
    if style.separator in ("; ", ", ", " / ", " // "):
        return (
            style.separator.join([case.statements[0], *(lower_first(text) for text in case.statements[1:])]) + style.end
        )
    return style.separator.join(
        f"{_marker(style, index)}{text}{style.end}" for index, text in enumerate(case.statements)
    )


def render(case: Case, style: Style) -> str:
    """Writes the answer to a case in a style.

    Args:
        case: What there is to say.
        style: How to say it.
    """
    heading = f"{style.heading}{style.heading_end}" if style.heading else ""
    last = ""
    if style.closing:
        last = f"{style.closing_separator}{style.closing}{case.follow_up}."
    elif style.closing_sentence:
        sentence = style.closing_sentence.format(x=lower_first(case.follow_up), X=capitalise(case.follow_up))
        last = f"{style.closing_separator}{_marker(style, len(case.statements))}{sentence}"
    text = f"{heading}{_statements(case, style)}{last}"
    return {"as_is": text, "upper": text.upper(), "lower": text.lower()}[style.letters]


def describe(style: Style, random: Random) -> str:
    """Says in words what a style looks like, for instructions that ask for it.

    Args:
        style: The form to describe.
        random: Picks among wordings.

    Returns:
        One or more sentences, never empty.
    """
    parts = []
    if style.separator == "\n" and style.marker:
        shown = _marker(style, 0).strip()
        choices = (
            "Write one item a line, the first beginning with {m}",
            "Use lines that start like this: {m}",
            "List with {m}",
        )
        parts.append(random.choice(choices).format(m=shown))
    elif style.separator == "\n":
        parts.append(random.choice(("One statement a line", "Use short lines", "Separate lines, no bullets")))
    elif style.separator == " ":
        parts.append(random.choice(("Write running text", "Use prose", "Plain sentences", "As a paragraph")))
    else:
        parts.append(
            random.choice(("One line, separated by {m}", "Join the points with {m}")).format(m=style.separator.strip())
        )
    if style.heading:
        parts.append(
            random.choice(("Heading: {h}", 'Begin with the title "{h}"', "Put {h} on top")).format(h=style.heading)
        )
    if style.closing:
        label = style.closing.strip()
        choices = ("End with a line that begins with {c}", "Close with {c}", 'The last line starts with "{c}"')
        parts.append(random.choice(choices).format(c=label))
    if style.letters != "as_is":
        parts.append({"upper": "All capitals", "lower": "No capital letters"}[style.letters])
    return ". ".join(parts) + "."

"""Generates imaging findings and what an impression says about them."""

from random import Random

from medtui.demo.base_model.case import Case, Kind
from medtui.demo.base_model.imaging_words import DEGREES, REGIONS, Region
from medtui.demo.base_model.phrases import capitalise, lower_first, phrase
from medtui.demo.base_model.quantities import interval, size, tag, year

_SEEN = (
    "{There is|There is|There is evidence of|Note is made of|One sees|Again seen is|Demonstration of} $thing$size.",
    "$Thing {is seen|is noted|is present|is identified|seen|noted|}$size.",
    "$Thing$size.",
    "{The study shows|Images show|Findings include|Imaging reveals} $thing$size.",
)
_MEASURED = (
    " measuring $size",
    ", measures $size",
    " of $size",
    " ($size)",
    ", approximately $size",
    " up to $size",
)
_CONCLUDED = (
    "$Thing$size",
    "$Thing$size",
    "$Thing$size",
    "$Thing {is present|as described|again noted|confirmed|}$size",
    "{Features of|Findings of|Appearances of|Evidence of|Imaging features of} $thing$size",
    "{Findings suggest|Appearances favour|Likely|Probable|Consistent with} $thing$size",
)
_CONTEXT = (
    "Comparison: $year.",
    "{Compared with|In comparison to} the {study|examination|film} of {$year|$tag}.",
    "Technique: {axial sections|standard protocol|limited by body habitus|supine|multiplanar}.",
    "Clinical history: {cough|pain|fall|fever|weight loss|headache|breathlessness} for {2|3|5|10} {days|weeks}.",
    "Results {told|phoned|sent} to $tag.",
    "Examination {performed|done} at $tag in $year.",
    "Requested by $tag.",
)


def _thing(random: Random, region: Region) -> str:
    """Names one abnormality with its side and site."""
    side = random.choice(("right", "left", "bilateral", "right", "left"))
    site = random.choice(region.sites)
    thing = phrase(random, random.choice(region.abnormal), side=side, site=site)
    if random.random() < 0.6:
        thing = f"{random.choice(DEGREES)} {thing}"
    return thing


def _measured(random: Random, measure: str) -> str:
    """Writes a size after what it belongs to, or nothing when there is none."""
    if not measure:
        return ""
    text = random.choice(_MEASURED).replace("$size", measure)
    return text if text.startswith(",") else f" {text.strip()}"


def _source(random: Random, region: Region, found: list[tuple[str, str]]) -> str:
    """Writes the findings section."""
    sentences = []
    for thing, measure in found:
        text = thing if random.random() < 0.85 else f"a {thing}"
        after = _measured(random, measure)
        sentences.append(phrase(random, random.choice(_SEEN), thing=text, Thing=capitalise(text), size=after))
    normal = random.sample(region.normal, random.randint(1, 4))
    sentences += [capitalise(item) + "." for item in normal]
    if random.random() < 0.5:
        random.shuffle(sentences)
    if random.random() < 0.35:
        context = phrase(random, random.choice(_CONTEXT), year=year(random), tag=tag(random))
        sentences.insert(random.choice((0, len(sentences))), context)
    if random.random() < 0.6:
        label = random.choice(("", "Findings: ", "FINDINGS:\n", "Report: ", "Study: "))
        sentences.insert(0, f"{random.choice(region.studies)}.")
        sentences[0] = label + sentences[0]
    return random.choice((" ", " ", " ", "\n")).join(sentences)


def case(random: Random) -> Case:
    """Generates one imaging case.

    Args:
        random: Source of every choice.
    """
    region = random.choice(REGIONS)
    found = [
        (_thing(random, region), size(random) if random.random() < 0.4 else "")
        for _ in range(random.choice((1, 1, 2, 2, 3)))
    ]
    statements = []
    source = _source(random, region, found)
    for thing, measure in found:
        after = _measured(random, measure) if random.random() < 0.9 else ""
        statements.append(phrase(random, random.choice(_CONCLUDED), thing=thing, Thing=capitalise(thing), size=after))
    mentioned = [item for item in region.normal if capitalise(item) in source and item.startswith("no ")]
    if mentioned and random.random() < 0.6:
        statements.append(capitalise(lower_first(random.choice(mentioned))))
    follow_up = phrase(random, random.choice(region.follow_up), interval=interval(random))
    return Case(Kind.IMAGING, source, tuple(statements), follow_up)

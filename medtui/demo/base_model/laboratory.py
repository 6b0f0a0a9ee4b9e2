"""Generates laboratory panels and what an interpretation says about them."""

from random import Random

from medtui.demo.base_model.case import Case, Kind
from medtui.demo.base_model.medicine_words import TESTS
from medtui.demo.base_model.phrases import capitalise, phrase
from medtui.demo.base_model.quantities import interval, year

_ROWS = (
    "$name $value $unit ($range)$flag",
    "$name: $value $unit$flag",
    "$name | $value | $unit | $range |$flag",
    "$short $value $unit$flag",
    "$name\t$value\t$unit\t$range$flag",
    "$name = $value $unit [ref $range]$flag",
    "$name ($short): $value $unit, normal $range$flag",
    "$name .... $value $unit  $range$flag",
)
_ABNORMAL = (
    "$Word{| ($short $value $unit)|, $name $value $unit| with $name $value $unit| at $value $unit}",
    "$Name {$level|is $level} {at|, } $value $unit",
    "{$Level|Markedly $level|Mildly $level} $name{|, $value $unit| of $value $unit| ($value $unit)}",
    "$Name $value $unit{|, $level|: $word|, suggesting $word}",
)
_NORMAL = (
    "{Remaining|Other|The other} {values|results|parameters} {normal|within range|unremarkable}",
    "{Normal $names|$Names {normal|within range|unremarkable}}",
)
_FOLLOW_UP = (
    "{repeat|recheck} {in $interval|$name in $interval|the panel in $interval|after $interval}",
    "{correlate clinically|clinical correlation|search for a cause|review medicines|hydration and repeat}",
    "{iron studies|peripheral smear|ultrasound of the abdomen|urine examination|lipid lowering|thyroid antibodies}",
    "{discuss with|refer to} {nephrology|haematology|endocrinology|the treating physician} {|within $interval}",
)


def _panel(random: Random) -> list[dict[str, str]]:
    """Draws tests with values, some of them outside the usual range."""
    rows = []
    for name, short, unit, low, high, decimals, when_low, when_high in random.sample(TESTS, random.randint(2, 7)):
        level = random.choice(("normal", "normal", "low", "high", "high")) if low else random.choice(("normal", "high"))
        width = high - low
        least = max(low * 0.3, low - width / 2)
        bounds = {"normal": (low, high), "low": (least, low * 0.98), "high": (high * 1.03, high + 2 * width)}[level]
        rows.append(
            {
                **{"name": name, "short": short, "unit": unit, "level": level},
                **{"value": f"{random.uniform(*bounds):.{decimals}f}", "range": f"{low:g}-{high:g}"},
                **{"word": when_low if level == "low" else when_high, "flag": level},
            }
        )
    return rows


def _source(random: Random, rows: list[dict[str, str]]) -> str:
    """Writes the panel as a table or a line, with or without flags."""
    layout = random.choice(_ROWS)
    marks = random.choice(
        (
            {"low": " L", "high": " H"},
            {"low": " low", "high": " high"},
            {"low": " *", "high": " *"},
            {"low": " (L)", "high": " (H)"},
            {},
        )
    )
    lines = [phrase(random, layout, **{**row, "flag": marks.get(row["level"], "")}) for row in rows]
    head = random.choice(("", "", "Lab results:", "Panel of $year:", "Test, result, unit, range", "Blood tests"))
    text = random.choice(("\n", "\n", "\n", "; ", ", ")).join(lines)
    return f"{head.replace('$year', year(random))}\n{text}".strip()


def case(random: Random) -> Case:
    """Generates one laboratory case.

    Args:
        random: Source of every choice.
    """
    rows = _panel(random)
    abnormal = [row for row in rows if row["level"] != "normal"]
    normal = [row["name"] for row in rows if row["level"] == "normal"]
    statements = []
    for row in abnormal[:4]:
        word = random.choice(
            (
                {"low": "reduced", "high": "raised"},
                {"low": "low", "high": "high"},
                {"low": "decreased", "high": "elevated"},
            )
        )
        values = {**row, "level": word[row["level"]]}
        values |= {capitalise(name): capitalise(text) for name, text in values.items()}
        statements.append(phrase(random, random.choice(_ABNORMAL), **values))
    if not abnormal:
        statements.append(
            random.choice(("All values within the reference range", "Normal results", "No abnormality in this panel"))
        )
    elif normal and random.random() < 0.6:
        names = " and ".join(normal[:2])
        statements.append(phrase(random, random.choice(_NORMAL), names=names, Names=capitalise(names)))
    name = (abnormal or rows)[0]["name"]
    follow_up = phrase(random, random.choice(_FOLLOW_UP), interval=interval(random), name=name)
    return Case(Kind.LABORATORY, _source(random, rows), tuple(statements), follow_up)

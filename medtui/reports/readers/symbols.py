"""Letters of symbol fonts as Unicode: left as they are, a microgram would read as a gram."""

# Adobe's Symbol encoding (Unicode's mapping ADOBE/symbol.txt), and of Wingdings what is met in reports.
_GREEK = zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)
_CAPITALS = zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)
_SYMBOL = {
    **dict(_GREEK), **dict(_CAPITALS), 0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓",
    0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "\u00d7", 0xB5: "∝", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈",
    0xC6: "∅", 0xD0: "∠", 0xD6: "√", 0xD7: "⋅",
}  # fmt: skip
_WINGDINGS = {
    0x4A: "☺", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x9F: "•", 0xA7: "▪", 0xA8: "□", 0xDF: "←", 0xE0: "→", 0xE1: "↑",
    0xE2: "↓", 0xE8: "→", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_UNKNOWN = "\ufffd"


def symbol(font: str, code: int) -> str:
    """Give a letter of a symbol font.

    Args:
        font: its name.
        code: the letter's number there, with or without 0xF000 before it.

    Returns:
        The character it shows; U+FFFD where that is not known, so that a reader sees that something was there.
    """
    letters = _WINGDINGS if "wingdings" in font.casefold() else _SYMBOL
    number = code & 0xFF if code >= 0xF000 else code
    if number in letters:
        return letters[number]
    as_it_is = 0x100 <= number < 0xD800 or (letters is _SYMBOL and 0x20 <= number < 0x41)
    return chr(number) if as_it_is else _UNKNOWN

"""The door by which outside text enters: nothing that a terminal would obey passes.

Textual hands ESC, OSC, C1 and bidirectional controls through to the terminal from any widget, so they are replaced by
visible placeholders (a reviewer must see that something was there) before text is stored or shown.
"""

import re

# Unicode 16, section 23.2 (layout controls) and UAX 9 (bidirectional controls); U+00AD and U+FEFF are invisible too.
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = "\u00ad\u180e\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
# Private-use characters draw whatever a patched font wants; lone surrogates cannot be encoded at all.
_PRIVATE = "\ue000-\uf8ff\ud800-\udfff\U000f0000-\U0010ffff"

FORBIDDEN = re.compile(f"[{_CONTROLS}{_BIDI}{_INVISIBLE}{_PRIVATE}]")
_LINE_ENDS = re.compile(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")


def _placeholder(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def sanitize(text: str) -> str:
    r"""Make outside text safe to store and show.

    Line ends become `\n`; C0 controls other than `\n` and `\t` become their visible pictures (U+2400...); DEL, C1,
    bidirectional, zero-width, private-use characters and lone surrogates become visible placeholders. Zero-width joiner
    and non-joiner stay: Indic scripts are misspelt without them.

    Args:
        text: any string.

    Returns:
        Text of which no character can move the cursor, change the direction of reading or address the terminal.
    """
    return FORBIDDEN.sub(_placeholder, _LINE_ENDS.sub("\n", text))


def sanitize_line(text: str) -> str:
    """Make outside text safe to show on one line, such as a file name."""
    return re.sub(r"[\n\t]+", " ", sanitize(text))

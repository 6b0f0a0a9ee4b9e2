"""Bytes to text, whatever the software that wrote them believed in."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Read as Windows-1252, other encodings show themselves by signs inside words and by long runs of accented letters.
_FOREIGN = re.compile(
    "(?<=[A-Za-z])[^\x00-\x7f\\w\u2018\u2019\u2013\u2014\u00a0\u00b7](?=[A-Za-z])|[\u0192\u00aa\u00ba\u00c0-\u024f]{3}|\ufffd"
)
_SAMPLE = 1 << 20


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """Decode text: byte order mark, UTF-8, the declared encoding, then the best guess.

    Args:
        data: the bytes.
        declared: encoding named by the file itself, if any.

    Returns:
        The text and the name of the encoding used.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace"), name
    if wide := _wide(data):
        return data.decode(wide, "replace"), wide
    for name in ("utf-8", declared):
        try:
            return data.decode(name), name
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    guess = _guess(data)
    return data.decode(guess, "replace"), guess


def _wide(data: bytes) -> str:
    """Recognise UTF-16 without a byte order mark: every other byte of Western text is zero."""
    sample = data[:4000]
    if len(sample) < 8 or len(data) % 2:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.6 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.1 * half:
        return "utf-16-be"
    return ""


def _guess(data: bytes) -> str:
    sample = data[:_SAMPLE]
    western = sample.decode("cp1252", "replace")
    if not _FOREIGN.search(western):
        # What clinical software in the West writes; statistics on a few accented letters guess worse.
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best else "latin-1"

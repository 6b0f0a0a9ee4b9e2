"""Street addresses anywhere: chains of words and numbers that a street, a post code or a cue holds together.

Countries differ in what comes first - number or street, post code or town - and in the words for a street. What they
share is the chain: capitalised words, numbers, commas and line breaks, and little else. So a chain is grown around
each word or code that speaks for an address, and kept when enough of it does.
"""

from collections.abc import Callable, Iterator

from medtui.deid.address_chain import CUES, STREET, TELLING, Chain, post_code
from medtui.deid.address_tail import tail_end
from medtui.deid.prepared import Prepared
from medtui.deid.spans import CERTAIN, LIKELY, Span
from medtui.deid.word_lists.flags import Flag
from medtui.deid.words import Street
from medtui.phi import Category

# The first and the last word of street and number, and how sure they are.
Head = tuple[int, int, float]

_STREET_GAPS = {" ", "-", ". ", "' ", "'", "/"}
_NUMBER_GAPS = {"\n", ", ", ",\n"}
_MOST_IN_STREET = 6
_LEAST_CODE = 3
_SHORT = 3


def find(prepared: Prepared, taken: set[int]) -> Iterator[Span]:
    """Find street addresses.

    Args:
        prepared: the text in its normal form.
        taken: indices of words that other findings hold.
    """
    done = -1
    for seed in _evidence(prepared):
        if seed <= done or seed in taken:
            continue
        chain = Chain(prepared, seed, done + 1, taken)
        if head := _head(chain):
            start, end, score = head
            start = chain.with_units(start)
            done = tail_end(chain, start, end)
            yield _span(prepared, start, done, score)


def _span(prepared: Prepared, start: int, end: int, score: float) -> Span:
    left, right = prepared.starts[start], prepared.ends[end]
    if prepared.gaps[start][-1:] == "#":
        left -= 1
    if prepared.gaps[end + 1][:1] in {"\u00ba", "\u00b0"}:
        right += 1
    return Span(left, right, Category.LOCATION, score, "address:street")


def _evidence(prepared: Prepared) -> Iterator[int]:
    """Give the words that may belong to an address: kinds of streets, post codes, numbers behind a name near a cue."""
    words = prepared.words
    last = len(words) - 1
    cued = not CUES.isdisjoint(prepared.different)
    for index in sorted({*prepared.streets, *prepared.numerals}):
        item = words[index]
        kinds = item.street & STREET
        if not (kinds or item.numeric):
            continue
        before = words[index - 1] if index else item
        following = words[index + 1] if index < last else item
        if kinds:
            beside = before.capital or before.numeric or following.capital or following.numeric
            wanted = item.text[0].isupper() or kinds & (Street.FIRST | Street.LAST)
            alone = kinds & Street.WORD and following.numeric and before.capital
            if alone or (wanted and (beside or following.street & Street.PARTICLE)):
                yield index
        elif cued and (
            (before.capital and before.kind in TELLING) or (following.capital and following.kind in TELLING)
        ):
            yield index
        elif len(item.text) >= _LEAST_CODE or before.numeric:
            near = before.text[0].isupper() or following.text[0].isupper()
            if near and post_code(prepared, index):
                yield index


def _head(chain: Chain) -> Head | None:
    """Find the part that names street and number."""
    for index in range(chain.first, chain.last + 1):
        kinds = chain.words[index].street
        if kinds & STREET:
            for kind, rule in _RULES:
                if kinds & kind and (found := rule(chain, index)):
                    return found
    return _plain(chain)


def _ending(chain: Chain, index: int) -> Head | None:
    """Find "Hauptstra\u00dfe 12", "Karl-Marx-Allee 3"."""
    words, gaps, item = chain.words, chain.gaps, chain.words[index]
    alone = item.street & Street.WORD
    if not alone and (item.flags & (Flag.ORDINARY | Flag.MEDICAL) or not item.text[0].isupper()):
        return None
    after = index < chain.last and words[index + 1].numeric and gaps[index + 1] in {" ", ". ", ".", ", "}
    start = index
    while start > chain.first and gaps[start] in _STREET_GAPS and chain.names(start - 1) and index - start < _SHORT:
        start -= 1
    before = start > chain.first and words[start - 1].numeric and gaps[start] in {" ", ", "}
    if (alone and start == index) or not (after or before):
        return None
    return start - before, index + after, LIKELY


def _begins(chain: Chain, index: int) -> Head | None:
    """Find "Via Roma 12", "12 rue de la Paix", "Calle 5 # 16-50"."""
    words, gaps = chain.words, chain.gaps
    before = index > chain.first and words[index - 1].numeric and gaps[index] in {" ", ", ", " ,"}
    for at in range(index + 1, min(index + 4, chain.last) + 1):
        if "#" in gaps[at] and words[at].numeric:
            return index, at + (at < chain.last and gaps[at + 1] == "-"), LIKELY
    if len(words[index].text) == 1 and not before and gaps[index + 1] not in {". ", "/", "/ "}:
        return None
    end = index
    while end < chain.last and end - index < _MOST_IN_STREET and gaps[end + 1] in _STREET_GAPS:
        following = words[end + 1]
        if following.numeric or not (following.text[0].isupper() or following.street & Street.PARTICLE):
            break
        end += 1
    numbered = _number_after(chain, index, end)
    named = any(item.text[0].isupper() for item in words[index + 1 : end + 1])
    if numbered > end and (named or numbered == end + 3):
        return index - before, numbered, LIKELY
    if named and (before or chain.cued(index) or chain.coded(end)):
        return index - before, end, LIKELY
    return None


def _number_after(chain: Chain, index: int, end: int) -> int:
    """Give the last word of the number behind a street ("12", "N\u00b0 35", "Nr. 7", "S/N"), else `end`."""
    words, gaps = chain.words, chain.gaps
    if end >= chain.last:
        return end
    following = words[end + 1]
    if end + 2 <= chain.last:
        if following.numeric and end == index and words[end + 2].street & Street.UNIT:
            # "Diagonal 8 N\u00b0 35": the street is a number too.
            marked = end + 3 <= chain.last and "\u00b0" in gaps[end + 3] and words[end + 3].numeric
            return end + 3 if marked else end
        if (following.text, gaps[end + 2], words[end + 2].text) == ("S", "/", "N"):
            return end + 2
        if following.street & Street.UNIT and words[end + 2].numeric:
            return end + 2
    return end + (following.numeric and len(gaps[end + 1]) <= _SHORT + 1)


def _ends(chain: Chain, index: int) -> Head | None:
    """Find "12 Elm Grove Road", "5 Smith meadow", "21/A, Station Road"."""
    words, gaps = chain.words, chain.gaps
    start = index
    while start > chain.first and index - start <= _MOST_IN_STREET:
        if gaps[start] not in _STREET_GAPS and gaps[start] not in _NUMBER_GAPS:
            return None
        before = words[start - 1]
        if before.numeric and before.text[0].isdigit():
            return _numbered(chain, start - 1, start, index)
        if (
            len(before.text) == 1
            and start - 2 >= chain.first
            and gaps[start - 1] in {"/", "-"}
            and words[start - 2].numeric
        ):
            return _numbered(chain, start - 2, start, index)
        if not chain.names(start - 1) and not before.street:
            return None
        start -= 1
    return None


def _numbered(chain: Chain, number: int, start: int, index: int) -> Head | None:
    """Weigh a number, a name and a word for a street."""
    item = chain.words[index]
    between = chain.words[start:index]
    if chain.gaps[number][-1:] in {"^", "."} or not any(part.text[0].isupper() for part in between):
        return None
    strong = item.street & Street.LAST
    if strong and item.text[0].isupper():
        return number, index, CERTAIN
    if item.shape == "U" and not strong and not (chain.coded(index) or chain.cued(number)):
        return None
    if any(part.flags & Flag.ABBREVIATION and part.shape == "U" and len(part.text) > 1 for part in between):
        return None
    # "2 Lachman view" is an image.
    named = any(part.kind in TELLING and (strong or not part.flags & Flag.EPONYM) for part in between)
    telling = named and (chain.closes(index) or item.text[0].isupper())
    listed = named and chain.closes(index) and "," in chain.gaps[index + 1]
    return (number, index, LIKELY) if telling or listed or chain.cued(number) or chain.coded(index) else None


def _plain(chain: Chain) -> Head | None:
    """Find a number and a name without a word for a street, held up by a cue before or a post code behind."""
    words = chain.words
    for index in range(chain.first, chain.last + 1):
        if not words[index].numeric or not words[index].text[0].isdigit():
            continue
        if index > chain.first and post_code(chain.prepared, index):
            continue
        end = _named_until(chain, index)
        if end > index and _held(chain, index, end):
            return index, end, LIKELY
        start = _named_since(chain, index)
        if start < index and _held(chain, start, index, last=True):
            return start, index, LIKELY
        unit = index > chain.first and words[index - 1].street & Street.UNIT
        if unit and (chain.coded(index) or chain.cued(index - 1)):
            return index - 1, index, LIKELY
    return None


def _named_until(chain: Chain, number: int) -> int:
    end = number
    while end < chain.last and end - number < _MOST_IN_STREET and chain.names(end + 1):
        gap = chain.gaps[end + 1]
        if gap not in _STREET_GAPS and not (end == number and gap in _NUMBER_GAPS):
            break
        end += 1
    while end > number and not chain.words[end].text[0].isupper():
        end -= 1
    return end


def _named_since(chain: Chain, number: int) -> int:
    start = number
    while start > chain.first and number - start < _MOST_IN_STREET - 1 and chain.names(start - 1):
        if chain.gaps[start] not in _STREET_GAPS:
            break
        start -= 1
    while start < number and not chain.words[start].text[0].isupper():
        start += 1
    return start


def _held(chain: Chain, start: int, end: int, *, last: bool = False) -> bool:
    """Tell whether a flat, a cue or a post code holds up a name with a number, which may be the last word."""
    words = chain.words
    if not any(
        item.kind in TELLING and item.shape != "U" and not item.flags & Flag.MEDICAL for item in words[start : end + 1]
    ):
        return False
    if end + 2 <= chain.last and words[end + 1].street & Street.UNIT and words[end + 2].numeric:
        return True
    if chain.coded(end):
        return True
    return (last or end - start > 1 or chain.closes(end)) and chain.cued(start)


_Rule = Callable[[Chain, int], Head | None]
_RULES: tuple[tuple[int, _Rule], ...] = (
    (Street.ENDING, _ending),
    (Street.FIRST, _begins),
    (Street.LAST | Street.WEAK, _ends),
)

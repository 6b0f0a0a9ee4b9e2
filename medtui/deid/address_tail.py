"""What follows street and number in an address: flat, town, state, post code, country."""

from medtui.deid.address_chain import STREET, TELLING, Chain, post_code
from medtui.deid.vocabulary import REGIONS
from medtui.deid.word_lists.flags import Flag
from medtui.deid.words import Kind, Street, Word

_SHORT = 3
_MOST_SKIPPED = 6
_PART_GAPS = {" ", "-", ". ", "'"}


def tail_end(chain: Chain, start: int, end: int) -> int:
    """Go on to the right as far as the address is told from prose.

    Args:
        chain: holds the address.
        start: first word of street and number.
        end: last word of street and number.

    Returns:
        The last word of the address.
    """
    capitals = all(item.shape == "U" for item in chain.words[start : end + 1] if item.text[0].isalpha())
    index = end + 1
    while index <= chain.last:
        stop = index
        while stop < chain.last and _same_part(chain, stop + 1):
            stop += 1
        end = max(end, _part(chain, index, stop, end, capitals=capitals))
        if stop - end > _MOST_SKIPPED:
            break
        index = stop + 1
    return end


def _same_part(chain: Chain, index: int) -> bool:
    return chain.gaps[index] in _PART_GAPS and chain.words[index].numeric is chain.words[index - 1].numeric


def _part(chain: Chain, first: int, last: int, end: int, *, capitals: bool) -> int:
    """Give the last word of one part of the tail that belongs to the address; `end` or less when none does."""
    words = chain.words
    if words[first].numeric:
        return last if _number_belongs(chain, first, last, end) else end
    end = max(end, _after_code(chain, first, last, end))
    if not chain.closes(last):
        return _places_in_prose(chain, first, last, end, capitals=capitals)
    names = [item for item in words[first : last + 1] if item.text[0].isupper()]
    if any(_town(item, capitals=capitals) for item in names) or chain.region(last):
        return last
    if words[last].street & Street.UNIT:
        return last if last < chain.last and words[last + 1].numeric else end
    return last if last - first < 2 and words[last].text in REGIONS else end


def _after_code(chain: Chain, first: int, last: int, end: int) -> int:
    """The town behind a post code needs no list: "14210 Salmon"."""
    words = chain.words
    if end + 1 != first or chain.gaps[first] != " " or not post_code(chain.prepared, end):
        return end
    if words[end - 1].text in REGIONS or words[first].shape != "T" or not words[first].capital:
        return end
    while first < last and words[first + 1].capital:
        first += 1
    return first


def _places_in_prose(chain: Chain, first: int, last: int, end: int, *, capitals: bool) -> int:
    """Prose goes on in the same line: take what is a place by itself."""
    for index in range(first, last + 1):
        item = chain.words[index]
        if item.street & Street.PARTICLE and item.text[0].islower():
            continue
        if item.text not in REGIONS and (item.kind is Kind.EITHER or not _town(item, capitals=capitals)):
            break
        end = max(end, index)
    return end


def _number_belongs(chain: Chain, first: int, last: int, end: int) -> bool:
    if any(post_code(chain.prepared, index) for index in range(first, last + 1)):
        return True
    gap = chain.gaps[first]
    if chain.words[first - 1].street & (Street.UNIT | STREET) or gap.strip() in {"/", "#", "-", ", #"}:
        return True
    return first == end + 1 and len(gap) <= 2 and (last < chain.last or chain.closes(last))


def _town(item: Word, *, capitals: bool) -> bool:
    """Tell whether a word can name a town or a country by itself; in capitals only where all else is."""
    if item.flags & Flag.PLACE and not (item.kind is Kind.VOUCHED and item.flags & Flag.COMMON):
        return item.shape != "U" or capitals or len(item.text) <= _SHORT
    if item.kind not in TELLING or item.flags & (Flag.MEDICAL | Flag.ABBREVIATION):
        return False
    return item.shape != "U" or capitals

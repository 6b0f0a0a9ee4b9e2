"""Finds models in the list: by words, by kind, by what fits, in a chosen order."""

from collections.abc import Callable, Iterable

from medtui.errors import Refusal
from medtui.model.offers import Offer, rank

ORDERS: dict[str, Callable[[Offer], tuple[object, ...]]] = {
    "fit": rank,
    "size": lambda offer: (offer.parameters is None, offer.parameters or 0, offer.id),
    "memory": lambda offer: (offer.peak_gib is None, offer.peak_gib or 0.0, offer.id),
    "name": lambda offer: (offer.title.lower(), offer.id),
}


def search(
    listed: Iterable[Offer],
    words: str = "",
    group: str | None = None,
    levels: Iterable[str] = (),
    order: str | None = None,
) -> list[Offer]:
    """Choose from a list of offers.

    Args:
        listed: the offers.
        words: all of them must occur in the name, maker's text, languages or licence; upper or lower case.
        group: "general", "medical", "multilingual-medical", "indic", "own" or "demo".
        levels: keep only these levels of `fit`; all when empty.
        order: one of `ORDERS`; the given order when None.

    Raises:
        Refusal: the order is not known.
    """
    if order is not None and order not in ORDERS:
        raise Refusal(f"{order} is no order; choose one of {', '.join(ORDERS)}.")
    wanted, kept = words.lower().split(), set(levels)
    found = [
        offer
        for offer in listed
        if all(word in _text(offer) for word in wanted)
        and (group is None or offer.group == group)
        and (not kept or offer.level in kept)
    ]
    return sorted(found, key=ORDERS[order]) if order else found


def _text(offer: Offer) -> str:
    return " ".join([offer.id, offer.title, offer.description, offer.licence, offer.languages or ""]).lower()

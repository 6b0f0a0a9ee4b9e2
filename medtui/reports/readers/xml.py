"""XML from strangers: no entities, no network, no external files, and namespaces passed over."""

import functools
from collections.abc import Iterator
from typing import Any

from lxml import etree

from medtui.reports.draft import Unreadable


def parse(data: bytes) -> tuple[Any, bool]:
    """Parse XML without resolving anything that it refers to.

    Args:
        data: the file.

    Returns:
        The root element, and whether the XML was malformed and read as far as possible.

    Raises:
        Unreadable: nothing of it is XML, or it declares entities of its own.
    """
    parser = _parser()
    try:
        root = etree.fromstring(data.lstrip(b" \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("The XML is damaged; export it again.") from error
    if root is None:
        raise Unreadable("The XML is damaged; export it again.")
    # Until here they were only noted: the parser puts nothing in for them.
    if _declares_entities(root):
        raise Unreadable("The XML declares its own entities, as attacks do and reports never; it is refused.")
    names = [entry.type_name for entry in parser.error_log]
    if "NS_ERR_UNDEFINED_NAMESPACE" in names:
        for element in root.iter(etree.Element):
            element.tag = local(element)
    return root, any(name not in _HARMLESS for name in names)


@functools.cache
def _parser() -> etree.XMLParser:
    """Give the parser of this process: making one anew takes a sixth of the time of reading a document."""
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False, remove_pis=True,
        remove_comments=True, collect_ids=False,
    )  # fmt: skip


# Examples cut from larger documents use prefixes that they do not declare; their text is whole all the same.
_HARMLESS = frozenset(("NS_ERR_UNDEFINED_NAMESPACE", "WAR_NS_URI", "WAR_NS_URI_RELATIVE", "NS_ERR_XML_NAMESPACE"))


def _declares_entities(root: Any) -> bool:
    declared = root.getroottree().docinfo.internalDTD
    return declared is not None and next(declared.iterentities(), None) is not None


def local(element: Any) -> str:
    """Give an element's name without its namespace; comments have none."""
    return BARE[element.tag]


class _Bare(dict[Any, str]):
    """Names without their namespace; each is worked out once, because a document asks thousands of times."""

    def __missing__(self, tag: Any) -> str:
        bare = tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""
        if len(self) < _MOST_NAMES:
            self[tag] = bare
        return bare


_MOST_NAMES = 4096
# For loops over thousands of elements, where a call for each would take as long as all the rest.
BARE = _Bare()


def children(element: Any, name: str) -> list[Any]:
    """Give the child elements of a local name; none when the element is None."""
    return list(element.iterchildren("{*}" + name)) if element is not None else []


def child(element: Any, name: str) -> Any:
    """Give the first child element of a local name, None when absent."""
    return next(element.iterchildren("{*}" + name), None) if element is not None else None


def descendants(element: Any, *names: str) -> Iterator[Any]:
    """Give all elements of some local names at or below an element, in document order."""
    return iter(element.iter(*("{*}" + name for name in names)))


def attribute(element: Any, name: str) -> str:
    """Give an attribute's value, empty when the element or the attribute is absent."""
    return (element.get(name) or "").strip() if element is not None else ""

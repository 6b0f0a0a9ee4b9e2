"""A small grammar for varied sentences: `{this|that}` picks one, `$name` fills in a value."""

import re
from random import Random
from string import Template

_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")


def phrase(random: Random, template: str, **values: str) -> str:
    """Writes one variant of a template.

    Args:
        random: Source of the choices.
        template: Text with `{a|b|c}` alternatives, which may be nested, and `$name` placeholders.
        **values: Texts for the placeholders; braces inside them are left alone.

    Returns:
        The text with every alternative chosen, placeholders filled and doubled spaces removed.

    Raises:
        KeyError: If a placeholder has no value.
    """
    found = _ALTERNATIVES.search(template)
    while found:
        choice = random.choice(found.group(1).split("|"))
        template = template[: found.start()] + choice + template[found.end() :]
        found = _ALTERNATIVES.search(template)
    filled = Template(template).substitute(values)
    return re.sub(r" +([,.;:])", r"\1", re.sub(r" {2,}", " ", filled)).strip()


def capitalise(text: str) -> str:
    """Makes the first letter upper case and leaves the others as they are."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Makes the first letter lower case, unless the first word is an abbreviation such as CT."""
    return text if text[1:2].isupper() or text[:1] == "[" else text[:1].lower() + text[1:]

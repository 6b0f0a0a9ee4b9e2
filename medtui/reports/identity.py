"""What a file says about the people in it, and which patient it is about."""

import hashlib
import re

from medtui.phi import Category
from medtui.reports.clean import clean_line
from medtui.reports.dates import iso_date
from medtui.reports.document import KnownIdentifier


class Identity:
    """Collects what a file's fields say about the people in it."""

    def __init__(self) -> None:
        self.mrn = ""
        self.name = ""
        self.birth = ""
        self.reference = ""
        self.also: list[str] = []
        # Whom it refers to without saying who that is: another file may.
        self.refers: list[str] = []
        # By the category's identity: computing the hash of a member of an enumeration takes longer than all the rest.
        self._known: dict[tuple[int, str], Category] = {}
        # The same people stand many times in one file; what was given before needs no cleaning again.
        self._given: set[tuple[int, object]] = set()
        self._names: dict[tuple[str, ...], str] = {}
        self._written: dict[str, str] = {}

    def add(self, kind: Category, value: object) -> None:
        """Add one value as it stands in the source; empty and one-letter values say nothing and are passed over."""
        if not isinstance(value, (str, int)) or (id(kind), value) in self._given:
            return
        self._given.add((id(kind), value))
        text = clean_line(str(value))
        if len(text) > 1:
            self._known.setdefault((id(kind), text), kind)

    def add_name(self, given: list[str], family: str, *extra: str) -> str:
        """Add a person's name whole, reversed, and each of its parts, because texts use all of these.

        Args:
            given: given names in order.
            family: family name, may hold several words.
            *extra: further names of the same person, such as a maiden name.

        Returns:
            The whole name, given names first.
        """
        key = (*given, "", family, *extra)
        if key in self._names:
            return self._names[key]
        parts = [clean for part in given if (clean := clean_line(part))]
        last = clean_line(family)
        whole = self._names[key] = " ".join([*parts, last]).strip()
        forms = [whole]
        if parts and last:
            forms += (f"{parts[0]} {last}", f"{last}, {' '.join(parts)}", f"{last}, {parts[0]}")
        kind, known = Category.NAME, self._known
        for form in (*forms, *parts, last, *(clean_line(name) for name in extra)):
            if len(form) > 1:
                known.setdefault((id(kind), form), kind)
        return whole

    def add_written_name(self, written: str) -> str:
        """Add a name written in one string, `Family, Given` or `Given Family`, with or without titles."""
        if written not in self._written:
            self._written[written] = self._add_written(clean_line(written))
        return self._written[written]

    def _add_written(self, written: str) -> str:
        bare = _TITLES.sub(" ", written).strip(" ,.-")
        if not bare or not any(character.isalpha() for character in bare):
            return ""
        self.add(Category.NAME, written)
        family, comma, given = bare.partition(",")
        if comma:
            return self.add_name(given.replace(",", " ").split(), family.strip())
        words = bare.split()
        return self.add_name(words[:-1], words[-1])

    def add_date(self, value: str, *, day_first: bool = False) -> str:
        """Add a date as written and in ISO form; returns the ISO form, empty when it is no date."""
        self.add(Category.DATE, value)
        iso = iso_date(value, day_first=day_first) or ""
        self.add(Category.DATE, iso)
        return iso

    def merge(self, other: "Identity") -> None:
        """Take over what another part of the same file knows."""
        self._known.update(other._known)
        self.mrn = self.mrn or other.mrn
        self.name = self.name or other.name
        self.birth = self.birth or other.birth
        self.reference = self.reference or other.reference
        self.also += other.also
        self.refers += other.refers

    def keys_only(self) -> "Identity":
        """Give the same patient without what is said about anybody."""
        bare = Identity()
        bare.mrn, bare.name, bare.birth, bare.reference = self.mrn, self.name, self.birth, self.reference
        bare.also = list(self.also)
        return bare

    def known(self) -> tuple[KnownIdentifier, ...]:
        """Give everything collected, in the order of the source."""
        return tuple(KnownIdentifier(kind, text) for (_, text), kind in self._known.items())

    def patient_key(self) -> str:
        """Give a key that is the same wherever the same patient is named: by record number, else name and birth date.

        It is a hash so that the number itself does not travel with the documents; it stays in the vault all the same.
        """
        return next(iter(self.patient_keys()), "")

    def patient_keys(self) -> list[str]:
        """Give every key under which files may know the patient, the surest first.

        A name alone is none where there is more: two patients may share it.
        """
        keys = [_number_key(number) for number in (self.mrn, *self.also) if number]
        if self.name and (self.birth or not keys):
            keys.append(_key("name", " ".join(sorted(self.name.casefold().split())) + "\0" + self.birth))
        if self.reference:
            keys.append(reference_key(self.reference))
        return list(dict.fromkeys(keys))


def _number_key(number: str) -> str:
    return _key("mrn", re.sub(r"[\s-]", "", number).casefold())


def reference_key(reference: str) -> str:
    """Give the key of a patient whom a file only refers to; server and version are passed over."""
    bare = re.sub(r"/_history/[^/]+$", "", reference)
    return _key("reference", bare if bare.startswith("urn:") else "/".join(bare.rsplit("/", 2)[-2:]))


def _key(kind: str, subject: str) -> str:
    return "patient-" + hashlib.sha256(f"{kind}\0{subject}".encode("utf-8", "replace")).hexdigest()[:16]


_TITLES = re.compile(
    r"(?<![\w.])(?:mr|mrs|ms|miss|master|dr|prof|shri|smt|kumari|sri|md|mbbs|do|phd|rn|np|pa-c|frcr|mrcp|dnb|ms ortho)"
    r"(?:\.|(?=[\s,]|$))",
    re.IGNORECASE,
)

"""Words that steer the search for names and places, from `assets/word_lists/vocabulary.toml`."""

import re
import tomllib

from medtui import assets

_SETS = {
    name: frozenset(words.split())
    for name, words in tomllib.loads(assets.path("word_lists", "vocabulary.toml").read_text("utf-8")).items()
}

TITLES = _SETS["titles"]
KIN = _SETS["kin"]
NAMED_BY = _SETS["named_by"]
PLACE_BEFORE = _SETS["place_before"]
FACILITY = _SETS["facility"]
GENERIC_FACILITY = _SETS["generic_facility"]
EPONYM_NOUN = _SETS["eponym_noun"]
NOT_A_NAME = _SETS["not_a_name"]
NAME_STOPS = _SETS["name_stops"]
STATES = _SETS["states"]
STREET_LAST = _SETS["street_last"]
STREET_WEAK = _SETS["street_weak"]
STREET_FIRST = _SETS["street_first"]
STREET_ENDINGS = _SETS["street_endings"]
ADDRESS_UNIT = _SETS["address_unit"]
ADDRESS_PARTICLES = _SETS["address_particles"]
REGIONS = STATES | _SETS["regions"]
SHORTENED = _SETS["shortened"]
WEAK_FACILITY = _SETS["weak_facility"]
PUBLIC_FACILITY = _SETS["public_facility"]

VISIT = _SETS["visit"]
"""Verbs of being somewhere, a few words before a place."""

CREDENTIAL = re.compile(
    r",?[ ]?(?:\(?)(?:M\.?D\.?|D\.?O\.?|M\.?B\.?B\.?S\.?|R\.?N\.?|N\.?P\.?|P\.?A\.?-?C?|Ph\.?\s?D\.?|D\.?D\.?S\.?|D\.?M\.?D\.?|D\.?N\.?B\.?|F\.?R\.?C\.?[SPR]\.?|F\.?A\.?C\.?[A-Z]{1,3}\.?|M\.?R\.?C\.?P\.?"
    r"|D\.?P\.?M\.?|O\.?D\.?|PharmD|Pharm\.D\.|R\.?Ph\.?|L\.?C\.?S\.?W\.?|C\.?R\.?N\.?A\.?|A\.?P\.?R\.?N\.?|F\.?N\.?P\.?(?:-?BC)?|M\.?Ch\.?|M\.?S\.?|D\.?M\.?|D\.?G\.?O\.?|D\.?C\.?H\.?|B\.?A\.?M\.?S\.?|B\.?H\.?M\.?S\.?|LPN|CNM|DPT|PT|OT|RT|CNP|MPH|RDMS|FACP|FACC|FACS|FRCR|DMRD|MSW|Esq)(?![A-Za-z])"
)
"""Letters behind a clinician's name."""

"""The kinds of identifiers that must not leave the vault."""

from enum import StrEnum


class Category(StrEnum):
    """Identifier categories.

    The first nineteen follow HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(A)-(R), with ages over 89 kept apart from dates
    because they are generalised differently; the rest are India's and other national identifiers.
    """

    NAME = "NAME"
    LOCATION = "LOCATION"
    DATE = "DATE"
    AGE = "AGE"
    PHONE = "PHONE"
    FAX = "FAX"
    EMAIL = "EMAIL"
    SSN = "SSN"
    MRN = "MRN"
    HEALTH_PLAN = "HEALTH_PLAN"
    ACCOUNT = "ACCOUNT"
    LICENSE = "LICENSE"
    VEHICLE = "VEHICLE"
    DEVICE = "DEVICE"
    URL = "URL"
    IP = "IP"
    BIOMETRIC = "BIOMETRIC"
    PHOTO = "PHOTO"
    OTHER_ID = "OTHER_ID"
    AADHAAR = "AADHAAR"
    ABHA = "ABHA"
    PAN = "PAN"
    VOTER_ID = "VOTER_ID"
    PASSPORT = "PASSPORT"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    UPI = "UPI"

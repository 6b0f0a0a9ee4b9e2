# ruff: noqa: E501 - a table is easier to read with one entry on a line.
"""The fictional institutions whose software exported the reports."""

from random import Random

from medtui.demo.practice import identifiers
from medtui.demo.practice.people import Address
from medtui.demo.practice.style import Institution

# Key, country, name, kind, address, domain, shape of record numbers (`#` a digit).
_TABLE = (
    ("lakeshore", "US", "Lakeshore Vale Medical Center", "hospital", ("1800 Lantern Hill Blvd", "Maplewick", "OH", "44107"), "lakeshorevale.example", "00######"),
    ("prairie", "US", "Prairie Lantern Family Clinic", "clinic", ("42 Meadowlark Ave, Suite 3", "Cedar Junction", "IA", "50311"), "prairielantern.example", "PL-#####"),
    ("thistle", "US", "Harbor Thistle Imaging", "imaging", ("9 Granite St", "Port Ellery", "ME", "04101"), "harborthistle.example", "HT#######"),
    ("tamsin", "US", "Fort Tamsin Regional Hospital", "hospital", ("700 Saddleback Rd", "Fort Tamsin", "TX", "78704"), "forttamsin.example", "8#######"),
    ("orrin", "US", "Lake Orrin Clinical Laboratories", "laboratory", ("215 Sycamore Drive", "Lake Orrin", "MI", "49088"), "orrinlabs.example", "LO######L"),
    ("harlow", "US", "East Harlow Specialty Associates", "clinic", ("61 Cider Mill Way", "East Harlow", "PA", "17402"), "harlowspecialty.example", "##-##-##-#"),
    ("sahyadri", "IN", "Sahyadri Deepam Hospital", "hospital", ("14 Link Road, Kothrud", "Pune", "Maharashtra", "411038"), "sahyadrideepam.example", "SDH/######"),
    ("kaveri", "IN", "Kaveri Neelam Diagnostics", "laboratory", ("88 Temple Street, Besant Nagar", "Chennai", "Tamil Nadu", "600090"), "kaverineelam.example", "KND######"),
    ("aravalli", "IN", "Aravalli Jyoti Clinic", "clinic", ("3 Gandhi Marg, Malviya Nagar", "Jaipur", "Rajasthan", "302017"), "aravallijyoti.example", "AJ #####"),
    ("periyar", "IN", "Periyar Vanam Medical College Hospital", "hospital", ("Ring Road, Ernakulam North", "Kochi", "Kerala", "682018"), "periyarvanam.example", "UH#########"),
    ("ganga", "IN", "Ganga Prabha Scan Centre", "imaging", ("21/A, Station Road, Civil Lines", "Lucknow", "Uttar Pradesh", "226001"), "gangaprabha.example", "GPS-######"),
    ("brahma", "IN", "Brahma Tarang Polyclinic", "clinic", ("5 Lake View Road, Vidyanagar", "Guwahati", "Assam", "781005"), "brahmatarang.example", "BTP.####.##"),
)  # fmt: skip


def institutions(random: Random) -> list[Institution]:
    """Return all institutions; telephone and fax numbers are drawn."""
    result = []
    for key, country, name, kind, address, domain, pattern in _TABLE:
        phone = identifiers.us_phone if country == "US" else identifiers.indian_landline

        def record(source: Random, form: str = pattern) -> str:
            return identifiers.shaped(source, form)

        result.append(
            Institution(
                key,
                country,
                name,
                kind,
                Address(*address),
                phone(random),
                phone(random),
                f"desk@{domain}",
                f"www.{domain}",
                record,
            )
        )
    return result

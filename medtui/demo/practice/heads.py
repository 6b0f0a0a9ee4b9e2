"""Letterheads, patient blocks and signatures, as different institutions print them; all lines are marked."""

from random import Random

from medtui.demo.practice.marks import mark
from medtui.demo.practice.people import Address, Clinician, Name
from medtui.demo.practice.report import Report
from medtui.demo.practice.style import day_text


def address_line(address: Address, random: Random) -> str:
    """Return an address on one line; the state is left unmarked, as Safe Harbor lets it stay."""
    street, town, code = (mark("LOCATION", part) for part in (address.street, address.town, address.code))
    layouts = (f"{street}, {town}, {address.state} {code}", f"{street}, {town} - {code}, {address.state}")
    if len(address.state) == 2:
        return layouts[0]
    return random.choice(layouts)


def written_name(name: Name, random: Random) -> str:
    """Return a patient's name in one of the orders in use, marked."""
    first = " ".join(part for part in (name.given, name.middle) if part)
    return mark(
        "NAME",
        random.choice(
            (name.full, name.full, f"{name.family}, {first}", f"{name.family.upper()}, {first}", name.full.upper())
        ),
    )


def doctor(clinician: Clinician, random: Random) -> str:
    """Return a clinician as titles and signatures name them, the name marked."""
    name = mark("NAME", random.choice((clinician.name.full, f"{clinician.name.given[0]}. {clinician.name.family}")))
    return random.choice((f"Dr. {name}", f"Dr {name}", f"{name}, {clinician.degree}"))


def age_text(report: Report) -> str:
    """Return the age on the day of the report; only ages over 89 are identifiers."""
    age = report.patient.age(report.day)
    return mark("AGE", str(age)) if age > 89 else str(age)


def letterhead(report: Report, random: Random) -> list[str]:
    """Return the institution's lines: name, address and some of its telephone, fax, e-mail and site."""
    place = report.author.institution
    contacts = [
        f"{random.choice(('Phone', 'Tel', 'Ph'))}: {mark('PHONE', place.phone)}",
        f"Fax: {mark('FAX', place.fax)}",
        f"E-mail: {mark('EMAIL', place.email)}",
        mark("URL", place.site),
    ]
    name = place.name.upper() if random.random() < 0.4 else place.name
    shown = contacts[: random.randint(1, 4)]
    return [
        mark("LOCATION", name),
        address_line(place.address, random),
        random.choice(("   ", " | ", "  ")).join(shown),
    ]


def _fields(report: Report, random: Random) -> list[tuple[str, str]]:
    patient = report.patient
    indian = patient.country == "IN"
    sex = {"F": ("F", "Female"), "M": ("M", "Male")}[patient.sex][random.randrange(2)]
    born = mark("DATE", day_text(report.author, patient.born))
    fields = [
        (random.choice(("Patient Name", "Patient", "Name")), written_name(patient.name, random)),
        (
            random.choice(("UHID", "Reg. No", "Hospital No"))
            if indian
            else random.choice(("MRN", "Medical Record No", "MRN")),
            mark("MRN", patient.mrn),
        ),
    ]
    age_sex = ("Age/Sex", f"{age_text(report)} {random.choice(('Y', 'yrs', 'years'))} / {sex}")
    if indian:
        fields += [age_sex] if random.random() < 0.7 else [("DOB", born), age_sex]
    else:
        fields += [("DOB", born), random.choice((("Sex", sex), age_sex))]
    optional = [
        ("Address", address_line(patient.address, random)),
        (random.choice(("Phone", "Mobile", "Contact No")), mark("PHONE", patient.phone)),
        (
            random.choice(("Policy No", "Insurance ID")) if indian else "Member ID",
            mark("HEALTH_PLAN", patient.numbers["HEALTH_PLAN"]),
        ),
        (random.choice(("Account No", "Acct No", "Visit No")), mark("ACCOUNT", patient.numbers["ACCOUNT"])),
    ]
    if indian:
        optional += [
            ("Aadhaar No", mark("AADHAAR", patient.numbers["AADHAAR"])),
            ("ABHA No", mark("ABHA", patient.numbers["ABHA"])),
            ("PAN", mark("PAN", patient.numbers["PAN"])),
        ]
    else:
        optional += [("SSN", mark("SSN", patient.numbers["SSN"])), ("E-mail", mark("EMAIL", patient.email))]
    fields += random.sample(optional, random.randint(0, 3))
    dated = {
        "findings_to_impression": "Date of exam",
        "course_to_summary": "Date of discharge",
        "results_to_interpretation": "Collected on",
    }
    label = dated.get(report.task, "Date of visit") if random.random() < 0.6 else "Date"
    fields.append((label, mark("DATE", day_text(report.author, report.day))))
    if random.random() < 0.7:
        fields.append(
            (random.choice(("Referring Physician", "Ref. by", "Requested by")), doctor(report.referrer, random))
        )
    if report.task in ("findings_to_impression", "results_to_interpretation") and random.random() < 0.7:
        fields.append((random.choice(("Accession No", "Lab No", "Exam No")), mark("OTHER_ID", report.accession)))
    return fields


def head(report: Report, random: Random) -> list[str]:
    """Return the lines above the sections, in the author's layout."""
    top, fields = letterhead(report, random), _fields(report, random)
    title = report.title.upper() if random.random() < 0.5 else report.title
    layout = report.author.head
    if layout == 0:
        return [*top, "", title, "", *(f"{label}: {value}" for label, value in fields)]
    if layout == 1:
        return [
            title,
            " | ".join(f"{label}: {value}" for label, value in fields[:4]),
            *(f"{label}: {value}" for label, value in fields[4:]),
        ]
    if layout == 2:
        pairs = [fields[place : place + 2] for place in range(0, len(fields), 2)]
        return [
            *top,
            "-" * 60,
            *("    ".join(f"{label}: {value}" for label, value in pair) for pair in pairs),
            "-" * 60,
            title,
        ]
    if layout == 3:
        rest = ", ".join(f"{label} {value}" for label, value in fields[1:-1])
        greeting = f"Dear {random.choice(('Dr.', 'Dr'))} {mark('NAME', report.referrer.name.family)},"
        when = mark("DATE", day_text(report.author, report.day))
        return [*top, "", when, "", greeting, "", f"Re: {fields[0][1]}, {rest}", f"{title}"]
    if layout == 4:
        return [f"{label:<20}: {value}" for label, value in fields] + ["", title]
    return [title, *(f"{label} - {value}" if random.random() < 0.3 else f"{label}: {value}" for label, value in fields)]


def foot(report: Report, random: Random) -> list[str]:
    """Return the signature and what stands below it."""
    signer = report.signer
    name, when = mark("NAME", signer.name.full), mark("DATE", day_text(report.author, report.day))
    licence = mark("LICENSE", signer.licence.rsplit(" ", 1)[-1])
    before = signer.licence.rsplit(" ", 1)[0] + " " if " " in signer.licence else ""
    signature = random.choice(
        (
            f"Electronically signed by Dr. {name}, {signer.degree} on {when}",
            f"Reported by: Dr {name}",
            f"Signed: {name}, {signer.degree}",
            f"Dr. {name} ({signer.degree}), {before}{licence}",
            f"Verified by {name}, {before}{licence}, {when}",
        )
    )
    lines = [signature]
    if report.author.head in (1, 4, 5):
        lines += letterhead(report, random)
    if random.random() < 0.25:
        lines.append(f"cc: {doctor(report.referrer, random)}")
    if random.random() < 0.2:
        lines.append(
            random.choice(
                (
                    "This is a computer generated report.",
                    "Page 1 of 1",
                    "*** End of report ***",
                    "Not valid for legal purposes.",
                )
            )
        )
    return lines

"""PDF files with a text layer, one line of text a line of the page."""

import io
from random import Random

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from medtui.demo.practice.layout import page_lines
from medtui.demo.practice.marks import plain
from medtui.demo.practice.report import Report


def write(report: Report, random: Random) -> tuple[bytes, str]:
    """Return the file's bytes and the marked canonical text; the same report gives the same bytes."""
    size = LETTER if report.patient.country == "US" else A4
    font = random.choice(("Helvetica", "Times-Roman", "Courier"))
    points, leading = (8.5, 11) if font == "Courier" else random.choice(((9, 12), (10, 13), (10, 16)))
    margin = 46.0
    target = io.BytesIO()
    # Invariant leaves out the time of writing and derives the file identifier from the content.
    canvas = Canvas(target, pagesize=size, invariant=1, pageCompression=0)
    canvas.setTitle("Report")
    lines = _fitted([line.replace("\t", "   ") for line in page_lines(report, 0)], font, points, size[0] - 2 * margin)
    height = size[1] - margin
    canvas.setFont(font, points)
    for line in lines:
        if height < margin:
            canvas.showPage()
            canvas.setFont(font, points)
            height = size[1] - margin
        canvas.drawString(margin, height, plain(line))
        height -= leading
    canvas.save()
    return target.getvalue(), "\n".join(lines) + "\n"


def _fitted(lines: list[str], font: str, points: float, width: float) -> list[str]:
    """Break lines that are wider than the page, at blanks."""
    fitted = []
    for line in lines:
        current = ""
        for word in line.split(" "):
            longer = f"{current} {word}" if current else word
            if current and stringWidth(plain(longer), font, points) > width:
                fitted.append(current)
                current = word
            else:
                current = longer
        fitted.append(current)
    return fitted

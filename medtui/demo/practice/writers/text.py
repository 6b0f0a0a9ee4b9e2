"""Plain text files, in the encodings and line ends that practices really have."""

from medtui.demo.practice.layout import page_lines
from medtui.demo.practice.marks import plain
from medtui.demo.practice.report import Report


def write(report: Report) -> tuple[bytes, str]:
    """Return the file's bytes and the marked canonical text (line ends as newlines)."""
    marked = "\n".join(page_lines(report)) + "\n"
    ending = "\r\n" if report.number % 4 == 0 else "\n"
    encoding = {0: "utf-8-sig", 1: "cp1252"}.get(report.number % 9, "utf-8")
    text = plain(marked).replace("\n", ending)
    try:
        return text.encode(encoding), marked
    except UnicodeEncodeError:
        return text.encode("utf-8"), marked

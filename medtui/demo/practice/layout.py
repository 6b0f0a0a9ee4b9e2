"""The lines of a report as a page shows them, still marked."""

from medtui.demo.practice.marks import wrap
from medtui.demo.practice.report import Part, Report


def part_lines(part: Part, report: Report, width: int) -> list[str]:
    """Return one section with its title; prose is wrapped at `width` characters unless that is 0."""
    author = report.author
    title = author.title_form.format(part.title)
    if author.inline and part.prose:
        lines = f"{title} {part.body}".split("\n")
        if width:
            lines = [piece for line in lines for piece in wrap(line, width)]
        return lines
    lines = part.body.split("\n")
    if width and part.prose:
        lines = [piece for line in lines for piece in wrap(line, width)]
    return [title, *lines]


def sections_lines(report: Report, width: int = 0) -> list[str]:
    """Return all sections with a blank line after each."""
    return [line for part in report.parts for line in (*part_lines(part, report, width), "")]


def page_lines(report: Report, width: int | None = None) -> list[str]:
    """Return the whole page: head, sections, foot; `width` replaces the author's own line width."""
    width = report.author.width if width is None else width
    head = [piece for line in report.head for piece in (wrap(line, width) if width else [line])]
    return [*head, "", *sections_lines(report, width), *report.foot]

"""Outside text can neither act nor crash: what the code of the screens must not contain."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import medtui.ui

_FOLDER = Path(medtui.ui.__file__).parent
_SOURCES = sorted(_FOLDER.rglob("*.py"))

# Literal by nature; everything else from textual.widgets parses markup and is wrapped in widgets/plain.py.
_LITERAL = {"Footer", "FooterKey", "TextArea"}


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            yield name, node


def _call_offence(name: str, call: ast.Call) -> str:
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in {"from_markup", "from_ansi", "render_str"}:
        return f"{name} in line {call.lineno}"
    if name == "notify":
        markup = keywords.get("markup")
        if not (isinstance(markup, ast.Constant) and markup.value is False):
            return f"notify without markup=False in line {call.lineno}"
    if name == "write" and "driver" in ast.unparse(call.func):
        return f"writing to the driver in line {call.lineno}"
    return f"Content with markup in line {call.lineno}" if name == "Content" and "markup" in keywords else ""


def _import_offence(node: ast.ImportFrom) -> str:
    names = {alias.name for alias in node.names} - _LITERAL - {"Option"}
    if names and (node.module or "").startswith("textual.widgets"):
        return f"{sorted(names)} imported past widgets/plain.py in line {node.lineno}"
    return ""


def _title_offence(target: ast.expr, node: ast.Assign) -> str:
    parsed = isinstance(target, ast.Attribute) and target.attr in {"border_title", "border_subtitle", "tooltip"}
    if parsed and not ast.unparse(node.value).startswith("Content("):
        return f"{ast.unparse(target)} set from a str in line {node.lineno}"
    return ""


def offences(source: str, *, wrapper: bool = False) -> list[str]:
    """Name every construct through which outside text could reach a parser, a terminal or the outside.

    Args:
        source: Python.
        wrapper: it is the module that wraps Textual's own widgets.
    """
    tree = ast.parse(source)
    found = [_call_offence(name, call) for name, call in _calls(tree)]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not wrapper:
            found.append(_import_offence(node))
        if isinstance(node, ast.Assign):
            found += [_title_offence(target, node) for target in node.targets]
    return [offence for offence in found if offence]


@pytest.mark.parametrize("path", _SOURCES, ids=lambda path: str(path.relative_to(_FOLDER)))
def test_screens_never_parse_text(path: Path) -> None:
    assert offences(path.read_text(), wrapper=path.name == "plain.py") == []


@pytest.mark.parametrize(
    "source",
    [
        "self.notify('x')",
        "self.notify(text, markup=True)",
        "Content.from_markup(f'[b]{name}')",
        "Text.from_ansi(data)",
        "self.app._driver.write('x')",
        "from textual.widgets import Static",
        "widget.border_title = name",
    ],
)
def test_each_offence_is_seen(source: str) -> None:
    assert offences(source)


def test_the_app_stays_small() -> None:
    assert len((_FOLDER / "app.py").read_text().splitlines()) < 300

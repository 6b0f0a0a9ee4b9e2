"""Which files of a model repository are taken, and the checksums that travel with them."""

import hashlib
import re
from pathlib import Path

from medtui.errors import Refusal
from medtui.text import sanitize_line

CHECKSUMS = "SHA256SUMS"

# Weights as safetensors only, and the texts that belong to a model. Program code, pickles and other formats stay away.
_WANTED = re.compile(
    r"model(-\d{5}-of-\d{5})?\.safetensors|model\.safetensors\.index\.json|config\.json|generation_config\.json|"
    r"tokenizer\.json|tokenizer_config\.json|special_tokens_map\.json|added_tokens\.json|vocab\.json|merges\.txt|"
    r"chat_template\.(jinja|json)|README\.md|LICENSE(\.txt|\.md)?|NOTICE(\.txt|\.md)?|USE_POLICY\.md",
    re.I,
)
_CHUNK = 1 << 20


def wanted(name: str) -> bool:
    """Tell whether a file of a repository is taken; names with a folder in them never are."""
    return _WANTED.fullmatch(name) is not None


def digest(path: Path) -> str:
    """Give the SHA-256 of a file as lower-case hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def checksums(folder: Path) -> str:
    """Write the content of a checksum file in the form that `sha256sum -c` reads."""
    paths = sorted(path for path in folder.iterdir() if path.is_file() and wanted(path.name))
    return "".join(f"{digest(path)}  {path.name}\n" for path in paths)


def verify(folder: Path) -> int:
    """Compare a folder with the checksum file in it.

    Returns:
        Number of files compared, 0 when the folder has no checksum file.

    Raises:
        Refusal: a file differs or is missing.
    """
    listed = folder / CHECKSUMS
    if not listed.is_file():
        return 0
    compared = 0
    for line in listed.read_text(encoding="utf-8", errors="replace").splitlines():
        expected, _, name = line.partition("  ")
        if not wanted(name):
            continue
        if not (folder / name).is_file():
            raise Refusal(f"{sanitize_line(name)} is listed in {CHECKSUMS} but missing; copy the whole folder again.")
        if digest(folder / name) != expected:
            raise Refusal(f"{sanitize_line(name)} differs from its checksum in {CHECKSUMS}; copy it again.")
        compared += 1
    return compared

"""E-mail (.eml): the message is a report, and what hangs on it is read as what it is."""

import email
import email.header
import email.policy
import itertools
from collections.abc import Iterator
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import cast

import msgspec

from medtui.phi import Category
from medtui.reports import encoding
from medtui.reports.draft import Attachment, Draft, Found, Source, Unreadable
from medtui.reports.identity import Identity
from medtui.reports.readers.markup import html_text

_BODIES = frozenset(("text/plain", "text/html"))
# How a page saved with everything on it looks and behaves.
_LOOKS = frozenset(("text/css", "text/javascript", "application/javascript", "application/x-javascript"))
# Parts of one message; a real one has a handful.
_MOST_PARTS = 500


class _Body(msgspec.Struct):
    """Text of a message.

    Attributes:
        text: as it is shown.
        html: whether it was written in HTML.
        alternative: which alternative of which parts it belongs to.
    """

    text: str
    html: bool
    alternative: tuple[int, int]


def read(source: Source) -> Iterator[Found]:
    """Read an e-mail: its text, and each attachment.

    Raises:
        Unreadable: it has neither.
    """
    message = email.message_from_bytes(source.data, policy=email.policy.compat32.clone(raise_on_defect=False))
    identity = Identity()
    for name, address in getaddresses(
        [str(value) for key in ("From", "To", "Cc", "Reply-To") for value in message.get_all(key, [])]
    ):
        identity.add(Category.EMAIL, address)
        if name and "@" not in name:
            identity.add_written_name(_header(name))
    subject, date = _header(str(message.get("Subject", ""))), _date(str(message.get("Date", "")))
    bodies: list[_Body] = []
    attachments: list[Attachment] = []
    for part, alternative in itertools.islice(_parts(message), _MOST_PARTS):
        if part.get_content_type() == "message/rfc822":
            # A forwarded message is a report of its own, with senders and attachments of its own.
            inner = part.get_payload(0) if part.is_multipart() else part
            where = f"attachment {len(attachments) + 1}"
            attachments.append(Attachment(where, cast(Message, inner).as_bytes(), Identity(), date, subject))
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or not data.strip():
            continue
        kind = part.get_content_type()
        if kind in _LOOKS and part.get_content_disposition() != "attachment":
            continue
        if kind in _BODIES and part.get_content_disposition() != "attachment":
            text, _ = encoding.decode(data, part.get_content_charset() or "")
            html = kind == "text/html"
            bodies.append(_Body(html_text(text) if html else text, html, alternative))
        else:
            name = _header(part.get_filename() or "")
            attachments.append(
                Attachment(f"attachment {len(attachments) + 1}: {name}".rstrip(": "), data, Identity(), date, subject)
            )
    text = "\n\n".join(body.text for body in _chosen(bodies))
    if text.strip():
        yield Draft("eml", text, identity=identity, report_date=date, title=subject)
    for attachment in attachments:
        attachment.identity.merge(identity)
        yield attachment
    if not text.strip() and not attachments:
        raise Unreadable("The e-mail holds neither text nor attachments.")


def _parts(message: Message) -> Iterator[tuple[Message, tuple[int, int]]]:
    """Give the parts of a message that hold something, those of forwarded messages not among them.

    With each goes which alternative of which parts it belongs to, the innermost of them; zeros where of none.
    """
    pending = [(message, (0, 0))]
    numbers = itertools.count(1)
    while pending:
        part, alternative = pending.pop()
        children = part.get_payload() if part.is_multipart() and part.get_content_type() != "message/rfc822" else None
        if not isinstance(children, list):
            yield part, alternative
            continue
        group = next(numbers) if part.get_content_type() == "multipart/alternative" else 0
        inside = [
            (child, (group, branch) if group else alternative)
            for branch, child in enumerate(children)
            if isinstance(child, Message)
        ]
        pending.extend(reversed(inside))


def _chosen(bodies: list[_Body]) -> list[_Body]:
    """Leave out what only says the same in another way: of alternatives the plain one stays, unless it says little."""
    kept: dict[int, int] = {}
    for group in {body.alternative[0] for body in bodies} - {0}:
        said: dict[int, int] = {}
        plain: set[int] = set()
        for body in bodies:
            if body.alternative[0] == group:
                branch = body.alternative[1]
                said[branch] = said.get(branch, 0) + len("".join(body.text.split()))
                if not body.html:
                    plain.add(branch)
        most = max(said.values())
        kept[group] = min(said, key=lambda branch: (2 * said[branch] < most, branch not in plain, branch))
    return [body for body in bodies if kept.get(body.alternative[0], body.alternative[1]) == body.alternative[1]]


def _header(value: str) -> str:
    """Decode the words of a header line."""
    try:
        return str(email.header.make_header(email.header.decode_header(value)))
    except (ValueError, LookupError, UnicodeError):
        return value


def _date(value: str) -> str | None:
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return None

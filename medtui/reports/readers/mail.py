"""E-mail (.eml): the message is a report, and what hangs on it is read as what it is."""

import email
import email.header
import email.policy
import itertools
from collections.abc import Iterator
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import cast

from medtui.phi import Category
from medtui.reports import encoding
from medtui.reports.draft import Attachment, Draft, Found, Source, Unreadable
from medtui.reports.identity import Identity
from medtui.reports.readers.markup import html_text

# Parts of one message; a real one has a handful.
_MOST_PARTS = 500


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
    bodies: dict[str, list[str]] = {"plain": [], "html": []}
    attachments: list[Attachment] = []
    for part in itertools.islice(_parts(message), _MOST_PARTS):
        if part.get_content_type() == "message/rfc822":
            # A forwarded message is a report of its own, with senders and attachments of its own.
            inner = part.get_payload(0) if part.is_multipart() else part
            where = f"attachment {len(attachments) + 1}"
            attachments.append(Attachment(where, cast(Message, inner).as_bytes(), Identity(), date, subject))
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes) or not data.strip():
            continue
        if part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
            text, _ = encoding.decode(data, part.get_content_charset() or "")
            kind = "html" if part.get_content_subtype() == "html" else "plain"
            bodies[kind].append(html_text(text) if kind == "html" else text)
        else:
            name = _header(part.get_filename() or "")
            attachments.append(
                Attachment(f"attachment {len(attachments) + 1}: {name}".rstrip(": "), data, Identity(), date, subject)
            )
    text = "\n\n".join(bodies["plain"] or bodies["html"])
    if text.strip():
        yield Draft("eml", text, identity=identity, report_date=date, title=subject)
    for attachment in attachments:
        attachment.identity.merge(identity)
        yield attachment
    if not text.strip() and not attachments:
        raise Unreadable("The e-mail holds neither text nor attachments.")


def _parts(message: Message) -> Iterator[Message]:
    """Give the parts of a message that hold something, those of forwarded messages not among them."""
    pending = [message]
    while pending:
        part = pending.pop()
        children = part.get_payload() if part.is_multipart() and part.get_content_type() != "message/rfc822" else None
        if isinstance(children, list):
            pending.extend(child for child in reversed(children) if isinstance(child, Message))
        else:
            yield part


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

"""From a passphrase to the key of an encrypted vault, as SQLCipher 4 derives it."""

import hashlib
import os
import unicodedata

# SQLCipher 4: PBKDF2-HMAC-SHA512, 256,000 rounds, a salt of 16 bytes at the file's beginning, a key of 32 bytes.
SALT_BYTES = 16
_ROUNDS = 256_000
_KEY_BYTES = 32


def derived(secret: bytes, salt: bytes) -> bytes:
    """Derive the key; takes some tenths of a second, which is what makes guessing slow.

    Args:
        secret: the passphrase in UTF-8 (see `passphrase`), or a key file's content.
        salt: of this vault.
    """
    return hashlib.pbkdf2_hmac("sha512", secret, salt, _ROUNDS, _KEY_BYTES)


def passphrase(typed: str) -> bytes:
    """Bring a typed passphrase to its bytes: the same on every keyboard (NFC), without the line's end."""
    return unicodedata.normalize("NFC", typed.rstrip("\r\n")).encode()


def new_salt() -> bytes:
    """Draw a salt from the system's cryptographic random source."""
    return os.urandom(SALT_BYTES)


def pragma(name: str, key: bytes, salt: bytes) -> str:
    """Give the statement that opens a database with a derived key, which spares deriving it for each connection."""
    return f"PRAGMA {name} = \"x'{key.hex()}{salt.hex()}'\""

"""How passwords, keys and tokens are kept."""

from __future__ import annotations

import hashlib
from hmac import compare_digest


class Secret:
    """A secret as it is kept: salted and hashed. Quick on purpose: this guards tests, not data."""

    __slots__ = ("_digest", "_salt")

    def __init__(self, text: str, salt: bytes) -> None:
        self._salt = salt
        self._digest = self._hash(text)

    def fits(self, text: str) -> bool:
        """Whether this is the secret, in a time that does not tell how nearly."""
        return compare_digest(self._digest, self._hash(text))

    def _hash(self, text: str) -> bytes:
        return hashlib.sha256(self._salt + text.encode("utf-8", "surrogatepass")).digest()


def fingerprint(text: str) -> bytes:
    """What a secret drawn at random is looked up by: nobody can tell the secret from it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def seal(data: bytes, secret: str) -> bytes:
    """Data that only who has ``secret`` can read: sealed if it was open, open if it was sealed."""
    stream = hashlib.shake_256(b"seal:" + secret.encode("utf-8", "surrogatepass")).digest(len(data))
    return bytes(one ^ other for one, other in zip(data, stream, strict=True))

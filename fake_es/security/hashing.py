"""Hashes of passwords, keys and tokens: only these are stored."""

from __future__ import annotations

import hashlib
from hmac import compare_digest


class Secret:
    """A salted and hashed secret. The hash is a fast one on purpose: it protects tests, not data."""

    __slots__ = ("_digest", "_salt")

    def __init__(self, text: str, salt: bytes) -> None:
        self._salt = salt
        self._digest = self._hash(text)

    def fits(self, text: str) -> bool:
        """Whether ``text`` is the secret, compared in constant time."""
        return compare_digest(self._digest, self._hash(text))

    def _hash(self, text: str) -> bytes:
        return hashlib.sha256(self._salt + text.encode("utf-8", "surrogatepass")).digest()


def fingerprint(text: str) -> bytes:
    """The hash by which a random secret is looked up; the secret cannot be computed from it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def seal(data: bytes, secret: str) -> bytes:
    """Encrypt ``data``; called with the result and the same secret, decrypt it.

    A secret must be used for one text only, because the key stream is made from the secret alone.
    """
    stream = hashlib.shake_256(b"seal:" + secret.encode("utf-8", "surrogatepass")).digest(len(data))
    return bytes(one ^ other for one, other in zip(data, stream, strict=True))

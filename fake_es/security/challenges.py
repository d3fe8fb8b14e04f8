"""The 401 refusals and their ``WWW-Authenticate`` challenges (``DefaultAuthenticationFailureHandler``)."""

from __future__ import annotations

from fake_es.security import messages
from fake_es.wire.errors import SecurityError

_HEADER = "WWW-Authenticate"


def unauthenticated(version: tuple[int, ...], reason: str) -> SecurityError:
    """A 401 with the challenges of the release: up to 7.x only ``Basic``, because tokens and API keys need TLS."""
    error = SecurityError(reason, status=401)
    basic = 'Basic realm="security", charset="UTF-8"' if version >= (8, 15) else 'Basic realm="security" charset="UTF-8"'
    error.headers[_HEADER] = [basic, 'Bearer realm="security"', "ApiKey"] if version >= (8, 0) else basic
    return error


def unsuccessful(version: tuple[int, ...], target: str, message: str) -> SecurityError:
    """The 401 for a wrong API key or token; from 7.11 it shows ``message`` as the reason."""
    if version < (7, 11):
        return unauthenticated(version, messages.NO_CREDENTIALS.at(version, uri=target))
    error = unauthenticated(version, messages.PROVIDED_CREDENTIALS)
    error.metadata["additional_unsuccessful_credentials"] = message
    return error


def token_expired() -> SecurityError:
    """The 401 for an expired access token."""
    error = SecurityError(messages.TOKEN_EXPIRED, status=401)
    error.headers[_HEADER] = messages.TOKEN_EXPIRED_CHALLENGE
    return error

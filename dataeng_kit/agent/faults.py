"""Whatever can go wrong between the kit and the model service, as one sentence with the next step."""

from __future__ import annotations

from dataeng_kit.errors import KitError

RULES = "Ask the rules instead: --agent offline"
_BY_TYPE = {
    "authentication_error": ("The service refused the key", "Check ANTHROPIC_API_KEY or log in again"),
    "permission_error": ("The key may not use this model", "Name another model or ask the key's owner"),
    "not_found_error": (
        "The service does not know this model",
        "List the models with dataeng-kit doctor, or set another in dataeng_kit.toml",
    ),
    "request_too_large": ("The request is too large for the service", "Select fewer tables for the question"),
    "rate_limit_error": ("The service's rate or spend limit is reached", f"Wait a minute, or: {RULES}"),
    "overloaded_error": ("The service is overloaded", f"Try again in a minute, or: {RULES}"),
    "timeout_error": ("The service took too long", f"Try again, or: {RULES}"),
    "api_error": ("The service failed", f"Try again, or: {RULES}"),
    "invalid_request_error": ("The service refused the request", "Report it with the request id"),
}
_BY_STATUS = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 413: "request_too_large",
              429: "rate_limit_error", 504: "timeout_error", 529: "overloaded_error", 400: "invalid_request_error"}  # fmt: skip


def fault(error: BaseException) -> KitError:
    """Return the sentence for anything the SDK or the wire raised; never its text where that may quote the data."""
    if isinstance(error, KitError):
        return error
    name = type(error).__name__
    kind = getattr(error, "type", None) or _BY_STATUS.get(getattr(error, "status_code", 0) or 0)
    if kind in _BY_TYPE:
        what, step = _BY_TYPE[kind]
        request = getattr(error, "request_id", None)
        return KitError(f"{what} (request {request})" if request else what, step)
    if name in ("CredentialsError", "IdentityTokenFileError"):
        return no_credential()
    if "Timeout" in name:
        return KitError("The service went silent and the answer was cut", f"Try again, or: {RULES}")
    if name == "APIConnectionError":
        return KitError("The service cannot be reached", f"Check the network, proxy or base URL. {RULES}")
    if name in (
        "RemoteProtocolError",
        "ReadError",
        "AssertionError",
        "JSONDecodeError",
        "ValueError",
        "ValidationError",
        "LocalProtocolError",
    ):
        return KitError("The answer was cut or garbled on the way; what arrived is kept", f"Try again, or: {RULES}")
    return KitError(f"The agent failed ({name})", RULES)


def no_credential() -> KitError:
    """Return the sentence for a machine without a key or a login."""
    return KitError("No credential for the model service was found; nothing was sent", f"Set ANTHROPIC_API_KEY. {RULES}")


def key_is_sane(key: str) -> bool:
    """True unless a key holds blanks or non-ASCII characters, which the SDK would retry twice in vain."""
    return key.isascii() and key == key.strip() and not any(c.isspace() for c in key)

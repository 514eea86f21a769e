"""Keyed pseudonyms: the same value gets the same token, in Python and in the SQL that writes a masked copy."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping

from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Label
from dataeng_kit.privacy.policy import SECRETS, Policy, as_is

_SEPARATED = frozenset(
    "phone iban credit_card national_id bank_account passport driver_licence licence_plate vin "
    "imei mac_address mrn health_plan_id".split()
)
_SEPARATORS = r"[\s./()\-]+"


def _key(key: bytes | str) -> bytes:
    raw = key.encode() if isinstance(key, str) else key
    if len(raw) < 16:
        raise KitError("The masking key is too short", "Use at least 16 random bytes, kept outside the data")
    return raw if len(raw) <= 64 else hashlib.sha256(raw).digest()


def mask(value: str | None, label: str, key: bytes | str) -> str | None:
    """Return a keyed pseudonym such as ``email_9f3a…`` (HMAC-SHA-256, 64 bits): equal values stay equal, so joins survive.

    Case, accents' encoding and outer blanks do not count, nor do separators in numbers. Secrets and None give None.
    Without the key nobody can enumerate it back; under GDPR 4(5) it is personal data still.
    """
    if value is None or label in SECRETS:
        return None
    text = unicodedata.normalize("NFC", str(value)).strip(" ").lower()
    text = re.sub(_SEPARATORS, "", text) if label in _SEPARATED else text
    return f"{label}_{hmac.new(_key(key), f'{label}|{text}'.encode(), hashlib.sha256).hexdigest()[:16]}"


def mask_sql(expression: str, label: str, key: bytes | str) -> str:
    """Return the DuckDB expression that gives what `mask` gives; *expression* must already be quoted.

    HMAC (RFC 2104) is written out, for DuckDB has only SHA-256: the text holds the padded key, so it is run and never shown,
    logged or sent. Dates of birth keep their year, coordinates one decimal, texts and secrets become NULL.
    """
    if label in SECRETS or label == "free_text_pii":
        return "NULL"
    if label == "date_of_birth":
        return f"left(CAST({expression} AS VARCHAR), 4)"
    if label == "geo_coordinate":
        return f"round(TRY_CAST({expression} AS DOUBLE), 1)"
    padded = _key(key).ljust(64, b"\0")
    inner, outer = (bytes(b ^ p for b in padded).hex() for p in (0x36, 0x5C))
    text = f"lower(trim(nfc_normalize(CAST({expression} AS VARCHAR))))"
    if label in _SEPARATED:
        text = f"regexp_replace({text}, '{_SEPARATORS}', '', 'g')"
    prefix = re.sub(r"\W", "", label)
    digest = f"sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode('{prefix}|' || {text}))))"
    return f"CASE WHEN {expression} IS NOT NULL THEN '{prefix}_' || left({digest}, 16) END"


def masked_columns(
    columns: Iterable[tuple[str, str]], labels: Mapping[str, Label], policy: Policy, key: bytes | str
) -> list[tuple[str, str]]:
    """Return (reference, expression) of each column a masked copy holds; *columns* are (reference, quoted expression).

    Harmless columns stay as they are, personal ones become pseudonyms, columns at level *nothing* are left out.
    """
    kept = []
    for reference, expression in columns:
        label = labels.get(reference)
        level = policy.level(reference, label)
        if level == "nothing":
            continue
        kept.append(
            (reference, expression if as_is(level, label) else mask_sql(expression, label.name if label else "value", key))
        )
    return kept

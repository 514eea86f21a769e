"""Numbers, dates and periods as people write them."""

from __future__ import annotations

import datetime as dt
import re

SCALES = {
    **dict.fromkeys(("k", "thousand", "tausend", "mille", "mil"), 1_000),
    **dict.fromkeys(
        ("m", "mio", "million", "millionen", "millions", "millones", "milhoes", "milhões", "milliones", "millioes"), 1_000_000
    ),
    **dict.fromkeys(("bn", "billion"), 1_000_000_000),
}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_OTHER_MONTHS = {
    "mär": 3, "maerz": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "fev": 2, "avr": 4, "juin": 6, "jui": 7, "aoû": 8, "aou": 8,
    "déc": 12, "ene": 1, "abr": 4, "ago": 8, "dic": 12, "out": 10, "set": 9,
}  # fmt: skip


def number(text: str) -> float | None:
    """Return the number that a text writes with either decimal sign (``1.234,5``, ``1,234.5``, ``5 000``), or None."""
    shown = re.sub(r"[\s\u00a0\u202f'’_]", "", text.strip().rstrip(".,"))
    if re.fullmatch(r"-?\d{1,3}(?:[.,]\d{3})+", shown):
        shown = re.sub(r"[.,]", "", shown)
    elif "," in shown and "." in shown:
        decimal = max(shown.rfind(","), shown.rfind("."))
        shown = re.sub(r"[.,]", "", shown[:decimal]) + "." + shown[decimal + 1 :]
    else:
        shown = shown.replace(",", ".")
    try:
        return float(shown)
    except ValueError:
        return None


def scaled(text: str, scale: str | None) -> float | None:
    """Return a number with its scale word applied: ``2``, ``million`` → 2,000,000."""
    value = number(text)
    return value * SCALES.get((scale or "").lower().rstrip("."), 1) if value is not None else None


def moment(text: str) -> tuple[dt.date, str] | None:
    """Return (first day, precision) of a date, month or year in words: ``January 2021`` → (2021-01-01, month)."""
    words = text.strip().lower()
    if found := re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", words):
        try:
            return dt.date(int(found[1]), int(found[2]), int(found[3] or 1)), "day" if found[3] else "month"
        except ValueError:
            return None
    if not (year := re.search(r"(?:19|20)\d\d$", words)):
        return None
    name = re.match(r"[^\W\d_]{3,}", words)
    month = 0
    if name:
        key = name[0][:3]
        month = _OTHER_MONTHS.get(name[0][:5], _OTHER_MONTHS.get(key, _MONTHS.index(key) + 1 if key in _MONTHS else 0))
    return (dt.date(int(year[0]), month or 1, 1), "month" if month else "year")

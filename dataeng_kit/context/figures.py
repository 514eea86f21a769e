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
_SMALL = (
    "one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 fifteen=15 "
    "zwei=2 drei=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 zwölf=12 "
    "deux=2 trois=3 quatre=4 cinq=5 sept=7 huit=8 neuf=9 dix=10 douze=12 "
    "dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 doce=12 "
    "dois=2 três=3 sete=7 oito=8 nove=9 dez=10 doze=12 "
    "quattro=4 cinque=5 sette=7 otto=8 twee=2 vijf=5 zes=6 zeven=7 negen=9 tien=10"
)
_LARGE = (
    "twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 "
    "zwanzig=20 dreißig=30 vierzig=40 fünfzig=50 sechzig=60 achtzig=80 hundert=100 tausend=1000 "
    "vingt=20 trente=30 quarante=40 cinquante=50 soixante=60 cent=100 veinte=20 treinta=30 cuarenta=40 cincuenta=50 "
    "sesenta=60 cien=100 vinte=20 trinta=30 quarenta=40 cinquenta=50 sessenta=60 cem=100"
)
_WORDS = {w: int(n) for w, n in (entry.split("=") for entry in f"{_SMALL} {_LARGE}".split())}
_ANY = "|".join(sorted(_WORDS, key=len, reverse=True))
_BIG = re.compile(
    rf"\b(?:(?P<n>{_ANY}|a)[ -](?P<unit>hundred|thousand)|(?P<large>{'|'.join(e.split('=')[0] for e in _LARGE.split())}))\b", re.I
)
_LIMIT = re.compile(
    r"(?P<cue>\b(?:below|under|above|over|than|exceeds?|between|least|unter|[uü]ber|als|mindestens|entre|que|"
    r"inf[eé]rieure? [aà])|"
    rf"\bmost(?= (?!one\b))|\bbetween [\w.]+ and|\bfrom [\w.]+ to) (?P<n>{_ANY})\b(?! (?:of|row|per)\b)",
    re.I,
)
_DAYS = "hour|day|week|month|year|stunde|tag|woche|monat|jahr|jour|semaine|mois|an|d[ií]a|semana|mes|m[eê]s|a[nñ]o"
_EACH = re.compile(rf"\b(?P<n>{_ANY})(?= [\w ]{{2,30}}? (?:per|an?|each|every|pro|am|par|por|al) (?:{_DAYS})\b)", re.I)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_OTHER_MONTHS = {
    "mär": 3, "maerz": 3, "mai": 5, "okt": 10, "dez": 12, "fév": 2, "fev": 2, "avr": 4, "juin": 6, "jui": 7, "aoû": 8, "aou": 8,
    "déc": 12, "ene": 1, "abr": 4, "ago": 8, "dic": 12, "out": 10, "set": 9,
}  # fmt: skip


def in_digits(text: str) -> str:
    """Return a sentence with its number words as digits where they count or limit: twenty and more, limits, and rates.

    Smaller ones stay elsewhere ("one of", "two hospitals"): they rarely count rows, and other rules are worded with them.
    """
    shown = _BIG.sub(_big, text)
    for _ in range(2):  # "between one and four": the second limit is known by the first
        shown = _LIMIT.sub(lambda m: f"{m['cue']} {_WORDS[m['n'].lower()]}", shown)
    return _EACH.sub(lambda m: m[0] if m["n"].lower() == "one" else str(_WORDS[m["n"].lower()]), shown)


_COUNTED = re.compile(rf"\b(?:{'|'.join(w for w in sorted(_WORDS, key=len, reverse=True) if w != 'one')})\b", re.I)


def all_in_digits(text: str) -> str:
    """Return a sentence with every number word but *one* as digits, where what it counts is looked up anyway."""
    return _COUNTED.sub(lambda m: str(_WORDS[m[0].lower()]), _BIG.sub(_big, text))


def _big(found: re.Match[str]) -> str:
    if found["large"]:
        return str(_WORDS[found["large"].lower()])
    return str(_WORDS.get(found["n"].lower(), 1) * {"hundred": 100, "thousand": 1000}[found["unit"].lower()])


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

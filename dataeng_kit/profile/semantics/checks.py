"""Validators against their chance rate: how much more often values pass than random text of the same shape would."""

from __future__ import annotations

import datetime as dt
import functools
import importlib
import math
import re
from collections.abc import Callable

from dataeng_kit.profile.semantics.cards import Check

Validator = Callable[[str], bool]


def likelihood(passed: int, of: int, chance: float, truth: float = 0.97) -> float:
    """Return the log-likelihood ratio that values are of the kind checked: k·log(p/c) + (n−k)·log((1−p)/(1−c))."""
    chance = min(max(chance, 1e-4), 0.999)
    return passed * math.log(truth / chance) + (of - passed) * math.log((1 - truth) / (1 - chance))


@functools.cache
def validator(name: str) -> Validator:
    """Return the function behind a check's name: ``own.*`` of this file, else the module of python-stdnum."""
    if name.startswith("own."):
        return OWN[name[4:]]
    valid: Validator = importlib.import_module(f"stdnum.{name}").is_valid
    return valid


def luhn(text: str) -> bool:
    """Return whether a digit string passes Luhn's mod 10 (ISO/IEC 7812-1)."""
    if not (text.isascii() and text.isdigit()) or not text.strip("0"):
        return False
    total = 0
    for i, c in enumerate(reversed(text)):
        d = int(c) * (1 + i % 2)
        total += d - 9 if d > 9 else d
    return total % 10 == 0


def iban(text: str) -> bool:
    """Return whether compact text passes ISO 13616's mod 97."""
    if not re.fullmatch(r"[A-Z]{2}\d\d[0-9A-Z]{11,30}", text):
        return False
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


def gs1(text: str) -> bool:
    """Return whether digits pass the GS1 mod 10 of EAN, UPC and GTIN."""
    return text.isascii() and text.isdigit() and sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(reversed(text))) % 10 == 0


def _mod11(text: str, weights: tuple[int, ...]) -> int:
    return sum(int(c) * w for c, w in zip(text, weights, strict=False)) % 11


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        dt.date(int(year) or 2000, int(month), int(day))
    except ValueError:
        return False
    return True


def _born(t: str) -> bool:
    """Digits that begin with a date of birth, of somebody who is at least 14."""
    return t.isdigit() and 1900 <= int(t[:4]) <= dt.date.today().year - 14 and _is_date(t[:4], t[4:6], t[6:8])


def _jmbg(t: str) -> bool:
    """ISO-free check of the Yugoslav successor states: date first, mod 11 last."""
    if not (t.isdigit() and _is_date(("1" if t[4] == "9" else "2") + t[4:7], t[2:4], t[:2])):
        return False
    left = 11 - _mod11(t, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
    return (0 if left > 9 else left) == int(t[12])


def _iin(t: str) -> bool:
    """Kazakhstan: date first, mod 11 with a second round of weights."""
    if not (t.isdigit() and _is_date("19" + t[:2], t[2:4], t[4:6])):
        return False
    left = _mod11(t, tuple(range(1, 12)))
    left = _mod11(t, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) if left == 10 else left
    return left == int(t[11])


def _latvian(t: str) -> bool:
    """Latvia: old numbers start with a date, new ones with 32."""
    if not t.isdigit() or len(t) != 11:
        return False
    if t.startswith("32"):
        return True
    return _is_date("19" + t[4:6], t[2:4], t[:2]) and (
        1101 - sum(int(c) * w for c, w in zip(t, (1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=False))
    ) % 11 == int(t[10])


def _resident(t: str) -> bool:
    """Korea: birth date, then a digit for century and sex; the last digit is random since 2020."""
    return len(t) == 13 and t.isdigit() and t[6] in "12345678" and _is_date("19" + t[:2], t[2:4], t[4:6])


def _chinese(t: str) -> bool:
    """China: region, birth date, serial number; the date alone, for invented numbers have no right last character."""
    return len(t) == 18 and t[:17].isdigit() and 1900 <= int(t[6:10]) <= 2030 and _is_date(t[6:10], t[10:12], t[12:14])


def _hungarian(t: str) -> bool:
    """Hungary's personal number: sex and century, birth date, mod 11 forwards or, since 1997, backwards."""
    if not (len(t) == 11 and t.isdigit() and _is_date("19" + t[1:3], t[3:5], t[5:7])):
        return False
    return int(t[10]) in (_mod11(t, tuple(range(1, 11))), _mod11(t, tuple(range(10, 0, -1))))


def _snils(t: str) -> bool:
    """Russia's pension number: weighted sum mod 101."""
    return t.isdigit() and len(t) == 11 and sum(int(c) * (9 - i) for i, c in enumerate(t[:9])) % 101 % 100 == int(t[9:])


def _taj(t: str) -> bool:
    """Hungary's insurance number: weights 3 and 7, mod 10."""
    return t.isdigit() and len(t) == 9 and sum(int(c) * (7 if i % 2 else 3) for i, c in enumerate(t[:8])) % 10 == int(t[8])


def _adoazonosito(t: str) -> bool:
    """Hungary's tax number of a person: mod 11."""
    return t.isdigit() and len(t) == 10 and sum(int(c) * (i + 1) for i, c in enumerate(t[:9])) % 11 == int(t[9])


def _nric(t: str) -> bool:
    """Singapore's identity number: weighted sum to a letter."""
    if not re.fullmatch(r"[STFGM]\d{7}[A-Z]", t):
        return False
    total = _mod11(t[1:8], (2, 7, 6, 5, 4, 3, 2))
    total = (
        sum(int(c) * w for c, w in zip(t[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True)) + {"T": 4, "G": 4, "M": 3}.get(t[0], 0)
    ) % 11
    return (
        t[8] == {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK", "M": "XWUTRQPNJLK"}[t[0]][total]
    )


def _taiwan(t: str) -> bool:
    """Taiwan's identity number: a letter as two digits, weights 1 and 9…1."""
    code = "ABCDEFGHJKLMNPQRSTUVXYWZIO".find(t[0]) + 10
    if code < 10 or not t[1:].isdigit() or len(t) != 10:
        return False
    weighted = sum(int(c) * w for c, w in zip(t[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True))
    return (code // 10 + code % 10 * 9 + weighted) % 10 == 0


def _cas(t: str) -> bool:
    """A chemical's registry number without dashes: weighted sum mod 10."""
    return t.isdigit() and sum(int(c) * (i + 1) for i, c in enumerate(reversed(t[:-1]))) % 10 == int(t[-1])


def _nino(t: str) -> bool:
    """Britain's insurance number: prefixes that are never issued."""
    return re.fullmatch(r"[A-CEGHJ-PRSTW-Z][A-CEGHJ-NPRSTW-Z]\d{6}[A-D]", t) is not None and t[:2] not in {
        "BG",
        "GB",
        "KN",
        "NK",
        "NT",
        "TN",
        "ZZ",
    }


def _kvnr(t: str) -> bool:
    """Germany's health insurance number: the letter as two digits, alternating weights, mod 10."""
    if not re.fullmatch(r"[A-Z]\d{9}", t):
        return False
    digits = f"{ord(t[0]) - 64:02d}{t[1:9]}"
    return sum(sum(map(int, str(int(c) * (1 + i % 2)))) for i, c in enumerate(digits)) % 10 == int(t[9])


def _npi(t: str) -> bool:
    """A provider number of the USA: Luhn with the prefix 80840."""
    return len(t) == 10 and t[0] in "12" and luhn("80840" + t)


_COUNTRIES = frozenset(
    "AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD "
    "CF CG CH CI CK CL CM CN CO CR CU CV "
    "CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FO FR GA GB GD GE GH GI GL GM GN GR GT GW GY HK HN "
    "HR HT HU ID IE IL IM IN IQ IR IS IT "
    "JE JM JO JP KE KG KH KM KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO "
    "MR MT MU MV MW MX MY MZ NA NE NG NI "
    "NL NO NP NZ OM PA PE PG PH PK PL PS PT PY QA RO RS RU RW SA SC SD SE SG SI SK SL SM SN SO SR SV SY "
    "SZ TD TG TH TJ TM TN TR TT TW TZ UA "
    "UG US UY UZ VA VE VG VN XK YE ZA ZM ZW".split()
)

OWN: dict[str, Validator] = {
    "resident": _resident,
    "chinese": _chinese,
    "hungarian": _hungarian,
    "born": _born,
    "jmbg": _jmbg,
    "iin": _iin,
    "latvian": _latvian,
    "snils": _snils,
    "taj": _taj,
    "adoazonosito": _adoazonosito,
    "nric": _nric,
    "taiwan": _taiwan,
    "cas": _cas,
    "nino": _nino,
    "kvnr": _kvnr,
    "npi": _npi,
    "uid": lambda t: validator("ch.uid")(t),
    "vat": lambda t: len(t) <= 14,
    "bic": lambda t: t[4:6] in _COUNTRIES,
}


HEAD = 12
"""Values that a check sees before it sees the others."""


def best(compact: list[str], raw: list[str], checks: tuple[Check, ...], limit: int = 60) -> tuple[Check | None, int, int, float]:
    """Return the check that fits best with values passed, values tried and its log-likelihood ratio; None when no shape fits."""
    tried = list(zip(compact, raw, strict=True))[:limit]
    top: tuple[Check | None, int, int, float] = (None, 0, len(tried), 0.0)
    for check in checks:
        if sum(check.shape.fullmatch(c) is not None for c, _ in tried[:HEAD]) < min(HEAD, len(tried)) // 2:
            continue  # most checks end here, after a few values
        fits = [t for t in tried if check.shape.fullmatch(t[0])]
        if not tried or len(fits) < 0.85 * len(tried):
            continue
        valid = validator(check.name)
        head = fits[:HEAD]
        # some numbers need their separator: -, + or A say the century
        if len(head) == HEAD and sum(valid(c) or valid(r) for c, r in head) < 4 and check.chance < 0.5:
            continue
        passed = sum(valid(c) or valid(r) for c, r in fits)
        score = likelihood(passed, len(tried), check.chance)
        if top[0] is None or score > top[3]:
            top = (check, passed, len(tried), score)
    return top

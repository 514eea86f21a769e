"""Numbers that people, accounts, cards, vehicles and patients carry: checksums against chance, shapes, impossible values."""

from __future__ import annotations

import re

from dataeng_kit.profile.semantics.cards import cards, lexicon
from dataeng_kit.profile.semantics.checks import OWN, best, iban, likelihood, luhn, validator
from dataeng_kit.profile.semantics.grammar import VETO, Votes
from dataeng_kit.profile.semantics.view import View

_SPECIFIC = frozenset(
    {
        "it.codicefiscale",
        "mx.curp",
        "in_.pan",
        "own.nino",
        "es.nif",
        "own.nric",
        "fi.hetu",
        "ch.ssn",
        "cn.ric",
        "mx.rfc",
        "own.taiwan",
        "cl.rut",
    }
)
_WMI = re.compile(r"[1-9A-HJ-NPR-Z][0-9A-HJ-NPR-Z]{16}")
_VIN_START = re.compile(
    r"[1-5][A-HJ-NPR-Z0-9]|[6-9][A-Z]|J[A-Z]|K[LMNP]|L[A-Z]|M[A-Z]|N[LMA]|S[A-U]|T[MRNSJW]|U[U5]|"
    r"V[A-Z0-9]|W[A-Z0-9]|X[7LTUW4W9]|Y[KSVH]|Z[A-Z]|A[A-H]|93|9B"
)


def _scientific(view: View) -> bool:
    """True for a column that a spreadsheet has turned into 5.54563E+15."""
    return view.share(r"\d([.,]\d+)?[eE]\+?\d{2}|\d{6,9}0{6,}(\.0)?") >= 0.5


_ISSUED = re.compile(
    r"3[47]\d{13}|(1800|2131)\d{11}|3(0|[689])\d{12,17}|35\d{14}|4(\d{12}|\d{15}|\d{18})|(2[2-7]|81|97|98)\d{14}|[56]\d{12,18}"
)
"""Lengths and first digits that issuers of payment cards use (ISO/IEC 7812)."""


def cards_of_payment(view: View) -> Votes:
    """Return votes for card numbers (length, issuer's prefix, Luhn), device IMEIs, expiry dates and security codes."""
    found: Votes = {}
    compact = view.compact
    tried = [c for c in compact if c.isdigit() and 12 <= len(c) <= 19]
    if len(tried) >= 0.85 * view.n > 0:
        passed = sum(map(luhn, tried))
        ratio = likelihood(passed, len(tried), 0.10)
        issued = sum(bool(_ISSUED.fullmatch(c)) for c in tried) / len(tried)
        imei = sum(len(c) == 15 and c[:2] in {"35", "86", "01", "99", "45", "49", "52", "53", "91"} for c in tried) / len(tried)
        if passed >= 0.8 * len(tried) and ratio > 3:
            said = f"{passed} of {len(tried)} values pass Luhn's check, one in ten would by chance"
            found["imei"] = (
                (8.0, said + "; 15 digits with a reporting body's prefix") if imei > 0.8 else (VETO, "not the digits of an IMEI")
            )
            found["credit_card"] = (
                (8.0, said) if issued > 0.6 and imei <= 0.8 else (VETO, said + ", but the prefixes are not those of cards")
            )
        else:
            failed = f"only {passed} of {len(tried)} values pass Luhn's check"
            # spreadsheets destroy digits and small public tables hold invented ones: there the header may still be right
            damaged = _scientific(view)
            soft = 0.5 if damaged else -0.8 if issued > 0.9 and len(tried) < 60 else VETO if len(tried) >= 12 else -4.0
            found["imei"], found["credit_card"] = (0.0 if damaged and imei > 0.8 else VETO, failed), (soft, failed)
    elif view.share(r"[*xX•·#\d -]*[*xX•·#]{3,}[*xX•·#\d -]*\d{2,4}") >= 0.8:
        found["credit_card"] = (6.0, "masked card numbers")
    elif _scientific(view):
        found["credit_card"] = (1.0, "damaged by a spreadsheet")
    else:
        found["credit_card"], found["imei"] = (VETO, "not 13 to 19 digits"), (VETO, "not 15 digits")
    return found | _expiry(view) | _cvv(view)


def _expiry(view: View) -> Votes:
    if view.share(r"(0?[1-9]|1[0-2])\s?[/\-.]\s?(20)?(1[5-9]|2\d|3\d|4[0-5])") >= 0.9:
        late = view.share(r".*(1[3-9]|[2-4]\d)")
        return {"card_expiry": (3.5 if late > 0.9 else 1.5, "months and years of expiry")}
    if view.share(r"20[1-4]\d[-/](0[1-9]|1[0-2])(-(01|28|29|30|31)( 00:00:00)?)?|(0[1-9]|1[0-2])(1[5-9]|2\d|3\d)") >= 0.9:
        return {"card_expiry": (1.0, "months")}
    if view.share(r"[^\W\d_]{3,9}[-/. ]\d{2}") >= 0.9:
        return {"card_expiry": (1.0, "months as a spreadsheet writes them")}
    return {"card_expiry": (VETO if view.type not in ("date", "datetime") else -2.0, "no months of expiry")}


def _cvv(view: View) -> Votes:
    if view.share(r"\d{3,4}") >= 0.95 or (view.type == "integer" and view.share(r"\d{1,4}") >= 0.98):
        numbers = [int(v) for v in view.values if v.isdigit()]
        spread = len(numbers) >= 8 and max(numbers) > 800 and min(numbers) < 250 and view.variety > 0.25
        return {"card_cvv": (1.0 if spread else -1.0, "three or four digits")}
    return {"card_cvv": (VETO, "not three or four digits")}


def accounts(view: View) -> Votes:
    """Return votes for IBANs and other account numbers."""
    found: Votes = {}
    compact = view.compact
    looks = view.compact_share(r"[A-Z]{2}\d\d[0-9A-Z]{11,30}")
    passed = sum(map(iban, compact)) / max(1, view.n)
    if view.share(r"(?i)[A-Z]{2}\d\d.*[*x•#]{3,}.*") >= 0.8:
        found["iban"] = (6.0, "masked account numbers")
    elif looks >= 0.8:
        found["iban"] = (
            (9.0, f"{passed:.0%} pass the IBAN check") if passed >= 0.7 else (-3.0, f"only {passed:.0%} pass the IBAN check")
        )
    else:
        found["iban"] = (VETO, "not the shape of an IBAN")
    if (looks >= 0.8 and passed >= 0.7) or view.compact_share(r"(?=.*\d{4})[A-Z0-9]{6,26}") < 0.85 or _fractions(view):
        found["bank_account"] = (VETO, "not the shape of an account number")
    else:
        found["bank_account"] = (1.0 if view.compact_share(r"\d{7,20}") >= 0.85 else 0.0, "digits of an account number's length")
    return found


def _fractions(view: View) -> bool:
    return view.share(r"[-+]?\d+[.,]\d{1,2}|[-+]?\d+[.,]\d{4,}|.*[:@].*") >= 0.3


def registered(view: View) -> Votes:
    """Return votes of the checks on the cards: national ids against company and article numbers, one country at a time."""
    found: Votes = {}
    chances: dict[str, float] = {}
    if not view.n or view.words > 4 or (view.digits < 0.8 and view.share(r"[A-Z]{8}([A-Z]{3})?") < 0.8) or _fractions(view):
        return {"national_id": (VETO, "no digits or decimal numbers")}
    if (
        view.share(r"\d{2,4}[-/.]\d{1,2}[-/.]\d{2,4}([ T].*)?") >= 0.9
        and view.share(r"\d{3}-\d\d-\d{4}") < 0.5
        and view.share(r"\d{2,7}-\d\d-\d") < 0.5
    ):
        return {"national_id": (VETO, "dates")}
    for label in ("national_id", "organisation_id", "order_number"):
        check, passed, of, ratio = best(view.compact, view.values, cards()[label].checks)
        if check is None or ratio <= 1 or passed < 0.75 * of:
            continue
        weight = 8.0 if ratio > 15 else 5.0 if ratio > 6 else 2.5 if ratio > 2.5 else 1.0
        weight += 2.0 if check.name in _SPECIFIC and passed > 0.85 * of and weight < 7 else 0.0
        chances[label] = check.chance
        found[label] = (weight, f"{passed} of {of} values pass the check {check.name}, by chance {check.chance:.1%} would")
    rarest = min(chances.values(), default=1.0)
    found = {k: v for k, v in found.items() if chances[k] <= 12 * rarest}  # several hits: the one least likely by chance
    if "national_id" not in found:
        found["national_id"] = _shape_of_id(view)
    return found | _social_security(view, found.get("national_id", (0.0, ""))[0])


def _shape_of_id(view: View) -> tuple[float, str]:
    if view.compact_share(r"(?=.*\d{3})[A-Z0-9]{5,20}") < 0.8:
        return VETO, "not the shape of an id"
    return (0.0 if view.variety > 0.05 and view.lengths[0] >= 5 else -3.0), "no known check passes"


def _social_security(view: View, already: float) -> Votes:
    """The dashed shape of the USA has no check: what is absent speaks (no 000, 666, 9xx, no 00, no 0000)."""
    if view.share(r"\d{3}-\d{2}-\d{4}") < 0.9:
        return {}
    wrong = view.share(r"(000|666|9\d\d)-.*|\d{3}-00-.*|.*-0000")
    single = len({v[:3] for v in view.values}) == 1
    if wrong > 0.02 and not single:
        return {"national_id": (-3.0, f"{wrong:.0%} are numbers that are never issued"), "order_number": (2.0, "part numbers")}
    weight = 5.0 if view.n >= 30 and not single else 2.5 if not single else 0.5
    return {
        "national_id": (
            max(weight, already if already < 5 else 0.0),
            "dashed as a social security number, none outside the issued ranges",
        )
    }


def health(view: View) -> Votes:
    """Return votes for patient, provider and insurance numbers and for diagnosis codes."""
    found: Votes = {}
    compact = view.compact
    ten = view.compact_share(r"\d{10}") >= 0.9 and view.n >= 4
    tried = compact[:80]
    provider = sum(map(OWN["npi"], tried)) / max(1, len(tried))
    found["npi"] = (
        (7.0, f"{provider:.0%} pass the provider number's check") if ten and provider > 0.85 else (VETO, "no provider numbers")
    )
    if view.share(r"(?i)(MRN|UHID|UMRN|EMR|NHC|HCN)[-_: #]?\d{3,12}") >= 0.3:
        found["mrn"] = (7.0, "numbers that begin with MRN")
    elif view.share(r"(?i)(PAT|PT|PID|HN|KH|MR|RM)[-_: #]?\d{4,12}") >= 0.8:
        found["mrn"] = (3.0, "numbers that begin like patient numbers")
    elif ten and sum(map(validator("gb.nhs"), tried)) >= 0.85 * len(tried):
        found["mrn"] = (6.0, "pass the check of the NHS number")
    elif (
        view.compact_share(r"(?=.*\d)[A-Z0-9]{3,36}") < 0.85
        or view.digits < 0.85
        or _fractions(view)
        or (view.share(r"\d{1,2}") > 0.5 and view.variety < 0.5)
    ):
        found["mrn"] = (VETO, "not the shape of a patient number")
    return found | _insurance(view) | _diagnosis(view)


def _insurance(view: View) -> Votes:
    compact = view.compact
    if view.compact_share(r"[A-Z]\d{9}") >= 0.9 and sum(map(OWN["kvnr"], compact)) >= 0.85 * view.n >= 4:
        return {"health_plan_id": (7.0, "pass the check of German health insurance numbers")}
    if (
        view.compact_share(
            r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d\d"
        )
        >= 0.9
    ):
        return {"health_plan_id": (7.0, "the shape of Medicare numbers")}
    if view.compact_share(r"[A-Z]{1,4}\d{7,11}") >= 0.9:
        heads = {re.match(r"[A-Z]*", c)[0] for c in compact}  # type: ignore[index]  # the pattern matches always
        return {"health_plan_id": (1.5 if len(heads) > 4 and len({len(h) for h in heads}) > 1 else 0.0, "letters before digits")}
    if view.compact_share(r"(?=.*\d{3})[A-Z0-9]{5,36}") < 0.85 or _fractions(view):
        return {"health_plan_id": (VETO, "not the shape of an insurance number")}
    return {}


def _diagnosis(view: View) -> Votes:
    if view.share(r"(?i)[A-Z]\d[0-9A-Z]([.\-]?[0-9A-Z]{1,4})?[*+†]?") >= 0.9:
        common = lexicon("icd_code", "common")
        known = sum(v[:3].lower() in common for v in view.values) / view.n
        depth = len({len(v) for v in view.values})
        if known < 0.45 and view.n >= 12:
            return {"icd_code": (-7.0, f"only {known:.0%} are diagnoses that occur often"), "order_number": (1.0, "codes")}
        weight = (
            2.0
            + 5.0 * (known - 0.5)
            + (1.0 if depth > 2 else -1.0 if view.n > 12 else 0.0)
            + (1.0 if view.variety < 0.5 else 0.0)
        )
        weight -= 4.0 if view.n < 5 else 0.0
        return {"icd_code": (min(7.0, weight) if known > 0.6 else 0.0, f"{known:.0%} are categories of ICD-10 that occur often")}
    if (
        view.letters > 0.9
        and view.n > 1
        and view.lengths[-1] > 3
        and view.share(r"(?i)(yes|no|true|false).*") < 0.5
        and not view.digits
    ):
        return {"icd_code": (-0.3, "words, perhaps names of diseases")}
    if view.compact_share(r"[A-Z]?\d{3,18}[A-Z]?|[A-Z]\d\d.*") < 0.6:
        return {"icd_code": (VETO, "no codes")}
    return {"icd_code": (-0.2, "codes of another list")}


def vehicles(view: View) -> Votes:
    """Return votes for vehicle identification numbers and plates."""
    found: Votes = {}
    compact = view.compact
    vins = sum(bool(_WMI.fullmatch(c)) and not c.isdigit() and not c.isalpha() for c in compact) / max(1, view.n)
    starts = sum(bool(_VIN_START.match(c)) for c in compact) / max(1, view.n)
    if vins >= 0.9 and view.digits > 0.9:
        found["vin"] = (7.0 if starts > 0.7 else 3.0, f"{vins:.0%} have 17 characters without I, O, Q")
    else:
        found["vin"] = (VETO, "not 17 characters")
    return found | _plates(view)


_PLATES = (
    ("IT, FR", r"[A-HJ-NP-TV-Z]{2}[ -]?\d{3}[ -]?[A-HJ-NP-TV-Z]{2}", 3.2),
    ("ES", r"(C )?[EP]?[ -]?\d{4}[ -]?[BCDFGHJKLMNPRSTVWXYZ]{3}|[A-Z]{1,2}[ -]\d{4}[ -][A-Z]{1,2}", 3.2),
    ("GB", r"[A-HJ-PR-Y]{2}\d{2} ?[A-HJ-PR-Z]{3}", 3.4),
    ("IN", r"[A-Z]{2}[ -]?\d{1,2}[ -]?[A-Z]{1,3}[ -]?\d{4}", 3.6),
    ("BR", r"[A-Z]{3}-?\d[A-Z0-9]\d{2}", 2.2),
    ("NL", r"(?=.{8}$)([A-Z]{1,3}|\d{1,3})-([A-Z]{1,3}|\d{1,3})-([A-Z]{1,3}|\d{1,3})", 3.0),
    ("PT", r"([A-Z]{2}|\d{2})[- ]([A-Z]{2}|\d{2})[- ]([A-Z]{2}|\d{2})", 3.4),
    ("RU", r"[АВЕКМНОРСТУХABEKMHOPCTYX] ?\d{3} ?[АВЕКМНОРСТУХABEKMHOPCTYX]{2} ?\d{2,3}( ?RUS)?", 4.0),
    ("UA", r"[АВЕІКМНОРСТХABEIKMHOPCTX]{2} ?\d{4} ?[АВЕІКМНОРСТХABEIKMHOPCTX]{2}", 3.5),
    ("TR", r"(0[1-9]|[1-7]\d|8[01]) ?[A-Z]{1,3} ?\d{2,5}", 3.2),
    ("JP", r"[\u3040-\u9fff]{1,4} ?\d{2,3} ?[\u3040-\u309f] ?\d{1,2}-?\d{2}|[\u3040-\u9fff]{1,4}.*[・\d]{4,5}", 5.0),
    ("CN", r"[\u4e00-\u9fff][A-Z][·• ]?[A-Z0-9]{5,6}", 5.0),
    ("KR", r"([가-힣]{2} ?)?\d{2,3} ?[가-힣] ?\d{4}", 5.0),
    ("DE", r"[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[ -]?\d{1,4}[EH]?", 2.0),
    ("SE, FI, LT", r"[A-Z]{3}[- ]?\d{2}[A-Z0-9]", 1.5),
    ("PL", r"[A-Z]{2,3} ?[A-Z0-9]{4,5}", 1.0),
    ("CZ, SK", r"\d[A-Z]\d[ -]?\d{4}|[A-Z]{2}[ -]?\d{3}[A-Z]{2}", 3.0),
    ("RO", r"[A-Z]{1,2}[ -]?\d{2,3}[ -][A-Z]{3}", 3.2),
    ("HU", r"[A-Z]{3}[ -]\d{3}|[A-Z]{2}[ -][A-Z]{2}[ -]\d{3}", 1.2),
    ("GR", r"[ABEZHIKMNOPTYXΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]{3}[ -]?\d{4}", 1.8),
    ("DK, NO", r"[A-Z]{2} ?\d{2} ?\d{3}", 1.8),
    ("US, AU", r"\d?[A-Z]{3}[ -]?\d{3,4}|\d{3}[ -]?[A-Z]{3}", 0.5),
    ("IL", r"\d{2,3}-\d{2,3}-\d{2,3}", 1.0),
    ("VN", r"\d{2}[A-Z]\d?[- ]?\d{3}\.?\d{2}", 3.4),
    ("ID", r"[A-Z]{1,2} \d{1,4} [A-Z]{1,3}", 2.5),
)


def _plates(view: View) -> Votes:
    if (
        not view.n
        or view.compact_share(r"(?=.*\d)[^\W_]{3,9}") < 0.85
        or (view.share(r"[\d.,\- ]+") > 0.5 and view.share(r"\d{2,3}-\d{2,3}-\d{2,3}") < 0.8)
    ):
        return {"licence_plate": (VETO, "not the shape of a plate")}
    top, country = 0.0, ""
    for where, pattern, weight in _PLATES:
        if view.share(pattern) >= 0.75 and weight > top:
            top, country = weight, where
    if top and country == "DE" and len(view.masks) < 4 and view.n > 15:
        return {"licence_plate": (-1.0, "one single shape, where German plates vary")}
    return {"licence_plate": (top, f"the shape of plates ({country})" if country else "letters and digits")}


def documents(view: View) -> Votes:
    """Return votes for passports and driving licences, which have no check: shape only, the header must propose them."""
    shape = view.compact_share(r"(?=.*\d{3})[A-Z0-9]{6,18}")
    if shape < 0.8 or _fractions(view) or view.variety < 0.03 or view.share(r"\d{4}-\d\d-\d\d.*") > 0.5:
        return {"passport": (VETO, "not the shape of a document"), "driver_licence": (VETO, "not the shape of a document")}
    passport = 0.5 if view.compact_share(r"[A-Z]{0,3}\d{5,9}[A-Z0-9]{0,2}") >= 0.8 else -1.5
    return {
        "passport": (passport, "letters and digits of a passport's length"),
        "driver_licence": (0.5, "letters and digits of a licence's length"),
    }

"""Personal content inside sentences: spans of each kind in a bounded sample of cells, and the share of cells that hold one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from dataeng_kit.profile.semantics.cards import fold, lexicon
from dataeng_kit.profile.semantics.checks import iban, luhn
from dataeng_kit.profile.semantics.grammar import VETO, Votes
from dataeng_kit.profile.semantics.view import View

_EMAIL = re.compile(r"(?i)[\w.+\-]{1,64}@[\w\-]+(\.[\w\-]+)*\.[^\W\d_]{2,}")
_PHONE = re.compile(
    r"(?<![\w.:/\-])(?:\+\d{1,3}|\(\d{2,5}\)|00\d{1,3}|0\d{1,4})[ \-./()]{0,2}(?:\d[ "
    r"\-./()]{0,2}){6,12}(?![\w])|(?<![\w.\-])[2-9]\d\d[-. ]\d{3}[-. ]\d{4}(?!\w)|(?<![\w\-])\d{2,4}[- "
    r"]\d{3,4}[- ]\d{2,4}([- ]\d{2,4})?(?![\w\-])"
)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_IBAN = re.compile(r"\b[A-Z]{2}\d\d(?:\s?[A-Z0-9]{3,4}){3,8}(?:\s?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"(?<!\d)(?:\d[ \-]?){13,19}(?!\d)")
_NUMBERED = re.compile(
    r"(?i)\b(ssn|nir|pesel|cpf|dni|nif|bsn|pnr|cpr|hetu|egn|cnp|oib|jmbg|curp|rfc|aadhaar|mrn|nhs|"
    r"personnummer|steuer-?id|tax id|passport|passeport|reisepass|"
    r"pasaporte|passaporto|paszport|codice fiscale|c\.?f\.?|rodn[eé] [cč][ií]slo|fnr|nino|ni no|ip|imei|"
    r"id|no|nr|инн|снилс|паспорт|егн|身份证号?|マイナンバー|주민등록번호|t\.?c\.?|kimlik|nik|αφμ|αμκα|ת\"?ז)"
    r"[\s:.#\-№]{1,3}((?=[\w\-]*\d{4})[A-Z0-9][\w\-./]{6,20})"
)
_SSN = re.compile(r"(?<![\w\-])\d{3}-\d{2}-\d{4}(?![\w\-])")
_BORN = re.compile(
    r"(?i)\b(dob|d\.o\.b\.?|born( on)?|geb\.?|geboren( am| op)?|n[ée]e?( le)?|nat[oa]( il)?|nacid[oa]( "
    r"el)?|nascid[oa]( em)?|ur\.?|urodz\w*|nar\.?|narozen\w*|rođen\w*|"
    r"f[øö]dd?t?|synt\.?|syntynyt|sz[üu]l\w*|n[ăa]scut\w*|do[gğ]um\w*|род\w*|нар\w*|γενν\w*|lahir|sinh|"
    r"生年月日|出生|생년월일|נולד\w*|مواليد|تاريخ الميلاد)[\s:.,(]{1,3}(the )?(?=\d)" + _DATE.pattern
)
_WORD = re.compile(r"[^\W\d_][^\W\d_'’\-]*(?:['’\-][^\W\d_]+)*\.?")
_ASIAN = re.compile(
    r"(?:患者|顧客|お客様|客户|患者姓名|고객|환자)?"
    r"([\u3400-\u9fff々]{1,3}[ \u3000]?[\u3400-\u9fff々\u3040-\u309f]{1,3})"
    r"(?:様|さん|氏|先生|女士|님|씨)"
)
_STRONG = ("email", "phone", "iban", "credit_card", "national_id", "date_of_birth", "person of the row", "person")


def _is_phone(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return 8 <= len(digits) <= 15 and not _DATE.search(text) and len(set(digits)) > 2


def _named(text: str) -> bool:
    """True for a title or role before two capitalised words of which one is a known name: Dr Emily Price, Kunde Anna Berg."""
    words = _WORD.findall(text)
    plain = [fold(w).strip(".'’") for w in words]
    titles, roles = lexicon("family_name", "titles"), lexicon("family_name", "roles")
    given = lexicon("given_name")
    for i in range(len(words) - 2):
        first, last = words[i + 1], words[i + 2]
        if not (first[:1].isupper() and last[:1].isupper() and len(first) > 1 and len(last) > 1):
            continue
        known = plain[i + 1] in given or plain[i + 1].split("-")[0] in given
        if (plain[i] in titles or plain[i] in roles) and known and not (i == 0 and words[i].isupper() and len(words[i]) > 4):
            return True
    return False


def kinds(text: str, people: frozenset[str] = frozenset()) -> set[str]:
    """Return the kinds of personal content in one text; *people* are folded names known from the same row."""
    found: set[str] = set()
    if "@" in text and _EMAIL.search(text):
        found.add("email")
    digits = sum(c.isdigit() for c in text)
    if digits >= 6:
        if any(_is_phone(m[0]) for m in _PHONE.finditer(text)):
            found.add("phone")
        if any(iban(re.sub(r"\s", "", m[0])) for m in _IBAN.finditer(text)):
            found.add("iban")
        if any(luhn(c) and c[0] in "3456" and 13 <= len(c) <= 19 for m in _CARD.finditer(text) if (c := re.sub(r"\D", "", m[0]))):
            found.add("credit_card")
        if _NUMBERED.search(text) or _SSN.search(text):
            found.add("national_id")
        if _BORN.search(text):
            found.add("date_of_birth")
    if people and any(p in fold(text) for p in people):
        found.add("person of the row")
    if _named(text) or _ASIAN.search(text):
        found.add("person")
    return found


def free_text(view: View, people: Sequence[frozenset[str]]) -> Votes:
    """Return the vote for personal content in sentences; *people*: names of each sampled row from its name columns."""
    if not view.n or view.type not in ("text", "json") or view.letters < 0.1:
        return {}
    typical = view.lengths[len(view.lengths) // 2]
    sentences = (
        (view.words >= 2.5 and typical >= 16)
        or view.of(lambda v: len(v) > 24 and bool(re.search(r"[\u3040-\u9fff]|[{\[]", v))) > 0.3
        or (typical > 12 and _spaceless(view) > 0.5)
    )
    counts: Counter[str] = Counter()
    hits = seen = 0
    done: set[str] = set()
    for at, cell in enumerate(view.cells):
        if cell is None or cell in done:
            continue
        done.add(cell)
        seen += 1
        found = kinds(cell, people[at] if at < len(people) else frozenset()) if sentences else _reference(cell)
        hits += bool(found)
        counts.update(found)
    share = hits / max(1, seen)
    said = f"{hits} of {seen} texts hold " + ", ".join(k for k, _ in counts.most_common(4))
    if not sentences:
        mixed = 0.015 < share < 0.85 and hits > 1 and {"email"} & set(counts)
        return {"free_text_pii": (6.0, said)} if mixed else {}
    if (set(counts) == {"person of the row"} and share < 0.05) or share < 0.015 or (hits < 2 and seen > 20):
        return {"free_text_pii": (VETO, "texts without personal content")}
    sure = sum(counts[k] for k in _STRONG[:7])
    weight = (7.0 if sure > 1 or share > 0.1 else 2.5) + (3.0 if view.words > 5 and len(counts) > 1 else 0.0)
    return {"free_text_pii": (weight, said)}


def _spaceless(view: View) -> float:
    return view.of(lambda v: bool(re.search(r"[\u3040-\u30ff\u0e00-\u0e7f]", v)) and len(v) > 12)


def _reference(cell: str) -> set[str]:
    """Return kinds for a cell that is as a whole an address or number, in a column of other things."""
    if _EMAIL.fullmatch(cell):
        return {"email"}
    return {"phone"} if cell.startswith("+") and _is_phone(cell) else set()

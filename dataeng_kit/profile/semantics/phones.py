"""Telephone numbers: shape first, then the numbering plans of the countries the column allows, against their chance."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from dataeng_kit.profile.semantics.cards import lexicon
from dataeng_kit.profile.semantics.grammar import VETO, Votes
from dataeng_kit.profile.semantics.view import View

_SHAPE = re.compile(r"(?i)(tel\.?:?|fax:?)?\s*(\+|00)?\s*\(?\d[\d\s()./\-–]{4,20}\d(\s*(x|ext\.?|#|poste|int\.?)\s*\d{1,6})?")
_NOT = re.compile(
    r"(?!1-\d{3}-\d{3}-\d{4}$)(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T].*)?|\d+[.,]\d+|(\d{1,3}\.){3}\d{1,3}|"
    r"\d{3}-\d{2}-\d{4}|\d{2,7}-\d\d-\d|\d{4}\.\d\d\.\d\d(\.\d\d)?|[\d-]{13,}\d|\d+:\d+.*|\d{4}[-/]\d\d)"
)
_REGIONS = (
    "US GB DE FR ES IT BR PL SE NO DK FI NL BE PT AT CH CZ SK HU RO BG GR HR RS SI LT LV EE UA RU TR IL "
    "IN CN JP KR TH VN ID MY PH SG AU NZ ZA NG KE EG SA AE IR MX AR CL CO PE IE"
).split()


@functools.cache
def _library() -> Any:
    import phonenumbers

    return phonenumbers


def valid(text: str, region: str | None) -> bool:
    """Return whether *text* is a number of its country's plan; *region* for numbers without a country code."""
    library = _library()
    try:
        return bool(library.is_valid_number(library.parse(text, region)))
    except library.NumberParseException:
        return False


def regions(values: Iterable[str], tried: int = 12) -> Counter[str]:
    """Return how many of the first values each country's plan accepts; only countries that accept the first ones."""
    sample = list(values)[:tried]
    found: Counter[str] = Counter()
    for region in _REGIONS:
        passed, failed = 0, 0
        for value in sample:
            ok = valid(value, region)
            passed, failed = passed + ok, failed + (not ok)
            if failed > max(1, len(sample) // 2) or (failed > 1 and passed + failed <= 4):
                break  # not this plan
        else:
            found[region] = passed
    return found


def phones(view: View) -> Votes:
    """Return votes for telephone numbers."""
    shaped = [v for v in view.values if _SHAPE.fullmatch(v) and not _NOT.fullmatch(v) and 6 <= sum(c.isdigit() for c in v) <= 17]
    if len(shaped) < 0.7 * view.n or not shaped or view.type in ("date", "datetime"):
        return {"phone": (VETO, "not the shape of telephone numbers")}
    plus = [v for v in shaped if v.lstrip().startswith(("+", "00"))]
    if len(plus) >= max(2, 0.1 * len(shaped)):
        tried = plus[:20]
        good = sum(valid("+" + v.lstrip()[2:] if v.startswith("00") else v, None) for v in tried) / len(tried)
        return {
            "phone": (
                8.0 if good > 0.7 else 6.0 if good > 0.4 else 4.5,
                f"{good:.0%} of the numbers with a country code are valid",
            )
        }
    parted = [v for v in shaped if re.search(r"[\s()./\-]", v)]
    zero = sum(v.startswith(("0", "(0")) for v in shaped) / len(shaped)
    if len(parted) >= 0.5 * len(shaped):
        return _parted(view, parted, zero)
    return _bare(view, shaped, zero)


def _parted(view: View, parted: list[str], zero: float) -> Votes:
    layouts = len({re.sub(r"\d", "9", v) for v in parted})
    best = regions(parted).most_common(1)
    share = best[0][1] / min(12, len(parted)) if best else 0.0
    north = sum(bool(re.fullmatch(r"\(?[2-9]\d\d\)?[-. ]{1,2}[2-9]\d\d[-. ]\d{4}( ?x.*)?", v)) for v in parted) / len(parted)
    telling = sum(bool(re.search(r"[()]|[x#]|ext", v)) for v in parted) / len(parted)
    if telling > 0.15 and layouts > 2 and share <= 0.85:
        return {"phone": (4.5, "brackets and extensions, as telephone numbers are written")}
    if share > 0.85 and (zero > 0.7 or north > 0.85 or layouts > 2):
        return {"phone": (6.0, f"written as telephone numbers, {share:.0%} valid in {best[0][0]}")}
    return {"phone": (3.0 if share > 0.85 else 0.0 if share > 0.5 else -1.5, f"separators; {share:.0%} valid in one country")}


def _bare(view: View, shaped: list[str], zero: float) -> Votes:
    if view.n >= 15 and view.share(r"1[3-9]\d{9}") > 0.98:
        return {"phone": (4.0, "eleven digits in the ranges of Chinese mobile numbers")}
    length = Counter(len(v) for v in shaped).most_common(1)[0][1] / len(shaped)
    if view.share(r"\d{6,15}") > 0.9 and view.lengths[-1] - view.lengths[0] > 4 and zero < 0.3 and view.n > 15:
        return {"phone": (VETO, "bare digits of many lengths")}
    found = regions(shaped, 20).most_common(3)
    top = found[0][1] / min(20, len(shaped)) if found else 0.0
    if zero > 0.9 and 9 <= view.lengths[len(view.lengths) // 2] <= 11 and top > 0.9:
        return {"phone": (3.5, f"ten or eleven digits from zero, {top:.0%} valid in {found[0][0]}")}
    weight = 0.5 if top > 0.85 else -3.0 if top < 0.5 and view.n >= 10 else -0.5
    return {"phone": (weight - (1.0 if length < 0.5 else 0.0), f"bare digits, {top:.0%} valid in one country")}


def users(view: View) -> Votes:
    """Return votes for user names: one word, small letters, shapes that vary; people's names inside speak for them."""
    if view.share(r"@?[^\W_][\w.\-]{1,31}") < 0.85 or view.letters < 0.85 or view.share(r"(?i)[0-9a-f\-]{12,}") > 0.3:
        return {"username": (VETO, "not single words")}
    small = view.share(r"@?[a-z][a-z0-9._\-]*")
    shapes = max(view.masks.values()) / view.n
    prefixes = Counter(re.split(r"[-_.\d]", v)[0] for v in view.values)
    if view.n >= 10 and prefixes.most_common(1)[0][1] > 0.3 * view.n:
        return {"username": (-5.0, "few prefixes, as in host names and codes")}
    given, family = lexicon("given_name"), lexicon("family_name", "europe")
    named = 0
    for value in view.folded[:100]:
        bare = re.split(r"[^a-z]+", value)
        named += any(
            len(p) > 3
            and (p in given or p in family or p[1:] in family or any(p[:k] in given for k in range(4, min(10, len(p)))))
            for p in bare
        )
    share = named / min(100, view.n)
    if small < 0.7 or (view.n < 12 and view.rows > 60):
        return {"username": (-1.0, "capitals or few values")}
    handles = view.share(r".*[a-z].*[\d._].*")
    few = view.n < 30 and view.variety < 0.5
    weight = (
        (5.0 if share > 0.3 else 2.5 if share > 0.15 else -0.5)
        + (1.5 if handles > 0.3 else -1.0)
        - (3.0 if shapes > 0.8 else 0.0)
        - (4.0 if few else 0.0)
    )
    return {
        "username": (weight if view.words == 1 else -3.0, f"one word in small letters, {share:.0%} with a person's name inside")
    }

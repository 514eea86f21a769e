"""Where people live: street addresses, cities, postcodes, coordinates."""

from __future__ import annotations

import re

from dataeng_kit.profile.semantics.cards import fold, lexicon
from dataeng_kit.profile.semantics.grammar import VETO, Votes
from dataeng_kit.profile.semantics.view import View

_TOKEN = re.compile(r"[^\W\d_]+")
_POSTCODES = (
    ("GB", r"(?i)[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", 5.5),
    ("CA", r"(?i)[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d", 6.0),
    ("NL", r"[1-9]\d{3} ?[A-Z]{2}", 4.5),
    ("PL", r"\d{2}-\d{3}", 4.5),
    ("BR", r"\d{5}-\d{3}", 4.5),
    ("JP", r"〒?\d{3}-\d{4}", 3.5),
    ("PT", r"\d{4}-\d{3}", 4.0),
    ("CZ, SK, SE, GR", r"\d{3} \d{2}", 4.0),
    ("IE", r"(?i)[AC-FHKNPRTV-Y]\d[0-9W] ?[0-9AC-FHKNPRTV-Y]{4}", 4.5),
    ("US", r"\d{5}-\d{4}", 4.0),
    ("LT, LV, MD, AZ", r"(LT|LV|MD|AZ|AD|D|A|CH|F|L)-\d{4,5}", 4.5),
    ("IN", r"[1-8]\d{2} \d{3}", 2.5),
)


def streets(view: View) -> Votes:
    """Return votes for street addresses: street words or endings beside a house number."""
    if (
        not view.n
        or view.letters < 0.8
        or view.share(r"(https?:|/|\\|[\w.]+@).*") > 0.2
        or view.lengths[len(view.lengths) // 2] > 110
    ):
        return {"street_address": (VETO, "no letters, links or long texts")}
    words, endings = lexicon("street_address", "words"), tuple(lexicon("street_address", "endings"))
    named = numbered = 0
    for value in view.values[:120]:
        tokens = [fold(t) for t in _TOKEN.findall(value)]
        late = tokens[1:] if tokens and tokens[0] in ("dr", "st") else tokens  # Dr. Smith is no drive
        hit = (len(tokens) > 1 and any(t in words and len(t) > 1 for t in late)) or bool(
            re.match(r"(?i)[crv][./] ?[a-z]{3}", value)
        )
        hit = hit or any(len(t) > 4 and t.endswith(endings) for t in tokens) or _asian_address(value)
        number = bool(re.search(r"\d", value))
        named += hit and (number or len(tokens) > 1)
        numbered += number and bool(tokens)
    n = min(view.n, 120)
    share, with_number = named / n, numbered / n
    hinted = (
        sum(
            bool(re.fullmatch(r"\d{1,5}[a-zA-Z]?[, ]+(\D{4,}.*)|\D{4,}[, ]+\d{1,4}([ /\-]?\w{1,4}){0,3}", v))
            for v in view.values[:120]
        )
        / n
    )
    if (
        view.share(r"(?i)[A-Z0-9._\-/{}]{3,64}") > 0.5
        or view.of(lambda v: max(map(len, _TOKEN.findall(v)), default=0) < (3 if v.isascii() else 1)) > 0.5
    ):
        return {"street_address": (VETO, "codes")}
    weight: float = (
        8.5 * min(1.0, share / 0.6) * (0.5 + 0.5 * min(1.0, with_number / 0.6)) + (3.0 if hinted > 0.8 else 1.5) * hinted - 1.5
    )
    if with_number < 0.1 and share < 0.3:
        weight -= 3.0
    numbers = {m for v in view.values[:120] for m in re.findall(r"\d+", v)}
    if n >= 20 and with_number > 0.3 and len(numbers) < 0.12 * n:
        weight -= 5.0  # few numbers come back, as sizes and versions of products do
    if view.of(lambda v: bool(re.search(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}", v))) > 0.5:
        weight -= 4.0
    weight -= max(0.0, view.words - 7.0)  # sentences hold street words too
    return {"street_address": (max(VETO, weight), f"{share:.0%} hold a street's word or ending, {with_number:.0%} a number")}


def _asian_address(value: str) -> bool:
    return bool(re.search(r"[路街道巷].*[座号號室]|[丁番号區区県町村弄路街巷].*\d|\d+[丁番号号]|[가-힣]+(로|길|동)\s?\d", value))


def cities(view: View) -> Votes:
    """Return votes for cities; endings are weak, neighbours decide (see the links)."""
    if (
        not view.n
        or view.letters < 0.9
        or view.digits > 0.25
        or view.words > 4.5
        or view.share(r"[A-Z]{2,4}") > 0.7
        or view.lengths[len(view.lengths) // 2] > 30
    ):
        return {"city": (VETO, "codes, digits or sentences")}
    lands = lexicon("country_code")
    if sum(v.replace(" ", "-") in lands or v.split(" ")[0] in lands for v in view.folded) > 0.6 * view.n:
        return {"city": (VETO, "countries or states"), "country_code": (6.0, "countries or states")}
    names, endings = lexicon("city", "names"), tuple(e for e in lexicon("city", "endings") if len(e) > 2 or not e.isascii())
    starts = lexicon("city", "beginnings")
    known = formed = 0
    tried = view.folded[:150]
    for value in tried:
        hit = value.replace(" ", "-") in names or value.split(",")[0] in names
        known += hit
        tokens = value.split()
        formed += hit or (
            len(tokens) <= 3
            and (
                (len(tokens) > 1 and tokens[0].strip(".") in starts)
                or (tokens[-1].endswith(endings) and len(tokens[-1]) > (4 if value.isascii() else 1))
            )
        )
    legal = sum(any(t.strip(".,") in lexicon("company") for t in v.split()[1:]) for v in tried) / len(tried)
    share, form = known / len(tried), formed / len(tried)
    few = -2.5 if view.rows >= 60 and view.n < 10 and view.variety < 0.2 else 0.0
    weight = 7.0 * min(1.0, share / 0.35) + 3.5 * min(1.0, form / 0.6) - 1.0 + few - 15.0 * max(0.0, legal - 0.03)
    return {"city": (max(-5.0, weight), f"{share:.0%} are large cities, {form:.0%} have a place's form")}


def postcodes(view: View) -> Votes:
    """Return votes for postcodes: countries with letters or dashes by shape, bare digits only beside a city or header."""
    if not view.n or view.lengths[-1] > 14 or view.digits < 0.85 or view.share(r"\d+[.,]\d{1,2}|\d{1,2}") > 0.5:
        return {"postcode": (VETO, "not the shape of a postcode")}
    for country, pattern, weight in _POSTCODES:
        if view.share(pattern) >= 0.85:
            return {"postcode": (weight if view.n >= 5 else weight - 1.5, f"the shape of postcodes ({country})")}
    digits = view.share(r"\d{4,6}(-\d{4})?|\d{8,9}")
    same = max(view.masks.values()) / view.n
    if digits >= 0.8:
        return {"postcode": (0.5 if same > 0.6 else -2.0, "four to six digits")}
    known = "|".join(p.removeprefix("(?i)") for _, p, _ in _POSTCODES)
    if (
        view.share(f"(?i){known}") >= 0.1
        and view.share(rf"(?i){known}|\d{{4,6}}|\d{{8}}|[A-Z]{{1,2}}\d[A-Z\d]?|\d{{5}}-\d{{3,4}}") >= 0.8
    ):
        return {"postcode": (1.5, "shapes of several countries")}
    return {"postcode": (VETO if view.share(r"\d{1,3}|\d{7,}") > 0.6 else -2.0, "no known shape")}


def coordinates(view: View) -> Votes:
    """Return votes for one coordinate or a pair in one cell; single columns are settled in pairs (see the links)."""
    if (
        view.share(
            r"(?i)\(?[-+]?\d{1,2}[.,]\d{3,}°?[NS]?[;, ]+[-+]?\d{1,3}[.,]\d{3,}°?[EWO]?\)?|POINT ?\([-\d. ]+\)|"
            r"\d{1,3}°.*['′].*[NSEWO]"
        )
        >= 0.85
    ):
        return {"geo_coordinate": (8.0, "pairs of coordinates")}
    if view.share(r"[-+]?\d{1,3}[.,]\d+") < 0.85 and not (
        view.type == "number" and view.share(r"[-+]?\d{1,3}([.,]\d+)?") >= 0.95
    ):
        return {"geo_coordinate": (VETO, "no decimal degrees")}
    numbers = numeric(view)
    if not numbers or max(map(abs, numbers)) > 180:
        return {"geo_coordinate": (VETO, "beyond 180 degrees")}
    deep = view.share(r"[-+]?\d{1,3}[.,]\d{4,}")
    return {"geo_coordinate": (0.5 if deep > 0.5 else -0.3, f"{deep:.0%} have four decimals or more")}


def numeric(view: View) -> list[float]:
    """Return the values as numbers, decimal commas read; values that are none are left out."""
    found = []
    for value in view.values:
        try:
            found.append(float(value.replace(",", ".")))
        except ValueError:
            continue
    return found

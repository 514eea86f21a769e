"""Names of people against names of companies, products, places and jobs: shapes, common names, titles, repetition."""

from __future__ import annotations

import re

from dataeng_kit.profile.semantics.cards import fold, lexicon
from dataeng_kit.profile.semantics.grammar import VETO, Votes
from dataeng_kit.profile.semantics.view import View

_WORD = re.compile(r"[^\W\d_]+(?:['’`\-.][^\W\d_]+)*\.?")
_HAN = re.compile(
    r"[\u3400-\u9fff々]{2,5}|[\u3400-\u9fff々]{1,4}[ \u3000][\u3400-\u9fff々\u3040-\u30ff]{1,5}|[\u30a0-\u30ff・ \u3000]{3,14}"
)
_HANGUL = re.compile(r"[\uac00-\ud7a3]{2,4}|[\uac00-\ud7a3]{1,2} [\uac00-\ud7a3]{1,3}")
_ENDING = re.compile(r"(?:{})$".format("|".join(sorted(lexicon("family_name", "suffixes"), key=len, reverse=True))))
_STUCK = re.compile(r"(?<=[^\W\d_]{2})\d{1,4}(?=\s|$)")  # Gail741: numbers that generators and exports hang on names
_PARTICLES = frozenset("van von de der den het ter ten te di da del della dos das do la le al el bin ben 't".split())
_CALENDAR = frozenset(
    (
        "january february march april may june july august september october november december jan feb mar "
        "apr jun jul aug sep sept oct nov dec "
        "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun januar februar "
        "marz mai juni juli oktober dezember "
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre janvier "
        "fevrier mars avril juin juillet aout "
        "septembre octobre novembre decembre gennaio febbraio aprile maggio giugno luglio settembre ottobre "
        "dicembre spring summer autumn winter"
    ).split()
)


class Names:
    """What the words of a column's values have in common with names; shares are of the values looked at."""

    def __init__(self, view: View) -> None:
        given, family = lexicon("given_name"), lexicon("family_name", "europe", "asia")
        titles, legal = lexicon("family_name", "titles"), lexicon("company")
        self.values = [_STUCK.sub("", v) for v in view.values[:120]]
        self.n = max(1, len(self.values))
        split = [_WORD.findall(v) for v in self.values]
        words = [[fold(w).strip(".") for w in s] for s in split]
        self.counts = [len(w) for w in words]
        self.title = sum(bool(w) and w[0] in titles and len(w) > 1 for w in words) / self.n
        plain = [w[1:] if len(w) > 1 and w[0] in titles else w for w in words]
        self.bare = [[t for t in w if t not in _PARTICLES] for w in plain]
        self.given = sum(any(t in given or any(p in given for p in t.split("-")) for t in w) for w in plain) / self.n
        self.family = sum(any(t in family or (len(t) > 4 and _ENDING.search(t) is not None) for t in w) for w in plain) / self.n
        self.legal = sum(any(t in legal or t.replace(".", "") in legal for t in w[1:]) for w in words) / self.n
        self.joined = sum(bool(re.search(r"[&+]| (and|und|et|y|e|i|og|och|en) .*(,|$)", v)) for v in self.values) / self.n
        self.first = len({w[0] for w in plain if w}) / max(1, sum(bool(w) for w in plain))
        self.last = len({w[-1] for w in plain if w}) / max(1, sum(bool(w) for w in plain))
        self.capital = (
            sum(
                bool(s)
                and all(
                    w[0].isupper()
                    or not w[0].islower()
                    or w in {"de", "da", "van", "von", "der", "den", "di", "la", "del", "dos", "bin", "al", "el"}
                    for w in s
                )
                for s in split
            )
            / self.n
        )
        self.comma = sum(v.count(",") == 1 for v in self.values) / self.n
        self.one = sum(len(w) == 1 for w in self.bare) / self.n
        self.full = sum(2 <= len(w) <= 5 for w in plain) / self.n
        self.digits = sum(any(c.isdigit() for c in v) for v in self.values) / self.n
        self.calendar = sum(any(t in _CALENDAR for t in w) for w in words) / self.n
        self.asian = _asian(self.values)

    def repeated(self) -> float:
        """Return the share of names among the words of the position that repeats most: surnames repeat, so do models."""
        at = 0 if self.first < self.last else -1
        seen = {w[at] for w in self.bare if w}
        known = lexicon("given_name") if at == 0 else frozenset()
        known |= lexicon("family_name", "europe", "asia")
        return sum(t in known or (len(t) > 4 and _ENDING.search(t) is not None) for t in seen) / max(1, len(seen))


def _asian(values: list[str]) -> tuple[float, float]:
    """Return the shares of values shaped like a Chinese, Japanese or Korean full name, and of those with a known surname."""
    surnames = lexicon("family_name", "cjk")
    shaped = [v for v in values if _HAN.fullmatch(v) or _HANGUL.fullmatch(v)]
    known = [
        v
        for v in shaped
        if any(v[:k] in surnames and len(v) > k for k in (3, 2, 1))
        or "・" in v
        or re.fullmatch(r"[\u30a0-\u30ff]+[ \u3000][\u30a0-\u30ff]+", v)
    ]
    return len(shaped) / max(1, len(values)), len(known) / max(1, len(values))


def people(view: View) -> Votes:
    """Return votes for given, family and full names and for companies."""
    if view.n >= 5 and view.lengths[-1] <= 3 and view.share(r"[\u3400-\u9fff々\uac00-\ud7a3]{1,3}") > 0.9:
        return _asian_votes(Names(view), view)
    if not view.n or view.letters < 0.9 or view.lengths[len(view.lengths) // 2] > 45 or view.words > 6:
        why = "no letters" if view.letters < 0.9 else "too long for a name"
        return {k: (VETO, why) for k in ("given_name", "family_name", "full_name")}
    names = Names(view)
    found: Votes = {}
    if names.legal >= 0.08 or names.joined >= 0.2:
        found["company"] = (3.0 + 6.0 * max(names.legal, names.joined), f"{names.legal:.0%} end in a legal form")
    if names.asian[0] > 0.6:
        return found | _asian_votes(names, view)
    against = _against(names, view)
    if against <= VETO:
        return found | {k: (VETO, "digits or symbols inside") for k in ("given_name", "family_name", "full_name")}
    return found | _full(names, against) | _single(names, view, against)


def _against(names: Names, view: View) -> float:
    """Return the log-odds that a column's habits take from every kind of name."""
    if sum(bool(re.search(r"[\d@_/\\{}<>=|]", v)) for v in names.values) > 0.35 * names.n:
        return VETO
    weight = -8.0 * max(0.0, names.digits - 0.02) - 12.0 * names.legal - 6.0 * max(0.0, names.joined - 0.05)
    if names.calendar > 0.8:
        return VETO
    if view.rows >= 60 and view.n < 16 and names.title < 0.3 and view.variety < 0.2:
        weight -= 5.0 if view.n < 10 else 3.5
    if view.n >= 25 and min(names.first, names.last) < 0.3 and names.title < 0.3 and names.full > 0.5:
        weight -= 5.5 if names.repeated() < 0.5 else 0.0  # a grid of parts, as products and ships have
    return weight - (2.0 if names.capital < 0.6 else 0.0)


def _full(names: Names, against: float) -> Votes:
    if names.full < 0.6 and names.title > 0.6:
        return {"full_name": (4.0 + against, f"{names.title:.0%} hold a title before the name")}
    if names.full < 0.6:
        return {"full_name": (VETO if names.full < 0.2 else -3.0, "most values are single words")}
    mixed = 9.0 * max(0.0, names.one - 0.08)
    evidence = (
        6.5 * min(1.0, names.given / 0.5)
        + 2.5 * min(1.0, names.family / 0.5)
        + 6.0 * min(1.0, names.title / 0.5)
        + (1.0 if names.comma > 0.8 else 0.0)
    )
    few_words = sum(c in (2, 3) for c in names.counts) / names.n
    weight = evidence - 0.8 - mixed - 3.0 * (1 - few_words) + against
    reason = f"{names.given:.0%} hold a common given name, {names.family:.0%} a family name's form" + (
        f", {names.title:.0%} a title" if names.title > 0.1 else ""
    )
    return {"full_name": (max(VETO, min(8.0, weight)), reason)}


def _single(names: Names, view: View, against: float) -> Votes:
    if names.one < 0.7:
        few = sum(c <= 2 for c in names.counts) / names.n
        weight = VETO if few < 0.85 or (names.given < 0.2 and names.family < 0.2) else -2.0
        return {"given_name": (weight, "several words"), "family_name": (weight, "several words")}
    if view.share(r"[^\W\d_]\.") > 0.9:
        return {"given_name": (0.0, "initials"), "family_name": (0.0, "initials")}
    if view.lengths[-1] <= 3 and view.n < 30:
        return {"given_name": (VETO, "short codes"), "family_name": (VETO, "short codes")}
    given = 6.0 * min(1.0, names.given / 0.45) - 0.8 - 3.0 * max(0.0, names.family - names.given)
    family = 5.5 * min(1.0, names.family / 0.55) - 1.0 - 4.0 * max(0.0, names.given - names.family)
    return {
        "given_name": (max(VETO, given + against), f"{names.given:.0%} are common given names"),
        "family_name": (max(VETO, family + against), f"{names.family:.0%} are common family names or have their endings"),
    }


def _asian_votes(names: Names, view: View) -> Votes:
    _shaped, known = names.asian
    few = -4.0 if view.rows >= 60 and view.n < 16 and view.variety < 0.2 else 0.0
    surnames = lexicon("family_name", "cjk")
    exact = sum(v in surnames for v in names.values) / names.n
    short = exact > 0.3 or (known < 0.6 and sum(len(v) <= 2 for v in names.values) / names.n > 0.6)
    weight = 7.0 * min(1.0, known / 0.7) - 1.0 + few - 12.0 * names.legal
    return {
        "full_name": (weight - (5.0 if short else 0.0), f"{known:.0%} begin with a common surname"),
        "family_name": (6.0 * min(1.0, exact / 0.5) - 1.0 + few if short else VETO, f"{exact:.0%} are common surnames"),
        "given_name": (0.5 - 6.0 * exact + few if short else VETO, "one to three characters"),
    }

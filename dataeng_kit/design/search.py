"""The search design: an index per table with words to find; field types and analysers from cardinality, language and shape."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from dataeng_kit import recipes
from dataeng_kit.design import access
from dataeng_kit.design.access import fields, row_width, sensitive
from dataeng_kit.design.reading import TableReading, read
from dataeng_kit.design.sizing import human
from dataeng_kit.design.words import snake
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Attribute, Cell, ColumnProfile, Design, Entity, Evidence, Expectation
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.recipes import Code
from dataeng_kit.technologies.elasticsearch import Elasticsearch
from dataeng_kit.technologies.store import Store

SHARE = 0.1
"""Share of values that must hold words of a language before its analyser is taken."""
SCRIPTS = {"CJK": "cjk", "HIRAGANA": "cjk", "KATAKANA": "cjk", "HANGUL": "cjk", "CYRILLIC": "russian", "ARABIC": "arabic"}
"""Script in a letter's Unicode name → analyser; other alphabets are told apart by their commonest words."""
TREATMENT = "not indexed in the clear: a keyed hash as keyword, for equality only; document level security needs a licence"


def design(evidence: Evidence) -> Design:
    """Return an index per table that holds words to find; raises `NotApplicable` without one."""
    tables, store = read(evidence), access.chosen(evidence, "search")
    made = [_index(evidence, t, store) for t in tables.values() if t.profile.rows and any(_kinds(t, store))]
    if not made:
        raise NotApplicable(f"No text column of {evidence.name} holds words to search", "Ask for the normalised design")
    life, at = access.kept(evidence)
    return Design(
        "search", store.id, tuple(made), f"Search over {evidence.name}",
        (f"1. Indexes: {', '.join(e.name for e in made)}: what has words; codes and numbers alone stay in the database",
         *(f"2. {e.name}: {'; '.join(e.detail['said'])}" for e in made),
         f"3. Each index lives by a policy: rollover at {human(store.limits['shard_bytes'])} a shard, "
         + (f"deleted after {life // 86_400:,} days ({at})" if life else "no retention is stated: nothing is deleted")),
        tuple(e.detail["sizing"] for e in made),
        ("one index for all tables: one query, fields of one name must agree in type",
         "the database's own text index: no copy to keep in step"),
        (*access.privacy([tables[e.sources[0]] for e in made], TREATMENT),
         "the index is a copy: it lags the database and is rebuilt from it"),
        () if life else tuple(f"How long must {e.sources[0]} be found?" for e in made if e.detail["moment"]),
        (access.verdict(evidence, store, f"{sum(e.detail['words'] for e in made)} columns hold words"),),
    )  # fmt: skip


def _kinds(t: TableReading, store: type[Store]) -> list[str]:
    """Return the columns of a table that hold words to find."""
    return [c.name for c in t.profile.columns if c.type == "text" and c.name not in sensitive(t) and _prose(t, c, store) != ""]


def _prose(t: TableReading, c: ColumnProfile, store: type[Store]) -> str:
    """Return ``text`` for sentences, ``name`` for labels that are typed by their beginning, or nothing: a code or a category."""
    blanks = sum(n for mask, n in c.masks if " " in mask.strip())
    shown = sum(n for _, n in c.masks) or 1
    words = len(" ".join(str(v) for v, _ in c.top).split()) / max(1, len(c.top))
    named = t.kinds.get(c.name) == "label" and c.distinct >= store.limits["names"]
    if not named and (c.distinct <= store.limits["facet"] or t.kinds.get(c.name) != "text"):
        return ""
    if words >= store.limits["prose_words"] and blanks / shown > 0.5 and not named:
        return "text"
    return "name" if named or (blanks / shown > 0.3 and not _coded(c)) else ""


def _coded(c: ColumnProfile) -> bool:
    """True when the commonest shape holds digits: a number, an address of a machine, a code."""
    return bool(c.masks) and any(x.isdigit() or x in "@/:" for x in c.masks[0][0])


def analyser(c: ColumnProfile) -> str:
    """Return the analyser of a column: by script, else by the language whose commonest words most values hold, else standard."""
    values = [str(v).lower() for v, _ in c.top]
    for letter in "".join(values):
        script = unicodedata.name(letter, "").split(" ")[0].split("-")[0] if letter.isalpha() and not letter.isascii() else ""
        if script in SCRIPTS:
            return SCRIPTS[script]
    held = {
        name: sum(bool(set(v.split()) & set(stop.split())) for v in values) / max(1, len(values))
        for name, stop in Elasticsearch.analysers.items()
    }
    best = max(held, key=lambda name: held[name])
    return best if held[best] >= SHARE else "standard"


def mapping(t: TableReading, c: ColumnProfile, store: type[Store]) -> tuple[dict[str, Any], str]:
    """Return the field of one column and the reason in words."""
    exact = {"type": "keyword", "ignore_above": round(store.limits["keyword_length"])}
    if c.name in sensitive(t):
        return {"type": "keyword", "doc_values": False}, "keyword of a keyed hash: protected"
    if c.type == "text":
        kind = _prose(t, c, store)
        if kind == "text":
            found = analyser(c)
            return {
                "type": "text",
                "analyzer": found,
            }, f"text, {found}: {c.distinct:,} values of {c.mean_length or 0:.0f} characters"
        if kind == "name":
            return {
                "type": "text", "analyzer": analyser(c), "fields": {"exact": exact, "typed": {"type": "search_as_you_type"}}
            }, f"name: found by words, by its beginning, and sorted as a whole ({c.distinct:,} values)"  # fmt: skip
        return exact, f"keyword: {c.distinct:,} values" + (", counted as a facet" if c.distinct <= store.limits["facet"] else "")
    type = "keyword" if t.kinds[c.name] in ("key", "reference", "code") else store.type_name(c.type)
    if type == "scaled_float":
        return {"type": type, "scaling_factor": 10_000}, "number with four decimals"
    return {"type": type}, f"{type}: compared as a whole" if type == "keyword" else type


def _index(evidence: Evidence, t: TableReading, store: type[Store]) -> Entity:
    names, rows = fields(t), t.profile.rows
    found = {c.name: mapping(t, c, store) for c in t.profile.columns}
    words = _kinds(t, store)
    wide = row_width(t, names=True)
    a_day = t.profile.time.rows_per_day if t.profile.time else 0.0
    size = rows * wide * 2
    shards = max(1, round(size / store.limits["shard_bytes"]))
    sizing = (
        f"{snake(t.name)}: {rows:,} documents × {wide} bytes × 2 (source and inverted index) = {human(size)}: {shards} shard"
        + (f"; {a_day:,.1f} a day add {human(a_day * wide * 2 * 365)} a year" if a_day else "")
    )
    made = access.entity(
        snake(evidence.name, t.name).replace("_", "-"), "index", t, store, t.profile.primary_key or (),
        f"one document per row of {t.name}", [fact_id("distinct", t.name, c) for c in words],
        said=[f"{names[c]} {why}" for c, (_, why) in found.items() if c in words or "facet" in why],
        mapping={names[c]: shape for c, (shape, _) in found.items()}, words=len(words),
        facets=[names[c] for c, (_, why) in found.items() if "facet" in why][:3], moment=access.moment(t),
        find=[names[c] for c in words], sizing=sizing, shards=shards, decisions=[_decision(t, words, names, found, store)],
    )  # fmt: skip
    noted = tuple(Attribute(**{**_plain(a), "note": found[c][1]}) for a, c in zip(made.attributes, names, strict=True))
    return Entity(**{**_plain(made), "attributes": noted})


def _plain(noun: Any) -> dict[str, Any]:
    return {name: getattr(noun, name) for name in noun.__dataclass_fields__}


def _decision(
    t: TableReading, words: list[str], names: dict[str, str], found: dict[str, tuple[dict[str, Any], str]], store: type[Store]
) -> dict[str, Any]:
    return {
        "subject": t.name, "slug": "search", "question": f"Which columns of {t.name} are searched by words?",
        "choice": "; ".join(f"{c}: {found[c][0].get('analyzer', '')} analyser" for c in words),
        "why": "; ".join(f"{names[c]} {found[c][1]}" for c in words),
        "alternatives": [f"keyword for all of {t.name}: only whole values of {', '.join(words[:2])} are found"],
        "flips": [(fact_id("distinct", t.name, c), round(store.limits["names"]) - 1) for c in words],
        "flips_if": f"{', '.join(words)} have fewer than {store.limits['names']:g} values: a list to choose from, no text",
    }  # fmt: skip


def cells(design: Design, evidence: Evidence) -> tuple[Cell, ...]:
    """Return the requests that make policy, template and index and ask the first questions, as Kibana's console takes them."""
    store = access.chosen(evidence, "search")
    found = recipes.find(f"{store.id}/requests")
    asked = [r for e in design.entities for r in _requests(e, evidence, store)]
    shown = [
        {"line": Code(f"{method} {path}"), "body": Code(json.dumps(body, indent=2, ensure_ascii=True)), "said": Code(said)}
        for method, path, body, said in asked
    ]
    promised = (Expectation("requests whose bodies hold to the types of the API", "rows", "requests", "accepted"),)
    id = f"model.search.{store.id}"
    own = Cell(
        f"{id}.requests", found.id, store.id, store.language, f"{design.title}: {found.title}", found.purpose,
        recipes.render(found.id, {"requests": shown}), f"{store.id}/search/requests.console", (), promised,
        tuple(dict.fromkeys(f for e in design.entities for f in e.facts)), found.serves, id,
    )  # fmt: skip
    return (own,)


def _requests(e: Entity, evidence: Evidence, store: type[Store]) -> list[tuple[str, str, dict[str, Any], str]]:
    life, _ = access.kept(evidence)
    size = f"{store.limits['shard_bytes'] / 1e9:.0f}gb"
    phases: dict[str, Any] = {"hot": {"actions": {"rollover": {"max_primary_shard_size": size, "max_age": "30d"}}}}
    if life:
        phases["delete"] = {"min_age": f"{life // 86_400}d", "actions": {"delete": {}}}
    settings = {"index": {"number_of_shards": e.detail["shards"], "number_of_replicas": 1,
                          "lifecycle": {"name": e.name, "rollover_alias": e.name}}}  # fmt: skip
    template = {"settings": settings, "mappings": {"dynamic": "strict", "properties": e.detail["mapping"]}}
    query: dict[str, Any] = {
        "query": {"multi_match": {"query": "words to find", "fields": e.detail["find"]}},
        "aggs": {f: {"terms": {"field": f}} for f in e.detail["facets"]},
    }
    if e.detail["moment"]:
        field = snake(e.detail["moment"])
        query["aggs"]["by_month"] = {"date_histogram": {"field": field, "calendar_interval": "month"}}
    return [
        ("PUT", f"/_ilm/policy/{e.name}", {"policy": {"phases": phases}}, "how long it lives"),
        ("PUT", f"/_index_template/{e.name}", {"index_patterns": [f"{e.name}-*"], "template": template}, "fields and analysers"),
        ("PUT", f"/{e.name}-000001", {"aliases": {e.name: {"is_write_index": True}}}, "the first index"),
        ("POST", f"/{e.name}/_search", query, "the first question: words, facets, time"),
    ]

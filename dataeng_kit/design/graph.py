"""The graph design: nodes and edges in two tables where rows refer to their own kind or many to many, walked by recursive SQL."""

from __future__ import annotations

from typing import Any

from dataeng_kit.design.dimensions import entity_name
from dataeng_kit.design.plan import column
from dataeng_kit.design.processes import is_bridge
from dataeng_kit.design.reading import TableReading, read, role
from dataeng_kit.design.sizing import lines
from dataeng_kit.design.sql import Writer
from dataeng_kit.design.target import target
from dataeng_kit.design.words import snake, unique
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Attribute, Design, Entity, Evidence, Expectation, ForeignKey, Reference
from dataeng_kit.nouns.references import fact_id, write

DEPTH, HOPS = 32, 4
"""Levels a hierarchy is followed down and steps a neighbourhood is followed out: bounds that also end rings."""


def design(evidence: Evidence) -> Design:
    """Return nodes and edges of a case; raises `NotApplicable` when nothing refers to itself or many to many."""
    tables = read(evidence)
    loops = [k for t in tables.values() for k in t.loops if _by_key(k, tables)]
    bridges = [t for t in tables.values() if is_bridge(t) and all(_by_key(k, tables) for k in t.parents)]
    if not loops and not bridges:
        raise NotApplicable("No table refers to itself and none ties two others many to many", "Ask for the normalised design")
    kinds: dict[str, str] = {}
    for name in dict.fromkeys([k.table for k in loops] + [k.ref_table for t in bridges for k in t.parents]):
        kinds[name] = unique(entity_name(name), kinds.values())
    direct = [k for n in kinds for k in tables[n].parents if k.ref_table in kinds and _by_key(k, tables)]
    feeds = [_down(tables, k, kinds, k in loops) for k in (*loops, *direct) if tables[k.table].key]
    feeds += [_across(tables, t, kinds) for t in bridges]
    chosen = (*kinds, *(t.name for t in bridges))
    return Design(
        "graph", target(evidence), (_nodes(tables, kinds), _edges(feeds, evidence)), f"Graph of {evidence.name}",
        _steps(kinds, feeds), lines(evidence, chosen),
        ("a closure table kept at load: reads in one join, each moved branch rewrites it",
         "a graph database: pays from walks of five and more steps over millions of edges on; one more store to run"),
        (f"a walk ends at {DEPTH} levels and {HOPS} hops: what lies deeper is not seen",),
        tuple(f"May {write(k.table, *k.columns[:1])} form a ring?" for k in loops),
    )  # fmt: skip


def _by_key(k: ForeignKey, tables: dict[str, TableReading]) -> bool:
    return bool(k.ref_columns) and set(k.ref_columns) == set(tables[k.ref_table].key)


def _id(kind: str, alias: str, columns: tuple[str, ...]) -> str:
    return f"'{kind}:' || " + " || '|' || ".join(f"CAST({column(alias, c)} AS VARCHAR)" for c in columns)


def _nodes(tables: dict[str, TableReading], kinds: dict[str, str]) -> Entity:
    feeds, labels = [], []
    for name, kind in kinds.items():
        t = tables[name]
        label = (t.of("label") or t.key)[0]
        labels.append(write(name, label))
        over = ", ".join(column("s0", c) for c in t.key)
        text = f"max(CAST({column('s0', label)} AS VARCHAR)) OVER (PARTITION BY {over})"
        select = {"node_id": _id(kind, "s0", t.key), "kind": f"'{kind}'", "label": text}
        feeds.append({"table": name, "select": select, "joins": [], "columns": list(t.key)})
    keys = tuple(write(n, c) for n in kinds for c in tables[n].key)
    attributes = (
        Attribute("node_id", "text", keys, nullable=False, role="natural_key"),
        Attribute("kind", "text", nullable=False, role="attribute", note="which table the node comes from"),
        Attribute("label", "text", tuple(labels), role="attribute"),
    )
    said = f"one row per {', '.join(k.replace('_', ' ') for k in kinds.values())}"
    facts = tuple(fact_id("rows", n) for n in kinds)
    return Entity("node", "node", tuple(kinds), attributes, ("node_id",), (), keys, said, facts=facts, detail={"feeds": feeds})


def _down(tables: dict[str, TableReading], k: ForeignKey, kinds: dict[str, str], tree: bool) -> dict[str, Any]:
    """An edge from what is referred to, to the row that refers: from the manager to the employee."""
    child, parent = tables[k.table], tables[k.ref_table]
    select = {"from_node": _id(kinds[k.ref_table], "s1", parent.key), "to_node": _id(kinds[k.table], "s0", child.key)}
    return _feed(k.table, select, snake(kinds[k.table], "of", role(k)), tree, [k], (*child.key, *k.columns))


def _across(tables: dict[str, TableReading], t: TableReading, kinds: dict[str, str]) -> dict[str, Any]:
    ends = zip(("from_node", "to_node"), ("s1", "s2"), t.parents, strict=True)
    select = {n: _id(kinds[k.ref_table], alias, tables[k.ref_table].key) for n, alias, k in ends}
    return _feed(t.name, select, entity_name(t.name), False, list(t.parents), tuple(c for k in t.parents for c in k.columns))


def _feed(
    table: str, select: dict[str, str], kind: str, tree: bool, keys: list[ForeignKey], columns: tuple[str, ...]
) -> dict[str, Any]:
    joins = [[k.ref_table, [list(p) for p in zip(k.columns, k.ref_columns, strict=True)]] for k in keys]
    own = {**select, "kind": f"'{kind}'", "is_tree": "TRUE" if tree else "FALSE"}
    return {"table": table, "select": own, "joins": joins, "columns": list(dict.fromkeys(columns)), "kind": kind}


def _edges(feeds: list[dict[str, Any]], evidence: Evidence) -> Entity:
    lineage = tuple(dict.fromkeys(write(f["table"], c) for f in feeds for c in f["columns"]))
    attributes = (
        Attribute("from_node", "text", lineage, nullable=False, role="natural_key"),
        Attribute("to_node", "text", lineage, nullable=False, role="natural_key"),
        Attribute("kind", "text", nullable=False, role="natural_key", note="which relationship"),
        Attribute("is_tree", "boolean", nullable=False, role="attribute", note="a reference of a table to itself"),
    )
    key = ("from_node", "to_node", "kind")
    sources = tuple(dict.fromkeys(f["table"] for f in feeds))
    ends = (Reference(("from_node",), "node", ("node_id",)), Reference(("to_node",), "node", ("node_id",)))
    facts = tuple(k.fact for k in evidence.profile.foreign_keys if k.fact and k.table in sources)
    return Entity("edge", "edge", sources, attributes, key, (), (), "one row per pair and relationship", references=ends,
                  facts=(*(fact_id("rows", s) for s in sources), *facts), detail={"feeds": feeds})  # fmt: skip


def _steps(kinds: dict[str, str], feeds: list[dict[str, Any]]) -> tuple[str, ...]:
    said = [f"{f['kind']} from {f['table']}" + (" (hierarchy)" if f["select"]["is_tree"] == "TRUE" else "") for f in feeds]
    return (
        f"1. Nodes: {', '.join(f'{k} from {n}' for n, k in kinds.items())}",
        f"2. Edges: {', '.join(said)}; a row whose other end is missing makes none",
        f"3. Walks: below each root to {DEPTH} levels; around a node to {HOPS} hops",
    )


def more(writer: Writer) -> list[tuple[str, str, str, str, tuple[Expectation, ...]]]:
    """Return the cells that only a graph has, after its load: part, title, purpose, SQL and promises."""
    node, edge, below, near = (writer.table(n) for n in ("node", "edge", "below", "near"))
    drop = writer.technology.comment("made again at each run")
    sql = f"""{drop}
DROP VIEW IF EXISTS {below};
DROP VIEW IF EXISTS {near};
CREATE VIEW {below} AS
WITH RECURSIVE walk(root, node_id, depth) AS (
  SELECT e.from_node, e.to_node, 1 FROM {edge} AS e WHERE e.is_tree AND e.from_node <> e.to_node
  UNION
  SELECT w.root, e.to_node, w.depth + 1
  FROM walk AS w JOIN {edge} AS e ON e.from_node = w.node_id AND e.is_tree
  WHERE w.depth < {DEPTH} AND e.to_node <> w.root
)
SELECT root, node_id, min(depth) AS depth FROM walk GROUP BY root, node_id;
CREATE VIEW {near} AS
WITH RECURSIVE both_ways AS (
  SELECT from_node AS a, to_node AS b FROM {edge} UNION SELECT to_node, from_node FROM {edge}
), start AS (
  SELECT a AS node_id FROM both_ways GROUP BY a ORDER BY count(*) DESC, a LIMIT 1
), walk(node_id, hops) AS (
  SELECT node_id, 0 FROM start
  UNION
  SELECT e.b, w.hops + 1 FROM walk AS w JOIN both_ways AS e ON e.a = w.node_id WHERE w.hops < {HOPS}
)
SELECT node_id, min(hops) AS hops FROM walk GROUP BY node_id;
SELECT 'below a root, at depth ' || depth AS reached, count(*) AS nodes FROM {below} GROUP BY depth
UNION ALL
SELECT 'around the best connected node, hops ' || hops, count(*) FROM {near} GROUP BY hops
ORDER BY 1;
"""
    first = f"SELECT count(*) FROM {below} WHERE depth = 1"
    apart = f"SELECT count(*) FROM (SELECT DISTINCT from_node, to_node FROM {edge} WHERE is_tree AND from_node <> to_node) AS x"
    unknown = f"SELECT count(*) FROM {near} AS n WHERE NOT EXISTS (SELECT 1 FROM {node} AS k WHERE k.node_id = n.node_id)"
    ways = f"SELECT count(DISTINCT node_id) FROM {near} WHERE hops = 1"
    promised = (
        Expectation("one level below each node lie exactly the edges of the hierarchy", "rows", first, apart),
        Expectation("the walk meets no node that does not exist", "rows", unknown, "SELECT 0"),
        Expectation("the best connected node has neighbours", "rows", ways, "SELECT 1", ">="),
    )
    purpose = "Who stands below whom, and what is how near: two recursive views and their counts."
    return [("walk", "recursive walks", purpose, sql, promised)]

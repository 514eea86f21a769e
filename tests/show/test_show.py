"""Views: every noun in three forms, untrusted text inert in each, nothing a sanitizer would strip."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit import nouns, show
from dataeng_kit.nouns import (
    Advice,
    Attribute,
    Cell,
    Check,
    ClaimResult,
    ColumnProfile,
    Context,
    Decision,
    Design,
    Entity,
    Fact,
    Finding,
    ForeignKey,
    Label,
    Mention,
    Profile,
    Reconciliation,
    Reference,
    SourceFile,
    Statement,
    Table,
    TableProfile,
)
from dataeng_kit.nouns.answer import Answer, Said
from dataeng_kit.nouns.brief import Brief, Point
from dataeng_kit.show import diagram, mermaid, vega

HOSTILE = '<img src=x onerror=alert(1)> | `b` [x](javascript:1) "q" <script>alert(2)</script>\n# h $x$'


def column(name, **more):
    base = {
        "type": "text",
        "native": "VARCHAR",
        "position": 1,
        "rows": 10,
        "nulls": 1,
        "distinct": 3,
        "top": (("a", 5), ("b", 4)),
    }
    return ColumnProfile(name, **{**base, **more})


def every_noun(t: str) -> list:
    table = TableProfile(
        t, 10, (column(t, label=Label("email", sensitive=True)), column("n", top=(), min=1, max=9)), (t,), grain=t, grain_query=t
    )
    finding = Finding(f"r {t}", "r", "high", "validity", t, t, t, t, 3, 10, t, (f"{t}#x",), (f"{t}:3",), t, t, t, t, t)
    decision = Decision(t, "model", t, t, t, t, (t,), (t,), (t,), (t,), ("a.b#rows",), ("CLAUDE.md:3",), flips_if=t)
    check = Check("ran", "duckdb", "2.0.0", 0.1, 10, 9, (Reconciliation(t, 1, 2, False),), t, t, t)
    cell = Cell(t, "r", "duckdb", "sql", t, t, t, check=check)
    entity = Entity(
        "fact",
        "fact",
        (t,),
        (Attribute("k", "integer", ("a.b",)),),
        ("k",),
        dimensions=("d",),
        grain_sentence=t,
        references=(Reference(("k",), "d", ("k",)),),
    )
    design = Design(
        "dimensional", "duckdb", (entity, Entity("d", "dimension", (t,), (Attribute("k", "integer", ("a.b",)),))), t, (t,)
    )
    mention = Mention("postgresql", f"/x/{t}", 3, t)
    return [
        Context(
            databases=(mention,),
            scale=(Statement(3, "rows/day", t, 4, t),),
            not_used=(mention,),
            files=(SourceFile(t, "found", t),),
        ),
        Context(),
        (ClaimResult(t, 3, t, "contradicted", t),),
        Profile((table,), (ForeignKey(t, (t,), "p", ("id",), 0.5, 3),)),
        table,
        Fact(f"{t}#x", 1.5, t),
        (finding,),
        finding,
        decision,
        Advice("model", (decision,), (cell,), (design,), (t,)),
        cell,
        check,
        design,
        Answer(t, "offline", (Said(t, "struck", (t,)),), state="failed", why=t),
        (Table(t, t, ()),),
        Table(t, t, (nouns.Column(t, "text"),)),
        Brief(t, "fit", t, t, (Point(finding, t, t, t, t, (t,)),), (decision,), True, t, 1, 10, (("high", 1),)),
    ]


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.stack, self.tags, self.attributes = [], set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {k for k, _ in attrs}
        self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag


ALLOWED = {
    "div",
    "h1",
    "h2",
    "h3",
    "p",
    "ul",
    "li",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "pre",
    "code",
    "span",
    "strong",
}


@pytest.mark.parametrize("noun", every_noun(HOSTILE), ids=lambda n: type(n).__name__)
def test_hostile_text_is_inert(noun):
    tags = Tags(show.html(noun))
    assert not tags.stack
    assert tags.tags <= ALLOWED
    assert tags.attributes <= {"style", "scope", "aria-hidden", "tabindex", "open", "id"}
    marked = show.markdown(noun)
    outside = re.sub(r"(`+)[^`].*?\1", "", marked, flags=re.S)
    assert "<img" not in outside
    assert "[x](" not in outside
    assert "\x1b" not in show.text(noun)


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=40)
def test_any_text_keeps_html_well_formed(text):
    for noun in every_noun(text or "x"):
        assert not Tags(show.html(noun)).stack
        assert show.text(noun)


def test_what_matters_is_said():
    finding = Finding("f", "r", "critical", "validity", "orders", "id", "ids repeat", "ids are unique", 3, 10, "SELECT 1")
    for form in (show.html, show.markdown, show.text):
        shown = form((finding,))
        assert "3 of 10 (30.0 %)" in shown.replace("\\", "")
        assert "SELECT 1" in shown
    context = Context(
        databases=(Mention("postgresql", "a/CLAUDE.md", 12, "we run PostgreSQL"),), files=(SourceFile("CLAUDE.md", "found"),)
    )
    assert "CLAUDE.md:12" in show.text(context)


def test_a_failed_reconciliation_is_never_green():
    check = Check("ran", "duckdb", reconciliation=(Reconciliation("rows", 1, 2, False),))
    assert "does not reconcile" in show.text(check)


def test_pictures():
    tables = (
        TableProfile("cust omers", 5, (column("id"),), ("id",)),
        TableProfile("orders", 9, (column("id"), column("customer")), ("id",)),
    )
    key = ForeignKey("orders", ("customer",), "cust omers", ("id",), 0.9, 2, nulls=1)
    profile = Profile(tables, (key, ForeignKey("orders", ("id",), "orders", ("id",))))
    text = mermaid.er(profile)
    assert 'cust_omers["cust omers"]' in text
    assert 'cust_omers |o--o{ orders : "customer (2 orphans)"' in text
    assert mermaid.er(profile, "cust omers").count("[") == 2
    assert diagram.layers(["cust omers", "orders"], profile.foreign_keys) == {"cust omers": 0, "orders": 1}
    assert diagram.er_svg(profile).count("<rect") == 2
    assert diagram.er_svg(Profile(tables)) == ""
    assert vega.missingness(profile)["data"]["values"][0]["missing"] == 10
    assert vega.distribution(column("x"))["mark"]["type"] == "bar"
    assert vega.coverage(profile)["data"]["values"][0]["found"] == 90


def test_a_cycle_of_references_still_draws():
    tables = tuple(TableProfile(n, 1, (column("id"),)) for n in "abc")
    keys = tuple(ForeignKey(a, ("id",), b, ("id",)) for a, b in ("ab", "bc", "ca"))
    assert diagram.er_svg(Profile(tables, keys)).count("<rect") == 3


def test_lineage_and_hostile_names_in_mermaid():
    entity = Entity('f"<x>', "fact", ("a",), (Attribute("k", "integer", ("a.b", '"o d".c')),))
    text = mermaid.lineage(Design("dimensional", "duckdb", (entity,)))
    assert '"f#quot;#lt;x#gt;"' in text
    assert text.count("-->|1|") == 2

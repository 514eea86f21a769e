"""The handed-over file: all sections in order, self-contained, escaped, every number linked, small, the same in each form."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Choices, ColumnProfile, Fact, Inputs, Profile, TableProfile, Verdict
from dataeng_kit.nouns.answer import Sent
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.nouns.snapshot import Snapshot
from dataeng_kit.review import write_review
from dataeng_kit.review.brief import brief
from dataeng_kit.review.render import percent, quoted, slug

TITLES = [
    "Overall judgement",
    "Decisions we ask for",
    "Scope, purpose and method",
    "Limitations and assumptions",
    "What is there",
    "How it hangs together",
    "Documentation against data",
    "Findings register",
    "Quality scorecard",
    "Personal and regulated data",
    "Recommended model and pipeline",
    "Risks, cost and dependencies",
    "Questions for the data owner",
    "Changes since the last review",
    "Sign-off",
    "Dictionary",
    "Rules and queries",
    "What left the machine",
    "Versions, run time and re-run command",
]


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids, self.links, self.tags = [], [], []
        self.headings = re.findall(r"<h2><span>\w+</span> (.+?)</h2>", text)
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append(tag)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes["href"]] if "href" in attributes else []


def write(made, out, **more):
    more.setdefault("choices", Choices())
    return write_review(made.evidence, made.advice, out=out, brief=made.brief, data=made.data, **more)


@pytest.fixture(scope="module")
def review(made, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "review.html"
    files = write(
        made,
        out,
        export=("ipynb", "md"),
        open_line="dk.open('shop')",
        ledger=(Sent("2026-01-01", 10, 3, ("orders.total",), "ab"),),
    )
    return {p.suffix: p for p in files}, Page(out.read_text("utf-8")), out.read_text("utf-8")


def test_sections_stand_in_the_order_of_the_trade(review):
    assert review[1].headings == TITLES


def test_it_needs_no_network_and_no_script(review):
    _, page, text = review
    assert "script" not in page.tags
    assert "link" not in page.tags
    assert "http://" not in text
    assert "https://" not in text
    assert "default-src 'none'" in text


def test_every_link_leads_somewhere_and_anchors_are_unique(review):
    _, page, _ = review
    assert len(page.ids) == len(set(page.ids))
    assert {x.removeprefix("#") for x in page.links} <= set(page.ids)


def test_numbers_lead_to_their_query(review, made):
    text = review[2]
    for found in made.evidence.findings:
        if found.of and found.query:
            anchor = re.search(rf'<a class="n" href="#(q\d+)">{re.escape(found.evidence)}</a>', text)
            assert anchor, found.id
            assert f'<li id="{anchor[1]}">' in text


def test_the_register_holds_the_five_parts_and_the_verdict(made, tmp_path):
    verdicts = (Verdict("key orders.note", "accepted", "Ada", "known since May", "2026-05-01"),)
    write(made, tmp_path / "r.html", choices=Choices(verdicts=verdicts))
    text = (tmp_path / "r.html").read_text("utf-8")
    register = text[text.index('id="s8"') : text.index('id="s9"')]
    for part in (
        "Should be",
        "They should be right",
        "Consequence",
        "Revenue is wrong",
        "Recommendation",
        "Mend ordered_on",
        "Question",
        "Marit; open",
        "“no order precedes its sign-up”",
    ):
        assert part in register
    assert "accepted (Ada, 2026-05-01): known since May" in register


def test_documentation_scope_and_checks_are_filled(review):
    text = review[2]
    for words in (
        "no order precedes its sign-up",
        "no measurable subject",
        "MySQL",
        "CLAUDE.md:5",
        "ran on duckdb 2.0.0",
        "differs",
        "withdrawn: its check failed",
        "does an address change?",
        "orders.total",
        "one row per order",
        "60 of 60",
    ):
        assert words.lower() in text.lower(), words


def test_hostile_names_stay_text(made, tmp_path):
    evil = "<script>alert(1)</script>\"'&{{7*7}}"
    table = TableProfile(evil, 3, (ColumnProfile(evil, "text", "VARCHAR", 0, 3, 1, 2),), grain=evil)
    found = replace(
        made.evidence.findings[0], id=f"rule {evil}", table=evil, column=evil, condition=evil, query=f"select '{evil}'"
    )
    evidence = replace(made.evidence, name=evil, profile=Profile((table,)), findings=(found,), tables=())
    write_review(evidence, (), out=tmp_path / "evil.html", choices=Choices(), brief=brief(evidence, ()), export=("ipynb", "md"))
    page = Page((tmp_path / "evil.html").read_text("utf-8"))
    assert "script" not in page.tags
    assert {x.removeprefix("#") for x in page.links} <= set(page.ids)
    assert "{{7*7}}" in (tmp_path / "evil.html").read_text("utf-8")
    prose = re.sub(r"```.*?```|`[^`]*`", "", (tmp_path / "evil.md").read_text("utf-8"), flags=re.DOTALL)
    assert "<script>" not in prose


def test_an_empty_case_still_makes_a_document(tmp_path, made):
    evidence = replace(
        made.evidence, profile=Profile(), findings=(), claims=(), tables=(), context=made.evidence.context.__class__()
    )
    write_review(evidence, (), out=tmp_path / "empty.html", choices=Choices(), brief=brief(evidence, ()))
    assert "Not assessed" in (tmp_path / "empty.html").read_text("utf-8")


def test_fifty_tables_stay_under_five_megabytes(tmp_path, made):
    def columns(t):
        return tuple(ColumnProfile(f"column_{c}", "text", "VARCHAR", c, 1000, 3, 900) for c in range(30))

    tables = tuple(TableProfile(f"table_{t}", 1000, columns(t), ("column_0",), grain="one row per column_0") for t in range(50))
    facts = tuple(
        Fact(fact_id(n, t.name, c.name), 3, f'SELECT count(DISTINCT "{c.name}") FROM "{t.name}" /* {n} */')
        for t in tables
        for c in t.columns
        for n in ("nulls", "distinct")
    )
    evidence = replace(made.evidence, profile=Profile(tables, facts=facts), findings=made.evidence.findings * 40, tables=())
    write_review(evidence, (), out=tmp_path / "big.html", choices=Choices(), brief=brief(evidence, ()))
    assert (tmp_path / "big.html").stat().st_size < 5_000_000


def test_the_snapshot_comes_back_as_it_went(review, made):
    files, _, text = review
    snapshot = Snapshot.from_json(json.loads(files[".json"].read_text("utf-8")))
    assert snapshot.to_json() == json.loads(files[".json"].read_text("utf-8"))
    assert [f.id for f in snapshot.evidence.findings] == [f.id for f in made.evidence.findings]
    assert snapshot.data_hash in text
    assert snapshot.profile_hash in text


def test_the_notebook_is_one(review):
    import nbformat

    files, _, _ = review
    book = nbformat.read(files[".ipynb"], as_version=4)
    nbformat.validate(book)
    code = [c for c in book.cells if c.cell_type == "code"]
    assert "case = dk.open('shop')" in code[0].source
    assert all(not c.outputs for c in code)
    assert any(c.source.startswith("%%run load orders\nINSERT INTO o") for c in code)
    assert any(c.source == "print(1)" for c in code)
    loaded = next(c for c in code if c.metadata["dataeng_kit"].get("cell") == "load orders")
    assert loaded.metadata["dataeng_kit"]["check"]["level"] == "ran"


def test_markdown_says_the_same(review):
    text = review[0][".md"].read_text("utf-8").replace("\\", "")
    assert [
        f"## {n} {t}" in text for n, t in zip("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 A B C D".split(), TITLES, strict=True)
    ] == [True] * 19
    assert "| no order precedes its sign-up" in text.replace("“", "")
    assert "<td>" not in text


def test_paths_of_this_machine_stay_here(review, made):
    files, _, _ = review
    for suffix in (".html", ".json", ".md"):
        assert str(made.folder.parent) not in files[suffix].read_text("utf-8")


def test_what_was_answered_is_no_open_question(made, tmp_path):
    answers = Choices(Inputs(answers={"is ordered_on known?": "yes, since March"}))
    write(made, tmp_path / "r.html", choices=answers)
    text = (tmp_path / "r.html").read_text("utf-8")
    assert "answered: yes, since March" in text
    assert '<td class="fill">yes, since March</td>' in text


def test_failing_rows_without_data_say_what_to_do(made, tmp_path):
    with pytest.raises(KitError, match="need the data"):
        write_review(made.evidence, (), out=tmp_path / "r.html", choices=Choices(), brief=made.brief, exceptions=tmp_path / "x")


def test_a_share_never_rounds_to_what_it_is_not():
    assert [percent(x) for x in (0, 0.0001, 0.5, 0.99999, 1)] == ["0.0 %", "< 0.1 %", "50.0 %", "> 99.9 %", "100 %"]


def test_names_and_quotes_read_as_words():
    assert quoted("- `order_id` is **unique**.") == "order_id is unique."
    assert quoted("1. All amounts are in euro") == "All amounts are in euro"
    assert slug("a b") != slug("a_b")


def test_a_sentence_that_begins_with_a_name_keeps_it(review):
    assert "58 rows of note are wrong" in review[2]
    assert "They should be right" in review[2]

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit.context.claims import find_claims
from dataeng_kit.context.domains import find_domains
from dataeng_kit.context.markdown import front_matter, read_blocks
from dataeng_kit.context.mentions import seen_in
from dataeng_kit.context.reading import Text, mention, quote_at
from dataeng_kit.context.statements import find_statements

PIECES = st.sampled_from(
    ["# Stack\n", "## Don't\n", "- ", "  - ", "1. ", "| a | b |\n", "|---|---|\n", "| Kafka | planned |\n", "```bash\n", "```\n", "~~~\n", "> ",
     "~~Redis~~ ", "We use Postgres. ", "no ", "not ", "Kafka", ", ", "instead of ", "MySQL", "`id` is unique", ": ", "\n", "\n\n", "<!--", "-->",
     "---\n", "===\n", "@docs/x.md ", "5,000 rows a day", " — ", "\r\n", "\t", "| ", "**", "使用PostgreSQL", "x = 12 × y ", "since 2021", "\x00", "𝒳"]
)  # fmt: skip
ANY = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=40).map("".join))


@settings(deadline=None, max_examples=120)
@given(ANY)
def test_any_text_is_read_and_every_quote_stands_on_its_line(text):
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    blocks = read_blocks(text)
    doc = Text("CLAUDE.md", blocks)
    facts = [mention("CLAUDE.md", s) for b in blocks for s in seen_in(b)]
    facts += [
        *find_domains((doc,)),
        *(c for found in find_claims((doc,)) for c in found),
        *(s for kind in find_statements((doc,)).values() for s in kind),
    ]
    for fact in facts:
        assert fact.quote in lines[fact.line - 1] or "<!--" in text  # a comment inside a line is blanked in the quote
    for block in blocks:
        first = block.text.split("\n")[0]
        assert not first or block.line <= len(lines)


@settings(deadline=None, max_examples=60)
@given(ANY, st.integers(0, 400))
def test_offsets_map_to_lines(text, at):
    for block in read_blocks(text):
        if at < len(block.text):
            line, quote = quote_at(block, at)
            assert line == block.line + block.text.count("\n", 0, at)
            assert quote in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[line - 1]


@pytest.mark.parametrize(
    "unit", ["no Kafka ", "| a ", "`", "- x\n", "a, b or c, ", "~~", "**x** ", "Kafka and ", "\n\n#", "(", "is not "]
)
def test_reading_time_is_linear(unit):
    def seconds(n):
        text = unit * n
        start = time.process_time()
        blocks = read_blocks(text)
        for block in blocks:
            seen_in(block)
        find_claims((Text("x", blocks),))
        return time.process_time() - start

    seconds(300)
    small, large = seconds(1500), seconds(6000)
    assert large < 10 * small + 0.5


def test_blocks_know_their_headings_leads_and_titles():
    text = "# A\n\nNot used:\n\n- x\n  - y\n\n## B\n| t | u |\n|---|---|\n| 1 | 2 |\n\n```sql\nSELECT 1\n```\n"
    blocks = read_blocks(text)
    kinds = [(b.kind, b.line) for b in blocks]
    assert kinds == [
        ("heading", 1),
        ("paragraph", 3),
        ("item", 5),
        ("item", 6),
        ("heading", 8),
        ("row", 9),
        ("row", 11),
        ("code", 14),
    ]
    assert blocks[3].leads == ("Not used:", "x")
    assert blocks[6].titles == ("t", "u")
    assert blocks[6].headings == ("A", "B")
    assert blocks[7].language == "sql"


def test_front_matter_and_comments_say_nothing():
    text = '---\npaths: ["src/**"]\n---\n<!-- we use Kafka -->\nPostgres here.\n'
    assert front_matter(text) == 'paths: ["src/**"]'
    assert [s.term.id for b in read_blocks(text) for s in seen_in(b)] == ["postgresql"]

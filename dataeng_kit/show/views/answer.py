"""What an agent says, each sentence with its standing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dataeng_kit.nouns.answer import Answer, Conversation, Said, Sent
from dataeng_kit.show.blocks import Badge, Block, Bullets, Grid, Heading, Inline, Mono, Para, Strong, number
from dataeng_kit.show.views.advice import cell
from dataeng_kit.show.views.base import listed, view


def _said(item: Said) -> Inline:
    marks: list[Inline] = (
        [] if item.standing == "grounded" else [Badge(item.standing, "bad" if item.standing == "struck" else "muted"), " "]
    )
    cites = (*item.lines, *item.facts)
    return [*marks, item.text, *(["  ", listed(cites, 4)] if cites else [])]


@view(Answer)
def answer(noun: Answer) -> Iterable[Block]:
    """The question, the sentences with what they cite, and how it ended."""
    yield Para([Strong(noun.question), f"  ({noun.agent})" if " " in noun.agent else f"  ({noun.agent} agent)"])
    if noun.said:
        yield Bullets(tuple(_said(s) for s in noun.said))
    if noun.judged:
        yield Heading("Rules and model side by side", 4)
        yield Grid(
            ("question", "the rules", "the model", "", "why"),
            tuple(
                (j.question, j.rules, j.model, Badge(j.stance, "warn" if j.stance == "disagree" else "muted"), _said(j.said))
                for j in noun.judged
            ),
        )
    for item in noun.cells:
        yield from cell(item)
    if noun.state != "complete":
        yield Para([Badge(noun.state, "warn"), f" {noun.why}"])


@view(Conversation)
def conversation(noun: Conversation) -> Iterable[Block]:
    """Every question of a conversation with its answer."""
    yield Heading(noun.name, 3)
    for item in noun.answers:
        yield from answer(item)


@view(Sent, many=True)
def ledger(nouns: Sequence[Sent]) -> Iterable[Block]:
    """What left this machine."""
    yield Heading("Sent", 3)
    yield Grid(
        ("time", "asked", "bytes", "tokens in", "out", "cached", "columns named", "hash", "request"),
        tuple(
            (
                s.time,
                s.place,
                *map(number, (s.bytes, s.tokens, s.output, s.cached)),
                listed(s.columns),
                Mono(s.hash[:12]),
                s.request,
            )
            for s in nouns
        ),
        ("bytes", "tokens in", "out", "cached"),
    )

"""What to ask where a project says little: each question with the decisions of the advice that its answers would change."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dataeng_kit.context.markdown import read_blocks
from dataeng_kit.context.reading import Text
from dataeng_kit.knowledge import domain_cards, question_cards
from dataeng_kit.nouns import Context, Profile
from dataeng_kit.nouns.context import Question

MOST = 7
_TRIED = 2
"""Answers per question that are tried on the advice: the recommended one and the likeliest other; each costs a whole advice."""
_FILE = "dataeng_kit.toml"
Chosen = Mapping[str, str]
"""Decision id → option chosen."""


@dataclass(frozen=True)
class _Card:
    asks: str
    heading: str
    line: str
    fills: str
    options: tuple[str, ...]


@functools.cache
def cards() -> dict[str, _Card]:
    """Return the question cards by id."""
    return {id: _Card(**{**card, "options": tuple(card["options"])}) for id, card in question_cards().items()}


def said(id: str, answer: str) -> str:
    """Return the line of CLAUDE.md that an answer stands for; raises `KeyError` for an id without a card."""
    return cards()[id].line.replace("{answer}", " ".join(answer.split()))


def answer_texts(answers: Mapping[str, str], file: Path | None = None) -> tuple[Text, ...]:
    """Return the answers to question cards as texts the reader understands, each with its line in the Choices *file*."""
    kept = file.read_text("utf-8").splitlines() if file and file.is_file() else []
    texts = []
    for id, answer in answers.items():
        if card := cards().get(id):
            line = next((n for n, row in enumerate(kept, 1) if re.match(rf'"?{re.escape(id)}"?\s*=', row)), 0)
            blocks = read_blocks(f"## {card.heading}\n\n- {said(id, answer)}\n")
            texts.append(Text(_FILE, tuple(replace(b, line=line) for b in blocks if b.kind != "heading")))
    return tuple(texts)


def open_card(id: str, context: Context, answers: Mapping[str, str]) -> bool:
    """True when neither the context nor an answer says what a card asks."""
    return id not in answers and not getattr(context, cards()[id].fills)


def recommended(profile: Profile, domain: str = "") -> dict[str, str]:
    """Return by question id what the measurements suggest; *domain* is the one whose roles the columns fill best."""
    personal = any(c.label and c.label.sensitive for t in profile.tables for c in t.columns)
    law = "HIPAA" if personal and domain == "healthcare" else "GDPR" if personal else "no such rule"
    label = domain_cards()[domain].label.lower() if domain in domain_cards() else "\0"
    business = [o for o in cards()["domain"].options if o.lower().startswith(label)]
    return (
        {id: card.options[0] for id, card in cards().items()}
        | {"compliance": law}
        | ({"domain": business[0]} if business else {})
    )


def open_questions(
    context: Context,
    profile: Profile,
    answers: Mapping[str, str],
    chosen: Callable[[Mapping[str, str]], Chosen],
    domain: str = "",
) -> tuple[Question, ...]:
    """Return at most seven questions that the context leaves open, those whose answers change most decisions first.

    *chosen* advises with the given answers added to the context and returns what is chosen then: a decision counts when an
    answer tried gives it another option, brings it up or takes it away. A question that changes nothing is not put.
    """
    base, advised = chosen({}), recommended(profile, domain)
    found = []
    for id, card in cards().items():
        if not open_card(id, context, answers):
            continue
        options = tuple(dict.fromkeys((advised[id], *card.options)))
        changed: set[str] = set()
        for option in options[:_TRIED]:
            then = chosen({id: option})
            moved = {d for d in base if base[d] != then.get(d)}
            changed |= moved if base.keys() - then.keys() else moved | (then.keys() - base.keys())  # a renamed one counts once
        if changed:
            found.append(Question(id, card.asks, options, options[0], tuple(sorted(changed))))
    return tuple(sorted(found, key=lambda q: -len(q.changes))[:MOST])

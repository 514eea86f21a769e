"""From the mentions of all texts to what the project uses and what it only names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from dataeng_kit.context.markdown import Block
from dataeng_kit.context.mentions import Seen
from dataeng_kit.context.scope import Standing
from dataeng_kit.knowledge import vocabulary
from dataeng_kit.nouns import Mention

_BEST = (Standing.DEFINITE, Standing.PLAIN, Standing.UNCLEAR)


@dataclass(frozen=True)
class Text:
    """One loaded text: its path as shown, and its blocks."""

    path: str
    blocks: tuple[Block, ...]


def quote_at(block: Block, at: int, end: int | None = None) -> tuple[int, str]:
    """Return the 1-based line on which offset *at* of a block stands, and that line without its margins.

    With *end*, the quote is only the part from *at* to *end*, as far as it stands on that line.
    """
    first, last = block.text.rfind("\n", 0, at) + 1, block.text.find("\n", at)
    last = len(block.text) if last < 0 else last
    quote = block.text[first:last] if end is None else block.text[at : min(end, last)]
    return block.line + block.text.count("\n", 0, at), quote.strip().lstrip("-*+> ").strip() or quote.strip()


def mention(path: str, seen: Seen, name: str = "", why: str = "") -> Mention:
    """Return the noun for one mention."""
    line, quote = quote_at(seen.block, seen.span[0])
    return Mention(name or seen.term.id, path, line, quote, why or seen.standing.value)


def is_used(seen: Iterable[Seen]) -> bool:
    """Decide over all mentions of one name: a definite use beats everything, a passing one only where nothing denies it."""
    count: dict[Standing, int] = defaultdict(int)
    for s in seen:
        count[s.standing] += not s.weak
    if count[Standing.DEFINITE]:
        return True
    denied = count[Standing.GONE]
    if count[Standing.PLAIN]:
        return count[Standing.PLAIN] >= max(1, 3 * denied) and count[Standing.PLAIN] > count[Standing.PLANNED]
    return bool(count[Standing.UNCLEAR]) and not denied and not count[Standing.PLANNED]


def sort_mentions(found: Iterable[tuple[str, Seen]]) -> tuple[dict[str, list[Mention]], list[Mention]]:
    """Return (mentions in use per kind, mentions not in use), each name once per text, best mention first."""
    by_term: dict[str, list[tuple[str, Seen]]] = defaultdict(list)
    for path, seen in found:
        by_term[seen.term.id].append((path, seen))
    used: dict[str, list[Mention]] = defaultdict(list)
    unused: list[Mention] = []
    for pairs in by_term.values():
        if is_used(s for _, s in pairs):
            best = min((p for p in pairs if p[1].standing in _BEST and not p[1].weak), key=lambda p: _BEST.index(p[1].standing))
            used[best[1].term.kind].append(mention(*best))
            for other in best[1].term.implies:
                term = vocabulary().terms[other]
                if other not in by_term or not is_used(s for _, s in by_term[other]):
                    used[term.kind].append(mention(*best, name=other, why=f"comes with {best[1].term.id}"))
        else:
            worst = next((p for p in pairs if p[1].standing in (Standing.GONE, Standing.PLANNED, Standing.DOUBT)), None)
            if worst:
                unused.append(mention(*worst))
    return used, unused

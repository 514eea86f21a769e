"""read_context: files → texts → Context."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from dataeng_kit.context.claims import find_claims
from dataeng_kit.context.corrected import corrected
from dataeng_kit.context.documents import dictionary_blocks, sql_claims
from dataeng_kit.context.domains import find_domains
from dataeng_kit.context.files import Document, find_documents
from dataeng_kit.context.markdown import Block, read_blocks
from dataeng_kit.context.mentions import seen_in
from dataeng_kit.context.questions import answer_texts
from dataeng_kit.context.reading import Text, sort_mentions
from dataeng_kit.context.statements import find_statements
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Context
from dataeng_kit.nouns.context import KINDS, STATEMENTS
from dataeng_kit.run import Run

_SHEETS = {".csv", ".tsv", ".xlsx", ".xlsm"}
_PROSE = {".md", ".mdc", ".txt", ".rst", ""}


def text_of(document: Document) -> Text:
    """Return a document's blocks; what is no prose counts as one block of code."""
    if document.path.suffix.lower() in _SHEETS:
        return Text(document.shown, dictionary_blocks(document.path))
    if document.path.suffix.lower() in _PROSE:
        return Text(document.shown, read_blocks(document.text))
    return Text(document.shown, (Block("code", 1, document.text.replace("\r\n", "\n")),))


def read_context(
    where: Path,
    *,
    files: tuple[Path, ...] = (),
    home: bool = False,
    answers: Mapping[str, str] | None = None,
    choices: Path | None = None,
    run: Run | None = None,
) -> Context:
    """Return what the project says about itself, each fact with file, line and quote.

    *where*: a file (itself and its imports) or a folder (discovery, see `find_documents`); *files*: further documents (README,
    data dictionary, .sql) that count too; *home*: the user's own CLAUDE.md as well; *answers*: the owner's, question → answer,
    kept in the file *choices*. Raises `KitError` when *where* does not exist or an answer is none.
    """
    if not where.exists():
        raise KitError(f"'{where}' does not exist", "Name a CLAUDE.md or a folder")
    shelf = find_documents(where, home)
    for file in files:
        shelf.load(file, "named document", trusted=True)
    texts = (*(text_of(d) for d in shelf.documents), *answer_texts(answers or {}, choices))
    if run:
        run.step("understanding CLAUDE.md")
    context = understood(texts)
    constraints = tuple(c for d in shelf.documents if d.path.suffix.lower() == ".sql" for c in sql_claims(d.text, d.shown))
    return corrected(replace(context, claims=context.claims + constraints, files=tuple(shelf.files)), answers or {})


def understood(texts: tuple[Text, ...]) -> Context:
    """Return what the texts say together."""
    used, unused = sort_mentions((t.path, seen) for t in texts for b in t.blocks for seen in seen_in(b))
    statements: dict[str, Any] = {**find_statements(texts)}
    kinds: dict[str, Any] = {kind: tuple(used.get(kind, ())) for kind in KINDS if kind != "domains"}
    claims, said = find_claims(texts)
    return Context(**kinds, **statements, domains=find_domains(texts), not_used=tuple(unused), claims=claims, said=said)


def answered(context: Context, answers: Mapping[str, str]) -> Context:
    """Return *context* as if the project had also said what the *answers* (question id → answer) stand for."""
    more = understood(answer_texts(answers))
    return replace(
        context, **{f: getattr(context, f) + getattr(more, f) for f in (*KINDS, *STATEMENTS, "not_used", "claims", "said")}
    )

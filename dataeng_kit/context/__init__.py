"""Context: CLAUDE.md and its imports → Context."""

from dataeng_kit.context.answer import context_answer
from dataeng_kit.context.documents import comment_texts
from dataeng_kit.context.draft import draft
from dataeng_kit.context.read import answered, read_context, understood

__all__ = ["answered", "comment_texts", "context_answer", "draft", "read_context", "understood"]

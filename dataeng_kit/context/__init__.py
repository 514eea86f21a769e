"""Context: CLAUDE.md and its imports → Context."""

from dataeng_kit.context.answer import context_answer
from dataeng_kit.context.draft import draft
from dataeng_kit.context.read import answered, read_context

__all__ = ["answered", "context_answer", "draft", "read_context"]

"""Context: CLAUDE.md and its imports → Context."""

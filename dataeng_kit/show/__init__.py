"""Show: nouns → Markdown, HTML, Mermaid; the only room with HTML."""

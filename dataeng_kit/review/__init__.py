"""Review: Evidence + Advice → files."""

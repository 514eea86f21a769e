"""Profile: Data → Profile."""

"""Checks: cells + Data → Checks."""

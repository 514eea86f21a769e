"""Findings: small rules whose docstring is the message."""

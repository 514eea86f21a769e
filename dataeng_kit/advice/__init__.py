"""Advice: Evidence → decisions and cells."""

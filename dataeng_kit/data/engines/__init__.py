"""Engines: connect, run, cancel, list; one small class per engine."""

"""Agents: offline, claude, replay."""

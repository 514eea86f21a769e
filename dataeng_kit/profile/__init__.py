"""Profile: Data → Profile, the measured facts about columns, tables and the relations between tables."""

from dataeng_kit.nouns.flat import facts_frame, to_frame
from dataeng_kit.profile.answer import profile_answer
from dataeng_kit.profile.measure import SECTIONS, profile_data

__all__ = ["SECTIONS", "facts_frame", "profile_answer", "profile_data", "to_frame"]

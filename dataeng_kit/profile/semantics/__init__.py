"""Semantic types and personal data: one label per column, with reasons, and the anonymity of quasi-identifiers."""

from dataeng_kit.profile.semantics.anonymity import COUNTED, k_anonymity, quasi_identifiers
from dataeng_kit.profile.semantics.label import label_columns

__all__ = ["COUNTED", "k_anonymity", "label_columns", "quasi_identifiers"]

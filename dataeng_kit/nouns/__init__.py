"""The nouns of the kit: frozen, typed, JSON both ways; one file per arrow."""

from dataeng_kit.nouns.advice import Advice, Decision
from dataeng_kit.nouns.cell import Cell, Check, Expectation, Reconciliation
from dataeng_kit.nouns.choices import Choices, Inputs, Verdict
from dataeng_kit.nouns.context import Claim, Context, Mention, SourceFile, Statement
from dataeng_kit.nouns.design import Attribute, Design, Entity, Reference
from dataeng_kit.nouns.evidence import Evidence
from dataeng_kit.nouns.fact import Fact
from dataeng_kit.nouns.finding import ClaimResult, Finding
from dataeng_kit.nouns.profile import ColumnProfile, ForeignKey, Key, Label, Law, Profile, Refused, TableProfile, TimeProfile
from dataeng_kit.nouns.roles import Role, Roles
from dataeng_kit.nouns.table import Column, DeclaredKey, Reading, Rejected, Skipped, Table

__all__ = [
    "Advice", "Attribute", "Cell", "Check", "Choices", "Claim", "ClaimResult", "Column", "ColumnProfile", "Context", "Decision",
    "DeclaredKey", "Design", "Entity", "Evidence", "Expectation", "Fact", "Finding", "ForeignKey", "Inputs", "Key", "Label",
    "Law", "Mention", "Profile", "Reading", "Reconciliation", "Reference", "Refused", "Rejected", "Role", "Roles", "Skipped",
    "SourceFile", "Statement", "Table", "TableProfile", "TimeProfile", "Verdict"
]  # fmt: skip  # a list of names, not one a line

"""Evidence: the one argument that designs, advice and agents take."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataeng_kit.nouns.base import Noun
from dataeng_kit.nouns.choices import Inputs
from dataeng_kit.nouns.context import Context
from dataeng_kit.nouns.finding import ClaimResult, Finding
from dataeng_kit.nouns.profile import Profile
from dataeng_kit.nouns.roles import Roles
from dataeng_kit.nouns.table import Skipped, Table


@dataclass(frozen=True)
class Evidence(Noun):
    """Context + tables + profile + roles + claim results + findings + choices of one case."""

    name: str
    context: Context
    tables: tuple[Table, ...]
    profile: Profile
    roles: Roles = field(default_factory=Roles)
    claims: tuple[ClaimResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    inputs: Inputs = field(default_factory=Inputs)
    skipped: tuple[Skipped, ...] = ()

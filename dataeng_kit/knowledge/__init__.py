"""Knowledge: TOML cards and their strict loader; synonyms live here and nowhere else."""

from dataeng_kit.knowledge.loader import (
    TOKEN,
    DomainCard,
    RoleCard,
    Term,
    Vocabulary,
    capabilities,
    cues,
    domain_cards,
    fields,
    figures,
    phrases,
    plain_words,
    question_cards,
    tokens,
    vocabulary,
)

__all__ = [
    "TOKEN",
    "DomainCard",
    "RoleCard",
    "Term",
    "Vocabulary",
    "capabilities",
    "cues",
    "domain_cards",
    "fields",
    "figures",
    "phrases",
    "plain_words",
    "question_cards",
    "tokens",
    "vocabulary",
]

"""What belongs to an organisation: a switchboard or an office is no personal data, a direct line is (GDPR 4(1), recital 14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dataeng_kit.knowledge.names import name_words
from dataeng_kit.nouns import Label
from dataeng_kit.profile.laws.words import split

_PERSONS = frozenset(
    "given_name family_name full_name date_of_birth age gender marital_status national_id passport driver_licence mrn email "
    "username special_category".split()
)
"""Labels of which one is enough for a table to hold people, contact persons included."""
_OWN = frozenset({"phone", "street_address", "postcode", "city", "geo_coordinate"})


def without_companies(table: str, labels: Mapping[str, Label]) -> dict[str, Label]:
    """Return *labels* (reference → label of one table), its numbers and addresses not sensitive where rows are organisations.

    That is so when the table is named after organisations and none of its columns describes a person.
    """
    people = any(label.name in _PERSONS for label in labels.values())
    if people or not name_words("organisations") & set(split(table)):
        return dict(labels)
    told = "the organisation's own: no person stands in its row"
    return {
        at: replace(label, sensitive=False, reasons=(*label.reasons, told)) if label.name in _OWN else label
        for at, label in labels.items()
    }

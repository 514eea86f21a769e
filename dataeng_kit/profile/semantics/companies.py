"""Numbers of organisations: a switchboard is no personal data, a contact person's direct line is (GDPR 4(1), recital 14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dataeng_kit.nouns import Label
from dataeng_kit.profile.laws.words import split

_ORGANISATIONS = frozenset(
    "organization organisation company companie firm business payer insurer vendor supplier carrier shipper manufacturer "
    "publisher bank branch branche store shop warehouse facility facilitie hospital clinic pharmacy pharmacie laboratory agency "
    "agencie institution school university universitie office partner dealer distributor merchant restaurant hotel airline "
    "firma unternehmen lieferant filiale krankenhaus bank entreprise societe fournisseur magasin empresa proveedor tienda "
    "azienda fornitore negozio bedrijf leverancier winkel".split()
)
"""Table names, singular as `split` leaves them, whose rows are organisations."""
_PERSONS = frozenset(
    "given_name family_name full_name date_of_birth age gender marital_status national_id passport driver_licence mrn email "
    "username special_category".split()
)
"""Labels of which one is enough for a table to hold people, contact persons included."""


def without_companies(table: str, labels: Mapping[str, Label]) -> dict[str, Label]:
    """Return *labels* (reference → label of one table), telephone numbers not sensitive where the rows are organisations.

    That is so when the table is named after organisations and none of its columns describes a person.
    """
    people = any(label.name in _PERSONS for label in labels.values())
    if people or not _ORGANISATIONS & set(split(table)):
        return dict(labels)
    told = "the organisation's own number: no person stands in its row"
    return {
        at: replace(label, sensitive=False, reasons=(*label.reasons, told)) if label.name == "phone" else label
        for at, label in labels.items()
    }

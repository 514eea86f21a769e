"""What may leave the kernel: a level per column, nouns without the values it hides, keyed pseudonyms for masked copies."""

from dataeng_kit.privacy.gate import visible
from dataeng_kit.privacy.masking import mask, mask_sql, masked_columns
from dataeng_kit.privacy.policy import LEVELS, SECRETS, Policy

__all__ = ["LEVELS", "SECRETS", "Policy", "mask", "mask_sql", "masked_columns", "visible"]

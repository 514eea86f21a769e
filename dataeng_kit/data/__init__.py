"""Data: anything tabular → live tables with a description each."""

from dataeng_kit.data.answer import options_of, read_answer, write_clean
from dataeng_kit.data.live import Data, Source
from dataeng_kit.data.open import open_data

__all__ = ["Data", "Source", "open_data", "options_of", "read_answer", "write_clean"]

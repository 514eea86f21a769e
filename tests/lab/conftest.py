import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def made(tmp_path):
    """Return a made-up case in a folder of its own."""
    from made_case import MadeCase

    (tmp_path / "CLAUDE.md").write_text("web shop\n")
    case = MadeCase(tmp_path)
    yield case
    case.data.close()

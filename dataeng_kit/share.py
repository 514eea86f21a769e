"""Where the shipped notebooks and sample cases lie: in a checkout the top-level folders, in a wheel inside the package."""

from __future__ import annotations

from pathlib import Path

from dataeng_kit.errors import KitError, unknown


def shared(kind: str) -> Path:
    """Return the folder ``notebooks`` or ``sample_data``; raises `KitError` when the installation lost it."""
    package = Path(__file__).parent
    for folder in (package / "_share" / kind, package.parent / kind):
        if folder.is_dir():
            return folder
    raise KitError(f"The installation holds no {kind}", "pip install --force-reinstall dataeng-kit")


def samples() -> tuple[str, ...]:
    """Return the names of the shipped sample cases."""
    return tuple(sorted(p.name for p in shared("sample_data").iterdir() if (p / "CLAUDE.md").is_file()))


def sample(name: str) -> Path:
    """Return the folder of one shipped case; raises `KitError` naming the nearest."""
    if name not in samples():
        raise unknown("sample case", name, samples())
    return shared("sample_data") / name


def installed(folder: Path) -> bool:
    """True when *folder* lies inside the installed package, where nothing of the user's belongs."""
    return Path(__file__).parent in folder.resolve().parents

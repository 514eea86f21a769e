"""A senior data engineer beside you in JupyterLab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from dataeng_kit.case import Case, open
    from dataeng_kit.errors import KitError
    from dataeng_kit.lab import pictures
    from dataeng_kit.lab.workbench import Workbench

_WHERE = {"open": "case", "Case": "case", "KitError": "errors", "Workbench": "lab.workbench", "pictures": "lab.pictures"}

__all__ = ["Case", "KitError", "Workbench", "__version__", "open", "pictures"]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'dataeng_kit' has no attribute '{name}'")
    import importlib

    module = importlib.import_module(f"{__name__}.{_WHERE[name]}")
    return getattr(module, name, module)  # pictures is a module


def load_ipython_extension(shell: Any) -> None:
    """Register the kit's magics (``%load_ext dataeng_kit``)."""
    from dataeng_kit.lab.magics import load

    load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Remove the kit's magics."""
    from dataeng_kit.lab.magics import unload

    unload(shell)

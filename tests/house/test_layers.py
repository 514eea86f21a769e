"""The house's floors: a module imports lower floors only; siblings never import each other; owners of third-party imports."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "dataeng_kit"
FLOORS = {
    "nouns": 0,
    "errors": 0,
    "run": 0,
    "technologies": 1,
    "knowledge": 1,
    "recipes": 1,
    "show": 1,
    "privacy": 1,
    "share": 1,
    "choices": 1,
    "handle": 1,
    "stamps": 3,
    "context": 2,
    "data": 2,
    "profile": 3,
    "roles": 4,
    "checks": 4,
    "findings": 5,
    "design": 5,
    "advice": 6,
    "desk": 6,
    "agent": 7,
    "review": 7,
    "handing": 8,
    "case": 9,
    "lab": 10,
    "catalog": 10,
    "doctor": 10,
    "demo": 10,
    "mcp": 10,
    "cli": 11,
    "__main__": 12,
}
OWNERS = {
    "anthropic": ("agent/claude",),
    "IPython": ("lab/",),
    "ipywidgets": ("lab/",),
    "anywidget": ("lab/",),
    "traitlets": ("lab/",),
    "ydata_profiling": ("profile/report.py",),
    "data_profiling": ("profile/report.py",),
    "psycopg": ("data/engines/", "checks/"),
    "pymysql": ("data/engines/", "checks/"),
    "pyspark": ("data/engines/", "checks/"),
}
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "_share" not in p.parts and "recipes" not in p.relative_to(PACKAGE).parts)


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path):
    tree = ast.parse(path.read_text("utf-8"))
    guards = [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test).endswith("TYPE_CHECKING")]
    typing_only = {id(n) for guard in guards for n in ast.walk(guard)}
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            yield node.module
            yield from (f"{node.module}.{a.name}" for a in node.names) if node.module == "dataeng_kit" else ()


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_floor_and_owner(path):
    own = room(path)
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "dataeng_kit" and rest and own != "__init__":
            other = rest.split(".")[0]
            if other in FLOORS and other != own:
                low, high = FLOORS[other], FLOORS[own]
                assert low < high or (low == high == 0), f"{own} (floor {high}) imports {other} (floor {low})"
        for library, owners in OWNERS.items():
            if top == library:
                assert any(str(path.relative_to(PACKAGE)).startswith(o) for o in owners), f"{path.name} imports {library}"


def test_every_room_has_a_floor():
    assert {room(p) for p in MODULES} - {"__init__"} <= set(FLOORS)

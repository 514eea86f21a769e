"""Workbooks: Excel through openpyxl, OpenDocument through odfpy; every sheet is laid out like a text table."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from dataeng_kit.data.files import Task
from dataeng_kit.data.files.dialect import Dialect
from dataeng_kit.data.files.grid import Grid, as_text
from dataeng_kit.data.files.layout import lay_out
from dataeng_kit.data.files.records import Records
from dataeng_kit.data.store import Loaded
from dataeng_kit.errors import KitError

ORDER = 30
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OPEN = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_MOST_CELLS = 50_000_000
Sheet = tuple[str, Iterable[tuple[Any, ...]]]
"""Title and rows of values."""


def accepts(head: bytes, name: str) -> bool:
    """Return whether the file is an Office package, an OpenDocument one, or the older binary workbook."""
    packed = b"[Content_Types].xml" in head or b"xl/" in head or _OPEN in head or name.lower().endswith(("xlsx", "xlsm", "ods"))
    return head.startswith(_OLD) or (head.startswith(b"PK\x03\x04") and packed)


def read(task: Task) -> list[Loaded]:
    """Return the table of every sheet that holds one; raises `KitError` for protected, old or broken workbooks."""
    with task.path.open("rb") as f:
        if f.read(8) == _OLD:
            raise KitError(*_old(task))
    grids = _sheets(task)
    if len(grids) == 1:
        grids[0].suffix = ""
    return task.load(grids)


def _old(task: Task) -> tuple[str, str]:
    content = task.path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return f"'{task.name}' is protected by a password", "Save it in Excel without the password"
    return f"'{task.name}' is in the Excel format of before 2007", "Save it in Excel as .xlsx or .csv"


def _sheets(task: Task) -> list[Grid]:
    with task.path.open("rb") as f:
        sheets = _opendocument if _OPEN in f.read(200) else _excel
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            grids = [g for title, rows in sheets(task) for g in _sheet(title, rows, task)]
    except KitError:
        raise
    except ImportError as error:
        raise KitError(
            f"'{task.name}' is an OpenDocument workbook, and no library that reads it is installed",
            "Save it as .xlsx (File, Save As, Excel 2007-365), or pip install pandas odfpy",
        ) from error
    except Exception as error:  # the libraries raise nearly anything on a broken package; the sentence names the file
        raise KitError(
            f"'{task.name}' is no readable workbook ({type(error).__name__})", "Open it in Excel and save it again"
        ) from error
    return grids or [Grid(None, [], format="excel", problems=["the workbook is empty"])]


def _excel(task: Task) -> Iterator[Sheet]:
    from openpyxl.reader.excel import ExcelReader

    class Reader(ExcelReader):
        def read_chartsheet(self, sheet: Any, rel: Any) -> None:
            with contextlib.suppress(AttributeError):  # a chart sheet without a chart, which openpyxl does not expect
                super().read_chartsheet(sheet, rel)

    with task.path.open("rb") as file:  # by a path, openpyxl would judge the name
        reader = Reader(file, data_only=True, read_only=True)
        reader.read()
        for sheet in reader.wb.worksheets:
            if hasattr(sheet, "reset_dimensions"):
                sheet.reset_dimensions()
            yield sheet.title, sheet.iter_rows(values_only=True)


def _opendocument(task: Task) -> Iterator[Sheet]:
    import pandas

    frames = pandas.read_excel(task.path, sheet_name=None, header=None, engine="odf", na_filter=False)
    for title, frame in frames.items():
        yield str(title), frame.itertuples(index=False, name=None)


def _sheet(title: str, rows: Iterable[tuple[Any, ...]], task: Task) -> list[Grid]:
    records, cells, formulas = Records(), 0, 0
    for number, row in enumerate(rows, 1):
        if number % 5_000 == 0:
            task.run.check(f"reading {task.name}")
        cells += len(row)
        if cells > _MOST_CELLS:
            raise KitError(f"Sheet '{title}' has more than {_MOST_CELLS:,} cells", "Export it as CSV")
        records.add(number, [as_text(v) for v in row])
        formulas += sum(isinstance(v, str) and v.startswith("#") and v.endswith(("!", "?", "/0!")) for v in row)
    _trim(records)
    if not records.cells:
        return []
    grids = lay_out(records, Dialect(",", "", evidence="cells of a sheet"), dict(task.options))
    for number, grid in enumerate(grids, 1):
        grid.format, grid.dialect = "excel", {"sheet": title}
        grid.evidence = [e for e in grid.evidence if not e.startswith("delimiter")]
        grid.suffix = title if number == 1 else f"{title} {number}"
        if formulas and number == 1:
            grid.problems.append(f"{formulas:,} cells hold a formula's error")
    return grids


def _trim(records: Records) -> None:
    """Cut columns that are empty in every row and bring all rows to one width; empty rows at the end go too."""
    while records.cells and not any(records.cells[-1]):
        records.cells.pop()
        records.lines.pop()
    used = [any(len(r) > c and r[c] for r in records.cells) for c in range(max(map(len, records.cells), default=0))]
    first = used.index(True) if True in used else 0
    last = len(used) - used[::-1].index(True) if True in used else 0
    records.cells[:] = [(r + [""] * last)[first:last] for r in records.cells]

"""Bytes to text: marks first, then strict UTF-8, then NUL patterns, then evidence between single- and double-byte sets."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from dataeng_kit.data.files.alphabets import EASTERN, LATIN, SCRIPTS, SIGNS

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RUN = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 1 << 22


@dataclass(frozen=True)
class Text:
    """Decoded text with its encoding, why it was chosen, and what a person must know."""

    text: str
    encoding: str
    evidence: str
    problems: tuple[str, ...] = ()


def guess(sample: bytes) -> tuple[str, str]:
    """Return (codec, evidence) for the first bytes of a file; ``mixed`` when lines differ."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return ("utf-8-sig" if name == "utf-8" else name), f"{name} byte order mark"
    if pairs := wide(sample):
        return pairs, "NUL only at every second byte"
    if _tried(sample, "utf-8") is None:
        return _legacy(sample)
    return "utf-8", "valid UTF-8" if not sample.isascii() else "ASCII only, which UTF-8 covers"


def _tried(raw: bytes, codec: str, whole: bool = False) -> str | None:
    """Return *raw* decoded strictly, or None; unless it is the *whole* text, its last character may be cut."""
    try:
        return codecs.getincrementaldecoder(codec)().decode(raw, whole)
    except UnicodeDecodeError:
        return None


def wide(sample: bytes) -> str:
    """Return ``utf-16-le`` or ``utf-16-be`` for text in pairs of bytes without a mark, else the empty text.

    Digits, delimiters and line ends hold a NUL on the same side in any script; what it decodes to must be text.
    """
    head = sample[: len(sample[:4096]) // 2 * 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 16 < len(head) // 2 or min(even, odd) * 10 > max(even, odd):
        return ""
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = _tried(head, name)
    fits = text is not None and all(c.isprintable() or c in "\t\r\n\u00a0\u202f\u200e\u200f\ufeff\x00" for c in text)
    return name if fits else ""


def decode(raw: bytes, encoding: str = "") -> Text:
    """Return the text of a whole file; *encoding* is the user's word and then not guessed."""
    problems: list[str] = []
    name, evidence = (encoding, "as you said") if encoding else guess(raw)
    if name == "mixed":
        text, odd = _by_line(raw)
        problems.append(f"mixed encodings: {odd:,} lines are not UTF-8 and were read as cp1252")
        return Text(_strip(text, problems), "utf-8 and cp1252", evidence, tuple(problems))
    try:
        text = raw.decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        if isinstance(error, LookupError):
            raise
        text = raw.decode(name, errors="replace")
        problems.append(f"{text.count(chr(0xFFFD)):,} characters could not be decoded as {name} and were replaced")
    return Text(_strip(text, problems), {"utf-8-sig": "utf-8"}.get(name, name), evidence, tuple(problems))


def normalised(path: Path, target: Path, encoding: str = "") -> tuple[str, ...]:
    """Write a large file as UTF-8 with plain line ends and without NUL to *target*; return what had to be done."""
    with path.open("rb") as f:
        name = encoding or guess(f.read(_SAMPLE))[0]
        if name.startswith("utf-8"):
            name = _first_odd(path) or name
    decoder = codecs.getincrementaldecoder({"utf-8": "utf-8-sig", "mixed": "latin-1"}.get(name, name))("replace")
    replaced = nul = odd = 0
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        carry = ""
        while block := source.read(_SAMPLE):
            text = carry + decoder.decode(block)
            keep = (text.rfind("\n") + 1 or len(text)) if name == "mixed" else len(text) - text.endswith("\r")
            text, carry = text[:keep], text[keep:]
            if name == "mixed":  # latin-1 kept the bytes as they are: each line is now decoded by itself
                text, more = _by_line(text.encode("latin-1"))
                odd += more
            nul, replaced = nul + text.count("\0"), replaced + text.count("\ufffd")
            out.write(text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n"))
        out.write(_by_line(carry.encode("latin-1"))[0] if name == "mixed" else carry.replace("\r", "\n"))
    said = [f"read as {name}"] if not name.startswith("utf-8") and name != "mixed" else []
    said += [f"mixed encodings: {odd:,} lines are not UTF-8 and were read as cp1252"] if name == "mixed" else []
    said += [f"{nul:,} NUL bytes removed"] if nul else []
    return (*said, *([f"{replaced:,} characters could not be decoded and were replaced"] if replaced else []))


def _first_odd(path: Path) -> str:
    """Return the encoding guessed around the first bytes that are no UTF-8, or the empty text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as f:
        while block := f.read(_SAMPLE):
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return _legacy(block)[0]
    return ""


def _strip(text: str, problems: list[str]) -> str:
    text = text.rstrip("\x1a").lstrip("\ufeff")
    if nul := text.count("\0"):
        problems.append(f"{nul:,} NUL bytes removed")
        text = text.replace("\0", "")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _by_line(raw: bytes) -> tuple[str, int]:
    tried = [(line, _tried(line, "utf-8", True)) for line in raw.split(b"\n")]
    lines = (line.decode("cp1252", "replace") if text is None else text for line, text in tried)
    return "\n".join(lines), sum(text is None for _, text in tried)


def _legacy(sample: bytes) -> tuple[str, str]:
    lines = [line for line in sample.split(b"\n")[:20_000] if not line.isascii()]
    valid = sum(_tried(line, "utf-8", True) is not None for line in lines)
    if valid and valid < len(lines) and 0.05 < valid / len(lines):
        return "mixed", f"{valid:,} of {len(lines):,} lines with accents are valid UTF-8"
    runs = _RUN.findall(sample)
    high = sum(map(len, runs))
    long = sum(len(r) for r in runs if len(r) > 1)
    if long >= 0.6 * high and high >= 6:
        east = _eastern(sample)
        if east:
            return east
    return _western(sample)


def _share(text: str, *spans: tuple[int, int]) -> float:
    letters = [c for c in text if ord(c) > 127]
    return float(sum(any(a <= ord(c) <= b for a, b in spans) for c in letters)) / max(1, len(letters))


def _eastern(sample: bytes) -> tuple[str, str] | None:
    scores: dict[str, float] = {}
    for name, usual in EASTERN.items():
        if (text := _tried(sample, name)) is None:
            continue
        kana, hangul = _share(text, (0x3041, 0x30FF)), _share(text, (0xAC00, 0xD7A3))
        han, odd = _share(text, (0x4E00, 0x9FA5)), _share(text, (0xFF61, 0xFF9F), (0xE000, 0xF8FF))
        letters = [c for c in text if ord(c) > 127]
        scores[name] = (
            {
                "cp932": 1.5 * kana + 0.8 * han,
                "euc_jp": 1.5 * kana + 0.6 * han,
                "euc_kr": 1.2 * hangul if hangul > 0.6 else 0,
                "big5": 0.85 * han * _common(sample, 0xA4, 0xC6),
                "gb18030": 0.9 * han * _common(sample, 0xB0, 0xD7),
            }[name]
            + 2 * sum(c in usual for c in letters) / max(1, len(letters))
            - 2 * odd
        )
    high = bytes(b for b in sample if b > 127)
    mixed = len(re.findall(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]", sample))  # such words are Latin ones with accents
    for name, usual in SCRIPTS if mixed * 4 < len(_RUN.findall(sample)) else ():
        letters = [c for c in high.decode(name, "replace") if c not in SIGNS]
        common = sum(c.lower() in usual for c in letters) / max(1, len(letters))
        small = sum(not c.isupper() for c in letters) / max(1, len(letters))
        scores[name] = 1.6 * common * small if common > 0.55 and small > 0.6 else 0
    best = max(scores, key=lambda n: scores[n], default="")
    return (best, f"runs of high bytes that read as {best}") if scores.get(best, 0) > 0.45 else None


def _common(sample: bytes, low: int, high: int) -> float:
    """Return the share of lead bytes in the plane of common characters."""
    leads = [run[i] for run in _RUN.findall(sample) for i in range(0, len(run), 2)]
    return float(sum(low <= b <= high for b in leads)) / max(1, len(leads))


def _western(sample: bytes) -> tuple[str, str]:
    """Return the code page of the one language whose letters the high bytes are; the commonest one where several fit."""
    best, best_score = "cp1252", 0.0
    for name in dict.fromkeys(n for n, _, _ in LATIN):
        text = f" {sample.decode(name, 'replace')} "
        found = Counter(c for c in text if ord(c) > 127)
        # a sign within a word speaks against the code page: ³ in 'Zdu³a'
        inside = Counter(
            c
            for c in re.findall(r"(?<=[^\W\d_])[^\w\s](?=[^\W\d_])|[£¥¯¼¾³¹ªº](?=[^\W\d_])", text)
            if c in SIGNS and c not in "’´`·"
        )
        signs = sum(n - inside[c] for c, n in found.items() if c in SIGNS)
        for _, letters, weight in (x for x in LATIN if x[0] == name):
            fit = sum(n for c, n in found.items() if c.lower() in letters or c in letters)
            score = weight * (fit + 0.9 * signs) / max(1, found.total())
            if score > best_score + 1e-9:
                best, best_score = name, score
    if best == "cp1252":
        return best, "not UTF-8; single accented letters, the commonest set of that kind (assumed)"
    return best, f"not UTF-8; {best_score:.0%} of the accented letters are those of one language in {best}"

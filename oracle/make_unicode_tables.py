"""Writes packages/core/src/text/unicode/tables.ts: Python's own view of Unicode, as compact ranges.

Run with Python 3.11 (Unicode 14), from the repository's root:

    python3.11 oracle/make_unicode_tables.py

The properties are asked of Python itself, never of the Unicode files, so that what `re`, `str.lower`
and `unicodedata` answer is what the tables hold. Between Python 3.8 and 3.13 they differ only for
code points that the older one does not know yet.
"""

import _sre
import sys
import unicodedata
from pathlib import Path
from re._casefix import _EXTRA_CASES

POINTS = range(0x110000)
OUT = Path(__file__).resolve().parent.parent / "packages/core/src/text/unicode/tables.ts"


def base36(n: int) -> str:
    digits = ""
    while True:
        n, d = divmod(n, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[d] + digits
        if n == 0:
            return digits


def ranges(holds) -> str:
    """Alternating gap and length of the runs of code points for which `holds`, in base 36."""
    numbers, last, start = [], 0, None
    for cp in POINTS:
        if holds(cp):
            if start is None:
                start = cp
        elif start is not None:
            numbers += [start - last, cp - start]
            last, start = cp, None
    if start is not None:
        numbers += [start - last, 0x110000 - start]
    return " ".join(map(base36, numbers))


def lower_runs() -> list[list[int]]:
    """[first, count, step, delta]: first, first + step, … (count of them) become themselves + delta."""
    runs: list[list[int]] = []
    for cp in POINTS:
        delta = _sre.unicode_tolower(cp) - cp
        if delta == 0:
            continue
        if runs and runs[-1][3] == delta:
            first, count, step, _ = runs[-1]
            last = first + (count - 1) * step
            if count == 1 and cp - last <= 2:
                runs[-1][1:3] = [2, cp - last]
                continue
            if count > 1 and cp - last == step:
                runs[-1][1] += 1
                continue
        runs.append([cp, 1, 1, delta])
    return runs


def cased(cp: int) -> bool:
    """Seen by a sigma as a letter with case: after it, at the end of a text, it is a final one."""
    return (chr(cp) + "\u03a3").lower().endswith("\u03c2")


def case_ignorable(cp: int) -> bool:
    """Seen by a sigma as if it were not there."""
    return ("a" + chr(cp) + "\u03a3").lower().endswith("\u03c2") and not cased(cp)


def check() -> None:
    """What the TypeScript side takes for granted."""
    assert unicodedata.unidata_version == "14.0.0", unicodedata.unidata_version
    word = lambda cp: chr(cp).isalnum() or cp == 0x5F
    for cp in POINTS:
        low = _sre.unicode_tolower(cp)
        if low != cp:
            # Whether a class is compared with or without folding must not matter where nothing in it has case.
            assert _sre.unicode_iscased(low), hex(cp)
            assert word(cp) == word(low), hex(cp)
            assert chr(cp).isspace() == chr(low).isspace(), hex(cp)
            assert chr(cp).isdecimal() == chr(low).isdecimal(), hex(cp)
            assert (cp > 0xFFFF) == (low > 0xFFFF), hex(cp)


def main() -> None:
    check()
    extra = ", ".join(f"[{k:#x}, [{', '.join(f'{v:#x}' for v in vs)}]]" for k, vs in sorted(_EXTRA_CASES.items()))
    lower = "; ".join(" ".join([base36(a), base36(n), base36(s), str(d)]) for a, n, s, d in lower_runs())
    parts = [
        f"// Written by oracle/make_unicode_tables.py with Python {sys.version.split()[0]} (Unicode {unicodedata.unidata_version}). Do not edit.",
        "// Ranges: gap and length of each run of code points, in turn, in base 36.",
        "",
        "/** str.isalnum() */",
        f"export const alnumRanges = '{ranges(lambda cp: chr(cp).isalnum())}';",
        "/** str.isdecimal(), which is what `\\d` means */",
        f"export const decimalRanges = '{ranges(lambda cp: chr(cp).isdecimal())}';",
        "/** str.isspace(), which is what `\\s` and str.split() mean */",
        f"export const spaceRanges = '{ranges(lambda cp: chr(cp).isspace())}';",
        "/** unicodedata.combining(c) != 0 */",
        f"export const combiningRanges = '{ranges(lambda cp: unicodedata.combining(chr(cp)) != 0)}';",
        "/** unicodedata.category(c) == 'Cn': unknown to this Python, hence without case and decomposition */",
        f"export const unassignedRanges = '{ranges(lambda cp: unicodedata.category(chr(cp)) == 'Cn')}';",
        "/** What decides between σ and ς in str.lower(): cased, and not to be ignored … */",
        f"export const casedRanges = '{ranges(cased)}';",
        "/** … and what is ignored on the way to it. */",
        f"export const caseIgnorableRanges = '{ranges(case_ignorable)}';",
        "/** One code point's lower case as `re` sees it: first, count, step (base 36), delta (decimal) of each run. */",
        f"export const lowerRuns = '{lower}';",
        "/** Lower-case code points that share their upper case with others, for `re.IGNORECASE`. */",
        f"export const extraCases: readonly (readonly [number, readonly number[]])[] = [{extra}];",
        "",
    ]
    OUT.write_text("\n".join(parts), encoding="utf-8")


main()

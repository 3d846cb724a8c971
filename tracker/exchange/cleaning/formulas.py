"""Formulas of tables that fetch something or start a program when they are computed."""

import re

from tracker.exchange.cleaning.links import LINKED_WORKBOOK, is_on_own_disk

_QUOTED = re.compile("\"[^\"]*\"|'(?:[^']|'')*'")
_BRACKETED = re.compile(r"""\[(?:'.|[^\[\]'])*\]?|"[^"]*"|'(?:[^']|'')*'""", re.DOTALL)
"""A quotation, or the name of a column of a table: in `T['[x]` the sign ' quotes only what follows it."""
_FETCHES = re.compile(
    r"(?<!\w)(WEBSERVICE|IMAGE|RTD|DDE|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST|STOCKHISTORY)\s*\(",
    re.IGNORECASE,
)
"""Programs write families before the name: `_xlfn.`, `COM.MICROSOFT.`."""
_VALUES = re.compile(r"\{[^{}!]*\}")
"""A table of values, whose rows LibreOffice parts by |. What a program is asked for would follow !."""
_STARTS = re.compile(r"(?<![\w.])([\w.]++)\s{0,9}\|")
"""`cmd|'/c calc'!A0`: a program and what is asked of it. No operator of a formula is written like this."""
_ELSEWHERE = re.compile(r"'((?:https?|ftps?|file|smb):(?:[^']|'')*)'", re.IGNORECASE)
_CELL = re.compile(r"""(?:^|[,;\t\r\n])[ "']*(?:[=@＝＠]|[+\-](?![\d.,\s]*(?:$|[,;\t\r\n"%])))""")


def find_in_formula(formula: str) -> str:
    """The function or program that is called; empty where nothing is."""
    elsewhere = _ELSEWHERE.search(formula)
    bare = _QUOTED.sub("''", formula)
    columns = _BRACKETED.sub(_without_quotes, formula)
    found = _FETCHES.search(bare) or _FETCHES.search(columns) or _STARTS.search(_VALUES.sub("", bare))
    return found.group(1)[:40] if found else elsewhere.group(1)[:40] if elsewhere else ""


def without_own_paths(formula: str) -> str:
    """References to a workbook on the author's own disk lead to one of no name; those to other machines stay."""
    return _ELSEWHERE.sub(
        lambda found: f"'{LINKED_WORKBOOK}'" if is_on_own_disk(found[1]) else found[0], formula
    )


def _without_quotes(found: re.Match[str]) -> str:
    """Brackets stay: who opens one and closes it behind a function hides nothing."""
    return found[0].replace('"', "").replace("'", "") if found[0].startswith("[") else "''"


def has_formula_cell(table: str) -> bool:
    """Whether a program for tables would compute a cell of this CSV: one that begins with =, @, or a sign before
    something that is no number."""
    return bool(_CELL.search(table))

"""Text as it is found in files: cleaned of what programs left in it, and parted from the number before it.

The words themselves stay as they are printed.
"""

import re
from html import unescape

_UNSEEN = (0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F))
"""Soft hyphen, signs without width, signs that turn the direction."""
_PLAIN: dict[int, str | None] = {
    **dict.fromkeys(_UNSEEN),
    0xA0: " ",
    0x202F: " ",
    0x2011: "-",
    ord("\t"): " ",
    ord("\v"): "\n",
    ord("\f"): "\n",
    ord("\r"): "\n",
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
}
_ENTITY = re.compile(
    r"&(?:([A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});|(nbsp|(?:[lr][sd]quo|[mn]dash|hellip|amp|lrm)\b))"
)
"""Some are written without their semicolon."""
_NEW_LINE = re.compile(r"<\s?(?:br|/p|/div|/li|/tr)\s?/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|br|div|span|b|i|u|em|strong|a|ul|ol|li|sup|sub|font|h[1-6]|table|tbody|tr|td|o:p)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
"""Only tags that are known: a sentence may hold “a < b”."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_BLANKS = re.compile(r"[ \u2000-\u200a\u3000]+")
_LOST_APOSTROPHE = re.compile(r"(?<=[a-z])[ÍÕ](?=s\b)")
"""An apostrophe that was read in a wrong encoding: childrenÍs."""
_WRONGLY_READ = re.compile("Ã[\x80-\xbf´©¨§¼¶¤¡]|â€")
"""UTF-8 that was read as Latin 1: CÃ´te."""
_STRAY_END = re.compile(r"(?<=[).])[\s.;,]{0,20}\)[\s;.,]{0,20}$")
_FOOTNOTE = re.compile(r"(?<=\))\d{1,3}(?=[\s;.,]{0,20}$|;)")

_NUMBER = re.compile(
    r"""(?:R\s+|Recommendations?\s+(?:No\.?\s*)?)?      # UHRI's prefixes
        (\d{1,3}(?:\.\d{1,3}){1,3}(?:\([a-z]\))?)       # 140.7, 96.1.1
        (?!\d|\s?(?:per\s?cent|%|million|billion|percent))
        [\s.:|\-–—)]*""",
    re.VERBOSE,
)
_NAMED = re.compile(
    r"Recommendation\s+No\.?\s*(\d{1,3}(?:\.\d{1,3})*)\b(?:[^:\n]{0,80}:)?[\s.]*", re.IGNORECASE
)
_CONTAINED = re.compile(
    r"Recommendations?\s+contained\s+in\s+para(?:graph|\.)?\s*(\d{1,3}(?:\s?\([a-z]\))?)\s*:\s*", re.I
)
_SINGLE = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_LETTER = re.compile(r"R\s+(?=[A-Z][a-z])")


def clean_lines(raw: str) -> str:
    """The text with its lines: without tags, entities, unseen signs, double blanks and empty ends of lines."""
    text = raw.replace("\r\n", "\n").translate(_PLAIN)
    for _ in range(2):  # entities may be written as entities themselves
        text = _ENTITY.sub(lambda found: unescape(f"&{found[1] or found[2]};"), text)
    text = _TAG.sub("", _NEW_LINE.sub("\n", text)).translate(_PLAIN)
    text = _LOST_APOSTROPHE.sub("’", _CONTROL.sub("", _read_again(text)))
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in text.split("\n")).strip("\n")


def clean_text(raw: str) -> str:
    """The text on one line."""
    return " ".join(clean_lines(raw).split())


def join_lines(raw: str) -> str:
    """One line of lines that a page broke: a word that was broken at its hyphen is joined, and keeps the hyphen."""
    lines = [line for line in clean_lines(raw).split("\n") if line]
    return re.sub(r"(?<=[a-z])- (?=[a-z])", "-", " ".join(lines)) if len(lines) > 1 else "".join(lines)


def trim_end(text: str) -> str:
    """Without what tables leave behind the last bracket: a stray “);”, the number of a footnote."""
    text = _FOOTNOTE.sub("", text.rstrip())
    if text.count(")") > text.count("("):
        text = _STRAY_END.sub("", text)
    return text.rstrip()


def split_ref(text: str) -> tuple[str | None, str]:
    """The number before a text, as printed but without the full stop at its end, and the text; None without one."""
    text = text.strip()
    for pattern in (_NUMBER, _CONTAINED, _NAMED, _SINGLE):
        if found := pattern.match(text):
            rest = text[found.end() :].lstrip()
            if pattern is _NUMBER and found[1][0] in "012" and found[1][1] == "." and rest[:1].islower():
                continue  # “0.7 of the gross national income” is no number of a paragraph
            return found[1].replace(" ", ""), rest
    return None, _LETTER.sub("", text, count=1) if _LETTER.match(text) else text


def fold_text(text: str) -> str:
    """For comparing: letters and digits in lower case, with single blanks between them."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _read_again(text: str) -> str:
    if not _WRONGLY_READ.search(text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text

"""Drawings and typefaces inside office files, which are no pictures of dots: kept to the byte where they are such."""

_STARTS = (
    b"VCLMTF",
    b"\xd7\xcd\xc6\x9a",
    b"\x01\0\x09\0",
    b"\x02\0\x09\0",
    b"\0\1\0\0",
    b"OTTO",
    b"true",
    b"ttcf",
    b"wOF",
)
"""SVM, WMF and typefaces."""
_EMF, _EMF_AT = b" EMF", 40
_PICT, _PICT_AT = (b"\0\x11\x02\xff", b"\x11\x01"), 522
"""These tell what they are further on."""
_XML_STARTS = (
    b"<",
    b"\0<",
    b"\0\0\0<",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\0\0\xfe\xff",
    b"\x4c\x6f\xa7\x94",
    b"+ADw",
)
"""In the alphabets in which programs read XML."""


def is_drawing(content: bytes) -> bool:
    """Whether it begins like a drawing or typeface that no program reads as anything else."""
    if content.startswith(b"\x01\0\0\0"):
        return content.startswith(_EMF, _EMF_AT)
    is_pict = content.startswith(b"\0" * 64) and content.startswith(_PICT, _PICT_AT)
    return is_pict or content.startswith(_STARTS)


def begins_like_xml(content: bytes) -> bool:
    """Whether a program would read it as XML, whatever the file says that it is."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_XML_STARTS)

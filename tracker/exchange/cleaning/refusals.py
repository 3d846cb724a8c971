"""Why a file is not taken: what was found, where, and what to do. `tracker/exchange/evidence.py` adds its name."""

import struct
import zlib

from tracker.language import mark

BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What libraries raise for files that are damaged, or were made to confuse them."""

DAMAGED = mark("“%(name)s” is damaged. Open it in its program, save it again and choose that file")
TOO_LARGE = mark("“%(name)s” becomes too large when it is opened. Save it as PDF")
TOO_MUCH = mark(
    "“%(name)s” holds more than can be checked here. Make it smaller, or print it to a new PDF, and choose that file"
)
LOCKED = mark("“%(name)s” is protected with a password, so nobody could read it. Save it without one")
PROTECTED = mark(
    "“%(name)s” is protected with a password, or against changes. Save it without protection, or print it to a new PDF,"
    " and choose that file"
)
MACROS = mark(
    "“%(name)s” holds macros or embedded programs, or something that looks like one (%(where)s). Save it without"
    " them, or as PDF"
)
LINKED = mark(
    "“%(name)s” loads something from elsewhere when it is opened (%(what)s, in %(where)s). Remove that link or"
    " insert the content itself and save it again, or save it as PDF"
)
FORMULA = mark(
    "“%(name)s” holds a formula or field that loads something or starts a program (%(what)s, in %(where)s)."
    " Replace it by its result and save the file again, or save it as PDF"
)
NAMED = mark(
    "“%(name)s” holds a field that shows a name or a folder of its author (%(what)s, in %(where)s). Remove the field,"
    " or turn it into plain text if everybody may read it, and save the file again"
)
HIDDEN = mark(
    "“%(name)s” is built in a way that hides what it holds (%(where)s). Open it in its program, save it again and"
    " choose that file, or save it as PDF"
)
SIGNED = mark(
    "“%(name)s” has a digital signature, which names who signed. Print it to a new PDF and choose that file"
)
PDF_RUNS = mark(
    "“%(name)s” holds a script, or an action that starts by itself or leads to other files (%(what)s). Print it to a"
    " new PDF and choose that file"
)
PDF_FILES = mark(
    "“%(name)s” holds other files, sounds or films (%(what)s). Attach those by themselves, print this one to a new"
    " PDF and choose that file"
)
PICTURE = mark(
    "A picture could not be read (%(where)s of “%(name)s”). Open it in a program for pictures, save it again and"
    " choose that file"
)
MANY_DOTS = mark(
    "A picture is too large (%(where)s of “%(name)s”): it may have at most %(most)s million pixels. Save it smaller"
    " and choose that file"
)
MOVING = mark(
    "“%(name)s” is a moving picture, or holds one (%(where)s). Save one of its pictures as PNG or JPG and take that in"
    " its place"
)


class Refusal(Exception):
    """`message` is one of the sentences above, `values` fill it. No ValueError: libraries raise those."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.message, self.values = message, values

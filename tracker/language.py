"""Texts for people: how they are marked for translation, looked up and how dates are written.

Used by web, mail and exchange alike, so it imports no web framework. `mark` only marks; `gettext` also translates, into
the language that `speaking` has set for this thread or request.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Self
from unicodedata import normalize
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy, Translations

LANGUAGES = {"en": "English", "ru": "Русский", "ky": "Кыргызча"}
"""Those that have a catalogue in `translations/`, each by its own name. Texts in the code are English."""
# A language nobody speaks: every marked text comes out in ⟦brackets⟧, so that a crawl finds what is unmarked.
PSEUDO = "qps"
_CATALOGUES = Path(__file__).parent / "translations"
_current: ContextVar[str] = ContextVar("language", default="en")
_zone: ContextVar[str] = ContextVar("zone", default="UTC")


@contextmanager
def speaking(language: str, timezone: str = "") -> Iterator[None]:
    """Within the block texts and dates are in `language`, days are those of `timezone` (unchanged if empty)."""
    tokens = _current.set(language), _zone.set(timezone or _zone.get())
    try:
        yield
    finally:
        _current.reset(tokens[0])
        _zone.reset(tokens[1])


def current() -> str:
    return _current.get()


log = logging.getLogger(__name__)
UNCHECKED = "unchecked"
"""The comment of a message that no native speaker has read yet."""


def catalogue_file(language: str) -> Path:
    return _CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def read_catalogue(language: str) -> Catalog:
    """The messages of a language as its translators wrote them."""
    with catalogue_file(language).open("rb") as file:
        return read_po(file, locale=language)


@lru_cache
def _catalogue(language: str) -> NullTranslations | GNUTranslations:
    """Compiled in memory when it is first needed (0.1 to 0.25 s), so a file that was corrected needs no build, only a
    start. A message with a placeholder that is not in the English one is left out: English is shown."""
    if not catalogue_file(language).exists():
        return NullTranslations()
    messages = read_catalogue(language)
    for message in [each for each in messages if each.id and each.check(messages)]:
        log.warning("translations: a placeholder of %s differs, English is shown: %r", language, message.id)
        messages.delete(message.id, message.context)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def for_reader(texts: Mapping[str, str], english: str = "") -> str:
    """The text in the reader's language, else the English one: `english`, or that of `texts`."""
    return texts.get(_current.get()) or english or texts["en"]


def mark(text: str) -> str:
    """Marks a constant for translation; `gettext` translates it when it is shown."""
    return text


def mark_in(context: str, text: str) -> str:
    """The same for a word that other languages write in two ways: `context` says to translators which one this is.
    (gettext joins the two with this character.)"""
    return f"{context}\x04{text}"


def translate(message: str) -> str:
    """The translation with its placeholders; Jinja fills them in, escaping each value."""
    language = _current.get()
    text = _catalogue(language).gettext(message) if language not in ("en", PSEUDO) else message
    text = text.rpartition("\x04")[2]  # not found: without its context
    return f"⟦{text}⟧" if language == PSEUDO else text


def translate_plural(singular: str, plural: str, number: int) -> str:
    """The form for `number` with its placeholders; %(num)s is the number."""
    language = _current.get()
    if language in ("en", PSEUDO):
        text = singular if number == 1 else plural
    else:
        text = _catalogue(language).ngettext(singular, plural, number)
    return f"⟦{text}⟧" if language == PSEUDO else text


def gettext(message: str, **values: Any) -> str:
    """Marks a text for translation and returns its translation, with the placeholders filled in."""
    text = translate(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, number: int, **values: Any) -> str:
    return translate_plural(singular, plural, number) % {"num": number, **values}


def lazy(message: str) -> str:
    """Marks a constant and returns an object that is translated whenever it is shown: for labels of forms, which are
    made once and shown in every language. Therefore nothing may be cached."""
    return LazyProxy(gettext, message, enable_cache=False)  # type: ignore[return-value]  # WTForms types labels as str


_IN_LANGUAGE = {"en": mark("in English"), "ru": mark("in Russian"), "ky": mark("in Kyrgyz")}


def in_which_language(code: str) -> str:
    """“in Russian”, inside a sentence in the reader's language."""
    return gettext(_IN_LANGUAGE[code]) if code in _IN_LANGUAGE else f"[{code}]"


def in_other_language(code: str) -> str:
    """The same where the reader's language is another one, else nothing: the mark of a text."""
    return "" if not code or code == own_language() else in_which_language(code)


def own_language() -> str:
    """The reader's, of those in which texts can be written."""
    return _current.get() if _current.get() in LANGUAGES else "en"


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse("en_GB" if language in ("en", PSEUDO) else language)


@lru_cache(maxsize=4096)
def _format_date(language: str, day: date, pattern: str) -> str:
    text = dates.format_date(day, _PATTERNS.get((language, pattern), pattern), locale=_locale(language))
    return f"⟦{text}⟧" if language == PSEUDO else text


_NAMES = {("ru", "ky"): "кыргызский"}
"""Where CLDR has another name than the country itself."""


def language_name(code: str) -> str:
    """As the reader calls it: “Russian”, “русский”."""
    name = _NAMES.get((_current.get(), code)) or _locale(_current.get()).languages.get(code, code)
    return f"⟦{name}⟧" if _current.get() == PSEUDO else name


def day_of(instant: date | datetime) -> date:
    """The day of an instant in the reader's time zone; a date is returned as it is."""
    return instant.astimezone(ZoneInfo(_zone.get())).date() if isinstance(instant, datetime) else instant


_LONG, _SHORT, _MONTH = "d MMMM y", "d MMM y", "LLL y"
_PATTERNS = {("ky", _LONG): "y-'ж'., d-MMMM", ("ky", _SHORT): "y-'ж'., d-MMM", ("ky", _MONTH): "y-'ж'., LLL"}
"""Kyrgyz names the year first (CLDR)."""


def long_date(day: date | datetime) -> str:
    """8 December 2026; 8 декабря 2026; 2026-ж., 8-декабрь"""
    return _format_date(_current.get(), day_of(day), _LONG)


def short_date(day: date | datetime) -> str:
    """8 Dec 2026"""
    return _format_date(_current.get(), day_of(day), _SHORT)


@lru_cache(maxsize=4096)
def _format_period(language: str, first: date, last: date) -> str:
    text = dates.format_interval(first, last, "yMMMd", locale=_locale(language))
    return f"⟦{text}⟧" if language == PSEUDO else text


def short_period(first: date, last: date) -> str:
    """1 Mar – 15 Nov 2029; a single day as `short_date` writes it."""
    return short_date(first) if first == last else _format_period(_current.get(), first, last)


def month_of(day: date) -> str:
    """Dec 2026"""
    return _format_date(_current.get(), day, _MONTH)


def long_time(instant: datetime) -> str:
    """8 December 2026, 14:05, in the reader's time zone."""
    return f"{long_date(instant)}, {instant.astimezone(ZoneInfo(_zone.get())):%H:%M}"


def whole_number(number: int) -> str:
    """20,000 in English, 20 000 in Russian"""
    return numbers.format_decimal(number, locale=_locale(_current.get()))


def file_size(size_bytes: int) -> str:
    """1.2 MB, 14 KB. A KB is 1,000 bytes, as in file managers."""
    if size_bytes >= 1_000_000:
        amount = numbers.format_decimal(size_bytes / 1_000_000, "#,##0.#", locale=_locale(_current.get()))
        return gettext("%(amount)s MB", amount=amount)
    return gettext("%(amount)s KB", amount=-(-size_bytes // 1_000))


@lru_cache
def _collator() -> Any:
    """Imported when a list is sorted first: its table (the Unicode collation algorithm's) takes 0.2 s and 13 MB."""
    from pyuca import Collator  # type: ignore[import-untyped]

    return Collator()


@lru_cache(maxsize=10_000)
def sort_key(text: str) -> tuple[int, ...]:
    """The order of every list of names that people read, in every language and on both databases: Ё beside Е, Ң after
    Н, Ө after О, Ү after У, Côte d'Ivoire under C (Unicode Technical Standard 10)."""
    return tuple(_collator().sort_key(text))


_UNSEEN = (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
"""Soft hyphen, signs without width, signs that turn the direction."""
_SIGNS = {
    **dict.fromkeys(_UNSEEN),
    **dict.fromkeys(map(ord, "‘’‚‛′ʼ´`"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
}
_LETTERS = str.maketrans("ёөүңавекмнорстухіјѕ", "eoyhabekmhopctyxijs")
"""Cyrillic letters that look like Latin ones, after ё, ө, ү and ң, which some keyboards lack."""


def fold(text: str) -> str:
    """For search: the same text for what keyboards write differently. Lower case; one sign for each kind of quotation
    mark, dash and space; no unseen signs; Latin letters for Cyrillic ones that look like them (А9, A9).

    A change here needs a revision that makes `search_text` anew."""
    plain = normalize("NFKC", text.translate(_SIGNS))
    return plain.casefold().translate(_LETTERS)


def fold_ref(text: str) -> str:
    """For refs and codes in addresses, where a slash or a dot of the sentence around them may stand behind."""
    return fold(text).strip().rstrip("/.,;: ")


def fold_label(text: str) -> str:
    """For labels of vocabularies, which files space as they like and write with “and” or “&”."""
    return "".join(fold(text).replace("&", "and").split())


class TextIn(str):
    """A text of people, with the language that it is in: what shows it marks it where the page is in another one.
    `authentic`: of a translation, the text that it translates."""

    language: str
    authentic: "TextIn | None"

    def __new__(cls, text: str, language: str, authentic: "TextIn | None" = None) -> Self:
        made = super().__new__(cls, text)
        made.language, made.authentic = language, authentic
        return made


_KYRGYZ = frozenset("ңөү")
_KYRGYZ_SHARE, _WITHOUT_KYRGYZ = 0.01, 200
"""In the Kyrgyz annex: texts with such letters have 1.1 % or more of them, those without have 121 letters at most."""


def looks_like(text: str) -> set[str]:
    """Those of LANGUAGES in which `text` can be by its letters: all where it has hardly any, none of another script.

    Latin letters: English (that it may be French is not known from letters). Cyrillic ones: Kyrgyz where ң, ө, ү are
    among them (more than in one name), Russian in a long text without; both otherwise. A text in two scripts may be in
    the languages of both, where each has a third of the letters. For a question, never for a refusal."""
    letters = [each for each in normalize("NFC", text).casefold() if each.isalpha()]
    cyrillic = [each for each in letters if "Ѐ" <= each <= "ӿ"]
    latin = [each for each in letters if each <= "ɏ"]
    if len(letters) < 3:
        return set(LANGUAGES)
    found = {"en"} if 3 * len(latin) >= len(letters) else set()
    if 3 * len(cyrillic) >= len(letters):
        kyrgyz = sum(each in _KYRGYZ for each in cyrillic)
        if kyrgyz >= _KYRGYZ_SHARE * len(cyrillic):
            found.add("ky")
        elif kyrgyz or len(cyrillic) < _WITHOUT_KYRGYZ:
            found |= {"ru", "ky"}
        else:
            found.add("ru")
    return found

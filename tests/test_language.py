"""Texts that are marked once and shown in the language of whoever reads."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from markupsafe import escape

from tracker import language
from tracker.language import (
    LANGUAGES,
    PSEUDO,
    gettext,
    lazy,
    long_date,
    looks_like,
    mark_in,
    month_of,
    ngettext,
    short_date,
    sort_key,
    speaking,
)

BROKEN = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || "
"n%100>=20) ? 1 : 2);\\n"

#, python-format
msgid "Written on %(day)s."
msgstr "Написано %(date)s."

msgid "Calendar"
msgstr "Календарь"

#, python-format
msgid "%(num)s point"
msgid_plural "%(num)s points"
msgstr[0] "%(num)s пункт"
msgstr[1] "%(num)s пункта"
msgstr[2] "%(num)s пунктов"

msgctxt "in a sentence"
msgid "State"
msgstr "государство"

msgid "State"
msgstr "Государство"
"""


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    file = tmp_path / "ru" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(BROKEN, encoding="utf-8")
    monkeypatch.setattr(language, "_CATALOGUES", tmp_path)
    language._catalogue.cache_clear()
    yield
    language._catalogue.cache_clear()


@pytest.mark.usefixtures("broken")
def test_a_broken_placeholder_shows_english_and_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with speaking("ru"), caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert gettext("Written on %(day)s.", day="8") == "Written on 8."
        assert gettext("Calendar") == "Календарь"
    assert [record.getMessage() for record in caplog.records] == [
        "translations: a placeholder of ru differs, English is shown: 'Written on %(day)s.'"
    ]


@pytest.mark.usefixtures("broken")
def test_russian_has_three_forms() -> None:
    with speaking("ru"):
        found = [ngettext("%(num)s point", "%(num)s points", number) for number in (1, 2, 5, 11, 21, 22, 112)]
    assert found == [
        "1 пункт",
        "2 пункта",
        "5 пунктов",
        "11 пунктов",
        "21 пункт",
        "22 пункта",
        "112 пунктов",
    ]


@pytest.mark.usefixtures("broken")
def test_a_word_may_be_written_in_two_ways() -> None:
    word = mark_in("in a sentence", "State")
    with speaking("ru"):
        assert [gettext("State"), gettext(word)] == ["Государство", "государство"]
    assert gettext(word) == "State"
    with speaking("ky"):
        assert gettext(word) == "State", "a language without this word"


def test_each_language_writes_dates_in_its_way() -> None:
    day = date(2026, 12, 8)
    written = {}
    for code in LANGUAGES:
        with speaking(code):
            written[code] = long_date(day), short_date(day), month_of(day)
    assert written == {
        "en": ("8 December 2026", "8 Dec 2026", "Dec 2026"),
        "ru": ("8 декабря 2026", "8 дек. 2026", "дек. 2026"),
        "ky": ("2026-ж., 8-декабрь", "2026-ж., 8-дек.", "2026-ж., Дек"),
    }


def test_a_marked_constant_follows_the_language_whenever_it_is_shown() -> None:
    label = lazy("Level <b>")
    assert str(label) == "Level <b>"
    with speaking(PSEUDO):
        assert str(label) == f"{label}" == "⟦Level <b>⟧"
        assert escape(label) == "⟦Level &lt;b&gt;⟧"
    assert str(label) == "Level <b>", "nothing is cached"


def test_wtforms_fills_in_the_placeholders_of_a_marked_constant() -> None:
    message = lazy("At most %(max)d files")
    with speaking(PSEUDO):
        assert message % {"max": 3} == "⟦At most 3 files⟧"
    assert message % {"max": 3} == "At most 3 files"


def test_names_stand_where_people_look_for_them() -> None:
    names = [
        "Өзбекстан",
        "Оман",
        "Польша",
        "Ңарын",
        "Нигерия",
        "Ёлка",
        "Ель",
        "Еда",
        "Үрүмчү",
        "Уганда",
        "Фиджи",
    ]
    names += ["Cuba", "Côte d'Ivoire", "Congo", "Österreich", "Peru", "Oman"]
    assert sorted(names, key=sort_key) == [
        "Congo",
        "Côte d'Ivoire",
        "Cuba",
        "Oman",
        "Österreich",
        "Peru",
        "Еда",
        "Ёлка",
        "Ель",
        "Нигерия",
        "Ңарын",
        "Оман",
        "Өзбекстан",
        "Польша",
        "Уганда",
        "Үрүмчү",
        "Фиджи",
    ]


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("A5, 2027: 12 %", {"en", "ru", "ky"}),
        ("Ratify the Optional Protocol", {"en"}),
        ("Ратифицировать Факультативный протокол", {"ru", "ky"}),
        ("Ратифицировать протокол. " * 10, {"ru"}),
        ("Факультативдик протоколду ратификациялоо жөнүндө", {"ky"}),
        ("Аялдардын укугу", {"ru", "ky"}),  # a short Kyrgyz text without letters of its own
        ("Суд освободил журналиста по имени Үмүт и закрыл дело. " * 10 + "Өзгөн.", {"ky"}),
        ("Суд освободил журналиста из города Өзгөн и закрыл дело. " + "Дело закрыто. " * 20, {"ru", "ky"}),
        ("Закон № 12, Women in Parliament: обзор", {"en", "ru", "ky"}),
        ("Доклад A/HRC/44/4 о выполнении рекомендаций", {"ru", "ky"}),
        ("التوصيات", set()),
        ("促进和保护人权", set()),
    ],
)
def test_letters_tell_the_languages_that_a_text_can_be_in(text: str, languages: set[str]) -> None:
    assert looks_like(text) == languages

"""What the columns of any table may hold, suggested by the words of their headers and by the looks of their cells. A
person confirms it."""

import re
from collections.abc import Callable, Sequence
from functools import cache

from tracker.days import read_day
from tracker.exchange.imports.level_readings import read_level
from tracker.exchange.imports.position_readings import read_position
from tracker.exchange.imports.refs import read_ref
from tracker.exchange.imports.rows import Column
from tracker.exchange.imports.sheets import fold_header

_HEADERS = {
    Column.REF: (
        "ref|reference|reference no|no|number|nr|code|para|paragraph|recommendation no|"
        "recommendation number|номер|№|номер рекомендации|№ рекомендации|пункт|код|п п|№ п п|номери|"
        "сунуштун номери|номур"
    ),
    Column.TEXT: (
        "recommendation|recommendations|text|text of the recommendation|recommendation text|title|"
        "full recommendation|рекомендация|рекомендации|текст|текст рекомендации|содержание рекомендации|"
        "сунуш|сунуштар|сунуштун тексти|сунуштама|текст сунуша|recommendation and recommending state"
    ),
    Column.STATES: (
        "recommending state|recommending states|recommending state s|recommending country|state|states|"
        "country|countries|from|рекомендующее государство|рекомендующие государства|государство|страна|"
        "страны|государства|сунуштаган мамлекет|сунуштаган мамлекеттер|мамлекет|өлкө|өлкөлөр"
    ),
    Column.POSITION: (
        "position|response|decision|position of the state under review|support level|government response|"
        "статус рекомендации|позиция|ответ|решение|позиция государства|позициясы|позиция кр|жооп|чечим"
    ),
    Column.THEMES: (
        "theme|themes|topic|topics|issue|issues|full list of themes|human rights themes|description|area|"
        "right|human rights themes and groups of persons|тема|темы|тематика|вопросы|темасы|темалар|багыт|"
        "направление"
    ),
    Column.HEADING: "heading|chapter|section|cluster|заголовок|раздел|рубрика|глава|бөлүм|бөлүк",
    Column.GROUPS: (
        "affected persons|groups|group|groups of persons|vulnerable groups|группы|группы лиц|целевая группа|"
        "уязвимые группы|топтор|аярлуу топтор"
    ),
    Column.SDGS: (
        "sdg|sdgs|relevant sdgs|sustainable development goals|цур|цели устойчивого развития|"
        "туруктуу өнүгүү максаттары|төм"
    ),
    Column.LEAD: (
        "lead|lead organisation|lead organization|lead agency|lead ministry|responsible|responsible agency|"
        "responsible ministry|responsible body|ответственный|ответственные|ответственный исполнитель|"
        "ответственный орган|ответственные исполнители|ответственный госорган|жооптуу|жооптуу аткаруучу|"
        "жооптуу орган|жооптуулар"
    ),
    Column.SUPPORTING: (
        "supporting|supporting organisations|support|supporting agencies|co executors|partners|"
        "соисполнители|соисполнитель|заинтересованные органы|партнеры|тең аткаруучулар|кошумча аткаруучулар|"
        "өнөктөштөр"
    ),
    Column.LEVEL: (
        "level|level of implementation|status|status of implementation|implementation status|implementation|"
        "progress|уровень|статус|статус выполнения|статус исполнения|степень выполнения|степень исполнения|"
        "уровень выполнения|исполнение|деңгээл|абалы|аткарылышы|аткаруу деңгээли|аткарылуу деңгээли|статусу"
    ),
    Column.DONE: (
        "done|what was done|actions|actions taken|measures|measures taken|activities|results|comments|"
        "assessment comments on level of implementation|assessment|что сделано|принятые меры|меры|"
        "мероприятия|результат|результаты|проделанная работа|информация об исполнении|ход исполнения|"
        "эмне жасалды|аткарылган иштер|көрүлгөн чаралар|жасалган иштер|иш чаралар|натыйжа"
    ),
    Column.AS_OF_ON: (
        "date|as of|situation on|updated|last updated|update date|day|дата|по состоянию на|на дату|"
        "дата обновления|обновлено|күнү|дата обновления информации|жаңыртылган күнү"
    ),
    Column.ORGANISATION: (
        "organisation|organization|ministry|agency|institution|body|организация|министерство|ведомство|"
        "орган|госорган|учреждение|уюм|министрлик|мекеме"
    ),
}
REPEATED = frozenset([Column.THEMES, Column.GROUPS, Column.SDGS, Column.SUPPORTING, Column.DONE, Column.NONE])
"""Several columns may hold these; of the others one does."""
_LOOKS: tuple[tuple[Column, Callable[[str], bool]], ...] = (
    (Column.REF, lambda cell: read_ref(cell) is not None and "." in cell),
    (Column.POSITION, lambda cell: read_position(cell) is not None),
    (Column.LEVEL, lambda cell: read_level(cell)[0] is not None),
    (Column.AS_OF_ON, lambda cell: read_day(cell) is not None),
)
_LEAST_ALIKE = 0.7
_LEAST_TEXT = 40
"""Signs of a cell in the column of texts, on average."""
_IN_BRACKETS = re.compile(r"[(\[].*?[)\]]")


def suggest_columns(headers: Sequence[str], samples: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """By position. `samples`: rows beneath the headers. `NONE` where neither the header nor the cells tell."""
    found = [_named(header) for header in headers]
    for position in range(len(headers)):
        if found[position] in found[:position] and found[position] not in REPEATED:
            found[position] = Column.NONE
    for position in range(len(headers)):
        if found[position] == Column.NONE and not _is_known(headers[position]):
            found[position] = _looks([row[position] for row in samples if position < len(row)], found)
    if Column.TEXT not in found:
        _take_longest(found, samples)
    return tuple(found)


def _named(header: str) -> Column:
    for spelling in (header, _IN_BRACKETS.sub(" ", header)):
        if column := _names().get(fold_header(spelling)):
            return column
    return Column.NONE


@cache
def _names() -> dict[str, Column]:
    return {
        fold_header(spelling): column
        for column, spellings in _HEADERS.items()
        for spelling in spellings.split("|")
        if fold_header(spelling)
    }


def known_headers() -> frozenset[str]:
    """Folded: by these the row of headers is found."""
    return frozenset(_names())


def _is_known(header: str) -> bool:
    """The header of a second column of its kind is no riddle."""
    return fold_header(header) in _names()


def _looks(cells: Sequence[str], taken: Sequence[Column]) -> Column:
    filled = [cell for cell in cells if cell]
    for column, is_like in _LOOKS:
        if filled and column not in taken and sum(map(is_like, filled)) >= _LEAST_ALIKE * len(filled):
            return column
    return Column.NONE


def _take_longest(found: list[Column], samples: Sequence[Sequence[str]]) -> None:
    free = [position for position, column in enumerate(found) if column == Column.NONE]
    lengths = {
        position: sum(len(row[position]) for row in samples if position < len(row)) / max(len(samples), 1)
        for position in free
    }
    longest = max(lengths, key=lambda position: lengths[position], default=None)
    if longest is not None and lengths[longest] >= _LEAST_TEXT:
        found[longest] = Column.TEXT

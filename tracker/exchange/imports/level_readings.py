"""How far something is implemented, in the words of ministries' own tables: English, Russian and Kyrgyz."""

from functools import cache, lru_cache

from tracker.codes import LABELS, Level
from tracker.exchange.imports.sheets import fold_header
from tracker.level_words import level_word

_SURE = {
    Level.FULLY_IMPLEMENTED: (
        "fully implemented|implemented|fully|completed|complete|done|implemented in full|выполнено|"
        "выполнена|выполнен|полностью выполнено|выполнено полностью|исполнено|исполнена|реализовано|"
        "реализована|реализовано полностью|аткарылды|толук аткарылды|ишке ашырылды|толук ишке ашырылды"
    ),
    Level.PARTIALLY_IMPLEMENTED: (
        "partially implemented|partly implemented|partially|partly|implemented in part|частично выполнено|"
        "выполнено частично|частично исполнено|частично реализовано|частично выполнена|частично|"
        "жарым жартылай аткарылды|жарым жартылай|жарым жартылай ишке ашырылды|бир бөлүгү аткарылды"
    ),
    Level.PLANNED: "planned|запланировано|запланирована|планируется|пландаштырылган|пландалган|пландалууда",
    Level.NOT_IMPLEMENTED: (
        "not implemented|not fulfilled|not done|не выполнено|не выполнена|не исполнено|не реализовано|"
        "аткарылган жок|аткарылбады|ишке ашырылган жок"
    ),
    Level.REGRESSED: "regressed|regression|ухудшение|ухудшилось|регресс|начарлады",
    Level.OVERTAKEN: (
        "overtaken by events|overtaken|no longer relevant|утратило актуальность|неактуально|не актуально|"
        "актуалдуулугун жоготту"
    ),
    Level.NO_INFORMATION: "no information|no data|n a|нет информации|нет данных|маалымат жок",
}
_DOUBTFUL = {
    Level.PARTIALLY_IMPLEMENTED: (
        "in progress|ongoing|under way|underway|being implemented|under implementation|"
        "in the process of implementation|в процессе|в работе|выполняется|исполняется|реализуется|"
        "в процессе выполнения|в процессе реализации|на исполнении|в стадии реализации|аткарылууда|"
        "ишке ашырылууда|процессте|жүрүп жатат"
    ),
    Level.NOT_IMPLEMENTED: "not started|не начато|не начиналось|башталган жок|баштала элек",
}
"""Words that say less than a level: something goes on, and nobody knows whether a measure is in force."""


@cache
def _readings() -> dict[str, tuple[Level, bool]]:
    found = {fold_header(LABELS[level]): (level, True) for level in Level}
    found |= {fold_header(level.value): (level, True) for level in Level}
    found |= {fold_header(level_word(level)): (level, True) for level in Level}
    for words, is_sure in ((_SURE, True), (_DOUBTFUL, False)):
        for level, spellings in words.items():
            found |= {fold_header(spelling): (level, is_sure) for spelling in spellings.split("|")}
    return found


@lru_cache(4096)
def read_level(cell: str) -> tuple[Level | None, bool]:
    """The level that a cell names, and whether its words say just that. (None, True) of an empty cell, (None, False) of
    words that name none."""
    folded = fold_header(cell)
    return _readings().get(folded, (None, False)) if folded else (None, True)

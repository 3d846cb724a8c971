"""Names in every language, as columns that several tables have: a fourth language adds a key to a value, never a
column. Which language a reader gets is decided when a value is read."""

from typing import Any

from sqlalchemy import JSON, ColumnElement, Dialect, TypeDecorator, type_coerce
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, validates

from tracker.language import for_reader


class ReadersName(TypeDecorator[str]):
    """Of the column `names` in a query: the name in the language of whoever reads the row. Nothing sorts by it in SQL,
    because the order is the reader's, too (`language.sort_key`)."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: Any, _dialect: Dialect) -> str | None:
        return None if value is None else for_reader(value)


class Named:
    """`names`: by code of language. English is required; a language that has none shows the English one."""

    names: Mapped[dict[str, Any]] = mapped_column(JSON)

    @validates("names")
    def _check_names(self, _column: str, names: dict[str, str]) -> dict[str, str]:
        if not names.get("en"):
            raise ValueError("a name in English is required")
        return {language: name for language, name in names.items() if name}

    @hybrid_property
    def name(self) -> str:
        return for_reader(self.names)

    @name.inplace.expression
    @classmethod
    def _select_name(cls) -> ColumnElement[str]:
        return type_coerce(cls.names, ReadersName())


class Translated:
    """A word of a vocabulary. `label`: as the vocabulary prints it, which files and statements compare; `translations`:
    by code of language, unofficial and perhaps none; `name`: what a reader is shown."""

    label: Mapped[str]
    translations: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @property
    def name(self) -> str:
        return for_reader(self.translations or {}, self.label)

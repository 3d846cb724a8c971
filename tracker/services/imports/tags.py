"""Writes the tags that a file gives to recommendations: States, themes, groups, goals and targets, issues."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.language import fold
from tracker.models import Base
from tracker.models.recommendations import (
    RecommendationGroup,
    RecommendationSdgGoal,
    RecommendationSdgTarget,
    RecommendationTheme,
    RecommendingState,
)
from tracker.models.themes import Scheme
from tracker.services.imports.vocabularies import Vocabularies

TAGS = frozenset({"states", "heading", "themes", "groups", "sdgs", "issues"})
TABLES: dict[type[Any], str] = {
    RecommendingState: "state_code",
    RecommendationTheme: "theme_id",
    RecommendationGroup: "group_id",
    RecommendationSdgGoal: "sdg_goal_code",
    RecommendationSdgTarget: "sdg_target_code",
}
"""The tables of tags, and the column that says which one it is."""
NOT_LOADED = {"synchronize_session": False}
"""For rows of which the session holds no objects: it would compare each object with them."""
Tag = dict[Any, Any]
"""The rows of one recommendation in one of the tables, by what they say."""


class TagWriter:
    """What people or this project suggested stays. Rows of recommendations that stand here are read with `load`, for
    many at once, before they are replaced."""

    def __init__(self, session: Session, cycle: int) -> None:
        self._session = session
        self._words = Vocabularies(session, cycle)
        self._rows: dict[type[Any], dict[int, Tag]] = {}
        self.load(())
        self._replace: dict[str, Callable[[int, Any], None]] = {
            "states": self._states,
            "heading": self._heading,
            "themes": lambda at, labels: self._of_scheme(at, Scheme.OHCHR, labels),
            "issues": lambda at, labels: self._of_scheme(at, Scheme.UPR_INFO, labels),
            "groups": self._groups,
            "sdgs": self._sdgs,
        }

    def load(self, recommendation_ids: Sequence[int]) -> None:
        """Forgets those that were loaded before."""
        self._rows = {table: defaultdict(dict) for table in TABLES}
        if not recommendation_ids:
            return
        for table, column in TABLES.items():
            query = select(table).where(table.recommendation_id.in_(recommendation_ids))
            for row in self._session.scalars(query):
                self._rows[table][row.recommendation_id][getattr(row, column)] = row

    def replace(self, recommendation_id: int, field: str, value: Any) -> None:
        self._replace[field](recommendation_id, value)

    def list_themes(self, recommendation_id: int) -> list[str]:
        """The labels of OHCHR's themes."""
        tagged = self._rows[RecommendationTheme][recommendation_id]
        return [self._words.label_of(each) for each in tagged if self._words.is_of(each, Scheme.OHCHR)]

    def remove_all(self, recommendation_ids: Sequence[int]) -> None:
        for table in TABLES:
            rows = delete(table).where(table.recommendation_id.in_(recommendation_ids))
            self._session.execute(rows, execution_options=NOT_LOADED)

    def _states(self, recommendation_id: int, codes: Sequence[str]) -> None:
        self._put(RecommendingState, recommendation_id, codes)

    def _groups(self, recommendation_id: int, labels: Sequence[str]) -> None:
        wanted = [self._words.group(label) for label in labels]
        self._put(RecommendationGroup, recommendation_id, wanted, is_own_reading=False)

    def _sdgs(self, recommendation_id: int, codes: Sequence[str]) -> None:
        """A goal or target that does not exist is left out."""
        for table, known in (
            (RecommendationSdgGoal, self._words.goals),
            (RecommendationSdgTarget, self._words.targets),
        ):
            wanted = [code for code in codes if code in known]
            self._put(table, recommendation_id, wanted, is_own_reading=False)

    def _of_scheme(self, recommendation_id: int, scheme: Scheme, labels: Sequence[str]) -> None:
        tagged = self._rows[RecommendationTheme][recommendation_id]
        standing = [each for each in tagged if self._words.is_of(each, scheme)]
        wanted = [self._words.theme(scheme, label, standing) for label in labels]
        others = [each for each in tagged if not self._words.is_of(each, scheme) or tagged[each].is_heading]
        new = {"is_own_reading": False, "is_heading": False}
        self._put(RecommendationTheme, recommendation_id, [*wanted, *others], **new)

    def _heading(self, recommendation_id: int, label: str) -> None:
        """Marks one of the themes; a heading that is none of them becomes one."""
        tagged = self._rows[RecommendationTheme][recommendation_id]
        theme_id = None
        if label:
            standing = (each for each in tagged if fold(self._words.label_of(each)) == fold(label))
            theme_id = next(standing, None) or self._words.theme(Scheme.OHCHR, label)
        for each, row in tagged.items():
            if row.is_heading != (each == theme_id):
                row.is_heading = each == theme_id
        if theme_id is not None:
            new = {"is_own_reading": False, "is_heading": True}
            self._put(RecommendationTheme, recommendation_id, [*tagged, theme_id], **new)

    def _put(self, table: type[Any], recommendation_id: int, wanted: Iterable[Any], **new: bool) -> None:
        """Removes what is not wanted, but for our own reading, and adds what is missing."""
        rows, named = self._rows[table][recommendation_id], dict.fromkeys(wanted)
        for each in [each for each in rows if each not in named]:
            if not getattr(rows[each], "is_own_reading", False):
                self._session.delete(rows.pop(each))
        for each in named:
            if each not in rows:
                row: Base = table(recommendation_id=recommendation_id, **{TABLES[table]: each}, **new)
                self._session.add(row)
                rows[each] = row

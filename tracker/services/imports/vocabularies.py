"""The words of a file and the vocabularies: themes, issues and groups are found by their label, or added."""

from collections.abc import Collection, Sequence
from itertools import count
from typing import Any

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.language import fold, fold_label
from tracker.models.imports import ImportItem
from tracker.models.recommendations import RecommendationGroup, RecommendationTheme
from tracker.models.sdg_targets import SdgGoal, SdgTarget
from tracker.models.settings import SeededRow
from tracker.models.themes import Group, Scheme, Theme, ThemeCorrespondence

OHCHR_VERSIONS = {1: "2014", 2: "2014", 3: "2020", 4: "2025"}
"""Which edition of OHCHR's themes the matrices of a cycle use (`seed/reference/themes.json`)."""
UPR_INFO_VERSION = "2015"
_AT_ONCE = 500


def ohchr_version(cycle: int) -> str:
    return OHCHR_VERSIONS.get(cycle, max(OHCHR_VERSIONS.values()))


class Vocabularies:
    """Labels are found whatever their case and signs; one that is unknown is added, as the file prints it."""

    def __init__(self, session: Session, cycle: int) -> None:
        self._session = session
        version = ohchr_version(cycle)
        self._versions = {Scheme.OHCHR: version, Scheme.UPR_INFO: UPR_INFO_VERSION}
        self._of_id: dict[int, tuple[Scheme, str]] = {}
        self._themes: dict[tuple[Scheme, str, str], int] = {}
        for theme in session.scalars(select(Theme)):
            self._know(theme)
        self._groups = {fold_label(group.label): group.id for group in session.scalars(select(Group))}
        self.goals = set(session.scalars(select(SdgGoal.code)))
        self.targets = set(session.scalars(select(SdgTarget.code)))

    def _know(self, theme: Theme) -> None:
        self._of_id[theme.id] = (theme.scheme, theme.label)
        self._themes[theme.scheme, theme.version, fold_label(theme.label)] = theme.id

    def is_of(self, theme_id: int, scheme: Scheme) -> bool:
        return self._of_id[theme_id][0] == scheme

    def label_of(self, theme_id: int) -> str:
        return self._of_id[theme_id][1]

    def theme(self, scheme: Scheme, label: str, standing: Sequence[int] = ()) -> int:
        """`standing`: themes that the recommendation has already, perhaps of another edition."""
        for each in standing:
            if fold_label(self.label_of(each)) == fold_label(label):
                return each
        version = self._versions[scheme]
        found = self._themes.get((scheme, version, fold_label(label)))
        if found is None:
            same = (Theme.scheme == scheme, Theme.version == version)
            last = self._session.scalar(select(func.max(Theme.order)).where(*same)) or 0
            code = self._free_code(Theme.code, label, *same)
            theme = Theme(
                scheme=scheme, version=version, code=code, label=label, section=None, order=last + 1
            )
            self._session.add(theme)
            self._session.flush()
            self._know(theme)
            found = theme.id
        return found

    def group(self, label: str) -> int:
        if fold_label(label) not in self._groups:
            last = self._session.scalar(select(func.max(Group.order))) or 0
            code = self._free_code(Group.code, label)
            group = Group(code=code, label=label, is_duty_bearer=False, order=last + 1)
            self._session.add(group)
            self._session.flush()
            self._groups[fold_label(label)] = group.id
        return self._groups[fold_label(label)]

    def _free_code(self, column: Any, label: str, *inside: Any) -> str:
        """Labels that differ only in signs have the same code, but for a number behind."""
        code = _code_of(label)
        beginning = column.startswith(code, autoescape=True)
        taken = set(self._session.scalars(select(column).where(*inside, beginning)))
        number = next(number for number in count(1) if _numbered(code, number) not in taken)
        return _numbered(code, number)


def forget_unused(session: Session, items: Collection[ImportItem]) -> None:
    """Removes the words that only these items brought: no recommendation has them any more, and no seed knows them."""
    themes = {
        fold_label(label)
        for item in items
        for field in ("themes", "issues", "heading")
        for label in _listed(item.values.get(field))
    }
    groups = {fold_label(label) for item in items for label in item.values.get("groups", ())}
    seeded = set(session.scalars(select(SeededRow.key).where(SeededRow.file.in_(("themes", "groups")))))
    used = exists().where(RecommendationTheme.theme_id == Theme.id)
    corresponds = exists().where(
        or_(ThemeCorrespondence.older_id == Theme.id, ThemeCorrespondence.newer_id == Theme.id)
    )
    free = select(Theme).where(~used, ~corresponds, Theme.scheme.in_((Scheme.OHCHR, Scheme.UPR_INFO)))
    gone = [
        theme.id
        for theme in session.scalars(free)
        if fold_label(theme.label) in themes and f"{theme.scheme}|{theme.version}|{theme.code}" not in seeded
    ]
    _delete(session, Theme, gone)
    unused = select(Group).where(~exists().where(RecommendationGroup.group_id == Group.id))
    found = session.scalars(unused)
    _delete(
        session,
        Group,
        [group.id for group in found if fold_label(group.label) in groups and group.code not in seeded],
    )


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _delete(session: Session, table: type[Theme] | type[Group], ids: list[int]) -> None:
    for at in range(0, len(ids), _AT_ONCE):
        session.execute(delete(table).where(table.id.in_(ids[at : at + _AT_ONCE])))


def _numbered(code: str, number: int) -> str:
    return code if number == 1 else f"{code}-{number}"


def _code_of(label: str) -> str:
    """Children: juvenile justice → children-juvenile-justice"""
    plain = "".join(sign if sign.isalnum() else " " for sign in fold(label))
    return "-".join(plain.split()) or "theme"

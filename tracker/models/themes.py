"""Headings of vocabularies and groups of persons."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, one_of
from tracker.models.names import Translated


class Scheme(StrEnum):
    """Whose vocabulary: the letter's headings, the working topics, OHCHR's themes, UPR Info's issues."""

    LETTER = "letter"
    TOPIC = "topic"
    OHCHR = "ohchr"
    UPR_INFO = "upr_info"


class Theme(Translated, Base):
    __tablename__ = "themes"
    __table_args__ = (UniqueConstraint("scheme", "version", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[Scheme] = mapped_column(one_of(Scheme, "scheme"))
    version: Mapped[str]
    code: Mapped[str]
    section: Mapped[str | None]
    order: Mapped[int]


class ThemeCorrespondence(Base):
    """A theme of an older edition of a vocabulary, and the one of a newer edition that comes nearest: our own
    reading."""

    __tablename__ = "theme_correspondences"
    __table_args__ = (Index(None, "newer_id"),)

    older_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), primary_key=True)
    newer_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), primary_key=True)


class Group(Translated, Base):
    """Persons affected. `is_duty_bearer` marks judges, police and the like."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    is_duty_bearer: Mapped[bool]
    order: Mapped[int]

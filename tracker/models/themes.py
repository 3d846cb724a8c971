"""Headings of vocabularies and groups of persons."""

from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base, one_of


class Scheme(StrEnum):
    """Whose vocabulary: the letter's headings, the working topics, OHCHR's themes."""

    LETTER = "letter"
    TOPIC = "topic"
    OHCHR = "ohchr"


class Theme(Base):
    __tablename__ = "themes"
    __table_args__ = (UniqueConstraint("scheme", "version", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme: Mapped[Scheme] = mapped_column(one_of(Scheme, "scheme"))
    version: Mapped[str]
    code: Mapped[str]
    label: Mapped[str]
    section: Mapped[str | None]
    order: Mapped[int]


class Group(Base):
    """Persons affected. `is_duty_bearer` marks judges, police and the like."""

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str]
    is_duty_bearer: Mapped[bool]
    order: Mapped[int]

"""States under review and recommending States."""

from sqlalchemy.orm import Mapped, mapped_column

from tracker.language import current
from tracker.models.base import Base


class State(Base):
    """`code` is ISO 3166-1 alpha-3. The Kyrgyz names are unchecked."""

    __tablename__ = "states"

    code: Mapped[str] = mapped_column(primary_key=True)
    alpha2: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str]
    name_ru: Mapped[str]
    name_ky: Mapped[str]

    @property
    def name(self) -> str:
        return {"ru": self.name_ru, "ky": self.name_ky}.get(current(), self.name_en)

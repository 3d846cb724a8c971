"""Codes that tables and files share, with their labels: levels, positions, kinds of recommendations.

`models/` gives them to everybody. They stand apart from it because the process that reads a stranger's file uses them,
too: importing `models` would load SQLAlchemy and every table, which takes longer than most files.
"""

from enum import StrEnum

from tracker.language import gettext, mark


class Level(StrEnum):
    """How far an action point is implemented, as one organisation sees it."""

    FULLY_IMPLEMENTED = "fully_implemented"
    PARTIALLY_IMPLEMENTED = "partially_implemented"
    PLANNED = "planned"
    NOT_IMPLEMENTED = "not_implemented"
    REGRESSED = "regressed"
    OVERTAKEN = "overtaken"
    NO_INFORMATION = "no_information"

    @property
    def label(self) -> str:
        return gettext(LABELS[self])

    @property
    def definition(self) -> str:
        return gettext(DEFINITIONS[self])

    @property
    def place(self) -> int | None:
        """From 1 (regressed) to 5 (fully implemented); None outside the scale."""
        return PLACES.get(self)


class RecommendationKind(StrEnum):
    LETTER_ANNEX = "letter_annex"
    LETTER_BODY = "letter_body"
    WG_RECOMMENDATION = "wg_recommendation"
    VOLUNTARY_PLEDGE = "voluntary_pledge"
    TREATY_BODY = "treaty_body"
    SPECIAL_PROCEDURE = "special_procedure"

    @property
    def label(self) -> str:
        return gettext(KIND_LABELS[self])


class Position(StrEnum):
    SUPPORTED = "supported"
    NOTED = "noted"
    SUPPORTED_IN_PART = "supported_in_part"
    PENDING = "pending"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        return gettext(POSITION_LABELS[self])


KIND_LABELS: dict[str, str] = {
    "letter_annex": mark("Annex of the letter"),
    "letter_body": mark("Body of the letter"),
    "wg_recommendation": mark("Recommendation of the Working Group"),
    "voluntary_pledge": mark("Voluntary pledge"),
    "treaty_body": mark("Treaty body"),
    "special_procedure": mark("Special procedure"),
}
POSITION_LABELS: dict[str, str] = {
    "supported": mark("Supported"),
    "noted": mark("Noted"),
    "supported_in_part": mark("Supported in part"),
    "pending": mark("Pending"),
    "not_applicable": mark("Not applicable"),
}


LABELS: dict[str, str] = {
    "fully_implemented": mark("Fully implemented"),
    "partially_implemented": mark("Partially implemented"),
    "planned": mark("Planned"),
    "mixed": mark("Range"),
    "not_implemented": mark("Not implemented"),
    "regressed": mark("Regressed"),
    "overtaken": mark("Overtaken by events"),
    "no_information": mark("No information"),
    "no_level": mark("Entry, no level"),
    "no_entry": mark("No entry"),
}
DEFINITIONS: dict[str, str] = {
    "fully_implemented": mark("Everything asked is in force and applied; evidence is attached."),
    "partially_implemented": mark("A concrete measure is in force or delivered; gaps remain."),
    "planned": mark(
        "A formally decided step (a plan, a draft law tabled, a budget line) without a result yet."
    ),
    "mixed": mark("Organisations of one voice give different levels; each of them is listed."),
    "not_implemented": mark("No action, or statements of intent only."),
    "regressed": mark("Contrary measures were taken, or earlier progress was undone."),
    "overtaken": mark("What was asked about no longer exists; the recommendation needs a new reading."),
    "no_information": mark("Information was asked for and none was given."),
    "no_level": mark("An entry of an organisation that supports and does not lead: it gives no level."),
    "no_entry": mark("This voice has published nothing here. It never counts as not implemented."),
}
PLACES: dict[str, int] = {
    "regressed": 1,
    "not_implemented": 2,
    "planned": 3,
    "partially_implemented": 4,
    "fully_implemented": 5,
}
"""The scale. Overtaken and no information stand outside it."""

"""Lists of names stand in one order, in the reader's language, on both databases alike."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, recommendation
from tracker.language import speaking
from tracker.models.assignments import AssignmentKind
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.recommendations import RecommendingState
from tracker.policy.actors import SYSTEM
from tracker.queries.assignments import list_assignments, list_without_focal_point
from tracker.queries.history.filter import list_organisations
from tracker.queries.organisations import (
    list_assignable_organisations,
    list_former_organisations,
    list_independent_organisations,
    list_state_organisations,
)
from tracker.queries.recommendations.facet_labels import list_labels
from tracker.queries.recommendations.recommendation import list_tags
from tracker.queries.states import list_states
from tracker.services.assignments import assign
from tracker.services.organisations.creation import create_organisation

pytestmark = pytest.mark.database

IN_ORDER = ["Ведомство", "Еда", "Ёлка", "Ель", "Нигерия", "Ңарын", "Обзор", "Өзгөн", "Урал", "Үй", "Фонд"]
MIXED = ["Үй", "Ёлка", "Фонд", "Ңарын", "Өзгөн", "Ведомство", "Ель", "Обзор", "Урал", "Еда", "Нигерия"]
"""In English they are named by their place here, so that another order would be seen."""
STATES = ("CIV", "NER", "UKR", "KGZ", "EGY", "ETH", "CUB", "COG")


@pytest.fixture
def named(session: Session, cast: Cast) -> None:
    """Organisations that lead nothing but support A12, of which one leads; and States that recommended it."""
    wanted = recommendation(session)
    for number, name in enumerate(MIXED):
        names = {"en": f"Body {number:02}", "ru": name}
        made = create_organisation(
            session, SYSTEM, f"body-{number}", OrganisationKind.GOVERNMENT, names, "KGZ", NOW
        )
        assign(session, SYSTEM, wanted, made, AssignmentKind.SUPPORTING, date(2026, 1, 1), NOW)
    session.add_all(RecommendingState(recommendation_id=wanted.id, state_code=code) for code in STATES)
    session.flush()


def russian(names: list[str]) -> list[str]:
    """Those of the fixture, in the order in which they were found."""
    return [name for name in names if name in IN_ORDER]


def test_organisations_stand_in_one_order_wherever_they_are_listed(
    session: Session, cast: Cast, named: None
) -> None:
    coordinator, own = cast["coordinator"], recommendation(session)
    with speaking("ru"):
        labels = list_labels(session, coordinator, own.review_id)["organisation"]
        listed = {
            "of the State": [
                row[0].name for row in list_state_organisations(session, coordinator, "KGZ", 100)
            ],
            "assignable": [each.name for each in list_assignable_organisations(session, coordinator, "KGZ")],
            "of a recommendation": [
                each.organisation.name for each in list_assignments(session, coordinator, own.id)
            ],
            "of the history": [each.name for each in list_organisations(session, coordinator)],
            "without a focal point": [
                each.name for each in list_without_focal_point(session, coordinator, "KGZ")
            ],
            "of the filter": [label for _, label in labels],
        }
        assert {place: russian(names) for place, names in listed.items()} == dict.fromkeys(listed, IN_ORDER)
    assert [row[0].name for row in list_state_organisations(session, coordinator, "KGZ", 2)] == [
        "Body 00",
        "Body 01",
    ]


def test_the_first_page_of_a_long_list_is_cut_in_that_order(
    session: Session, cast: Cast, named: None
) -> None:
    coordinator = cast["coordinator"]
    with speaking("ru"):
        every = [row[0].name for row in list_state_organisations(session, coordinator, "KGZ", 100)]
        assert [row[0].name for row in list_state_organisations(session, coordinator, "KGZ", 5)] == every[:5]
        for number, organisation in enumerate(
            session.scalars(select(Organisation).where(Organisation.key.startswith("body-")))
        ):
            organisation.valid_to = date(2026, 2, 1 + number % 2)
        session.flush()
        ended = list_former_organisations(session, coordinator, "KGZ", 100)
        assert [each.valid_to for each in ended] == [date(2026, 2, 2)] * 5 + [date(2026, 2, 1)] * 6
        assert [each.name for each in ended[:5]] == [
            name for name in IN_ORDER if name in {e.name for e in ended[:5]}
        ]
        independent = list_independent_organisations(session, cast["registrar"], NOW, 100)
        assert [row[0].name for row in independent] == [
            "Office of the Ombudsperson",
            "Open Window",
            "Second Lamp",
        ]


def test_states_stand_in_the_order_of_the_readers_names(session: Session, cast: Cast, named: None) -> None:
    own = recommendation(session)

    def found(language: str) -> list[str]:
        with speaking(language):
            filtered = [label for _, label in list_labels(session, cast["visitor"], own.review_id)["state"]]
            tagged = [tag.label for tag in list_tags(session, cast["visitor"], own.id) if tag.kind == "state"]
            of_all = [each.name for each in list_states(session) if each.code in STATES]
        assert filtered == tagged == of_all
        return filtered

    assert found("en") == [
        "Congo", "Côte d'Ivoire", "Cuba", "Egypt", "Ethiopia", "Kyrgyzstan", "Niger", "Ukraine",
    ]  # fmt: skip
    assert found("ru") == [
        "Египет", "Конго", "Кот-д’Ивуар", "Куба", "Кыргызстан", "Нигер", "Украина", "Эфиопия",
    ]  # fmt: skip

"""Organisations: their names, keys and States."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast
from tests.services.refusals import refused
from tracker.failures import BadInput, NotAllowed
from tracker.language import speaking
from tracker.models.history import HistoryLine
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.policy.actors import SYSTEM, Actor
from tracker.services.organisations.creation import create_organisation


def test_an_organisation_is_named_in_three_languages_or_in_english(session: Session) -> None:
    names = {"en": "Ministry of Rain", "ru": "Министерство дождя"}
    made = create_organisation(session, SYSTEM, "rain", OrganisationKind.GOVERNMENT, names, "KGZ", NOW)
    said = {}
    for language in ("en", "ru", "ky"):
        with speaking(language):
            said[language] = made.name
    assert said == {**names, "ky": "Ministry of Rain"}


def test_a_key_is_given_once_and_only_by_the_operator(session: Session, cast: Cast) -> None:
    def make(key: str, actor: Actor) -> Organisation:
        return create_organisation(session, actor, key, OrganisationKind.CSO, {"en": "X"}, "KGZ", NOW)

    refused(session, Organisation, BadInput, lambda: make("cso-a", SYSTEM))
    refused(session, Organisation, NotAllowed, lambda: make("cso-c", cast["coordinator"]))


def test_an_independent_organisation_leaves_no_line(session: Session) -> None:
    def count() -> int | None:
        return session.scalar(select(func.count()).select_from(HistoryLine))

    before = count()
    create_organisation(session, SYSTEM, "cso-c", OrganisationKind.CSO, {"en": "Third Door"}, "KGZ", NOW)
    assert count() == before
    create_organisation(session, SYSTEM, "rain", OrganisationKind.LOCAL, {"en": "Rain"}, "KGZ", NOW)
    assert count() == (before or 0) + 1


def test_an_organisation_has_a_key_and_a_state_that_exists(session: Session) -> None:
    for key, state in (("", "KGZ"), ("cso-c", "XXX")):
        refused(
            session,
            Organisation,
            BadInput,
            lambda key=key, state=state: create_organisation(
                session, SYSTEM, key, OrganisationKind.CSO, {"en": "X"}, state, NOW
            ),
        )


def test_an_organisation_of_the_state_says_of_which(session: Session) -> None:
    """A body of the UN may be of none."""
    for kind in OrganisationKind:
        make = lambda kind=kind: create_organisation(  # noqa: E731
            session, SYSTEM, f"new-{kind}", kind, {"en": "X"}, None, NOW
        )
        if kind.is_of_the_state:
            refused(session, Organisation, BadInput, make)
        else:
            assert make().state_code is None

"""Which former names of an organisation are told: those that stood on something published."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.cast import NOW, Cast, make_update
from tests.services.organisations.test_successions import organisation
from tracker.language import speaking
from tracker.models.updates import UpdateState
from tracker.queries.former_names import list_former_names
from tracker.services.organisations.names import correct_names


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", [("Clocks of the State", 2), ("Clockwork", 3)]),
        ("ru", [("Часы", 3)]),  # in this language the second correction changed nothing
        ("ky", [("Clocks of the State", 2), ("Clockwork", 3)]),  # it has no name of its own
    ],
)
def test_a_name_under_which_nothing_was_published_is_told_to_nobody(
    session: Session, cast: Cast, language: str, told: list[tuple[str, int]]
) -> None:
    ministry, day = organisation(session, "ministry-a"), timedelta(days=1)

    def correct(name: str, russian: str, after: int) -> None:
        names = {"en": name, "ru": russian}
        assert correct_names(session, cast["coordinator"], ministry, names, NOW + after * day)
        session.flush()

    make_update(session, cast, UpdateState.SUBMITTED, ref="A12.2", now=NOW)
    correct("Clocks of the State", "Часы", 1)  # nothing published before
    make_update(session, cast, UpdateState.PUBLISHED, now=NOW + 1.5 * day)
    correct("Clockwork", "Часы", 2)
    make_update(session, cast, UpdateState.PUBLISHED, now=NOW + 2.5 * day)
    correct("Clockworks", "Механизмы", 3)
    correct("Ministry of Clocks", "Механизмы", 4)  # nothing published since the third
    with speaking(language):
        found = list_former_names(session, cast["visitor"], [ministry])
    assert [(each.name, (each.until - NOW).days) for each in found] == told
    assert list_former_names(session, cast["visitor"], [organisation(session, "ministry-b")]) == []

"""A review with entries at random, made as people make them: all four voices, supporting ministries, assessments of
the whole, withdrawals, and points that are retired, reworded and split."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import cast as people
from tests.cast import GOOD_ASSESSMENT, GOOD_UPDATE, NOW, PASSPHRASE, TODAY
from tracker.identity import accounts, sign_ins
from tracker.identity.passphrases import CHEAP
from tracker.models.accounts import Role
from tracker.models.action_points import ActionPoint
from tracker.models.levels import Level
from tracker.models.organisations import Organisation, OrganisationKind
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review
from tracker.policy.actors import SYSTEM, Actor
from tracker.queries.recommendations.recommendation import get_action_point, get_recommendation
from tracker.services.assessments import publish_assessment, withdraw_assessment
from tracker.services.organisations import creation as organisations
from tracker.services.updates import workflow as updates

REFS = ("A4", "A9", "A12", "A24", "A25")
"""A4 and A9 are about the national institution itself. Ministry A leads A12, ministry B supports it and leads A24."""
WHERE = (("A12",), ("A24",), REFS)
"""Where entries are made: mostly where the State speaks, too."""
TURNS = 140
BEGIN = NOW - timedelta(days=300)


def fill(session: Session, seed: int) -> None:
    chance = Random(seed)
    cast = people.read_cast(session)
    speakers = [cast["lead"], cast["other_lead"], cast["ombudsperson"], *_newcomers(session)]
    moments = iter(BEGIN + timedelta(hours=5 * number) for number in range(1_000))
    retired = chance.sample(_points(session, "A24", "A25"), 3)
    split = chance.sample(_points(session, "A12", "A24"), 3)
    for turn in range(TURNS):
        point = get_action_point(
            session, SYSTEM, people.REVIEW, chance.choice(_points(session, *chance.choice(WHERE)))
        )
        match chance.choice(["state", "state", "independent", "independent", "whole"]):
            case "state":
                _publish_update(session, cast, chance, point, next(moments))
            case "independent":
                _assess(session, chance, chance.choice(speakers), point, next(moments))
            case _:
                _assess_whole(session, chance, chance.choice(speakers), next(moments))
        if turn == TURNS // 2:
            _reword(session, split, next(moments))
        if turn == TURNS * 3 // 4:
            for ref in retired:
                people.retire_point(session, ref)
    session.flush()


def _newcomers(session: Session) -> list[Actor]:
    """A coalition and two bodies of the UN, so that each voice but the national institution's may have a range."""
    made = []
    for key, kind, state in (
        ("coalition", OrganisationKind.COALITION, "KGZ"),
        ("un-one", OrganisationKind.UN, None),
        ("un-two", OrganisationKind.UN, None),
    ):
        organisations.create_organisation(session, SYSTEM, key, kind, {"en": f"The {key} here"}, state, BEGIN)
        session.flush()
        organisation = session.scalars(select(Organisation).where(Organisation.key == key)).one()
        roles = (Role.ORGANISATION_LEAD,)
        account = accounts.create_account(
            session, SYSTEM, f"lead-of-{key}", roles, organisation, PASSPHRASE, BEGIN, hashing=CHEAP
        )
        people.give_second_factor(account)
        session.flush()
        made.append(sign_ins.actor_of(people.read_account(session, f"lead-of-{key}")))
    return made


def _points(session: Session, *refs: str) -> list[str]:
    """Of the points that are followed up."""
    query = (
        select(ActionPoint.ref)
        .join(Recommendation)
        .join(Review)
        .where(Review.code == people.REVIEW, Recommendation.ref.in_(refs), ActionPoint.retired_at.is_(None))
        .order_by(ActionPoint.id)
    )
    return list(session.scalars(query))


def _publish_update(
    session: Session, cast: people.Cast, chance: Random, point: ActionPoint, now: datetime
) -> None:
    """By a ministry that leads or supports; on other recommendations the State stays silent."""
    writers = {
        "A12": ("focal_point", "other_focal_point"),
        "A24": ("other_focal_point",),
    }
    own = point.ref.partition(".")[0]
    if own not in writers:
        return
    supporter_alone = point.ref == "A12.5"
    writer = cast["other_focal_point" if supporter_alone else chance.choice(writers[own])]
    level = chance.choice([*Level, Level.PARTIALLY_IMPLEMENTED])
    day = date(2026, 1, 1) + timedelta(days=chance.randrange(20))
    text = replace(GOOD_UPDATE, level=level, as_of_on=day, language=chance.choice(["en", "ky", "ru"]))
    update = updates.write_update(session, writer, point, text, now)
    updates.submit_update(session, writer, update, now)
    if writer == cast["focal_point"]:
        updates.validate_update(session, cast["validating_officer"], update, now)
    updates.publish_update(session, cast["coordinator"], update, now)
    session.flush()


def _assess(session: Session, chance: Random, speaker: Actor, point: ActionPoint, now: datetime) -> None:
    text = replace(GOOD_ASSESSMENT, level=chance.choice([*Level]), language=chance.choice(["en", "ru"]))
    made = publish_assessment(session, speaker, point.recommendation, point, text, now)
    session.flush()
    if chance.random() < 0.1:
        withdraw_assessment(session, speaker, made, TODAY)
        session.flush()


def _assess_whole(session: Session, chance: Random, speaker: Actor, now: datetime) -> None:
    whole = get_recommendation(session, SYSTEM, people.REVIEW, chance.choice(REFS))
    text = replace(GOOD_ASSESSMENT, level=chance.choice([*Level]))
    publish_assessment(session, speaker, whole, None, text, now)
    session.flush()


def _reword(session: Session, split: list[str], now: datetime) -> None:
    """All points on which the State speaks; of some of them the meaning is split."""
    for ref in _points(session, "A12", "A24"):
        people.reword_point(session, ref, now, was_split=ref in split)

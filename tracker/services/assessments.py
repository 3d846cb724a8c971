"""Assessments: publish and withdraw. Nothing unpublished is stored, no action writes a history line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.exchange.evidence import TakenFile
from tracker.failures import NotAllowed, ValidationFailed
from tracker.identity import throttles
from tracker.language import gettext, ngettext
from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment, AssessmentWords, order_texts
from tracker.models.levels import Level
from tracker.models.recommendations import Recommendation
from tracker.policy import assessments as policy
from tracker.policy.actors import Actor
from tracker.services.entry_places import lock_place
from tracker.services.evidence.attachments import (
    NO_FILES,
    Limits,
    Upload,
    are_files_of,
    attach_to_assessment,
    purge_evidence,
    taken_files,
)
from tracker.services.levels import recompute_levels

PLACE = ("recommendation_id", "action_point_id")
WORDS = (
    "level",
    "reason",
    "narrative",
    "source_link",
    "language",
    "second_language",
    "second_reason",
    "second_narrative",
)


@dataclass(frozen=True)
class AssessmentText:
    """`second_…`: the same in another language, or nothing; `second_language` alone is nothing, too."""

    level: Level | None = None
    reason: str = ""
    narrative: str = ""
    source_link: str = ""
    language: str = "en"
    second_language: str = ""
    second_reason: str = ""
    second_narrative: str = ""

    @property
    def has_second(self) -> bool:
        return bool(self.second_reason.strip() or self.second_narrative.strip())

    @property
    def texts(self) -> list[AssessmentWords]:
        """As `Assessment.texts` of what is published of it."""
        first = AssessmentWords(self.language, self.reason, self.narrative)
        second = AssessmentWords(self.second_language, self.second_reason, self.second_narrative)
        return order_texts(first, second if self.has_second else None)


def incomplete(text: AssessmentText, *, has_files: bool) -> dict[str, str]:
    """What keeps a text from being published: a sentence for each field."""
    problems = {}
    if text.level is None:
        problems["level"] = gettext("Choose the level of implementation")
    if not text.reason.strip():
        problems["reason"] = gettext("Say why you chose this level")
    if not text.narrative.strip():
        problems["narrative"] = gettext("Describe what your organisation observed")
    if text.has_second:
        problems |= _problems_of_second(text)
    if text.level == Level.FULLY_IMPLEMENTED and not (text.source_link.strip() or has_files):
        problems["source_link"] = gettext(
            "“Fully implemented” needs evidence: enter the link of a source or attach a file"
        )
    return problems


def _problems_of_second(text: AssessmentText) -> dict[str, str]:
    """Nobody reads half an entry: the second text says as much as the first."""
    problems = {}
    if text.second_language == text.language:
        problems["second_language"] = gettext("Choose another language than that of the first text")
    if not text.second_reason.strip():
        problems["second_reason"] = gettext(
            "Say in the second language, too, why you chose this level, or leave the whole second text empty"
        )
    if not text.second_narrative.strip():
        problems["second_narrative"] = gettext(
            "Describe in the second language, too, what your organisation observed, or leave the whole second text"
            " empty"
        )
    return problems


def publish_assessment(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    point: ActionPoint | None,
    text: AssessmentText,
    now: datetime,
    key: UUID | None = None,
    uploads: Sequence[Upload] = (),
    limits: Limits = NO_FILES,
    seen: str | None = None,
) -> Assessment:
    """Publishes under the organisation's name, on a point or (point None) the whole recommendation.

    A newer one supersedes the organisation's older ones on the same point. `key` becomes its id. A second
    call with the same key publishes nothing and returns the first assessment, withdrawn or not; with another text or
    other files it raises ValidationFailed; so does one too soon after many others (`throttles.PUBLICATIONS`).
    Files are stored and published in the same transaction, or not at all. Load the recommendation with its review.
    `seen`: the digest of the text that the author has read (`services/entry_places.py`).
    """
    review = recommendation.review
    if not policy.can_assess(actor, review.state_code) or actor.organisation_id is None:
        raise NotAllowed
    if (
        key is None or session.get(Assessment, key) is None
    ):  # what was published before stays said, also when closed
        lock_place(session, review.id, recommendation.id, point.id if point else None, seen)
    problems = incomplete(text, has_files=bool(uploads))
    if problems:
        raise ValidationFailed(problems)
    files = taken_files(uploads, limits, of_state=False)
    assessment = Assessment(
        id=key or uuid4(),
        recommendation_id=recommendation.id,
        action_point_id=point.id if point else None,
        organisation_id=actor.organisation_id,
        voice=actor.voice,
        level=text.level,
        reason=text.reason,
        narrative=text.narrative,
        source_link=text.source_link,
        language=text.language,
        second_language=text.second_language if text.has_second else None,
        second_reason=text.second_reason if text.has_second else None,
        second_narrative=text.second_narrative if text.has_second else None,
        published_at=now,
    )
    earlier = _add(session, assessment)
    if earlier is not None:
        _refuse_other(earlier, assessment)
        _refuse_other_files(session, earlier, files)
        return earlier
    _refuse_too_many(session, actor.organisation_id, now)
    attach_to_assessment(session, assessment, files, limits, now)
    recompute_levels(session, assessment.recommendation_id)
    return assessment


def _refuse_too_many(session: Session, organisation_id: int, now: datetime) -> None:
    seconds = throttles.count_publication(session, organisation_id, now)
    if seconds is not None:
        sentence = ngettext(
            "Your organisation has published 30 assessments within ten minutes. Your text is kept: publish it in"
            " %(num)s minute",
            "Your organisation has published 30 assessments within ten minutes. Your text is kept: publish it in"
            " %(num)s minutes",
            -(-seconds // 60),
        )
        raise ValidationFailed({"key": sentence})


def _add(session: Session, assessment: Assessment) -> Assessment | None:
    """Adds it, or returns the one that was published with its key before."""
    earlier = session.get(Assessment, assessment.id)
    if earlier is None:
        try:
            with session.begin_nested():
                session.add(assessment)
        except IntegrityError:
            # On PostgreSQL the second of two concurrent INSERTs waits here until the first has committed.
            earlier = session.get(Assessment, assessment.id)
            if earlier is None:
                raise
    return earlier


def _refuse_other(earlier: Assessment, new: Assessment) -> None:
    """Of a tombstone only the place is compared: it has neither organisation nor words."""
    names = PLACE if earlier.withdrawn_on else (*PLACE, "organisation_id", *WORDS)
    if any(getattr(earlier, name) != getattr(new, name) for name in names):
        sentence = gettext(
            "Another text was published with this form, so nothing was published now. Your text is kept:"
            " preview it again to publish it as a new assessment"
        )
        raise ValidationFailed({"key": sentence})


def _refuse_other_files(session: Session, earlier: Assessment, files: Sequence[TakenFile]) -> None:
    """Somebody who goes back and adds a file must not believe that it was published. A tombstone has no files."""
    if earlier.withdrawn_on is None and not are_files_of(session, earlier, files):
        sentence = gettext(
            "This text was published before, with other files or none, so nothing was published now. Your text is"
            " kept: preview it again and choose the files to publish it as a new assessment"
        )
        raise ValidationFailed({"key": sentence})


def withdraw_assessment(session: Session, actor: Actor, assessment: Assessment, today: date) -> int:
    """Purges both texts, link, files, label and level; a tombstone with the day remains. Returns the number of
    withdrawn assessments.

    Withdrawing the organisation's newest on a point withdraws those it superseded there.
    """
    if not policy.can_withdraw_assessment(actor, assessment):
        raise NotAllowed
    withdrawn = _with_superseded(session, assessment)
    for each in withdrawn:
        purge_evidence(session, each)
        _purge(each, today)
    recompute_levels(session, assessment.recommendation_id)
    return len(withdrawn)


def _with_superseded(session: Session, assessment: Assessment) -> list[Assessment]:
    of_same = select(Assessment).where(
        Assessment.recommendation_id == assessment.recommendation_id,
        Assessment.action_point_id.is_not_distinct_from(assessment.action_point_id),
        Assessment.organisation_id == assessment.organisation_id,
        Assessment.published_at.is_not(None),
    )
    newest_first = list(session.scalars(of_same.order_by(Assessment.published_at.desc(), Assessment.id)))
    return newest_first if newest_first[0] is assessment else [assessment]


def _purge(assessment: Assessment, today: date) -> None:
    assessment.withdrawn_on = today
    assessment.organisation_id = assessment.voice = assessment.level = assessment.published_at = None
    assessment.reason = assessment.narrative = assessment.source_link = assessment.language = ""
    assessment.second_language = assessment.second_reason = assessment.second_narrative = None

"""Names of organisations in every language. A correction mends the spelling: it stays the same organisation. Where it
is called otherwise from a day on, `successions.py` renames it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.failures import BadInput, ChangedMeanwhile, NotAllowed
from tracker.history.lines import write_line
from tracker.language import LANGUAGES, fold, gettext
from tracker.models.organisations import Organisation
from tracker.policy.actors import Actor
from tracker.policy.organisations import can_manage_organisation
from tracker.policy.roles import STATE_KINDS
from tracker.services.levels import lock_reviews_of_state


def correct_names(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    names: dict[str, str],
    now: datetime,
    seen: str | None = None,
) -> bool:
    """The names as they should always have been written, everywhere, in what was published, too. English is shown for
    a missing one. False where nothing differs. `seen`: of the names that the person had read; where somebody corrected
    them since, nothing is done."""
    if not can_manage_organisation(actor, organisation) or organisation.state_code is None:
        raise NotAllowed
    names = trimmed(names)
    if not names["en"]:
        raise BadInput(gettext("Give the organisation a name."))
    filled = _filled(names, organisation)
    if filled == organisation.names:
        return False
    refuse_taken_name(session, organisation.state_code, names, own=organisation)
    lock_reviews_of_state(session, organisation.state_code)
    session.refresh(organisation, ["names"])
    before = dict(organisation.names)
    if seen is not None and seen != seen_of(before):
        raise ChangedMeanwhile(names_of(organisation))
    organisation.names = filled
    session.flush()
    write_line(
        session,
        actor,
        "correct_organisation",
        f"organisation {organisation.key}",
        at=now,
        state_code=organisation.state_code,
        facts=organisation.facts,
        before=before,
        after=filled,
    )
    return True


def refuse_taken_name(
    session: Session, state_code: str, names: dict[str, str], own: Organisation | None = None
) -> None:
    """Raises `BadInput` where another organisation of the State that has not ended has the English name."""
    query = select(Organisation).where(
        Organisation.state_code == state_code,
        Organisation.kind.in_(STATE_KINDS),
        Organisation.valid_to.is_(None),
    )
    wanted = fold(names["en"])
    for other in session.scalars(query):
        if wanted and fold(other.names["en"]) == wanted and other is not own:
            raise BadInput(
                gettext(
                    "There is an organisation “%(name)s” already. Choose it, or enter another name.",
                    name=other.name,
                )
            )


def _filled(names: dict[str, str], organisation: Organisation) -> dict[str, str]:
    """A name that was taken out of the form goes; one in a language that the product does not offer now stays."""
    every = {**organisation.names, **names}
    return {language: name for language, name in every.items() if name}


def names_of(organisation: Organisation) -> dict[str, str]:
    """All languages, as a form shows them: empty where the English name is shown."""
    return {language: organisation.names.get(language, "") for language in LANGUAGES}


def seen_of(names: dict[str, str]) -> str:
    """What a form carries, to find out whether somebody changed the names meanwhile."""
    return " / ".join(names.get(language, "") for language in LANGUAGES)


def trimmed(names: dict[str, str]) -> dict[str, str]:
    """All languages, without blanks that nobody sees."""
    return {language: " ".join((names.get(language) or "").split()) for language in LANGUAGES}

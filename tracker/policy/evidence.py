"""Files of evidence: who may see them. Whoever may edit the update (policy/updates.py) or publish the assessment
(policy/assessments.py) may attach and remove them."""

from sqlalchemy import ColumnElement, and_, exists, or_

from tracker.models.assessments import Assessment
from tracker.models.evidence import Evidence, Visibility
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.assessments import can_see_assessment, visible_assessments
from tracker.policy.updates import insiders_of_updates, is_insider_of_update


def visible_evidence(actor: Actor) -> ColumnElement[bool]:
    """The rows that `can_see_evidence` allows, as an SQL condition: public files of published entries, and
    everything behind the updates whose unpublished side the actor sees."""
    is_open = and_(Evidence.visibility == Visibility.PUBLIC, ProgressUpdate.state == UpdateState.PUBLISHED)
    of_update = exists().where(
        ProgressUpdate.id == Evidence.update_id, or_(is_open, insiders_of_updates(actor))
    )
    of_assessment = exists().where(Assessment.id == Evidence.assessment_id, visible_assessments(actor))
    # Correlated, so that they look at the entry of this row, whatever else the query joins.
    return or_(of_update.correlate(Evidence), of_assessment.correlate(Evidence))


def can_see_evidence(actor: Actor, evidence: Evidence, entry: ProgressUpdate | Assessment) -> bool:
    """`entry` is the one that the file belongs to."""
    if isinstance(entry, Assessment):
        return can_see_assessment(actor, entry)
    is_open = evidence.visibility == Visibility.PUBLIC and entry.state == UpdateState.PUBLISHED
    return is_open or is_insider_of_update(actor, entry)

"""Files of evidence that the actor may see: one by its id, those of an update, those of recommendations."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.failures import NotFound
from tracker.language import sort_key
from tracker.models.action_points import ActionPoint
from tracker.models.assessments import Assessment
from tracker.models.evidence import Evidence, Visibility
from tracker.models.organisations import Organisation
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.policy.actors import Actor
from tracker.policy.evidence import visible_evidence


@dataclass(frozen=True)
class EvidenceFile:
    """What a page shows of a file. `kind` is the extension of its name, in capitals."""

    id: UUID
    name: str
    size_bytes: int
    visibility: Visibility
    may_compute: bool = field(default=False, kw_only=True)

    @property
    def kind(self) -> str:
        return self.name.rpartition(".")[2].upper()


@dataclass(frozen=True)
class ConfidentialFile(EvidenceFile):
    """A file of a published update. The page shows it to insiders only, with the name of its organisation."""

    organisation: str


def get_evidence(session: Session, actor: Actor, evidence_id: UUID) -> Evidence:
    """Unseen is the same as unknown."""
    evidence = session.scalar(select(Evidence).where(Evidence.id == evidence_id, visible_evidence(actor)))
    if evidence is None:
        raise NotFound
    return evidence


def list_evidence(session: Session, actor: Actor, update: ProgressUpdate) -> list[EvidenceFile]:
    """The files of an update, oldest first."""
    query = select(Evidence).where(Evidence.update_id == update.id, visible_evidence(actor))
    return [_file(row) for row in sorted(session.scalars(query), key=_place)]


def list_public_evidence(
    session: Session, actor: Actor, recommendation_ids: Sequence[int]
) -> dict[UUID, tuple[EvidenceFile, ...]]:
    """The public files of published entries on these recommendations, by the id of the entry."""
    update = select(ProgressUpdate.id).join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
    update = update.where(
        ActionPoint.recommendation_id.in_(recommendation_ids),
        ProgressUpdate.state == UpdateState.PUBLISHED,
        ProgressUpdate.has_files,
    )
    assessment = select(Assessment.id).where(Assessment.recommendation_id.in_(recommendation_ids))
    query = select(Evidence).where(
        Evidence.update_id.in_(update) | Evidence.assessment_id.in_(assessment),
        Evidence.visibility == Visibility.PUBLIC,
        visible_evidence(actor),
    )
    files: dict[UUID, list[EvidenceFile]] = defaultdict(list)
    for row in sorted(session.scalars(query), key=_place):
        entry = row.update_id or row.assessment_id
        if entry is not None:
            files[entry].append(_file(row))
    return {entry: tuple(each) for entry, each in files.items()}


def list_confidential_evidence(
    session: Session, actor: Actor, recommendation_id: int
) -> dict[int, list[ConfidentialFile]]:
    """The confidential files of published updates on a recommendation that the actor may see, by point."""
    query: Select[Evidence, int, str] = (
        select(Evidence, ProgressUpdate.action_point_id, Organisation.name)
        .join(ProgressUpdate, ProgressUpdate.id == Evidence.update_id)
        .join(ActionPoint, ActionPoint.id == ProgressUpdate.action_point_id)
        .join(Organisation, Organisation.id == ProgressUpdate.organisation_id)
        .where(
            ActionPoint.recommendation_id == recommendation_id,
            ProgressUpdate.state == UpdateState.PUBLISHED,
            Evidence.visibility == Visibility.CONFIDENTIAL,
            visible_evidence(actor),
        )
    )
    files: dict[int, list[ConfidentialFile]] = defaultdict(list)
    for row, point_id, organisation in sorted(session.execute(query), key=lambda row: _place(row[0])):
        files[point_id].append(
            ConfidentialFile(
                row.id,
                row.name,
                row.size_bytes,
                row.visibility,
                organisation,
                may_compute=row.may_compute,
            )
        )
    return files


def _place(row: Evidence) -> tuple[datetime, tuple[int, ...], UUID]:
    """Oldest first; those that came together by name."""
    return row.added_at, sort_key(row.name), row.id


def _file(row: Evidence) -> EvidenceFile:
    return EvidenceFile(row.id, row.name, row.size_bytes, row.visibility, may_compute=row.may_compute)

"""How the row of an update becomes a published one. Who may do that, and what else happens then, is in `updates.py`."""

from sqlalchemy import bindparam
from sqlalchemy import update as change_rows
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from tracker.failures import ChangedMeanwhile
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.updates.texts import text_of

_ROW = ProgressUpdate.__table__
_PUBLISH = (
    change_rows(_ROW)  # type: ignore[arg-type]  # a mapped class's table is one
    .where(_ROW.c.id == bindparam("row_id"), _ROW.c.version == bindparam("row_version"))
    .values(
        {name: bindparam(name) for name in ("state", "led", "level", "validated_at", "published_at")}
        | {"version": _ROW.c.version + 1}
    )
)


def store_published(session: Session, update: ProgressUpdate, **values: object) -> None:
    """Writes the row at the version it was read at: a plain statement, because the unit of work takes four
    times as long and publishing is what many people may do on the last day."""
    session.flush()
    values["state"] = UpdateState.PUBLISHED
    asked = {"row_id": update.id, "row_version": update.version, **values}
    if session.connection().execute(_PUBLISH, asked).rowcount != 1:
        raise ChangedMeanwhile(text_of(update))
    for name, value in values.items():
        set_committed_value(update, name, value)
    set_committed_value(update, "version", update.version + 1)

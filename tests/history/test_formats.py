"""What is hashed, by format: the lists of an older format never change, and no line passes for one of another."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from tests.cast import Cast, make_update
from tests.history.older import go_back, go_forward
from tests.history.tampering import HEADS, LINES, change, newest
from tests.history.test_verify_chain import fault_of, prove
from tracker.database import Database
from tracker.history import verify_chain as history_proof
from tracker.history.sentences import sentence_of
from tracker.history.verify_chain import verify_chain
from tracker.models import history_chain
from tracker.models.evidence import Evidence, Visibility
from tracker.models.history import HistoryLine
from tracker.models.history_chain import FIRST, LINE_FORMATS, LineFormat, content_hash, line_hash
from tracker.models.levels import Level
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.updates.publication_hashes import proof_of_files, proof_of_update
from tracker.upkeep.publication_formats import are_as_published, is_as_published

AT = datetime(2026, 11, 22, 9, 0, 0, 7, tzinfo=UTC)
LINE: dict[str, Any] = {
    "id": 7,
    "previous_hash": FIRST,
    "at": AT,
    "format": 1,
    "account_id": UUID(int=5),
    "state_code": "KGZ",
    "verb": "submit_update",
    "subject": "update 3f",
    "facts": None,
    "sentence": "focal_point submitted the update — ё",
    "is_public": False,
    "content_hash": content_hash("00" * 16, {"state": "draft"}, {"state": "submitted", "n": 1, "word": "ё"}),
}
NOT_HASHED = {"before", "after", "salt", "hash"}
"""Of a line: the first three stand in `content_hash`."""


def update() -> ProgressUpdate:
    return ProgressUpdate(
        action_point_id=3,
        organisation_id=4,
        level=Level.PLANNED,
        reason="r",
        done="d",
        obstacles="o",
        support_needed="s",
        next_step="n",
        next_step_on=date(2027, 3, 31),
        as_of_on=None,
        source_link="https://example.org/",
        has_files=True,
        language="ru",
        led=True,
        published_at=AT,
    )


def file(name: str, letter: str) -> dict[str, str]:
    more = {"visibility": "public", "media_type": "application/pdf", "size_bytes": "7"}
    return {"id": "1", "sha256": letter * 64, "name": name, **more}


def test_hashes_of_format_1_are_those_of_the_version_that_wrote_them() -> None:
    """Computed by that version, before there was another format."""
    assert LINE["content_hash"] == "67db71444f693657e44f4695073dbe83dfb62c5279bcedce76d36d00fe418e00"
    assert line_hash(LINE, 1) == "34de61ca47c631ebc35bae2a8edc1cde6059e1ca76b4472f5f0e06d0bd52056b"
    files = [file("t.pdf", "b"), file("letter.pdf", "a")]
    assert are_as_published(files, "971e8abde5284bd0d59a1142e7e8edb679c97c3129323ec7abd76638ef93cf73")
    assert is_as_published(update(), "5d56424dc09f748aff48783fd100d24191a0d8ae96ff6fdeae34d5d6cd57be69")


def test_every_column_of_a_line_is_covered_by_its_hash_or_left_empty() -> None:
    columns = set(HistoryLine.__table__.columns.keys()) - NOT_HASHED
    assert {*LINE_FORMATS[2].fields, *LINE_FORMATS[2].unused} == columns
    older = {*LINE_FORMATS[1].fields, *LINE_FORMATS[1].unused}
    assert columns - older == {"format", "state_code"}


@pytest.mark.parametrize("name", LINE_FORMATS[2].fields)
def test_another_value_of_a_field_is_another_hash(name: str) -> None:
    line = {**LINE, "format": 2, "facts": {"who": "focal_point"}, "sentence": None}
    other: Any = {"facts": {"who": "alternate"}, "at": AT.replace(second=1)}.get(name, "another")
    assert line_hash({**line, name: other}, 2) != line_hash(line, 2)


def test_a_line_that_is_given_the_number_of_another_format_is_changed(connection: Connection) -> None:
    row = connection.execute(select(LINES).where(LINES.c.id == 12)).one()
    older = {"format": 1, "facts": None, "sentence": "coordinator published nothing"}
    signed = {"hash": line_hash({**row._mapping, **older}, 1)}
    for values in ({"format": 1}, {"format": 3}, {"format": 0}, older, older | signed):
        with connection.begin_nested() as undone:
            change(connection, 12, **values)
            assert fault_of(connection) == (12, "changed"), values
            undone.rollback()


def test_facts_in_a_line_of_format_1_are_a_change(database: Database, url: str, cast: Cast) -> None:
    """Its hash does not cover them."""
    go_back(database, url)
    go_forward(database, url)
    with database.engine.connect() as connection:
        prove(connection)
        change(connection, 3, facts={"who": "nobody"})
        assert fault_of(connection) == (3, "changed")


def test_lines_of_both_formats_are_one_chain_and_say_the_same(
    database: Database, url: str, cast: Cast
) -> None:
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED)
    go_back(database, url)
    go_forward(database, url)
    with database.transaction() as session:
        make_update(session, cast, UpdateState.PUBLISHED)
    with database.snapshot() as session:
        lines = list(session.scalars(select(HistoryLine).order_by(HistoryLine.id)))
        assert verify_chain(session).lines == len(lines)
        formats = [line.format for line in lines]
        assert formats == sorted(formats)
        assert formats.count(2) == 4
        assert all(sentence_of(line) for line in lines)
        assert sentence_of(lines[-1]) == "coordinator published the update"


def test_a_later_format_is_a_list_more(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next version adds one, and the lines before it are proven as they were written."""
    fields = {name: name for name in LINE_FORMATS[2].fields if name != "is_public"}
    later = {**LINE_FORMATS, 3: LineFormat(b"history-line-3", fields, ("sentence",))}
    for module in (history_chain, history_proof):
        monkeypatch.setattr(module, "LINE_FORMATS", later)
    proof, last = prove(connection), newest(connection)
    line = {**last._mapping, "id": last.id + 1, "previous_hash": last.hash, "format": 3}
    line["hash"] = line_hash(line, 3)
    connection.execute(LINES.insert(), {**line, "before": last.before, "after": last.after})
    connection.execute(HEADS.update().values(number=last.id + 1))
    assert prove(connection).lines == proof.lines + 1
    change(connection, last.id + 1, verb="otherwise")
    assert fault_of(connection) == (last.id + 1, "changed")


@pytest.mark.parametrize(
    "damage",
    [
        lambda proof: {**proof, "fields": proof["fields"][1:]},
        lambda proof: {**proof, "fields": [*proof["fields"], "colour"]},
        lambda proof: {**proof, "fields": [*proof["fields"], ["reason"]]},
        lambda proof: {**proof, "fields": None},
        lambda proof: {**proof, "format": 1},
        lambda proof: {**proof, "format": 3},
        lambda proof: {**proof, "hash": None},
        lambda proof: proof["hash"],
        lambda proof: {},
        lambda proof: 7,
    ],
)
def test_a_damaged_proof_proves_nothing(damage: Any) -> None:
    """Also one that lists a field which does not exist: nobody can tell what it said."""
    values = file("letter.pdf", "a")
    stored = Evidence(
        sha256=values["sha256"],
        name=values["name"],
        visibility=Visibility.PUBLIC,
        media_type=values["media_type"],
        size_bytes=int(values["size_bytes"]),
    )
    assert is_as_published(update(), proof_of_update(update()))
    assert not is_as_published(update(), damage(proof_of_update(update())))
    assert are_as_published([values], proof_of_files([stored]))
    assert not are_as_published([values], damage(proof_of_files([stored])))

"""What was deleted stands in no file of the database: of SQLite within the minute, of PostgreSQL after the night."""

from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Connection, Text, make_url, select, text
from sqlalchemy.orm import joinedload

from tests.cast import GOOD_UPDATE, NOW, TODAY, Cast, make_assessment, make_update, read_account
from tests.evidence_files import PDF
from tracker.database import Database
from tracker.identity.invitation_acceptance import set_new_passphrase
from tracker.identity.invitations import InvitationLink, create_recovery_link
from tracker.identity.sign_ins import begin_sign_in, sign_out
from tracker.models.accounts import Invitation, InvitationKind, KnownBrowser, RecoveryCode, SignIn, Throttle
from tracker.models.assessments import Assessment
from tracker.models.evidence import Evidence, Visibility
from tracker.models.levels import Level
from tracker.models.reminders import OutgoingMail, Reminder
from tracker.models.updates import ProgressUpdate, UpdateState
from tracker.services.assessments import AssessmentText, withdraw_assessment
from tracker.services.evidence.attachments import Limits, Upload, attach_to_update
from tracker.services.updates.workflow import discard_update
from tracker.upkeep.erasing import empty_log, rewrite_tables, vacuum_changed_tables

ASSESSMENT = AssessmentText(
    Level.NOT_IMPLEMENTED,
    "seven-withdrawn-words",
    "eight-withdrawn-words",
    "https://example.org/withdrawn",
    "en",
    "ru",
    "nine-withdrawn-words",
    "ten-withdrawn-words",
)
DRAFT = replace(GOOD_UPDATE, reason="nine-discarded-words", obstacles="ten-discarded-words")
FILE = "named-in-secret.pdf"


class Deleted:
    """Rows that are written, seen in the files, and deleted: an assessment, a draft with a file, a sign-in, a link."""

    def __init__(self, database: Database, cast: Cast) -> None:
        self.database, self.cast = database, cast
        with database.transaction() as session:
            make_assessment(session, cast, text=ASSESSMENT)
            for number in range(5):  # with one row alone no statistics would be made of its values
                text_of_draft = replace(DRAFT, reason=f"{DRAFT.reason} {number}")
                draft = make_update(session, cast, UpdateState.DRAFT, text=text_of_draft)
            uploads, limits = [Upload(FILE, PDF)], Limits(100_000, 100_000)
            attach_to_update(session, cast["focal_point"], draft, uploads, Visibility.PUBLIC, limits, NOW)
            account = read_account(session, "contributor")
            self.token = begin_sign_in(session, account.id, NOW)
            self.link: InvitationLink = create_recovery_link(
                session, cast["lead"], account, InvitationKind.NEW_PASSPHRASE, NOW
            )
            digests = session.scalars(select(SignIn.token_hash).union_all(select(Invitation.token_hash)))
            said = ("reason", "narrative", "source_link", "second_reason", "second_narrative")
            self.words = [
                *(getattr(ASSESSMENT, name) for name in said),
                DRAFT.reason,
                DRAFT.obstacles,
                FILE,
                *digests,
            ]
        assert len(self.words) == 10

    def delete(self) -> None:
        with self.database.transaction() as session:
            query = select(ProgressUpdate).options(joinedload(ProgressUpdate.organisation))
            for draft in session.scalars(query).all():
                discard_update(session, self.cast["focal_point"], draft, NOW)
            assessment = session.scalars(select(Assessment)).one()
            withdraw_assessment(session, self.cast["lead"], assessment, TODAY)
            sign_out(session, self.token)
            set_new_passphrase(session, self.link.token, "hash", NOW)

    def found(self) -> list[str]:
        """The words that stand in a file of the database."""
        content = b"".join(path.read_bytes() for path in files_of(self.database))
        return [word for word in self.words if word.encode() in content]


@pytest.fixture
def deleted(database: Database, cast: Cast) -> Deleted:
    return Deleted(database, cast)


def files_of(database: Database) -> list[Path]:
    """Of SQLite the main file, its log and whatever lies beside them; of PostgreSQL the folder of the database."""
    if database.engine.dialect.name == "sqlite":
        main = Path(make_url(str(database.engine.url)).database or "")
        return [path for path in main.parent.iterdir() if path.name.startswith(main.name)]
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = connection.scalar(text("SHOW data_directory"))
        number = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return [path for path in Path(str(folder), "base", str(number)).iterdir() if path.is_file()]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_sqlite_has_nothing_of_it_in_any_file_once_the_log_is_emptied(deleted: Deleted) -> None:
    assert deleted.found() == deleted.words
    deleted.delete()
    assert deleted.found() == deleted.words  # the log has the older pages
    assert empty_log(deleted.database)
    assert deleted.found() == []


@pytest.mark.parametrize("kind", ["sqlite"])
def test_while_somebody_reads_an_older_state_nobody_waits_and_the_next_attempt_succeeds(
    deleted: Deleted,
) -> None:
    with deleted.database.engine.connect() as reader:
        read(reader)
        deleted.delete()
        begun = monotonic()
        assert not empty_log(deleted.database)
        with deleted.database.transaction() as session:  # writers go on
            begin_sign_in(session, read_account(session, "lead").id, NOW)
        assert monotonic() - begun < 2
        assert deleted.found() == deleted.words
    assert empty_log(deleted.database)
    assert deleted.found() == []


@pytest.mark.parametrize("kind", ["sqlite"])
def test_while_somebody_writes_nothing_is_cut_and_nobody_waits(deleted: Deleted) -> None:
    with deleted.database.transaction() as session:
        begin_sign_in(session, read_account(session, "lead").id, NOW)
        begun = monotonic()
        assert not empty_log(deleted.database)
        assert monotonic() - begun < 2
    assert empty_log(deleted.database)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_postgresql_has_nothing_of_it_in_its_tables_after_the_night(deleted: Deleted) -> None:
    assert deleted.found() == deleted.words
    with deleted.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text("ANALYZE")
        )  # as the server does by itself, now and then: it copies values of columns
    deleted.delete()
    assert rewrite_tables(deleted.database) == []
    assert deleted.found() == []


@pytest.mark.parametrize("kind", ["postgresql"])
def test_postgresql_frees_old_rows_within_the_minute(deleted: Deleted) -> None:
    deleted.delete()
    with deleted.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
        connection.execute(text("SELECT 1"))
    assert {"assessments", "evidence", "invitations", "progress_updates", "sign_ins"} <= set(
        vacuum_changed_tables(deleted.database)
    )
    assert vacuum_changed_tables(deleted.database) == []


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_table_that_is_in_use_is_left_and_named_and_the_others_are_rewritten(
    deleted: Deleted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.upkeep.erasing.LOCK_TIMEOUT", "100ms")
    deleted.delete()
    with deleted.database.engine.connect() as reader:
        read(reader)
        assert rewrite_tables(deleted.database) == ["assessments"]
        assert ASSESSMENT.reason in deleted.found()
        assert DRAFT.reason not in deleted.found()
    assert rewrite_tables(deleted.database) == []
    assert deleted.found() == []


def read(reader: Connection) -> None:
    """Begins a transaction, which sees the rows as they are now until it ends."""
    reader.execute(text("SELECT count(*) FROM assessments"))


@pytest.mark.parametrize("kind", ["postgresql"])
def test_postgresql_makes_no_statistics_of_what_is_deleted_one_day(database: Database) -> None:
    """It copies values into them, where a deleted one stands for ever. Whoever adds a column switches them off."""
    with database.reading() as session:
        query = text("SELECT attrelid::regclass::text, attname FROM pg_attribute WHERE attstattarget = 0")
        switched_off = {(table, name) for table, name in session.execute(query)}
    of_people = (Invitation, KnownBrowser, OutgoingMail, RecoveryCode, Reminder, SignIn, Throttle)
    columns = [column for model in (Assessment, Evidence, *of_people) for column in model.__table__.columns]
    drafts = [column for column in ProgressUpdate.__table__.columns if isinstance(column.type, Text)]
    missing = [
        f"{column.table.name}.{column.name}"
        for column in (*columns, *drafts)
        if column.name != "language" and (column.table.name, column.name) not in switched_off
    ]
    assert missing == []
    assert len(drafts) > 5

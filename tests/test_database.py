"""What the database says when it refuses: the cause, never the values."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tracker.database import Database


def test_an_error_of_the_database_never_carries_what_was_written(database: Database) -> None:
    """Errors end in the log, and a draft must not."""
    secret = "the witness lives beside the mill"
    insert = text("INSERT INTO settings (name, value) VALUES ('written_twice', :value)")
    with database.writing() as session:
        session.execute(insert, {"value": secret})
        with pytest.raises(IntegrityError) as caught:
            session.execute(insert, {"value": secret})
    assert secret not in str(caught.value)

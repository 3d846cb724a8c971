"""flask import: what it says, what it stores, and what it refuses."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.cast import NOW
from tests.cli.refusals import Run, check_refused
from tests.cli.test_commands import counts
from tests.exchange.imports.table_files import TRACKER, TRACKER_HEADER, xlsx
from tests.services.imports.files import MATRIX_ROWS, matrix
from tracker.database import Database
from tracker.models.history import HistoryLine
from tracker.models.recommendations import Recommendation
from tracker.models.reviews import Review, Source
from tracker.policy.actors import SYSTEM
from tracker.services.reviews import close_review

KEYS = {
    *("recommendations", "by_kind_of_change", "by_position", "by_theme"),
    *("drafts", "left_out", "problems", "applied"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "matrix.docx"
    path.write_bytes(matrix())
    return path


def review(database: Database, code: str) -> Review | None:
    with database.reading() as session:
        return session.scalar(select(Review).where(Review.code == code))


def test_it_opens_the_review_unpublished_and_names_the_file_as_the_document(
    run: Run, database: Database, file: Path
) -> None:
    before = review(database, "KGZ-4")
    assert before is not None
    done = run("import", str(file), "--review", "kgz-4")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "3 recommendations: 3 new.\n", "")
    with database.reading() as session:
        opened = session.scalars(select(Review).where(Review.code == "KGZ-4")).one()
        assert not opened.is_published
        here = select(Recommendation).where(Recommendation.review_id == opened.id)
        rows = session.scalars(here.order_by(Recommendation.order)).all()
        assert [row.ref for row in rows] == ["140.1", "140.2", "140.10"]
        titles = session.scalars(select(Source.title).where(Source.id.in_([row.source_id for row in rows])))
        assert set(titles) == {"matrix.docx"}
        verbs = session.scalars(select(HistoryLine.verb).order_by(HistoryLine.id.desc()).limit(1)).all()
        assert verbs == ["apply_import"]


def test_a_review_that_nobody_seeded_is_opened(run: Run, database: Database, file: Path) -> None:
    assert review(database, "CHN-3") is None
    assert run("import", str(file), "--review", "3rd-3", "--state", "chn").exit_code == 0
    opened = review(database, "CHN-3")
    assert opened is not None
    assert (opened.state_code, opened.cycle, opened.is_published) == ("CHN", 3, False)


def test_the_same_file_again_changes_nothing(run: Run, database: Database, file: Path) -> None:
    run("import", str(file), "--review", "KGZ-4")
    again = run("import", str(file), "--review", "KGZ-4")
    assert again.stdout == "3 recommendations: 3 unchanged.\n"


def test_a_dry_run_stores_nothing(run: Run, database: Database, file: Path) -> None:
    before = counts(database)
    done = run("import", str(file), "--review", "CHN-3", "--dry-run")
    assert done.exit_code == 0
    assert done.stdout.endswith("Nothing was stored: leave out --dry-run to import.\n")
    assert counts(database) == before


def test_json_has_the_counts_and_the_problems(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "matrix.docx"
    path.write_bytes(matrix((*MATRIX_ROWS, ("140.11 Sail a boat (Atlantis)", "Noted", "- Water", ""))))
    done = run("import", str(path), "--review", "KGZ-4", "--json")
    said = json.loads(done.stdout)
    assert said.keys() == KEYS
    assert (said["recommendations"], said["applied"], said["left_out"], said["drafts"]) == (4, True, 0, 0)
    assert said["by_position"] == {"supported": 2, "noted": 2}
    assert said["by_theme"] == {"Trees and parks": 2, "Water": 2}
    assert said["by_kind_of_change"] == {"new": 3, "doubtful": 1}
    [*_, problem] = said["problems"]
    assert problem.keys() == {"place", "sentence"}
    assert "Atlantis" in str(said["problems"])
    docs = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")
    assert all(f"`{key}`" in docs for key in KEYS)


def test_problems_are_told_on_standard_error(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "matrix.docx"
    path.write_bytes(matrix((*MATRIX_ROWS, ("140.11 Sail a boat (Atlantis)", "Noted", "- Water", ""))))
    done = run("import", str(path), "--review", "KGZ-4")
    assert done.exit_code == 0
    assert "table 1, row" in done.stderr
    assert "Atlantis" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--review", "KGZ"), "use the State and the cycle, such as KGZ-4"),
        (("--review", "KGZ-four"), "use the State and the cycle"),
        (("--review", "-4"), "use the State and the cycle"),
        (("--review", "KGZ-99"), "Enter the cycle as a number"),
        (("--review", "XXX-3"), "There is no State XXX"),
        (("--review", "VAT-3"), "There is no State VAT"),
        (("--review", "KGZ-4", "--format", "upr-info"), "does not have the layout"),
    ],
)
def test_what_is_refused(
    run: Run, database: Database, file: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    before = counts(database)
    check_refused(run("import", str(file), *arguments), sentence)
    assert counts(database) == before


def test_a_table_of_which_nobody_chose_the_columns_is_refused(
    run: Run, database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "tracker.xlsx"
    path.write_bytes(xlsx(TRACKER_HEADER, TRACKER))
    before = counts(database)
    check_refused(run("import", str(path), "--review", "KGZ-4"), "upload it in the browser")
    assert counts(database) == before


def test_a_file_of_another_kind_is_refused_with_what_to_do(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "scan.docx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    refused = run("import", str(path), "--review", "KGZ-4")
    assert refused.exit_code == 2
    assert "Traceback" not in refused.stderr


def test_a_closed_review_takes_no_imports(run: Run, database: Database, file: Path) -> None:
    run("import", str(file), "--review", "KGZ-4")
    with database.transaction() as session:
        found = session.scalars(select(Review).where(Review.code == "KGZ-4")).one()
        close_review(session, SYSTEM, found, NOW)
    check_refused(run("import", str(file), "--review", "KGZ-4"), "KGZ-4 was closed: open it again")

"""What the stories read off pages and out of the database, without the application's own queries."""

import re
from typing import Any

from sqlalchemy import select, text
from werkzeug.test import TestResponse

from tests.strict_client import HTML, StrictClient, parse
from tracker.database import Database
from tracker.history.sentences import sentence_of
from tracker.models import Base
from tracker.models.history import HistoryLine


def ask(database: Database, statement: str, **values: Any) -> list[Any]:
    """The rows of a plain SQL statement."""
    with database.engine.connect() as connection:
        return list(connection.execute(text(statement), values))


def sentences(database: Database, verb: str | None = None) -> list[str]:
    """What the lines of the history say in English, from the first to the newest; of one verb or of all."""
    lines = select(HistoryLine).order_by(HistoryLine.id)
    if verb is not None:
        lines = lines.where(HistoryLine.verb == verb)
    with database.reading() as session:
        return [sentence_of(line) for line in session.scalars(lines)]


def tell(database: Database, statement: str, **values: Any) -> None:
    """Runs a plain SQL statement and keeps its effect."""
    with database.engine.begin() as connection:
        connection.execute(text(statement), values)


def contents(database: Database) -> dict[str, list[Any]]:
    """Every row of every table but the sign-ins, in a stable order: to show that nothing was changed."""
    return {name: rows for name, rows in _tables(database).items() if name != "sign_ins"}


def row_counts(database: Database) -> dict[str, int]:
    return {name: len(rows) for name, rows in contents(database).items()}


def is_anywhere(database: Database, words: str) -> list[str]:
    """The tables, sign-ins included, that hold these words in any column."""
    return [name for name, rows in _tables(database).items() if words in repr([tuple(row) for row in rows])]


def _tables(database: Database) -> dict[str, list[Any]]:
    names = sorted(Base.metadata.tables)
    return {name: sorted(ask(database, f'SELECT * FROM "{name}"'), key=repr) for name in names}


def words_of(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def by_class(response: TestResponse, name: str) -> list[Any]:
    """The elements that carry a class, in the order of the page."""
    nodes = parse(response).iter()
    return [node for node in nodes if isinstance(node.tag, str) and name in node.get("class", "").split()]


def by_id(response: TestResponse, wanted: str) -> Any:
    found = [node for node in parse(response).iter() if node.get("id") == wanted]
    assert len(found) == 1, f"{response.request.path}: {len(found)} elements have the id {wanted}"
    return found[0]


def refs_of(response: TestResponse) -> list[str]:
    """The refs of the rows of a list."""
    return [words_of(node).split()[-1] for node in by_class(response, "levels-table__ref")]


def entries_of(response: TestResponse, place: str) -> list[str]:
    """What the entries that count say on a point (`A12.1`) or on the `whole`: one for each column, in their order."""
    section = by_id(response, place)
    return [words_of(node) for node in section.iter() if node.get("class") == "entry"]


def hrefs_of(response: TestResponse, end: str) -> list[str]:
    """Where the links lead whose address ends so, in the order of the page."""
    links = (node.get("href", "") for node in parse(response).iter(f"{HTML}a"))
    return [each for each in links if each.endswith(end)]


def link_of(response: TestResponse, words: str) -> str | None:
    """Where the first link with these words leads."""
    links = parse(response).iter(f"{HTML}a")
    return next((link.get("href") for link in links if words in words_of(link)), None)


def confirmed_at(client: StrictClient, answer: TestResponse) -> str | None:
    """Where the banner leads that confirms what an answer did. The page opens at its top, or nobody would see it."""
    assert answer.status_code == 303
    assert "#" not in answer.headers["Location"]
    [banner] = by_class(client.get(answer.headers["Location"]), "govuk-notification-banner")
    return next((link.get("href") for link in banner.iter(f"{HTML}a")), None)


def given_back(page: TestResponse) -> dict[str, str]:
    """What a page gives back of a refused form, by label."""
    labels = {node.get("for"): words_of(node) for node in parse(page).iter(f"{HTML}label")}
    areas = [node for node in parse(page).iter(f"{HTML}textarea") if node.get("readonly") is not None]
    return {labels[node.get("id")]: node.text or "" for node in areas}


def buttons_of(response: TestResponse) -> list[str]:
    return [words_of(node) for node in parse(response).iter(f"{HTML}button")]


def options_of(response: TestResponse, name: str) -> dict[str, int]:
    """The values of a filter with the numbers beside them."""
    found = {}
    for field in parse(response).iter(f"{HTML}select"):
        for option in field.iter(f"{HTML}option"):
            number = re.search(r"\((\d+)\)$", words_of(option))
            if field.get("name") == name and option.get("value") and number:
                found[option.get("value")] = int(number.group(1))
    return found


def id_of(response: TestResponse) -> str:
    """The identifier at the end of the address that an answer leads to."""
    return str(response.headers["Location"]).rpartition("/")[2]

"""Whoever watches the machine learns whether the process answers and whether it can serve pages, and nothing else."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from threading import Thread

import pytest

from config import Config
from tests.servers import free_port
from tests.stories.pages import contents, tell
from tests.strict_client import SignIn, StrictClient
from tracker.app import create_app
from tracker.database import Database
from tracker.web.health import routes


def test_both_say_one_word_without_a_session_and_change_nothing(
    client: StrictClient, signed_in: SignIn, database: Database
) -> None:
    mine, before = signed_in("lead"), contents(database)
    for person in (client, mine):
        for page in ("/healthz", "/readyz"):
            answer = person.get(page)
            assert (answer.status_code, answer.get_data(as_text=True)) == (200, "ok\n")
            assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/plain", "no-store")
            assert answer.headers.getlist("Set-Cookie") == []
    assert contents(database) == before


@pytest.mark.database
def test_tables_of_another_version_are_named(client: StrictClient, database: Database) -> None:
    tell(database, "UPDATE alembic_version SET version_num = '0001'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (503, "tables\n")
    tell(database, "DROP TABLE alembic_version")
    assert client.get("/readyz").get_data(as_text=True) == "tables\n"
    assert client.get("/healthz").status_code == 200


def test_a_full_disk_is_named(client: StrictClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "LEAST_BYTES", 1 << 62)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (503, "disk\n")


class SilentServer:
    """Takes connections and says nothing; counts them."""

    def __init__(self) -> None:
        self.port, self.taken, self.held = free_port(), 0, list[socket.socket]()
        self.server = socket.create_server(("127.0.0.1", self.port))
        Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                self.held.append(self.server.accept()[0])
            except OSError:
                return
            self.taken += 1

    def close(self) -> None:
        self.server.close()
        for each in self.held:
            each.close()


@pytest.fixture
def silent() -> Iterator[SilentServer]:
    server = SilentServer()
    yield server
    server.close()


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_database_that_says_nothing_is_waited_for_once_a_request(
    config: Config, silent: SilentServer
) -> None:
    url = f"postgresql://tracker@127.0.0.1:{silent.port}/nothing"
    client: StrictClient = create_app(replace(config, DATABASE_URL=url)).test_client()  # type: ignore[assignment]
    for page, said in (("/", "The site cannot answer at the moment"), ("/readyz", "database")):
        before = silent.taken
        answer = client.get(page)
        assert answer.status_code == 503
        assert said in answer.get_data(as_text=True)
        assert silent.taken - before == 1, page
    assert client.get("/healthz").status_code == 200
    assert silent.taken == 2

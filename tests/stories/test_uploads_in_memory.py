"""A real server takes a file of 2 MB while somebody looks at every disk it could touch: the bytes lie in the storage
folder when the answer comes, and nowhere before."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from werkzeug.test import encode_multipart

from tests import cast as people
from tests.evidence_files import pdf_with
from tests.jobs.processes import command, running, wait_until
from tests.programs import LONGEST
from tests.servers import free_port
from tests.stories.evidence import sent
from tests.stories.updates import NEW, TEXT
from tests.strict_client import StrictClient, find_form, values_of
from tracker import clock
from tracker.database import Database
from tracker.identity.sign_ins import begin_sign_in

pytestmark = pytest.mark.uncounted

CANARY = b"the witness lives beside the mill, "
CONTENT = pdf_with(CANARY * 60_000)
HALF = 64 * 1024


class Watcher(threading.Thread):
    """Looks for the canary in folders and in every file that the process, or one that it started, has open, deleted
    ones included."""

    def __init__(self, pid: int, folders: list[Path]) -> None:
        super().__init__()
        self.pid, self.folders = pid, folders
        self.hits: set[str] = set()
        self.looked, self._ended = 0, threading.Event()

    def run(self) -> None:
        while not self._ended.is_set():
            self.look()
            self.looked += 1

    def look(self) -> None:
        opened = [path for pid in _family(self.pid) for path in _list(Path(f"/proc/{pid}/fd"))]
        written = [path for folder in self.folders for path in folder.rglob("*") if path.is_file()]
        for path in [*opened, *written]:
            if _holds_canary(path):
                self.hits.add(str(path))

    def end(self) -> None:
        self._ended.set()
        self.join()


def _list(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if str(path.readlink()).startswith("/")]
    except OSError:  # closed meanwhile
        return []


def _holds_canary(path: Path) -> bool:
    try:
        return path.is_file() and CANARY in path.read_bytes()
    except OSError:
        return False


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """The server's own temporary folder and its storage."""
    made = {name: tmp_path / name for name in ("temporary", "storage")}
    for folder in made.values():
        folder.mkdir()
    return made


@pytest.fixture
def port(url: str, tmp_path: Path, folders: dict[str, Path]) -> Iterator[tuple[int, int]]:
    number, log = free_port(), tmp_path / "log"
    settings = {
        "DATABASE_URL": url,
        "MAIL_URL": f"file://{tmp_path / 'mail'}",
        "BASE_URL": f"http://127.0.0.1:{number}",
        "SECRET_KEY": "for-tests-only-" * 3,
        "STORAGE_DIR": folders["storage"],
        "TMPDIR": folders["temporary"],
        "PORT": number,
    }
    with running([command("serve")], log, **settings) as [process]:
        wait_until(lambda: _answers(number), LONGEST, "the server did not answer", log)
        yield number, process.pid


def _answers(port: int) -> bool:
    try:
        with talking(port) as connection:
            connection.request("GET", "/static/app.css")
            return connection.getresponse().status == 200
    except OSError:
        return False


def _family(pid: int) -> list[int]:
    """A process that is started by a thread is that thread's child."""
    children: list[str] = []
    with suppress(OSError):  # it has ended meanwhile
        for thread in Path(f"/proc/{pid}/task").iterdir():
            children += (thread / "children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


@contextmanager
def talking(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        yield connection
    finally:
        connection.close()


@pytest.mark.parametrize(("name", "status"), [("order.pdf", 303), ("order.docx", 422)])
def test_a_file_is_nowhere_on_a_disk_before_it_is_taken_and_never_when_it_is_refused(
    port: tuple[int, int],
    client: StrictClient,
    database: Database,
    folders: dict[str, Path],
    name: str,
    status: int,
) -> None:
    number, pid = port
    # Given a form of a signed-in focal point, and somebody who watches
    with database.transaction() as session:
        token = begin_sign_in(session, people.read_account(session, "focal_point").id, clock.now())
    client.set_cookie("sign-in", token)
    page = client.get(NEW)
    form = client.get_cookie("form")
    assert form is not None
    values = values_of(find_form(page, None)) | TEXT | {"keep": "1", "files": sent(name, CONTENT)}
    boundary, body = encode_multipart(values)
    watcher = Watcher(pid, list(folders.values()))  # the database and its log are among the open files
    watcher.start()
    # When the file is sent in two halves, the first of which is longer than anything that is kept in hand
    with talking(number) as connection:
        connection.putrequest("POST", NEW)
        connection.putheader("Cookie", f"sign-in={token}; form={form.value}")
        connection.putheader("Content-Type", f"multipart/form-data; boundary={boundary}")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        connection.send(body[:-HALF])
        looked = watcher.looked
        while watcher.looked < looked + 5:
            threading.Event().wait(0.02)
        # Then nothing of it is on any disk
        assert watcher.hits == set()
        connection.send(body[-HALF:])
        assert connection.getresponse().status == status
    watcher.end()
    # And afterwards it lies in the storage folder alone, or nowhere
    assert all(str(folders["storage"]) in hit or "/fd/" in hit for hit in watcher.hits)
    found = [path for path in folders["storage"].rglob("*") if _holds_canary(path)]
    assert len(found) == (1 if status == 303 else 0)
    if status != 303:
        assert watcher.hits == set()
    assert [path for path in folders["temporary"].rglob("*") if _holds_canary(path)] == []

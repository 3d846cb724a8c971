"""What people do with files in the stories, and what the storage folder holds afterwards."""

from io import BytesIO
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from config import Config
from tests.strict_client import HTML, StrictClient, parse
from tracker.storage import LOCKS, Storage


def sent(name: str, content: bytes) -> FileStorage:
    """As a browser sends a chosen file."""
    return FileStorage(BytesIO(content), name)


def stored_files(config: Config) -> list[str]:
    """The names of the bytes in the storage folder, and of anything else that lies there."""
    storage = Storage(Path(config.STORAGE_DIR))
    found = {path.name for path in storage.folder.rglob("*") if path.is_file()} - {*LOCKS}
    assert found == set(storage.list_names())
    return sorted(found)


def links_of(page: TestResponse) -> dict[str, str]:
    """Where the files of a page are, by their shown names."""
    links = [node for node in parse(page).iter(f"{HTML}a") if node.get("href", "").startswith("/evidence/")]
    return {"".join(node.itertext()): node.get("href") for node in links}


def fetch(client: StrictClient, link: str, **more: Any) -> TestResponse:
    """A file to its end; the server's stream is closed."""
    return client.get(link, buffered=True, **more)

"""Golden files, and how they are compared and written anew (`make golden`)."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent


def compare(name: str, text: str) -> None:
    """Fails when the text is not that of the golden file; GOLDEN=write writes it instead."""
    path = FOLDER / name
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{name} is missing: run make golden and look at it"
    assert text == path.read_text(encoding="utf-8"), (
        f"{name} has changed: run make golden and look at the difference"
    )

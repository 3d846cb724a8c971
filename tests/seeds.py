"""The data files under `seed/`, read without the application: what pages and tables are compared with."""

import json
from pathlib import Path
from typing import Any

from config import ROOT

REFERENCE, DEMO = ROOT / "seed" / "reference", ROOT / "seed" / "demo"


def reference(name: str) -> list[dict[str, Any]]:
    return _rows(REFERENCE / f"{name}.json")


def demonstration(name: str) -> list[dict[str, Any]]:
    return _rows(DEMO / f"{name}.json")


def _rows(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]

"""The spellings of States as the application hands them to a reader, and the folder of real files."""

import json
import os
from functools import lru_cache
from pathlib import Path

import pytest
from babel import Locale

from config import ROOT
from tracker.exchange.imports.rows import Asked
from tracker.exchange.imports.state_names import fold_name

REAL = Path(os.environ.get("TRACKER_REAL_DATA", "/nowhere"))
needs_real_data = pytest.mark.skipif(not REAL.is_dir(), reason="TRACKER_REAL_DATA names no folder")


@lru_cache
def known_states() -> dict[str, str]:
    """As the seed gives them: names in three languages and aliases."""
    folder = ROOT / "seed" / "reference"
    states: dict[str, str] = {}
    rows = json.loads((folder / "states.json").read_text(encoding="utf-8"))
    corrections = json.loads((folder / "state_name_corrections.json").read_text(encoding="utf-8"))
    corrected = {(row["code"], row["language"]): row["name"] for row in corrections}
    for row in rows:
        for language in ("en", "ru", "ky"):
            name = corrected.get((row["code"], language)) or Locale.parse(language).territories.get(
                row["alpha2"]
            )
            states[fold_name(name or "")] = row["code"]
        for alias in row.get("aliases", []):
            states[fold_name(alias)] = row["code"]
    states.pop("", None)
    return states


def asked(state_code: str = "KGZ", cycle: int | None = None) -> Asked:
    return Asked(state_code, known_states(), cycle)

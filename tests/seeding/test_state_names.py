"""The short names of the 195 States are UNTERM's, or stand in the table of corrections with a reason."""

import csv
import json
import os
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ROOT
from tracker.models.states import State, StateStatus

Names = dict[tuple[str, str], str]


@pytest.fixture
def kind() -> str:
    """What is looked at is data."""
    return "sqlite"


@pytest.fixture(scope="module")
def unterm() -> Names:
    """By code and language. Two sources: a table with codes, and UNTERM's own workbook, which has none
    and wins: its rows are matched by name."""
    real = os.environ.get("TRACKER_REAL_DATA")
    if not real:
        pytest.skip("TRACKER_REAL_DATA names no folder with UNTERM's lists")
    return read_unterm(Path(real) / "reference")


def read_unterm(folder: Path) -> Names:
    names: Names = {}
    codes: dict[str, str] = {}
    with (folder / "country-codes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["ISO3166-1-Alpha-3"]]
    for column in ("CLDR display name", "UNTERM English Formal", "UNTERM English Short"):
        for row in rows:
            if row[column]:
                codes[folded(row[column])] = row["ISO3166-1-Alpha-3"]  # the last one wins
    for row in rows:
        for language, column in (("en", "UNTERM English Short"), ("ru", "UNTERM Russian Short")):
            if is_name(row[column]):
                names[row["ISO3166-1-Alpha-3"], language] = bare(row[column])
    sheet = load_workbook(folder / "countries.xlsx")["Worksheet1"]
    for cells in sheet.iter_rows(min_row=2, values_only=True):
        english, russian, formal = (str(cells[place] or "") for place in (0, 3, 6))
        code = codes.get(folded(english)) or codes.get(folded(formal))
        if code and is_name(english) and is_name(russian):
            names[code, "en"], names[code, "ru"] = bare(english), bare(russian)
    return names


def is_name(text: str) -> bool:
    return bool(text.strip()) and "*" not in text


def bare(text: str) -> str:
    """Without the article that UNTERM puts behind, and with the apostrophe of type-writers."""
    return re.sub(r"\s*\(the\)$", "", text.strip(), flags=re.IGNORECASE).replace("’", "'")


def folded(text: str) -> str:
    return bare(text).casefold()


def corrections() -> list[dict[str, str]]:
    path = ROOT / "seed" / "reference" / "state_name_corrections.json"
    return json.loads(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_every_name_is_unterms_but_for_the_netherlands(session: Session, unterm: Names) -> None:
    members = select(State).where(State.status == StateStatus.MEMBER_STATE)  # the lists hold no others
    states = session.scalars(members).all()
    shown = {(state.code, "en"): bare(state.names["en"]) for state in states}
    shown |= {(state.code, "ru"): bare(state.names["ru"]) for state in states}
    assert set(shown) - set(unterm) == set(), "UNTERM has no name of these"
    different = {key for key, name in shown.items() if unterm[key] != name}
    assert different == {("NLD", "en"), ("NLD", "ru")}
    assert different <= {(row["code"], row["language"]) for row in corrections()}


def test_every_correction_has_its_reason_and_is_what_is_shown(session: Session) -> None:
    states = {state.code: state for state in session.scalars(select(State))}
    for row in corrections():
        assert states[row["code"]].names[row["language"]] == row["name"]
        assert row["reason"].strip()


def test_every_state_has_a_name_of_its_own_in_each_language(session: Session) -> None:
    states = session.scalars(select(State)).all()
    for language in ("en", "ru", "ky"):
        names = [state.names[language] for state in states]
        assert len(set(names)) == len(names) == 195
        assert all(name.strip() == name and name for name in names)
    kyrgyzstan = next(state for state in states if state.code == "KGZ")
    assert (kyrgyzstan.alpha2, kyrgyzstan.names["en"], kyrgyzstan.names["ru"]) == (
        "KG",
        "Kyrgyzstan",
        "Кыргызстан",
    )


def test_observer_states_recommend_and_aliases_name_one_state(session: Session) -> None:
    states = {state.code: state for state in session.scalars(select(State))}
    observers = {code for code, state in states.items() if state.status == StateStatus.OBSERVER_STATE}
    assert observers == {"PSE", "VAT"}
    assert "Kingdom of the Netherlands" in states["NLD"].aliases
    names = {name: code for code, state in states.items() for name in state.names.values()}
    for code, state in states.items():
        for alias in state.aliases:
            assert names.setdefault(alias, code) == code, f"{alias} is two States"

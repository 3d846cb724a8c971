"""Workbooks and the reminder: in the pseudo-language what is not marked must be data."""

import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from config import Config
from tests.cast import TODAY
from tests.demonstration import REVIEW
from tests.strict_client import StrictClient
from tests.web.pseudo import left_over, read_data
from tracker.database import Database
from tracker.language import PSEUDO
from tracker.mail.digest import DigestPart, LeadLine, MilestoneLine, Missing, PointLine, write_digest
from tracker.models.milestones import Milestone


@pytest.fixture
def filled() -> str:
    return "demo"


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, LANGUAGES=PSEUDO)


@pytest.fixture
def data(database: Database) -> frozenset[str]:
    with database.reading() as session:
        return read_data(session)


@pytest.mark.parametrize("address", [f"/reports/{REVIEW}-live/midterm.xlsx", "/recommendations.xlsx"])
def test_a_workbook_holds_no_unmarked_word(client: StrictClient, data: frozenset[str], address: str) -> None:
    content = client.get(address).data
    workbook = load_workbook(BytesIO(content))
    texts = [str(workbook.properties.title), str(workbook.properties.creator)]
    shown = [sheet for sheet in workbook if sheet.sheet_state == "visible"]
    for sheet in shown:
        assert sheet.title.startswith("⟦")  # cut off where Excel allows no more letters
        texts += [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value]
    assert any("⟦" in text for text in texts)
    with ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.startswith(("xl/charts/", "xl/worksheets/sheet")):
                texts += _spoken(parts.read(name).decode(), in_chart="charts" in name)
    faults = {left_over(text, data) for text in texts} - {""}
    assert not faults, "\n".join(sorted(faults))


def _spoken(xml: str, *, in_chart: bool) -> list[str]:
    """Titles of charts, heads and feet of printed pages, prompts of drop-downs."""
    found = []
    for node in ElementTree.fromstring(xml).iter():
        tag = node.tag.rpartition("}")[2]
        if tag in ("oddHeader", "oddFooter", "t" if in_chart else "") and node.text:
            found.append(re.sub(r"&[LCRPN]|&amp;", " ", node.text))
        if tag == "dataValidation":
            found += [node.get(name) or "" for name in ("prompt", "promptTitle", "error", "errorTitle")]
    return found


def test_the_reminder_holds_no_unmarked_word(database: Database, data: frozenset[str]) -> None:
    with database.reading() as session:
        milestones = session.scalars(select(Milestone).order_by(Milestone.id)).all()
        lines = [
            MilestoneLine(each.label, each.starts_on, each.ends_on, each.certainty, each.ends_on < TODAY)
            for each in milestones
        ]
    assert {line.is_past for line in lines} == {True, False}
    missing = Missing(
        "KGZ-3",
        "KGZ-4",
        own=[PointLine("A1.1", "https://example.org/recommendations/KGZ-3/A1")],
        more=2,
        by_lead=[LeadLine("", 3, 4), LeadLine("KGZ-3", 1, 2)],
    )
    words = write_digest(
        [DigestPart(lines, missing)], PSEUDO, TODAY, "https://example.org", is_demonstration=True
    )
    texts = [words.subject, *words.body.splitlines()]
    faults = {left_over(text.replace("*", " "), data) for text in texts} - {""}
    assert not faults, "\n".join(sorted(faults))
    assert words.body.count("⟦") > 2 * len(lines)

"""Every address, its methods and who may open it: a golden list, and the names that follow from it."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Blueprint, Flask, url_for

from config import ROOT, Config
from tests.golden import compare
from tracker import addresses
from tracker.app import create_app
from tracker.web import site


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    found = create_app(
        Config(
            TRACKER_ENV="testing",
            SECRET_KEY="x" * 40,
            DATABASE_URL=f"sqlite:///{tmp_path}/none.sqlite3",
            KEY_DIR=str(tmp_path),
        )
    )
    yield found
    found.extensions["database"].dispose()


def rule_of(app: Flask, endpoint: str) -> str:
    view = app.view_functions[endpoint]
    found = getattr(view, "access", None)
    return (
        found if isinstance(found, str) else f"{found.__module__.removeprefix('tracker.')}.{found.__name__}"
    )


def test_the_list_of_routes_with_their_rules_is_the_golden_one(app: Flask) -> None:
    lines = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        lines.append(f"{rule.rule:58} {methods:9} {rule.endpoint:34} {rule_of(app, rule.endpoint)}")
    compare("routes.txt", "\n".join(sorted(lines)) + "\n")


def test_an_unmarked_view_keeps_the_application_from_starting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pages = Blueprint("careless", __name__)
    pages.get("/careless")(lambda: "anybody may see this")
    journey = type("Journey", (), {"pages": pages})
    monkeypatch.setattr(site, "JOURNEYS", (*site.JOURNEYS, journey))
    with pytest.raises(RuntimeError, match="careless"):
        create_app(
            Config(
                TRACKER_ENV="testing", SECRET_KEY="x" * 40, DATABASE_URL="sqlite://", KEY_DIR=str(tmp_path)
            )
        )


def test_pages_are_read_and_forms_are_sent_and_there_is_no_other_method(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule


def test_each_view_lives_in_the_journey_and_template_of_its_name(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        if endpoint == "static":
            continue
        journey, _, name = endpoint.partition(".")
        assert view.__module__ == f"tracker.web.{journey}.routes"
        assert view.__name__.rstrip("_") == name
        text = (ROOT / "tracker" / "web" / journey / "routes.py").read_text()
        for named in re.findall(r'"(\w+/\w+\.html)"', text):
            assert named.partition("/")[0] in (journey, "components"), f"{journey} shows {named}"
            assert (ROOT / "templates" / named).exists()


def test_links_in_mails_and_workbooks_lead_to_pages(app: Flask) -> None:
    base = "https://upr.example.org"
    adapter = app.url_map.bind("upr.example.org", url_scheme="https")
    with app.test_request_context(base_url=base):
        assert addresses.recommendation(base, "KGZ-3", "140.7") == url_for(
            "recommendations.recommendation", review="KGZ-3", ref="140.7", _external=True
        )
        assert addresses.action_point(base, "KGZ-3", "A12", "A12.1") == url_for(
            "recommendations.recommendation", review="KGZ-3", ref="A12", _anchor="A12.1", _external=True
        )
        assert addresses.work(base) == url_for("work.index", _external=True)
        assert addresses.invitation(base, "a-Token_1") == url_for(
            "invitations.accept", token="a-Token_1", _external=True
        )
        file = UUID(int=1)
        assert addresses.evidence(base, file) == url_for(
            "evidence.evidence", evidence_id=file, _external=True
        )
        assert addresses.calendar(base) == url_for("milestones.calendar", _external=True)
    assert adapter.match("/recommendations/KGZ-3/28.100") == (
        "recommendations.recommendation",
        {"review": "KGZ-3", "ref": "28.100"},
    )

"""The words of the reminder digest, against the golden text."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.golden import compare
from tests.mail.mails import SENDER, make_claim
from tracker.language import LANGUAGES, PSEUDO, gettext, speaking
from tracker.mail.delivery import make_message
from tracker.mail.digest import DigestPart, LeadLine, MilestoneLine, Missing, PointLine, Words, write_digest
from tracker.models.milestones import Certainty

TODAY = date(2026, 12, 8)
NOW = datetime(2026, 12, 8, 2, 0, tzinfo=UTC)
LABELS = {
    "ru": (
        "Среднесрочный доклад, четвёртый цикл (добровольный)",
        "Национальный доклад к пятому обзору",
    ),
    "ky": (
        "Орто мөөнөттүү баяндама, төртүнчү цикл (ыктыярдуу)",
        "Бешинчи обзорго улуттук баяндама",
    ),
}
BASE_URL = "https://follow-up.example.org"
WINDOW = MilestoneLine(
    "Mid-term report, fourth cycle (voluntary)", date(2027, 9, 8), date(2028, 4, 8), Certainty.DERIVED, False
)
DAY = MilestoneLine(
    "National report for the fifth review", date(2027, 12, 8), date(2027, 12, 8), Certainty.SOURCED, False
)
PAST = MilestoneLine(
    "Mid-term report, third cycle (voluntary)",
    date(2026, 11, 24),
    date(2026, 11, 24),
    Certainty.SOURCED,
    True,
)


THIRD = "third review (KGZ-3)"
POINTS = [
    PointLine("A12.1 Civil society", f"{BASE_URL}/recommendations/KGZ-3/A12#A12.1"),
    PointLine("A24.2 Shelters", f"{BASE_URL}/recommendations/KGZ-3/A24#A24.2"),
]
OF_A_MINISTRY = Missing(THIRD, "fourth review", own=POINTS, more=7)
OF_THE_COORDINATOR = Missing(
    "fourth review (KGZ-4)", by_lead=[LeadLine("Ministry of Bridges", 12, 15), LeadLine("", 3, 3)]
)
NOTHING = [
    Missing("", "fourth review"),
    Missing(THIRD, own=[], by_lead=[]),
]


def digest(*lines: MilestoneLine, language: str = "en", missing: Missing | None = None) -> Words:
    return write_digest([DigestPart(lines, missing)], language, TODAY, BASE_URL)


def test_the_digest_is_the_golden_one_with_one_line_and_with_several() -> None:
    both = write_digest(
        [DigestPart([WINDOW], OF_A_MINISTRY), DigestPart([DAY], OF_THE_COORDINATOR)], "en", TODAY, BASE_URL
    )
    found = [digest(WINDOW), digest(PAST, WINDOW, DAY), both]
    found += [digest(DAY, missing=missing) for missing in NOTHING]
    text = f"\n{'=' * 72}\n".join(f"Subject: {said.subject}\n\n{said.body}" for said in found)
    compare("mails/reminder_digest.txt", text)


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_the_digest_in_another_language_with_its_headers(code: str) -> None:
    with speaking(code):
        third, fourth = gettext("third review"), gettext("fourth review")
    window, day = replace(WINDOW, label=LABELS[code][0]), replace(DAY, label=LABELS[code][1])
    own = [replace(each, url=each.url.replace(BASE_URL, f"{BASE_URL}/{code}")) for each in POINTS]
    of_a_ministry = replace(OF_A_MINISTRY, review=f"{third} (KGZ-3)", not_entered=fourth, own=own)
    of_the_coordinator = replace(OF_THE_COORDINATOR, review=f"{fourth} (KGZ-4)")
    parts = [DigestPart([window], of_a_ministry), DigestPart([day], of_the_coordinator)]
    said = write_digest(parts, code, TODAY, BASE_URL)
    message = make_message(replace(make_claim(said), language=code), "a@example.org", SENDER, NOW)
    headers = "\n".join(
        f"{name}: {message[name]}" for name in ("Subject", "Content-Type", "Content-Language", "Date")
    )
    compare(f"mails/reminder_digest.{code}.txt", f"{headers}\n\n{said.body}")
    links = [word for word in said.body.split() if "://" in word]
    assert all(link.startswith(f"{BASE_URL}/{code}/") for link in links)


def test_a_window_names_both_days_and_a_day_one() -> None:
    assert "From 8 September 2027 to 8 April 2028 (derived)" in digest(WINDOW).body
    body = digest(DAY).body
    assert "Date: 8 December 2027 (sourced)" in body
    assert "Window" not in body


def test_a_past_date_says_that_no_report_is_known_and_never_that_none_was_made() -> None:
    body = digest(PAST).body
    assert "The date has passed; no report is known here." in body
    assert "not reported" not in body
    assert "has passed" not in digest(WINDOW, DAY).body


def test_links_lead_to_this_instance_only() -> None:
    words = [word for word in digest(PAST, WINDOW, DAY).body.split() if "://" in word]
    assert words == [f"{BASE_URL}/work", f"{BASE_URL}/calendar"]


@pytest.mark.parametrize("label", ["Доклад <b>&amp;</b> «Кыргыз Жараны»", "Өкмөттүн үчүнчү доклады, ң"])
def test_a_label_in_any_script_comes_out_as_it_is(label: str) -> None:
    assert f"* {label}\n" in digest(MilestoneLine(label, TODAY, TODAY, Certainty.SOURCED, False)).body


def test_every_word_of_the_digest_is_marked_for_translation() -> None:
    for missing in (OF_A_MINISTRY, OF_THE_COORDINATOR, *NOTHING):
        said = digest(PAST, WINDOW, DAY, language=PSEUDO, missing=missing)
        for line in [said.subject, *said.body.splitlines()]:
            is_data = not line.strip() or line.startswith(("* ", "- A", f"  {BASE_URL}"))
            assert is_data or "⟦" in line, line

"""Stories: the coordinator adds, corrects and retires recommendations and words their points in the browser; visitors
see the result, and nobody else may."""

import pytest
from werkzeug.test import TestResponse

from tests.stories import figures
from tests.stories.assessments import publish
from tests.stories.pages import by_class, link_of, refs_of, words_of
from tests.stories.updates import published
from tests.strict_client import SignIn, StrictClient, find_form, text_of, token_of, values_of

PAGE = "/recommendations/KGZ-3/A12"
EDIT = "/editing/KGZ-3/A12"
POINTS = "/action-points/KGZ-3/A12"


@pytest.fixture
def coordinator(signed_in: SignIn) -> StrictClient:
    return signed_in("coordinator")


def facts_of(page: TestResponse) -> dict[str, str]:
    """What stands beside the text, by its name."""
    [facts, *_] = by_class(page, "facts")
    words = [words_of(each) for each in facts]
    return dict(zip(words[::2], words[1::2], strict=True))


def test_only_the_coordinator_is_led_there(
    client: StrictClient, coordinator: StrictClient, signed_in: SignIn
) -> None:
    assert link_of(coordinator.get(PAGE), "Correct it") == EDIT
    assert link_of(coordinator.get(PAGE), "Its action points") == POINTS
    assert link_of(coordinator.get("/recommendations"), "Add a recommendation") == "/editing/new/KGZ-3"
    for other in (client, signed_in("focal_point"), signed_in("lead")):
        assert link_of(other.get(PAGE), "Correct it") is None
        assert link_of(other.get("/recommendations"), "Add a recommendation") is None


def test_a_recommendation_is_added_by_hand(client: StrictClient, coordinator: StrictClient) -> None:
    typed = {
        "ref": "140.7",
        "kind": "wg_recommendation",
        "text": "Ratify the Convention on bridges",
        "states": "Bolivia (Plurinational State of)\nCôte d’Ivoire",
        "position": "noted",
        "position_source": "A/HRC/99/5/Add.1",
        "sdgs": "5, 16.3",
    }
    refused = coordinator.send("/editing/new/KGZ-3", **{**typed, "states": "Atlantis"})
    assert refused.status_code == 422
    assert "There is no State called Atlantis" in text_of(refused)
    assert "Ratify the Convention on bridges" in text_of(refused)
    answer = coordinator.send("/editing/new/KGZ-3", **typed)
    assert answer.headers["Location"] == "/recommendations/KGZ-3/140.7"
    facts = facts_of(client.get("/recommendations/KGZ-3/140.7"))
    assert facts["Recommended by"] == "Bolivia (Plurinational State of); Côte d'Ivoire"
    assert facts["Position"] == "Noted (A/HRC/99/5/Add.1)"
    assert facts["Development goals"] == "goal 5; 16.3"
    assert refs_of(client.get("/recommendations?sdg=5&position=noted")) == ["140.7"]
    assert refs_of(client.get("/recommendations?state=CIV")) == ["140.7"]


def test_a_correction_shows_before_and_after(client: StrictClient, coordinator: StrictClient) -> None:
    former = words_of(by_class(client.get(PAGE), "official-text")[0])
    assert coordinator.send(EDIT, text="The text as printed", short_title="Ours").status_code == 303
    page = client.get(PAGE)
    assert "The text as printed" in text_of(page)
    assert "A12 · Ours" in text_of(page)
    edit = text_of(coordinator.get(EDIT))
    assert "coordinator corrected KGZ-3 A12: Text, Short title" in edit
    assert former[:60] in edit
    assert "enter it again as it was before" in edit
    assert "corrected" not in text_of(client.get("/history"))
    assert "coordinator corrected KGZ-3 A12" in text_of(coordinator.get("/history"))


def test_a_number_that_was_cited_leads_to_its_recommendation(
    client: StrictClient, coordinator: StrictClient
) -> None:
    assert coordinator.send(EDIT, ref="Z12").status_code == 303
    assert client.get(PAGE).headers["Location"] == "/recommendations/KGZ-3/Z12"
    point = client.get("/recommendations/KGZ-3/A12.1").headers["Location"]
    assert point == "/recommendations/KGZ-3/Z12#Z12.1"
    assert facts_of(client.get("/recommendations/KGZ-3/Z12"))["Number before"] == "A12"
    assert "A12, now Z12 · Ministry of Clocks leads" in text_of(client.get("/history"))
    typed = {"ref": "A12", "kind": "letter_annex", "text": "Another request"}
    refused = coordinator.send("/editing/new/KGZ-3", **typed)
    assert refused.status_code == 422
    assert "A12 was the number of Z12" in text_of(refused)
    assert client.get("/recommendations.json").get_data(as_text=True).count("Another request") == 0


def test_two_who_correct_at_once_lose_nothing(coordinator: StrictClient) -> None:
    mine = coordinator.get(EDIT)
    coordinator.send(EDIT, short_title="Theirs")
    answer = coordinator.send_from(mine, None, short_title="Mine")
    assert answer.status_code == 409
    assert "Theirs" in text_of(answer)
    assert 'value="Mine"' in answer.get_data(as_text=True)
    assert coordinator.send_from(answer, None).status_code == 303
    assert "A12 · Mine" in text_of(coordinator.get(PAGE))


def test_the_position_now_stands_beside_the_one_at_adoption(
    client: StrictClient, coordinator: StrictClient
) -> None:
    coordinator.send(EDIT, position="noted", position_source="Addendum, paragraph 5")
    refused = coordinator.send(EDIT, position="supported")
    assert (refused.status_code, "The position at adoption never changes" in text_of(refused)) == (422, True)
    now = {"position": "supported", "since": "4.5.2026", "source": "Mid-term report"}
    assert coordinator.send(f"{EDIT}/position", **{**now, "source": ""}).status_code == 422
    assert coordinator.send(f"{EDIT}/position", **now).status_code == 303
    facts = facts_of(client.get(PAGE))
    assert facts["Position at adoption"] == "Noted (Addendum, paragraph 5)"
    assert facts["Position now"] == "Supported since 4 May 2026 (Mid-term report)"
    rows = client.get("/recommendations.json").get_json()["recommendations"]
    [item] = [each for each in rows if each["ref"] == "A12"]
    assert (item["position"], item["position_now"], item["position_now_on"]) == (
        "noted",
        "supported",
        "2026-05-04",
    )
    matrix = figures.table(figures.book(client, figures.MIDTERM)["Matrix"])
    assert {row["Position now"] for row in matrix if row["Ref"] == "A12"} == {
        "Supported, 2026-05-04 (Mid-term report)"
    }


def test_two_who_enter_the_position_now_at_once_lose_nothing(coordinator: StrictClient) -> None:
    coordinator.send(EDIT, position="noted")
    now = {"position": "supported", "since": "4.5.2026", "source": "Mid-term report"}
    mine = coordinator.get(f"{EDIT}/position")
    coordinator.send(f"{EDIT}/position", **now)
    answer = coordinator.send_from(mine, None, **now | {"position": "pending", "source": "A speech"})
    assert answer.status_code == 409
    stands = {"Position now": "Supported", "Since": "4 May 2026", "Source": "Mid-term report"}
    assert facts_of(answer) == stands
    assert 'value="A speech"' in answer.get_data(as_text=True)
    assert "Mid-term report" in text_of(coordinator.get(PAGE))
    assert coordinator.send_from(answer, None).status_code == 303
    assert "A speech" in text_of(coordinator.get(PAGE))


def test_points_are_merged_by_a_browser(coordinator: StrictClient) -> None:
    """It sends the line breaks of a hidden field as CR LF."""
    merging = coordinator.get(f"{POINTS}/merge?refs=A12.1&refs=A12.2")
    seen = values_of(find_form(merging, None))["seen"]
    assert "\n" in seen
    typed = {"seen": seen.replace("\n", "\r\n"), "refs": ["A12.1", "A12.2"], "text": "Both"}
    assert coordinator.send_from(merging, None, **typed).status_code == 303


def test_a_retired_recommendation_keeps_its_page_and_leaves_everything_else(
    client: StrictClient, coordinator: StrictClient, signed_in: SignIn
) -> None:
    published(signed_in)
    publish(signed_in("lead"))
    asked = text_of(coordinator.get(f"{EDIT}/retire"))
    assert "2 published entries are concerned." in asked
    assert coordinator.send(f"{EDIT}/retire", reason="").status_code == 422
    assert coordinator.send(f"{EDIT}/retire", reason="Printed twice").status_code == 303
    page = text_of(client.get(PAGE))
    assert "Retired on" in page
    assert "Reason: Printed twice" in page
    assert "None of the complaints led to a charge." in page
    home = text_of(client.get("/"))
    assert "1 recommendation is retired as a whole" in home
    assert "37 recommendations in the annex" in home
    listed = client.get("/recommendations")
    assert "1 recommendation is retired" in text_of(listed)
    assert link_of(listed, "A12") == PAGE
    assert "A12" not in refs_of(listed)
    assert "A12" not in [
        row["ref"] for row in client.get("/recommendations.json").get_json()["recommendations"]
    ]
    book = figures.book(client, figures.MIDTERM)
    assert "A12" not in {row["Ref"] for row in figures.table(book["Matrix"])}
    summary = " ".join(str(cell.value) for row in book["Summary"].iter_rows() for cell in row if cell.value)
    assert "Retired and in no figure: 1 recommendation (A12)." in summary
    assert "Assess the whole" not in text_of(signed_in("lead").get(PAGE))
    assert coordinator.send(f"{EDIT}/retire", action="/restore").status_code == 303
    assert "A12" in refs_of(client.get("/recommendations"))
    assert "Retired on" not in text_of(client.get(PAGE))


def test_points_are_worded_split_merged_and_ordered(client: StrictClient, coordinator: StrictClient) -> None:
    def points() -> list[str]:
        return [words_of(each).split()[0] for each in by_class(client.get(PAGE), "point__title")]

    said = {"text": "Other words", "meaning": "same"}
    assert coordinator.send(f"{POINTS}.1/reword", **said).status_code == 303
    assert "A12.1 Other words" in text_of(client.get(PAGE))
    assert coordinator.send(f"{POINTS}.1/reword", **{**said, "meaning": "other"}).status_code == 422
    said = {"text": "Something else", "meaning": "other"}
    assert coordinator.send(f"{POINTS}.1/reword", **said).status_code == 303
    assert points() == ["A12.6", "A12.2", "A12.3", "A12.4", "A12.5"]
    parts = {"part_1": "First", "part_2": "Second"}
    assert coordinator.send(f"{POINTS}.2/split", **{**parts, "part_2": ""}).status_code == 422
    assert coordinator.send(f"{POINTS}.2/split", **parts).status_code == 303
    assert points() == ["A12.6", "A12.2", "A12.7", "A12.3", "A12.4", "A12.5"]
    merging = coordinator.get(f"{POINTS}/merge?refs=A12.3&refs=A12.4")
    assert "Guaranteeing the right to peaceful assemblies; Guaranteeing freedom" in text_of(merging)
    together = {"refs": ["A12.3", "A12.4"], "text": "Both"}
    assert coordinator.send_from(merging, None, **together).status_code == 303
    assert points() == ["A12.6", "A12.2", "A12.7", "A12.3", "A12.5"]
    moved = {**token_of(coordinator), "up": "A12.5"}
    assert coordinator.post(f"{POINTS}/order", data=moved).status_code == 303
    assert points() == ["A12.6", "A12.2", "A12.7", "A12.5", "A12.3"]


def test_a_point_is_retired_and_restored(client: StrictClient, coordinator: StrictClient) -> None:
    assert coordinator.send(f"{POINTS}.2/retire").status_code == 303
    assert "A12.2" not in text_of(client.get(PAGE))
    assert coordinator.send(POINTS, action="A12.2/restore").status_code == 303
    assert "A12.2" in text_of(client.get(PAGE))
    added = coordinator.send(f"{POINTS}/add", text="One more thing")
    assert added.status_code == 303
    assert "A12.6 One more thing" in text_of(client.get(PAGE))

"""Addresses whose refs were typed on another keyboard, or copied with the end of a sentence, lead to the right one."""

from urllib.parse import quote

import pytest

from tests.strict_client import SignIn, StrictClient, text_of, token_of

PAGE = "/recommendations/KGZ-3/A12"


@pytest.mark.parametrize(
    ("review", "ref"),
    [
        *(
            ("KGZ-3", ref)
            for ref in ("a12", "А12", "а12", "A12.", "A12/", "a12/", "A12,", " A12", "A\u200b12")
        ),
        *((code, "A12") for code in ("kgz-3", "KGZ–3", "KGZ\u20113", "КGZ-3", "kgZ-3")),
        ("kgz-3", "а12./"),
    ],
)
def test_a_ref_that_is_written_in_another_way_leads_to_its_page(
    client: StrictClient, review: str, ref: str
) -> None:
    answer = client.get(f"/recommendations/{quote(review)}/{quote(ref)}")
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("ref", ["A12.1", "a12.1", "А12.1", "A12.1.", "A12.1/"])
def test_the_ref_of_an_action_point_leads_to_its_place(client: StrictClient, ref: str) -> None:
    answer = client.get(f"/recommendations/KGZ-3/{quote(ref)}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PAGE}#A12.1")


@pytest.mark.parametrize(
    ("who", "form"),
    [
        ("focal_point", "/updates/new/KGZ-3/A12.1"),
        ("lead", "/assessments/new/KGZ-3/A12.1"),
        ("lead", "/assessments/new/KGZ-3/A12"),
    ],
)
def test_forms_are_found_too(signed_in: SignIn, who: str, form: str) -> None:
    client, (front, _, ref) = signed_in(who), form.rpartition("/")
    for written in (ref.lower(), ref.replace("A", "А"), f"{ref}.", f"{ref.lower()}/"):
        answer = client.get(f"{front}/{quote(written)}")
        assert (answer.status_code, answer.headers["Location"]) == (302, form), written
    assert client.get(f"{front.replace('KGZ-3', 'kgz-3')}/{ref}").headers["Location"] == form
    assert client.get(f"{form}/").status_code == 200
    assert client.get(form).status_code == 200


def test_a_review_is_found_too(client: StrictClient) -> None:
    for code in ("kgz-3", "KGZ–3", "KGZ-3."):
        answer = client.get(f"/reviews/{quote(code)}")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/reviews/KGZ-3")


def test_the_list_the_entries_and_the_report_are_found_too(client: StrictClient) -> None:
    for written, right in (
        ("/recommendations?review=kgz-3&q=torture", "/recommendations?review=KGZ-3&q=torture"),
        # What is no part of the filter, nor meant for the program, does not go along
        ("/recommendations?review=kgz-3&_external=1&_scheme=evil", "/recommendations?review=KGZ-3"),
        ("/recommendations/kgz-3/а12/entries", f"{PAGE}/entries"),
        (f"{PAGE}/entries?point=a12.1.", f"{PAGE}/entries?point=A12.1"),
        ("/reports/kgz-3-live/midterm.xlsx", "/reports/KGZ-3-live/midterm.xlsx"),
    ):
        answer = client.get(quote(written, safe="/?=&"))
        assert (answer.status_code, answer.headers["Location"]) == (302, right)
    found = client.get("/recommendations.json?review=kgz–3").get_json()
    assert found == client.get("/recommendations.json?review=KGZ-3").get_json()


@pytest.mark.parametrize(
    "page",
    [
        "/recommendations/KGZ-3/A1200",
        "/recommendations/KGZ-9/a12",
        "/recommendations/KGZ-3/.",
        "/reviews/.",
        "/recommendations?review=KGZ-9",
        f"{PAGE}/entries?point=A9",
        "/reports/KGZ-9-live/midterm.xlsx",
    ],
)
def test_what_is_unknown_stays_unknown(client: StrictClient, page: str) -> None:
    assert client.get(page).status_code == 404


def test_a_form_that_is_sent_to_such_an_address_gives_the_text_back(signed_in: SignIn) -> None:
    writer = signed_in("focal_point")
    answer = writer.post("/updates/new/KGZ-3/a12.1", data={**token_of(writer), "done": "Twelve judges."})
    assert answer.status_code == 404
    assert "Twelve judges." in text_of(answer)

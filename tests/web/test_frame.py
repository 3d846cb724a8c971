"""The frame of a page: its menu, its footer, and the line that a printed page begins with."""

from tests.strict_client import HTML, StrictClient, parse
from tracker.web.pages import FOOTER


def text_in(client: StrictClient, address: str, name: str) -> list[str]:
    """The text of each element of that class."""
    return [
        " ".join("".join(each.itertext()).split())
        for each in parse(client.get(address)).iter()
        if name in each.get("class", "").split()
    ]


def test_the_menu_of_a_phone_holds_the_pages_of_the_header(client: StrictClient) -> None:
    header, menu = text_in(client, "/", "site-header__pages")
    assert header == menu
    assert header.startswith("Overview Recommendations")
    assert "Communications" not in header


def test_the_footer_leads_to_the_pages_that_there_are(client: StrictClient) -> None:
    [links] = [
        each for each in parse(client.get("/")).iter(f"{HTML}ul") if each.get("class") == "site-footer__links"
    ]
    found = [(link.get("href"), link.text) for link in links.iter(f"{HTML}a")]
    assert ("/communications", "Communications to the State") in found
    endpoints = client.application.view_functions
    assert len(found) == len([endpoint for endpoint, _ in FOOTER if endpoint in endpoints])
    assert all(client.get(str(address)).status_code == 200 for address, _ in found)


def test_a_printed_page_says_when_and_from_which_address(client: StrictClient) -> None:
    config = client.application.config["TRACKER"]
    host = config.BASE_URL.partition("//")[2]
    [line] = text_in(client, "/recommendations?q=women", "only-print")
    assert line.startswith("UPR Follow-up. Printed on ")
    assert f"from {host}/recommendations?q=women." in line
    assert "invented" not in line


def test_an_error_and_an_answer_to_a_form_tell_no_address(client: StrictClient) -> None:
    assert not text_in(client, "/nothing-here", "only-print")
    answer = client.send("/sign-in", handle="nobody", passphrase="wrong")
    assert "only-print" not in answer.get_data(as_text=True)


def test_a_link_that_opens_something_is_not_printed(client: StrictClient) -> None:
    assert "only-print" not in client.get("/invitations/something").get_data(as_text=True)

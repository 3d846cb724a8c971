"""One address: another host gets a plain page, no answer leads to it, and no form comes from another site."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from config import Config
from tests.stories.pages import by_id, contents
from tests.strict_client import SignIn, find_form, text_of, token_of, values_of
from tracker.app import create_app
from tracker.database import Database

SITE = "https://follow-up.example"
OTHERS = (
    "evil.example",
    "evil.example:443",
    "follow-up.example.evil.example",
    "evil-follow-up.example",
    "follow-up.example.",
    "follow-up.example:8443",
    "follow-up.example:80",
    "follow-up.example:443:443",
    "follow-up.example:",
    "follow-up.example:443@evil.example",
    "evil.example@follow-up.example",
    "follow-up.example/evil",
    "follow-up.example?evil",
    "follow-up.example#evil",
    "follow-up.example,evil.example",  # what servers make of two headers
    "evil.example,follow-up.example",
    "follow-up.example, follow-up.example",
    "follow-up.example evil.example",
    "\tfollow-up.example",
    "follow-up.example\\evil",
    "localhost",
    "localhost:8000",
    "127.0.0.1",
    "[::1]",
    "0.0.0.0",
    "2130706433",
    "ﬀollow-up.example",
    "",
)
OWN = ("follow-up.example", "FOLLOW-UP.example", "follow-up.example:443")
LOOPBACK = ("localhost", "localhost:8000", "127.0.0.1:5000", "[::1]:8000", "[::1]")
PAGES = ("/", "/recommendations", "/sign-in", "/work", "/static/app.css", "/nowhere", "//recommendations")


@pytest.fixture
def serve(config: Config) -> Iterator[FlaskClient]:
    """A browser of an instance in production at SITE."""
    app = create_app(replace(config, TRACKER_ENV="production", BASE_URL=SITE))
    yield FlaskClient(app, app.response_class)
    app.extensions["database"].dispose()


def ask(client: FlaskClient, host: str, page: str = "/", **more: str):  # type: ignore[no-untyped-def]
    return client.get(page, environ_overrides={"HTTP_HOST": host, **more})


def test_another_host_gets_a_plain_page_and_nothing_asks_the_database(serve: FlaskClient) -> None:
    asked: list[object] = []
    engine = serve.application.extensions["database"].engine
    event.listen(engine, "connect", lambda *_: asked.append("a connection"))
    for host, page in product(OTHERS, PAGES):
        answer = ask(serve, host, page, HTTP_COOKIE="__Host-sign-in=" + "A" * 43)
        assert answer.status_code == 400, (host, page)
        assert "This site has another address" in text_of(answer)
        assert f'href="{SITE}/"' in answer.get_data(as_text=True)
        assert "evil" not in answer.get_data(as_text=True)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "Set-Cookie" not in answer.headers
    assert asked == []


def test_the_own_host_is_served_however_it_is_written(serve: FlaskClient) -> None:
    assert [ask(serve, host).status_code for host in OWN] == [200, 200, 200]


def test_a_missing_host_is_another_one(serve: FlaskClient) -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "wsgi.url_scheme": "https", "SERVER_PORT": "443"}
    answers: list[str] = []
    body = serve.application.wsgi_app(
        {**environ, "SERVER_NAME": "follow-up.example"}, lambda status, *_: answers.append(status)
    )
    assert b"another address" in b"".join(body)
    assert answers == ["400 BAD REQUEST"]


def test_a_whole_address_in_the_request_line_names_the_own_host_or_is_refused(serve: FlaskClient) -> None:
    for uri in ("http://evil.example/", "https://evil.example:443/work", "http://[", "*"):
        assert ask(serve, OWN[0], RAW_URI=uri).status_code == 400, uri
    assert ask(serve, OWN[0], RAW_URI=f"{SITE}/").status_code == 200


def test_a_header_of_a_proxy_is_believed_only_where_one_is_configured(config: Config) -> None:
    for hops, statuses in ((0, [200, 200]), (1, [400, 200])):
        app = create_app(replace(config, TRACKER_ENV="production", BASE_URL=SITE, TRUSTED_PROXIES=hops))
        client = FlaskClient(app, app.response_class)
        found = [
            ask(client, OWN[0], HTTP_X_FORWARDED_HOST=host).status_code
            for host in ("evil.example", f"evil.example, {OWN[0]}")
        ]
        assert found == statuses, hops
        app.extensions["database"].dispose()


def test_flask_trusts_the_own_name_only_where_its_list_can_say_so(config: Config) -> None:
    def trusted(environment: str, base_url: str) -> object:
        app = create_app(replace(config, TRACKER_ENV=environment, BASE_URL=base_url))
        app.extensions["database"].dispose()
        return app.config["TRUSTED_HOSTS"]

    assert trusted("production", SITE) == ["follow-up.example"]
    assert trusted("production", f"{SITE}:8443") == ["follow-up.example"]
    assert trusted("production", "https://байкоо.example") == ["xn--80abzeua.example"]
    for base_url in ("https://[2001:db8::1]", "https://[2001:db8::1]:8443", "https://follow_up.example"):
        assert trusted("production", base_url) is None
    for base_url in ("http://127.0.0.1:8000", "http://[::1]:8000"):
        assert trusted("production", base_url) is None, "every name of this machine"
    assert trusted("testing", SITE) is None


@pytest.mark.parametrize("own", ["[2001:db8::1]", "follow_up.example"])
def test_a_host_that_flasks_list_cannot_hold_is_the_only_one_all_the_same(config: Config, own: str) -> None:
    app = create_app(replace(config, TRACKER_ENV="production", BASE_URL=f"https://{own}"))
    client = FlaskClient(app, app.response_class)
    assert ask(client, own).status_code == 200
    for other in (f"{own}:8443", "[2001:db8::2]", "evil.example", "follow-up.example", ""):
        assert ask(client, other).status_code == 400, other
    app.extensions["database"].dispose()


def test_on_this_machine_every_name_of_it_will_do_outside_production(app: Flask) -> None:
    client = FlaskClient(app, app.response_class)
    for host in LOOPBACK:
        assert ask(client, host).status_code == 200, host
        for trick in (f"{host}.evil.example", f"{host}@evil.example", "localhostevil", "127.0.0.1.nip.io"):
            assert ask(client, trick).status_code == 400, trick


def test_no_answer_leads_to_an_address_made_of_the_request(serve: FlaskClient) -> None:
    for page in (*PAGES, "/sign-in/", "/recommendations?q=&page=", "/recommendations//KGZ-3/A12"):
        with ask(serve, OWN[0], page) as answer:
            is_page = answer.mimetype == "text/html"
            assert answer.headers.get("Location", "/").startswith("/"), page
            assert not is_page or "//follow-up.example" not in answer.get_data(as_text=True), page


def test_a_link_to_hand_on_begins_with_the_sites_own_address(signed_in: SignIn) -> None:
    """Also for somebody who came by another name of this machine."""
    lead, host = signed_in("lead"), {"HTTP_HOST": "127.0.0.1:5000"}
    found = lead.get_cookie("sign-in")
    assert found is not None
    lead.set_cookie("sign-in", found.value, domain="127.0.0.1")
    form = find_form(lead.get("/invitations/new/cso-a", environ_overrides=host), None)
    sent = {**values_of(form), "role": "contributor"}
    answer = lead.post("/invitations/new/cso-a", data=sent, environ_overrides=host)
    assert str(by_id(answer, "link").text).strip().startswith("http://localhost/invitations/")


FORMS = (
    ({}, 303),
    ({"Origin": "null"}, 303),
    ({"Origin": "http://localhost"}, 303),
    ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
    ({"Sec-Fetch-Site": "none"}, 303),
    ({"Origin": "https://evil.example"}, 400),
    ({"Origin": "http://localhost.evil.example"}, 400),
    ({"Origin": "http://localhost:81"}, 400),
    ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 400),
    ({"Sec-Fetch-Site": "same-site"}, 400),
)


def test_a_form_of_another_site_is_refused_even_with_its_token(signed_in: SignIn, database: Database) -> None:
    for headers, status in FORMS:
        client = signed_in("focal_point")
        data, before = token_of(client), contents(database)
        assert client.post("/sign-out", data=data, headers=headers).status_code == status, headers
        assert contents(database) == before
        assert client.get("/work").status_code == (302 if status == 303 else 200), headers

"""Delivery of one mail: as a file, to a server, and every way in which that can fail."""

import socket
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from tests.cast import NOW
from tests.mail.mails import KYRGYZ, RUSSIAN, SENDER, WORDS, certificate, make_claim
from tests.mail.post_office import post_office
from tests.programs import needs
from tests.servers import free_port
from tracker.mail import delivery
from tracker.mail.delivery import NotDelivered
from tracker.mail.digest import Words


def send(mail_url: str, words: Words = WORDS, to: str | None = "focal-point@example.org") -> None:
    delivery.send(make_claim(words), to, SENDER, mail_url, NOW)


def body_of(message: EmailMessage) -> str:
    """Mails end their lines with CR LF."""
    text = message.get_content()
    assert text.count("\n") == text.count("\r\n") or "\r" not in text
    return str(text).replace("\r\n", "\n")


@pytest.mark.parametrize("words", [WORDS, KYRGYZ, RUSSIAN])
def test_a_file_holds_the_mail_so_that_any_program_reads_it(tmp_path: Path, words: Words) -> None:
    folder = tmp_path / "a folder" / "mail"
    send(f"file://{str(folder).replace(' ', '%20')}", words)
    [file] = folder.iterdir()
    assert file.name == "00000000-0000-4000-8000-000000000001.eml"
    assert file.read_bytes().isascii()
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert message["Subject"] == words.subject
    assert body_of(message) == words.body
    assert message["From"] == SENDER
    assert message["To"] == "focal-point@example.org"
    assert message["Message-ID"] == "<00000000-0000-4000-8000-000000000001@example.org>"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "ky"
    assert message.defects == []


def test_sending_a_mail_twice_makes_one_file(tmp_path: Path) -> None:
    for _ in range(2):
        send(f"file://{tmp_path / 'mail'}")
    assert len(list((tmp_path / "mail").iterdir())) == 1


@pytest.mark.parametrize("words", [WORDS, KYRGYZ, RUSSIAN])
def test_a_server_receives_the_mail_intact(words: Words) -> None:
    with post_office() as office:
        send(f"smtp://127.0.0.1:{office.port}", words)
    [message] = office.arrived
    assert message["Subject"] == words.subject
    assert body_of(message) == words.body
    assert office.logins == []


@needs("openssl")
def test_a_login_goes_over_an_encrypted_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, found = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(found))
    with post_office(login_with=context) as office:
        send(f"smtp://post%40office:open%20sesame@localhost:{office.port}")
    assert office.logins == [(b"post@office", b"open sesame")]
    assert len(office.arrived) == 1


@needs("openssl")
def test_a_wrong_password_is_a_reason_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, found = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(found))
    with post_office(login_with=context) as office:
        with pytest.raises(NotDelivered, match=r"^SMTPAuthenticationError 535$"):
            send(f"smtp://post:wrong@localhost:{office.port}")
        assert office.arrived == []


@needs("openssl")
def test_a_password_is_never_told_to_a_server_that_nobody_vouches_for(tmp_path: Path) -> None:
    context, _ = certificate(tmp_path)
    with post_office(login_with=context) as office:
        with pytest.raises(NotDelivered, match=r"^SSLCertVerificationError$"):
            send(f"smtp://post:open%20sesame@localhost:{office.port}")
        assert office.logins == []


def test_a_password_is_never_told_to_a_server_that_cannot_encrypt() -> None:
    with post_office() as office:
        with pytest.raises(NotDelivered, match=r"^SMTPNotSupportedError$"):
            send(f"smtp://post:secret@localhost:{office.port}")
        assert office.arrived == []


@needs("openssl")
def test_smtps_is_encrypted_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, found = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(found))
    with post_office(tls=context) as office:
        send(f"smtps://localhost:{office.port}")
        assert len(office.arrived) == 1


def test_a_refused_recipient_is_a_reason_without_the_address() -> None:
    with post_office() as office:
        office.refusal = "550 5.1.1"
        with pytest.raises(NotDelivered, match=r"^SMTPRecipientsRefused$"):
            send(f"smtp://127.0.0.1:{office.port}")


def test_a_dead_server_is_a_reason() -> None:
    with pytest.raises(NotDelivered, match=r"^ConnectionRefusedError$"):
        send(f"smtp://127.0.0.1:{free_port()}")


def test_a_server_that_says_nothing_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 0.3)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(NotDelivered, match=r"^(TimeoutError|SMTPServerDisconnected)$"),
    ):
        send(f"smtp://127.0.0.1:{silent.getsockname()[1]}")


def test_a_folder_that_cannot_be_written_is_a_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotDelivered, match=r"^(FileExistsError|NotADirectoryError)$"):
        send(f"file://{tmp_path / 'file' / 'mail'}")


def test_what_a_server_answers_to_goodbye_does_not_make_a_second_copy() -> None:
    with post_office() as office:
        office.goodbye = "421 too busy to say goodbye"
        send(f"smtp://127.0.0.1:{office.port}")
        assert len(office.arrived) == 1


@pytest.mark.parametrize(
    "subject", ["Date\nBcc: all@example.org", "Date\r\nBcc: all@example.org", "Date\rX: y"]
)
def test_a_line_break_in_the_subject_makes_no_header(tmp_path: Path, subject: str) -> None:
    with pytest.raises(NotDelivered, match=r"^ValueError$"):
        send(f"file://{tmp_path / 'mail'}", Words(subject, "Hello"))
    assert not (tmp_path / "mail").exists()


def test_a_line_break_in_the_address_makes_no_header(tmp_path: Path) -> None:
    with pytest.raises(NotDelivered, match=r"^ValueError$"):
        send(f"file://{tmp_path / 'mail'}", to="a@example.org\nBcc: all@example.org")
    assert not (tmp_path / "mail").exists()


def test_a_person_without_an_address_is_a_reason(tmp_path: Path) -> None:
    with pytest.raises(NotDelivered, match=r"^NoAddress$"):
        send(f"file://{tmp_path / 'mail'}", to=None)


def test_headers_in_the_body_stay_words() -> None:
    with post_office() as office:
        send(f"smtp://127.0.0.1:{office.port}", Words("Date", "Bcc: all@example.org\n.\nQUIT\n"))
    assert body_of(office.arrived[0]) == "Bcc: all@example.org\n.\nQUIT\n"
    assert office.arrived[0]["Bcc"] is None

"""The servers of the tests: several runs at once do not take each other's ports."""

import socket

import pytest

from tests.servers import free_port


def test_a_port_is_given_once() -> None:
    found = [free_port() for _ in range(1000)]
    assert len(set(found)) == len(found)


def test_on_a_free_port_nobody_answers_and_a_server_may_listen() -> None:
    port = free_port()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    with socket.create_server(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)) as client:
        assert client.getpeername()[1] == port

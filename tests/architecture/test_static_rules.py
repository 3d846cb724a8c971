"""Rules of safety that are read off the code: what is written nowhere cannot go wrong at night."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from config import ROOT

CODE = sorted((ROOT / "tracker").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt"))
MARKUP = ("tracker/web/pages.py", "tracker/web/second_factors/routes.py")  # the second: a QR code, made here
CONSTANT = ("f'PRAGMA {pragma}'",)
SPEAKS = ("tracker/cli/", "tracker/serve.py", "tracker/app.py")
"""A command speaks on standard output; the application says there which setting it refuses."""
OF_THE_HOST = {"host", "host_url", "url_root", "base_url", "url", "root_url", "trusted_hosts"}
OF_THE_VISITOR = {"remote_addr", "access_route", "user_agent", "referrer"}
STATEMENTS = ("execute", "exec_driver_sql", "literal_column", "scalar", "scalars")
SAYS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Each call with the last word of what is called."""
    found = [node for node in nodes(path) if isinstance(node, ast.Call)]
    return [(ast.unparse(node.func).rpartition(".")[2], node) for node in found]


def is_put_together(node: ast.AST) -> bool:
    """An f-string with a value in it, a sum, a % or .format: text that somebody's words may become part of."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod)
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".format", ".join", ".replace"))


def requests_in(node: ast.AST) -> set[str]:
    """What an expression reads off the request."""
    found = (each for each in ast.walk(node) if isinstance(each, ast.Attribute))
    return {each.attr for each in found if isinstance(each.value, ast.Name) and each.value.id == "request"}


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_no_statement_is_put_together_from_words(path: Path) -> None:
    for name, call in calls(path):
        is_statement = name in STATEMENTS or ast.unparse(call.func) in ("text", "sqlalchemy.text")
        if not is_statement or not call.args or ast.unparse(call.args[0]) in CONSTANT:
            continue
        if name == "literal_column" and isinstance(call.args[0], ast.JoinedStr):
            values = [each for each in ast.walk(call.args[0]) if isinstance(each, ast.FormattedValue)]
            assert all(ast.unparse(each.value)[0].isupper() for each in values), (
                "not a code of an enumeration"
            )
        else:
            assert not is_put_together(call.args[0]), ast.unparse(call)


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_nothing_is_printed_and_no_log_line_holds_what_a_visitor_sent(path: Path) -> None:
    for name, call in calls(path):
        if name == "print":
            assert name_of(path).startswith(SPEAKS), ast.unparse(call)
        if name in SAYS and "log" in ast.unparse(call.func):
            assert not requests_in(call), ast.unparse(call)
            assert name != "exception", "a traceback with its message may repeat what was written"


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_nobody_reads_who_visits(path: Path) -> None:
    read = {each for node in nodes(path) for each in requests_in(node)}
    assert not read & OF_THE_VISITOR


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_the_host_of_a_request_is_read_in_one_place(path: Path) -> None:
    if name_of(path) != "tracker/web/hosts.py":
        assert not [each for node in nodes(path) for each in requests_in(node) & OF_THE_HOST]
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"HTTP_HOST|X-Forwarded|_external=True", text)


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_text_becomes_markup_where_it_must_only(path: Path) -> None:
    made = [ast.unparse(call) for name, call in calls(path) if name == "Markup"]
    assert not made or name_of(path) in MARKUP, made


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_switches_escaping_off(path: Path) -> None:
    switched = re.findall(r"\|\s*safe\b|autoescape\s+false", path.read_text(encoding="utf-8"))
    assert not switched


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_no_shell_reads_a_command_and_nothing_runs_what_it_reads(path: Path) -> None:
    for name, call in calls(path):
        assert not [key for key in call.keywords if key.arg == "shell"], ast.unparse(call)
        assert ast.unparse(call.func) not in (
            "eval",
            "exec",
            "compile",
            "os.system",
            "os.popen",
            "pickle.load",
            "pickle.loads",
            "marshal.loads",
            "yaml.load",
            "render_template_string",
            "__import__",
        ), ast.unparse(call)
        assert name != "from_string", ast.unparse(call)


def test_every_rule_would_notice() -> None:
    """One example of what each of them refuses."""
    refused = 'session.execute(f"DELETE FROM {name}")', 'text("a" + name)', 'text("a %s" % name)'
    for said in refused:
        [call] = [node for node in ast.walk(ast.parse(said)) if isinstance(node, ast.Call)]
        assert is_put_together(call.args[0]), said
    assert not is_put_together(ast.parse('f"plain"', mode="eval").body)
    assert requests_in(ast.parse('log.info("%s", request.form["a"])')) == {"form"}
    assert requests_in(ast.parse("request.environ")) == {"environ"}

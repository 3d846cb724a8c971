"""Rules of safety that are read off the code: what is written nowhere cannot go wrong at night."""

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from tests.architecture.sources import CODE, TEMPLATES, check, matches, name_of, nodes_of, place

MARKUP = ("tracker/web/pages.py", "tracker/web/confirmations.py", "tracker/web/second_factors/routes.py")
"""Each escapes what it fills in; the last: a QR code, made here."""
CONSTANT = ("f'PRAGMA {pragma}'",)
SPEAKS = ("tracker/cli/", "tracker/serve.py", "tracker/app.py")
"""A command speaks on standard output; the application says there which setting it refuses."""
OF_THE_HOST = {"host", "host_url", "url_root", "base_url", "url", "root_url", "trusted_hosts"}
OF_THE_VISITOR = {"remote_addr", "access_route", "user_agent", "referrer"}
STATEMENTS = ("execute", "exec_driver_sql", "literal_column", "scalar", "scalars")
RUNS = (
    *("eval", "exec", "compile", "os.system", "os.popen", "__import__", "render_template_string"),
    *("pickle.load", "pickle.loads", "marshal.loads", "yaml.load"),
)
SAYS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


@cache
def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Each call with the last word of what is called."""
    every = [node for node in nodes_of(path) if isinstance(node, ast.Call)]
    return [(ast.unparse(node.func).rpartition(".")[2], node) for node in every]


def is_put_together(node: ast.AST) -> bool:
    """An f-string with a value in it, a sum, a % or .format: text that somebody's words may become part of."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod)
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".format", ".join", ".replace"))


def requests_in(node: ast.AST) -> set[str]:
    """What an expression reads off the request."""
    attributes = (each for each in ast.walk(node) if isinstance(each, ast.Attribute))
    return {
        each.attr for each in attributes if isinstance(each.value, ast.Name) and each.value.id == "request"
    }


def is_unsafe_statement(name: str, call: ast.Call) -> bool:
    is_statement = name in STATEMENTS or ast.unparse(call.func) in ("text", "sqlalchemy.text")
    if not is_statement or not call.args or ast.unparse(call.args[0]) in CONSTANT:
        return False
    if name == "literal_column" and isinstance(call.args[0], ast.JoinedStr):  # a code of an enumeration
        values = [each for each in ast.walk(call.args[0]) if isinstance(each, ast.FormattedValue)]
        return not all(ast.unparse(each.value)[0].isupper() for each in values)
    return is_put_together(call.args[0])


def calls_that(is_refused: Callable[[str, ast.Call], object], paths: Iterable[Path] = CODE) -> list[str]:
    return [
        f"{place(path, call.lineno)}: {ast.unparse(call)}"
        for path in paths
        for name, call in calls(path)
        if is_refused(name, call)
    ]


def reads_of(names: set[str], paths: Iterable[Path] = CODE) -> list[str]:
    """Where one of these names is read off the request."""
    return [
        f"{place(path, node.lineno)}: {ast.unparse(node)}"
        for path in paths
        for node in nodes_of(path)
        if isinstance(node, ast.Attribute) and node.attr in names and requests_in(node)
    ]


def test_no_statement_is_put_together_from_words() -> None:
    check(calls_that(is_unsafe_statement))


def test_nothing_is_printed_but_by_a_command() -> None:
    silent = [path for path in CODE if not name_of(path).startswith(SPEAKS)]
    check(calls_that(lambda name, _: name == "print", silent))


def test_no_log_line_holds_what_a_visitor_sent() -> None:
    """A traceback with its message (`exception`) may repeat what was written."""
    check(
        calls_that(
            lambda name, call: (
                name in SAYS
                and "log" in ast.unparse(call.func)
                and (requests_in(call) or name == "exception")
            )
        )
    )


def test_nobody_reads_who_visits() -> None:
    check(reads_of(OF_THE_VISITOR))


def test_the_host_of_a_request_is_read_in_one_place() -> None:
    others = [path for path in CODE if name_of(path) != "tracker/web/hosts.py"]
    named = r"HTTP_HOST|X-Forwarded|_external=True"
    check(reads_of(OF_THE_HOST, others) + [each for path in others for each in matches(path, named)])


def test_text_becomes_markup_where_it_must_only() -> None:
    others = [path for path in CODE if name_of(path) not in MARKUP]
    check(calls_that(lambda name, _: name == "Markup", others))


def test_no_template_switches_escaping_off() -> None:
    check([each for path in TEMPLATES for each in matches(path, r"\|\s*safe\b|autoescape\s+false")])


def test_no_shell_reads_a_command_and_nothing_runs_what_it_reads() -> None:
    check(
        calls_that(
            lambda name, call: (
                any(key.arg == "shell" for key in call.keywords)
                or ast.unparse(call.func) in RUNS
                or name == "from_string"
            )
        )
    )


def test_every_rule_would_notice() -> None:
    """One example of what each of them refuses."""
    refused = 'session.execute(f"DELETE FROM {name}")', 'text("a" + name)', 'text("a %s" % name)'
    for said in refused:
        [call] = [node for node in ast.walk(ast.parse(said)) if isinstance(node, ast.Call)]
        assert is_put_together(call.args[0]), said
    assert not is_put_together(ast.parse('f"plain"', mode="eval").body)
    assert requests_in(ast.parse('log.info("%s", request.form["a"])')) == {"form"}
    assert requests_in(ast.parse("request.environ")) == {"environ"}

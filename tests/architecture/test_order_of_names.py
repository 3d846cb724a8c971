"""Names are sorted by one collation, in Python: a database sorts by its own, and knows no reader's language."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import CODE, check, name_of, nodes_of, place

NAMES = {"name", "names", "translations"}
MODELS = {"Organisation", "State", "Theme", "Group", "SdgGoal"}
FOLDS = {"casefold", "lower"}
ROOMS = ("tracker/queries/", "tracker/exchange/", "tracker/services/", "tracker/web/", "tracker/mail/")


def orders_by_a_name(node: ast.AST) -> bool:
    """`order_by` of a column with names, and `desc()` of one wherever it is written."""
    if not (isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".order_by", ".desc", ".asc"))):
        return False
    parts = [each for argument in node.args for each in ast.walk(argument)]
    parts += (
        [node.func.value] if isinstance(node.func, ast.Attribute) and node.func.attr != "order_by" else []
    )
    read = [each for each in parts if isinstance(each, ast.Attribute) and each.attr in NAMES]
    return any(ast.unparse(each.value) in MODELS for each in read)


def folds_in_a_key(node: ast.AST) -> bool:
    """`sorted` or `sort` with a key that folds case."""
    if not (isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("sorted", "sort")):
        return False
    keys = [each.value for each in node.keywords if each.arg == "key"]
    return any(
        isinstance(part, ast.Attribute) and part.attr in FOLDS for key in keys for part in ast.walk(key)
    )


def faults(paths: list[Path]) -> list[str]:
    return [
        f"{place(path, node.lineno)}: {ast.unparse(node)}"
        for path in paths
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and (orders_by_a_name(node) or folds_in_a_key(node))
    ]


def test_no_database_sorts_names_and_nothing_else_folds_them() -> None:
    check(faults([path for path in CODE if name_of(path).startswith(ROOMS)]))


@pytest.mark.parametrize(
    "code",
    [
        "query.order_by(Organisation.name, Organisation.id)",
        "query.order_by(State.names['en'])",
        "order = (Organisation.valid_to.desc(), Theme.name.desc())",
        "sorted(found, key=lambda each: (each.name.casefold(), each.id))",
        "names.sort(key=str.casefold)",
    ],
)
def test_the_rule_notices(code: str, tmp_path: Path) -> None:
    file = tmp_path / "faulty.py"
    file.write_text(code, encoding="utf-8")
    nodes = [*ast.walk(ast.parse(code))]
    assert any(orders_by_a_name(node) or folds_in_a_key(node) for node in nodes)

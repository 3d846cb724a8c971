"""Which tests run every day and which in `make nightly`, and which are run without counting branches."""

import pytest

ON_BOTH = (
    "backup", "history", "identity", "jobs", "mail", "migrations", "models", "policy", "queries", "services", "upkeep",
)  # fmt: skip
"""Folders whose promises depend on the database: locks, SQL, constraints, races. Elsewhere a file or a test says so
with the marker `database`. Whatever else opens a session meets PostgreSQL in `make nightly`."""
WALKS = ("architecture", "browser", "web")
"""Folders of tests that walk the whole site or all of the code: slow under coverage, and they alone cover nothing."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder, is_postgresql = item.path.parent.name, _kind_of(item) == "postgresql"
        if is_postgresql and folder not in ON_BOTH and not item.get_closest_marker("database"):
            item.add_marker(pytest.mark.nightly)
        if is_postgresql or folder in WALKS:
            item.add_marker(pytest.mark.uncounted)


def _kind_of(item: pytest.Item) -> str | None:
    return item.callspec.params.get("kind") if hasattr(item, "callspec") else None

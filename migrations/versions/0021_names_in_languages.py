"""Names of States and organisations in one column for all languages, and translations of themes, groups and goals.

An organisation whose Russian or Kyrgyz name was the English one had none: English was filled in for it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = depends_on = None

LANGUAGES = ("en", "ru", "ky")
NAMED = {"states": "code", "organisations": "id"}
LABELLED = ("themes", "groups", "sdg_goals")
Values = dict[str, Any]


def upgrade() -> None:
    for table, key in NAMED.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("names", sa.JSON(), nullable=True))
        _join_names(table, key)
        with op.batch_alter_table(table) as batch:
            batch.alter_column("names", existing_type=sa.JSON(), nullable=False)
            for language in LANGUAGES:
                batch.drop_column(f"name_{language}")
    for table in LABELLED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("translations", sa.JSON(), nullable=False, server_default="{}"))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("translations", existing_type=sa.JSON(), server_default=None)
    _change_seeded("states", _joined)


def downgrade() -> None:
    """A name that is missing is the English one again. Names in other languages than the three, and translations, are
    lost; the next seed brings back its own."""
    for table in LABELLED:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("translations")
        _change_seeded(table, _without_translations)
    for table, key in NAMED.items():
        with op.batch_alter_table(table) as batch:
            for language in LANGUAGES:
                batch.add_column(sa.Column(f"name_{language}", sa.Text(), nullable=True))
        _part_names(table, key)
        with op.batch_alter_table(table) as batch:
            for language in LANGUAGES:
                batch.alter_column(f"name_{language}", existing_type=sa.Text(), nullable=False)
            batch.drop_column("names")
    _change_seeded("states", _parted)


def _table(name: str, key: str) -> Any:
    columns = [sa.column(f"name_{language}", sa.Text()) for language in LANGUAGES]
    return sa.table(name, sa.column(key), sa.column("names", sa.JSON()), *columns)


def _join_names(name: str, key: str) -> None:
    table = _table(name, key)
    rows = op.get_bind().execute(sa.select(table.c[key], *(table.c[f"name_{each}"] for each in LANGUAGES)))
    for row_key, english, *others in rows.all():
        names = dict(zip(LANGUAGES[1:], others, strict=True))
        if name == "organisations":
            names = {language: other for language, other in names.items() if other != english}
        change = table.update().where(table.c[key] == row_key)
        op.get_bind().execute(change.values(names={"en": english, **names}))


def _part_names(name: str, key: str) -> None:
    table = _table(name, key)
    for row_key, names in op.get_bind().execute(sa.select(table.c[key], table.c.names)).all():
        parted = {f"name_{language}": names.get(language) or names["en"] for language in LANGUAGES}
        op.get_bind().execute(table.update().where(table.c[key] == row_key).values(**parted))


def _change_seeded(file: str, change: Any) -> None:
    """What the seed remembers of its rows: else it would take every name for one that a person has set."""
    seeded = sa.table(
        "seeded_rows", sa.column("file"), sa.column("key"), sa.column("values", sa.JSON(none_as_null=True))
    )
    of_file = sa.select(seeded.c.key, seeded.c["values"]).where(seeded.c.file == file)
    for key, values in op.get_bind().execute(of_file).all():
        same = (seeded.c.file == file, seeded.c.key == key)
        op.get_bind().execute(seeded.update().where(*same).values({"values": change(values)}))


def _joined(values: Values) -> Values:
    names = {language: values.get(f"name_{language}") for language in LANGUAGES}
    others = {name: value for name, value in values.items() if not name.startswith("name_")}
    return {**others, "names": {language: name for language, name in names.items() if name}}


def _parted(values: Values) -> Values:
    names = values.get("names") or {}
    others = {name: value for name, value in values.items() if name != "names"}
    return {**others, **{f"name_{each}": names[each] for each in LANGUAGES if each in names}}


def _without_translations(values: Values) -> Values:
    return {name: value for name, value in values.items() if name != "translations"}

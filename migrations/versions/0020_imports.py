"""Reviews of a coordinator's own: files that are imported, positions that change later, retired recommendations, links
across reviews, earlier texts of recommendations, organisations that go on under another name, and one more vocabulary.
Every row stays as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = depends_on = None

SCHEMES = ("letter", "topic", "ohchr", "upr_info")
ORDERS = ("newest_entry_at", "steps_apart")
NEW_TABLES = (
    "recommendation_sdg_goals",
    "recommendation_links",
    "import_items",
    "imports",
    "organisation_successions",
    "theme_correspondences",
    "state_spellings",
    "column_choices",
    "recommendation_wordings",
)
NEW_COLUMNS = (
    "position_source",
    "position_now",
    "position_now_on",
    "position_now_source",
    "action_category",
    "external_id",
    "former_refs",
    "retired_at",
    "retired_reason",
)
CHECKS = {
    "action_category": "action_category BETWEEN 1 AND 5",
    "position_now": "position_now IN ('supported', 'noted', 'supported_in_part', 'pending', 'not_applicable')",
    "position_now_is_dated": "(position_now IS NULL) = (position_now_on IS NULL)",
}
BY_HAND = "NOT is_by_hand OR review_id IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "column_choices",
        sa.Column("state_code", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["state_code"], ["states.code"], name=op.f("fk_column_choices_state_code")),
        sa.PrimaryKeyConstraint("state_code", "headers", name=op.f("pk_column_choices")),
    )
    op.create_table(
        "state_spellings",
        sa.Column("state_code", sa.Text(), nullable=False),
        sa.Column("spelling", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["state_code"], ["states.code"], name=op.f("fk_state_spellings_state_code")),
        sa.ForeignKeyConstraint(["means"], ["states.code"], name=op.f("fk_state_spellings_means")),
        sa.PrimaryKeyConstraint("state_code", "spelling", name=op.f("pk_state_spellings")),
    )
    op.create_table(
        "theme_correspondences",
        sa.Column("older_id", sa.Integer(), nullable=False),
        sa.Column("newer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["newer_id"], ["themes.id"], name=op.f("fk_theme_correspondences_newer_id")),
        sa.ForeignKeyConstraint(["older_id"], ["themes.id"], name=op.f("fk_theme_correspondences_older_id")),
        sa.PrimaryKeyConstraint("older_id", "newer_id", name=op.f("pk_theme_correspondences")),
    )
    op.create_index(op.f("ix_theme_correspondences_newer_id"), "theme_correspondences", ["newer_id"])

    op.create_table(
        "organisation_successions",
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "renamed",
                "merged",
                "split",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "predecessor_id <> successor_id", name=op.f("ck_organisation_successions_two_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["organisations.id"], name=op.f("fk_organisation_successions_predecessor_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["organisations.id"], name=op.f("fk_organisation_successions_successor_id")
        ),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name=op.f("pk_organisation_successions")),
    )
    op.create_index(
        op.f("ix_organisation_successions_successor_id"), "organisation_successions", ["successor_id"]
    )

    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("layout", sa.Text(), nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("samples", sa.JSON(), nullable=False),
        sa.Column("explained", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "columns",
                "refused",
                "read",
                "applied",
                "undone",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("compared_with", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (state NOT IN ('applied', 'undone'))", name=op.f("ck_imports_applied")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_imports_account_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_imports_review_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_imports_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_account_id"), "imports", ["account_id"])
    op.create_index(op.f("ix_imports_review_id_uploaded_at"), "imports", ["review_id", "uploaded_at"])
    op.create_index(op.f("ix_imports_state"), "imports", ["state"])

    op.create_table(
        "import_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "new",
                "changed",
                "unchanged",
                "doubtful",
                "refused",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("is_taken", sa.Boolean(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_items_import_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendations.id"], name=op.f("fk_import_items_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_items")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_items_import_id_number")),
    )
    op.create_index(
        op.f("ix_import_items_import_id_kind_number"), "import_items", ["import_id", "kind", "number"]
    )
    op.create_index(op.f("ix_import_items_recommendation_id"), "import_items", ["recommendation_id"])

    op.create_table(
        "recommendation_links",
        sa.Column("later_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "repeats",
                "similar",
                "follows_up",
                "not_related",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "later_id <> earlier_id", name=op.f("ck_recommendation_links_two_recommendations")
        ),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["recommendations.id"], name=op.f("fk_recommendation_links_earlier_id")
        ),
        sa.ForeignKeyConstraint(
            ["later_id"], ["recommendations.id"], name=op.f("fk_recommendation_links_later_id")
        ),
        sa.PrimaryKeyConstraint("later_id", "earlier_id", name=op.f("pk_recommendation_links")),
    )
    op.create_index(op.f("ix_recommendation_links_earlier_id"), "recommendation_links", ["earlier_id"])

    op.create_table(
        "recommendation_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_recommendation_wordings_recommendation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_wordings")),
        sa.UniqueConstraint(
            "recommendation_id", "until", name=op.f("uq_recommendation_wordings_recommendation_id_until")
        ),
    )

    op.create_table(
        "recommendation_sdg_goals",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("sdg_goal_code", sa.Text(), nullable=False),
        sa.Column("is_own_reading", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_recommendation_sdg_goals_recommendation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sdg_goal_code"], ["sdg_goals.code"], name=op.f("fk_recommendation_sdg_goals_sdg_goal_code")
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "sdg_goal_code", name=op.f("pk_recommendation_sdg_goals")),
    )
    op.create_index(
        op.f("ix_recommendation_sdg_goals_sdg_goal_code_recommendation_id"),
        "recommendation_sdg_goals",
        ["sdg_goal_code", "recommendation_id"],
    )
    with op.batch_alter_table("recommendation_themes") as table:
        table.add_column(sa.Column("is_heading", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("recommendation_themes") as table:
        table.alter_column("is_heading", server_default=None)
    op.execute(
        "UPDATE recommendation_themes SET is_heading = true"
        " WHERE theme_id IN (SELECT id FROM themes WHERE scheme = 'letter')"
    )
    with op.batch_alter_table("organisations") as table:
        table.add_column(sa.Column("original_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_organisations_original_id"), "organisations", ["original_id"], ["id"]
        )
        table.create_index(op.f("ix_organisations_original_id"), ["original_id"])
    _drop_orders()
    with op.batch_alter_table("recommendations") as table:
        table.add_column(sa.Column("position_source", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("position_now", sa.String(40), nullable=True))
        table.add_column(sa.Column("position_now_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("position_now_source", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("action_category", sa.Integer(), nullable=True))
        table.add_column(sa.Column("external_id", sa.Text(), nullable=True))
        table.add_column(sa.Column("former_refs", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("retired_reason", sa.Text(), nullable=False, server_default=""))
        for name, condition in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_recommendations_{name}"), condition)
    with op.batch_alter_table("recommendations") as table:
        table.alter_column("position_source", server_default=None)
        table.alter_column("position_now_source", server_default=None)
        table.alter_column("former_refs", server_default=None)
        table.alter_column("retired_reason", server_default=None)
    _create_orders("retired_at")
    is_open = sa.text("retired_at IS NULL")
    op.create_index(
        op.f("ix_recommendations_open"),
        "recommendations",
        ["review_id", "order"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    _allow_schemes(SCHEMES)
    _mark_milestones()


def downgrade() -> None:
    """What was imported loses the vocabulary and the columns that the older version does not know."""
    _unmark_milestones()
    op.execute(
        "DELETE FROM recommendation_themes WHERE theme_id IN (SELECT id FROM themes WHERE scheme = 'upr_info')"
    )
    for table in NEW_TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM seeded_rows WHERE file = 'themes' AND key LIKE 'upr_info|%'")
    op.execute("DELETE FROM themes WHERE scheme = 'upr_info'")
    _allow_schemes(SCHEMES[:-1])
    with op.batch_alter_table("organisations") as table:
        table.drop_index(op.f("ix_organisations_original_id"))
        table.drop_constraint(op.f("fk_organisations_original_id"), type_="foreignkey")
        table.drop_column("original_id")
    _drop_orders()
    op.drop_index(op.f("ix_recommendations_open"), "recommendations")
    with op.batch_alter_table("recommendations") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_recommendations_{name}"), type_="check")
        for name in NEW_COLUMNS:
            table.drop_column(name)
    _create_orders()
    with op.batch_alter_table("recommendation_themes") as table:
        table.drop_column("is_heading")


def _mark_milestones() -> None:
    """All of them are of the seed so far."""
    with op.batch_alter_table("milestones") as table:
        table.add_column(sa.Column("is_by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_check_constraint(op.f("ck_milestones_by_hand_of_a_review"), BY_HAND)
    with op.batch_alter_table("milestones") as table:
        table.alter_column("is_by_hand", server_default=None)


def _unmark_milestones() -> None:
    """The older version would show to everybody what a person entered."""
    op.execute("DELETE FROM milestones WHERE is_by_hand")
    with op.batch_alter_table("milestones") as table:
        table.drop_constraint(op.f("ck_milestones_by_hand_of_a_review"), type_="check")
        table.drop_column("is_by_hand")


def _drop_orders() -> None:
    for key in ORDERS:
        op.drop_index(op.f(f"ix_recommendations_{key}"), "recommendations")


def _create_orders(*more: str) -> None:
    """As revision 0018 does: a copy of the table on SQLite would forget DESC. `more`: columns behind the order, so that
    a page reads the index alone."""
    last = " NULLS LAST" if op.get_bind().dialect.name == "postgresql" else ""
    for key in ORDERS:
        place = [sa.text(f"{key} DESC{last}"), sa.text("review_id DESC"), "order", *more]
        op.create_index(op.f(f"ix_recommendations_{key}"), "recommendations", place)


def _allow_schemes(schemes: tuple[str, ...]) -> None:
    with op.batch_alter_table("themes") as table:
        table.drop_constraint(op.f("ck_themes_scheme"), type_="check")
        codes = ", ".join(f"'{scheme}'" for scheme in schemes)
        table.create_check_constraint(op.f("ck_themes_scheme"), f"scheme IN ({codes})")

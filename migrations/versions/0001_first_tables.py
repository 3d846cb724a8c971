"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("is_duty_bearer", sa.Boolean(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("code", name=op.f("uq_groups_code")),
    )
    op.create_table(
        "job_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
    )
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_runs_name_started_at"), ["name", "started_at"], unique=False)

    op.create_table(
        "sdg_goals",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sdg_goals")),
    )
    op.create_table(
        "seeded_rows",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("file", "key", name=op.f("pk_seeded_rows")),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "states",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("alpha2", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_ky", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_states")),
        sa.UniqueConstraint("alpha2", name=op.f("uq_states_alpha2")),
    )
    op.create_table(
        "themes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "scheme",
            sa.Enum(
                "letter",
                "topic",
                "ohchr",
                name="scheme",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
        sa.UniqueConstraint("scheme", "version", "code", name=op.f("uq_themes_scheme_version_code")),
    )
    op.create_table(
        "communications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_code", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "special_procedures",
                "allegation_letter",
                "reprisals_letter",
                "ngo_appeal",
                "public_statement",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("response_days", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("mandates", sa.JSON(), nullable=False),
        sa.Column(
            "reply_state",
            sa.Enum(
                "received",
                "none",
                "unknown",
                "not_applicable",
                name="reply_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reply_as_of_on", sa.Date(), nullable=True),
        sa.Column("public_url", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["state_code"], ["states.code"], name=op.f("fk_communications_state_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communications")),
        sa.UniqueConstraint("state_code", "reference", name=op.f("uq_communications_state_code_reference")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "government",
                "parliament",
                "judiciary",
                "local",
                "nhri",
                "cso",
                "coalition",
                "un",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_code", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("name_ky", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_organisations_validity")
        ),
        sa.ForeignKeyConstraint(["state_code"], ["states.code"], name=op.f("fk_organisations_state_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("key", name=op.f("uq_organisations_key")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisations_state_code"), ["state_code"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state_code", sa.Text(), nullable=False),
        sa.Column(
            "mechanism",
            sa.Enum("upr", name="mechanism", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("cycle > 0", name=op.f("ck_reviews_cycle")),
        sa.ForeignKeyConstraint(["state_code"], ["states.code"], name=op.f("fk_reviews_state_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("code", name=op.f("uq_reviews_code")),
        sa.UniqueConstraint(
            "state_code", "mechanism", "cycle", name=op.f("uq_reviews_state_code_mechanism_cycle")
        ),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_state_code"), ["state_code"], unique=False)

    op.create_table(
        "sdg_targets",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("goal_code", sa.Text(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_code"], ["sdg_goals.code"], name=op.f("fk_sdg_targets_goal_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_sdg_targets")),
    )
    with op.batch_alter_table("sdg_targets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sdg_targets_goal_code"), ["goal_code"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("passphrase_hash", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_accounts_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("handle", name=op.f("uq_accounts_handle")),
    )
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "communication_requests",
        sa.Column("communication_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["communication_id"],
            ["communications.id"],
            name=op.f("fk_communication_requests_communication_id"),
        ),
        sa.PrimaryKeyConstraint("communication_id", "number", name=op.f("pk_communication_requests")),
    )
    op.create_table(
        "milestones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state_code", sa.Text(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "review",
                "adoption",
                "letter",
                "mid_term_report",
                "national_report",
                "stakeholder_submission",
                "treaty_body_follow_up",
                "preparation",
                "context",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "certainty",
            sa.Enum(
                "sourced",
                "derived",
                "projected",
                "assumed",
                "own",
                name="certainty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_milestones_window")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_milestones_review_id")),
        sa.ForeignKeyConstraint(["state_code"], ["states.code"], name=op.f("fk_milestones_state_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint("key", name=op.f("uq_milestones_key")),
    )
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestones_review_id"), ["review_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_state_code"), ["state_code"], unique=False)

    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("symbol", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_sources_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("key", name=op.f("uq_sources_key")),
    )
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sources_review_id"), ["review_id"], unique=False)

    op.create_table(
        "account_roles",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "focal_point",
                "alternate",
                "validating_officer",
                "coordinator",
                "contributor",
                "organisation_lead",
                "registrar",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_roles_account_id")),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_account_roles")),
    )
    op.create_table(
        "history_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_history_lines_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_lines")),
    )
    with op.batch_alter_table("history_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_lines_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_lines_subject_id"), ["subject", "id"], unique=False)

    op.create_table(
        "outgoing_mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("reminder_digest", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_outgoing_mails_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mails")),
        sa.UniqueConstraint(
            "kind", "account_id", "on_date", name=op.f("uq_outgoing_mails_kind_account_id_on_date")
        ),
    )
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_mails_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_outgoing_mails_sent_at_next_try_at"), ["sent_at", "next_try_at"], unique=False
        )

    op.create_table(
        "recommendations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "letter_annex",
                "letter_body",
                "wg_recommendation",
                "voluntary_pledge",
                "treaty_body",
                "special_procedure",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("short_title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "position",
            sa.Enum(
                "supported",
                "noted",
                "supported_in_part",
                "pending",
                "not_applicable",
                name="position",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("context_note", sa.Text(), nullable=False),
        sa.Column("suggested_institutions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_recommendations_review_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_recommendations_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendations")),
        sa.UniqueConstraint("review_id", "order", name=op.f("uq_recommendations_review_id_order")),
        sa.UniqueConstraint("review_id", "ref", name=op.f("uq_recommendations_review_id_ref")),
    )
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recommendations_source_id"), ["source_id"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_account_id"), ["account_id"], unique=False)

    op.create_table(
        "action_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "disagreement",
            sa.Enum(
                "none",
                "differs",
                "contradicts",
                name="disagreement",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendations.id"], name=op.f("fk_action_points_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_points")),
        sa.UniqueConstraint("recommendation_id", "ref", name=op.f("uq_action_points_recommendation_id_ref")),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("lead", "supporting", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_assignments_period")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_assignments_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendations.id"], name=op.f("fk_assignments_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assignments_recommendation_id"), ["recommendation_id"], unique=False
        )
        batch_op.create_index(
            "uq_assignments_current",
            ["recommendation_id", "organisation_id"],
            unique=True,
            sqlite_where=sa.text("to_on IS NULL"),
            postgresql_where=sa.text("to_on IS NULL"),
        )
        batch_op.create_index(
            "uq_assignments_one_lead",
            ["recommendation_id"],
            unique=True,
            sqlite_where=sa.text("to_on IS NULL AND kind = 'lead'"),
            postgresql_where=sa.text("to_on IS NULL AND kind = 'lead'"),
        )

    op.create_table(
        "communication_recommendations",
        sa.Column("communication_id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["communication_id"],
            ["communications.id"],
            name=op.f("fk_communication_recommendations_communication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_communication_recommendations_recommendation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "communication_id", "recommendation_id", name=op.f("pk_communication_recommendations")
        ),
    )
    with op.batch_alter_table("communication_recommendations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_communication_recommendations_recommendation_id"),
            ["recommendation_id"],
            unique=False,
        )

    op.create_table(
        "recommendation_groups",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("is_own_reading", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_recommendation_groups_group_id")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_recommendation_groups_recommendation_id"),
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "group_id", name=op.f("pk_recommendation_groups")),
    )
    with op.batch_alter_table("recommendation_groups", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_groups_group_id_recommendation_id"),
            ["group_id", "recommendation_id"],
            unique=False,
        )

    op.create_table(
        "recommendation_sdg_targets",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("sdg_target_code", sa.Text(), nullable=False),
        sa.Column("is_own_reading", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_recommendation_sdg_targets_recommendation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sdg_target_code"],
            ["sdg_targets.code"],
            name=op.f("fk_recommendation_sdg_targets_sdg_target_code"),
        ),
        sa.PrimaryKeyConstraint(
            "recommendation_id", "sdg_target_code", name=op.f("pk_recommendation_sdg_targets")
        ),
    )
    with op.batch_alter_table("recommendation_sdg_targets", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_sdg_targets_sdg_target_code_recommendation_id"),
            ["sdg_target_code", "recommendation_id"],
            unique=False,
        )

    op.create_table(
        "recommendation_themes",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("is_own_reading", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_recommendation_themes_recommendation_id"),
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["themes.id"], name=op.f("fk_recommendation_themes_theme_id")),
        sa.PrimaryKeyConstraint("recommendation_id", "theme_id", name=op.f("pk_recommendation_themes")),
    )
    with op.batch_alter_table("recommendation_themes", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_themes_theme_id_recommendation_id"),
            ["theme_id", "recommendation_id"],
            unique=False,
        )

    op.create_table(
        "recommending_states",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("state_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendations.id"],
            name=op.f("fk_recommending_states_recommendation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["state_code"], ["states.code"], name=op.f("fk_recommending_states_state_code")
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "state_code", name=op.f("pk_recommending_states")),
    )
    with op.batch_alter_table("recommending_states", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommending_states_state_code_recommendation_id"),
            ["state_code", "recommendation_id"],
            unique=False,
        )

    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_reminders_account_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["outgoing_mails.id"], name=op.f("fk_reminders_mail_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "cause", "due_on", "account_id", name=op.f("uq_reminders_cause_due_on_account_id")
        ),
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminders_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reminders_mail_id"), ["mail_id"], unique=False)

    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("action_point_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column(
            "voice",
            sa.Enum(
                "state",
                "civil_society",
                "nhri_un",
                name="voice",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "fully_implemented",
                "partially_implemented",
                "planned",
                "not_implemented",
                "regressed",
                "overtaken",
                "no_information",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("source_link", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint("voice <> 'state'", name=op.f("ck_assessments_independent")),
        sa.CheckConstraint(
            "withdrawn_on IS NULL AND organisation_id IS NOT NULL AND voice IS NOT NULL AND level IS NOT NULL AND published_at IS NOT NULL AND reason <> '' AND narrative <> '' AND language <> '' OR withdrawn_on IS NOT NULL AND organisation_id IS NULL AND voice IS NULL AND level IS NULL AND published_at IS NULL AND reason = '' AND narrative = '' AND source_link = '' AND language = ''",
            name=op.f("ck_assessments_published_or_purged"),
        ),
        sa.ForeignKeyConstraint(
            ["action_point_id"], ["action_points.id"], name=op.f("fk_assessments_action_point_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_assessments_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendations.id"], name=op.f("fk_assessments_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assessments_action_point_id_published_at"),
            ["action_point_id", "published_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_assessments_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessments_published_at"), ["published_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_assessments_recommendation_id"), ["recommendation_id"], unique=False
        )

    op.create_table(
        "point_levels",
        sa.Column("action_point_id", sa.Integer(), nullable=False),
        sa.Column(
            "voice",
            sa.Enum(
                "state",
                "civil_society",
                "nhri_un",
                name="voice",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "fully_implemented",
                "partially_implemented",
                "planned",
                "not_implemented",
                "regressed",
                "mixed",
                "overtaken",
                "no_information",
                "not_assessed",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("index", sa.Double(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level <> 'not_assessed'", name=op.f("ck_point_levels_absence_is_no_row")),
        sa.CheckConstraint('"index" BETWEEN 0 AND 1', name=op.f("ck_point_levels_index")),
        sa.ForeignKeyConstraint(
            ["action_point_id"], ["action_points.id"], name=op.f("fk_point_levels_action_point_id")
        ),
        sa.PrimaryKeyConstraint("action_point_id", "voice", name=op.f("pk_point_levels")),
    )
    with op.batch_alter_table("point_levels", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_point_levels_voice_level_action_point_id"),
            ["voice", "level", "action_point_id"],
            unique=False,
        )

    op.create_table(
        "progress_updates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_point_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "validated",
                "published",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "fully_implemented",
                "partially_implemented",
                "planned",
                "not_implemented",
                "regressed",
                "overtaken",
                "no_information",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text(), nullable=False),
        sa.Column("support_needed", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("next_step_on", sa.Date(), nullable=True),
        sa.Column("as_of_on", sa.Date(), nullable=True),
        sa.Column("source_link", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("led", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("validated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (led IS NOT NULL)", name=op.f("ck_progress_updates_led_when_published")
        ),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_progress_updates_published_when"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'returned') OR level <> 'fully_implemented' OR source_link <> ''",
            name=op.f("ck_progress_updates_evidence_given"),
        ),
        sa.CheckConstraint("state IN ('draft', 'returned') OR reason <> ''", name=op.f("ck_progress_updates_reason_given")),
        sa.ForeignKeyConstraint(
            ["action_point_id"], ["action_points.id"], name=op.f("fk_progress_updates_action_point_id")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["accounts.id"], name=op.f("fk_progress_updates_author_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_progress_updates_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_updates")),
    )
    with op.batch_alter_table("progress_updates", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_progress_updates_action_point_id_published_at"),
            ["action_point_id", "published_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_progress_updates_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_progress_updates_organisation_id_state"),
            ["organisation_id", "state"],
            unique=False,
        )
        batch_op.create_index(
            "ix_progress_updates_waiting",
            ["state"],
            unique=False,
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("progress_updates", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_progress_updates_waiting",
            sqlite_where=sa.text("published_at IS NULL"),
            postgresql_where=sa.text("published_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_progress_updates_organisation_id_state"))
        batch_op.drop_index(batch_op.f("ix_progress_updates_author_id"))
        batch_op.drop_index(batch_op.f("ix_progress_updates_action_point_id_published_at"))

    op.drop_table("progress_updates")
    with op.batch_alter_table("point_levels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_point_levels_voice_level_action_point_id"))

    op.drop_table("point_levels")
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessments_recommendation_id"))
        batch_op.drop_index(batch_op.f("ix_assessments_published_at"))
        batch_op.drop_index(batch_op.f("ix_assessments_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_assessments_action_point_id_published_at"))

    op.drop_table("assessments")
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminders_mail_id"))
        batch_op.drop_index(batch_op.f("ix_reminders_account_id"))

    op.drop_table("reminders")
    with op.batch_alter_table("recommending_states", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommending_states_state_code_recommendation_id"))

    op.drop_table("recommending_states")
    with op.batch_alter_table("recommendation_themes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_themes_theme_id_recommendation_id"))

    op.drop_table("recommendation_themes")
    with op.batch_alter_table("recommendation_sdg_targets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_sdg_targets_sdg_target_code_recommendation_id"))

    op.drop_table("recommendation_sdg_targets")
    with op.batch_alter_table("recommendation_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_groups_group_id_recommendation_id"))

    op.drop_table("recommendation_groups")
    with op.batch_alter_table("communication_recommendations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_communication_recommendations_recommendation_id"))

    op.drop_table("communication_recommendations")
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_assignments_one_lead",
            sqlite_where=sa.text("to_on IS NULL AND kind = 'lead'"),
            postgresql_where=sa.text("to_on IS NULL AND kind = 'lead'"),
        )
        batch_op.drop_index(
            "uq_assignments_current",
            sqlite_where=sa.text("to_on IS NULL"),
            postgresql_where=sa.text("to_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_assignments_recommendation_id"))
        batch_op.drop_index(batch_op.f("ix_assignments_organisation_id"))

    op.drop_table("assignments")
    op.drop_table("action_points")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_account_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("recommendations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendations_source_id"))

    op.drop_table("recommendations")
    with op.batch_alter_table("outgoing_mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_mails_sent_at_next_try_at"))
        batch_op.drop_index(batch_op.f("ix_outgoing_mails_account_id"))

    op.drop_table("outgoing_mails")
    with op.batch_alter_table("history_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_history_lines_subject_id"))
        batch_op.drop_index(batch_op.f("ix_history_lines_account_id"))

    op.drop_table("history_lines")
    op.drop_table("account_roles")
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sources_review_id"))

    op.drop_table("sources")
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestones_state_code"))
        batch_op.drop_index(batch_op.f("ix_milestones_review_id"))

    op.drop_table("milestones")
    op.drop_table("communication_requests")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_organisation_id"))

    op.drop_table("accounts")
    with op.batch_alter_table("sdg_targets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sdg_targets_goal_code"))

    op.drop_table("sdg_targets")
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_state_code"))

    op.drop_table("reviews")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisations_state_code"))

    op.drop_table("organisations")
    op.drop_table("communications")
    op.drop_table("themes")
    op.drop_table("states")
    op.drop_table("settings")
    op.drop_table("seeded_rows")
    op.drop_table("sdg_goals")
    with op.batch_alter_table("job_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_runs_name_started_at"))

    op.drop_table("job_runs")
    op.drop_table("groups")

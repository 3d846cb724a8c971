"""Evidence files; a file counts like the link of a source."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = depends_on = None

CHECK = "ck_progress_updates_evidence_given"
LINK = "state IN ('draft', 'returned') OR level <> 'fully_implemented' OR source_link <> ''"
LINK_OR_FILE = f"{LINK} OR has_files"


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("update_id", sa.Uuid(), nullable=True),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum(
                "confidential",
                "public",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(update_id IS NULL) <> (assessment_id IS NULL)", name=op.f("ck_evidence_of_one_entry")
        ),
        sa.CheckConstraint(
            "assessment_id IS NULL OR visibility = 'public'", name=op.f("ck_evidence_assessments_are_public")
        ),
        sa.CheckConstraint(
            "size_bytes > 0 AND name <> '' AND length(sha256) = 64", name=op.f("ck_evidence_whole")
        ),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.id"], name=op.f("fk_evidence_assessment_id")
        ),
        sa.ForeignKeyConstraint(["update_id"], ["progress_updates.id"], name=op.f("fk_evidence_update_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_update_id"), ["update_id"], unique=False)

    op.add_column(
        "progress_updates", sa.Column("has_files", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    with op.batch_alter_table("progress_updates", schema=None) as batch_op:
        batch_op.alter_column("has_files", server_default=None)
        batch_op.drop_constraint(batch_op.f(CHECK), type_="check")
        batch_op.create_check_constraint(batch_op.f(CHECK), LINK_OR_FILE)


def downgrade() -> None:
    """The files' rows go, their bytes stay in the storage folder. What only a file proved keeps a sign of it.
    Once up again, `flask verify` calls every published update that had files changed, and it is right."""
    op.execute(
        "UPDATE progress_updates SET source_link = 'https://evidence.invalid/file' WHERE has_files AND source_link = ''"
    )
    with op.batch_alter_table("progress_updates", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(CHECK), type_="check")
        batch_op.create_check_constraint(batch_op.f(CHECK), LINK)
        batch_op.drop_column("has_files")

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_update_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_sha256"))
        batch_op.drop_index(batch_op.f("ix_evidence_assessment_id"))

    op.drop_table("evidence")

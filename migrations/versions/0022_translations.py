"""The texts of recommendations and action points in other languages, beside the authentic ones. No row changes."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = depends_on = None

RECOMMENDATIONS, POINTS = "recommendation_translations", "action_point_translations"
IS_KIND = "kind IN ('official', 'unofficial')"
HAS_SOURCE = "kind <> 'official' OR source <> ''"


def upgrade() -> None:
    op.create_table(
        RECOMMENDATIONS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_checked", sa.Boolean(), nullable=False),
        sa.Column("short_title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("of_digest", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint(IS_KIND, name=op.f(f"ck_{RECOMMENDATIONS}_kind")),
        sa.CheckConstraint(HAS_SOURCE, name=op.f(f"ck_{RECOMMENDATIONS}_source")),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendations.id"], name=op.f(f"fk_{RECOMMENDATIONS}_recommendation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{RECOMMENDATIONS}")),
        sa.UniqueConstraint(
            "recommendation_id", "language", name=op.f(f"uq_{RECOMMENDATIONS}_recommendation_id_language")
        ),
    )
    op.create_table(
        POINTS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_point_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("of_digest", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_point_id"], ["action_points.id"], name=op.f(f"fk_{POINTS}_action_point_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{POINTS}")),
        sa.UniqueConstraint("action_point_id", "language", name=op.f(f"uq_{POINTS}_action_point_id_language")),
    )


def downgrade() -> None:
    """The seed brings its own ones back; what people wrote is lost."""
    op.drop_table(POINTS)
    op.drop_table(RECOMMENDATIONS)
    op.execute(f"DELETE FROM seeded_rows WHERE file IN ('{RECOMMENDATIONS}', '{POINTS}')")

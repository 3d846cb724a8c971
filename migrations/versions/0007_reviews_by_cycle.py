"""The newest review, which every page asks for, is found by an index: one row is read, however many reviews there are."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_reviews_cycle_id"), "reviews", ["cycle", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_reviews_cycle_id"), "reviews")

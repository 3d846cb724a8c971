"""The newest review of a State, which every page asks for, is found by an index, however many reviews there are."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_reviews_state_code_cycle_id"), "reviews", ["state_code", "cycle", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_reviews_state_code_cycle_id"), "reviews")

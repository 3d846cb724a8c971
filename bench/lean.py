"""The floor: Flask, SQLAlchemy Core and Jinja with nothing of the product, over the same rows.

One page: the 25 newest recommendations in a table, the exact total, and selects of States, themes and
positions. `gunicorn "bench.lean:create_app()"` with BENCH_DATABASE_URL.
"""

import os
from pathlib import Path

from flask import Flask, render_template
from sqlalchemy import create_engine, func, select

from tracker.models.recommendations import Position, Recommendation, RecommendationTheme, RecommendingState
from tracker.models.reviews import Review
from tracker.models.states import State
from tracker.models.themes import Scheme, Theme

PAGE = 25
TOTAL = select(func.count()).select_from(Recommendation.__table__)
BY = select(func.min(RecommendingState.state_code)).where(
    RecommendingState.recommendation_id == Recommendation.id
)
NEWEST = select(Recommendation.id).order_by(Recommendation.id.desc()).limit(PAGE)
ROWS = (
    select(
        Recommendation.id,
        Recommendation.ref,
        Review.cycle,
        Review.code.label("review"),
        State.name.label("state"),
        BY.scalar_subquery().label("by"),
        Theme.label.label("theme"),
        Recommendation.position,
        Recommendation.kind,
        Recommendation.text,
    )
    .join(Review, Review.id == Recommendation.review_id)
    .join(State, State.code == Review.state_code)
    .join(RecommendationTheme, RecommendationTheme.recommendation_id == Recommendation.id)
    .join(Theme, Theme.id == RecommendationTheme.theme_id)
    .where(Theme.scheme == Scheme.OHCHR, Recommendation.id.in_(NEWEST))
    .order_by(Recommendation.id.desc())
)


def create_app() -> Flask:
    """States and themes are read once, as a careful small application would."""
    app = Flask("lean", template_folder=str(Path(__file__).parent / "templates"))
    engine = create_engine(os.environ["BENCH_DATABASE_URL"])
    with engine.connect() as connection:
        states = [tuple(row) for row in connection.execute(select(State.code, State.name))]
        themes = list(connection.scalars(select(Theme.label).where(Theme.scheme == Scheme.OHCHR)))
    positions = [position.value for position in Position]

    @app.get("/")
    def index() -> str:
        with engine.connect() as connection:
            rows = connection.execute(ROWS).all()
            total = connection.scalar(TOTAL)
        return render_template(
            "lean.html", rows=rows, total=total, states=states, themes=themes, positions=positions
        )

    return app

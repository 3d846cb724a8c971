"""Runs migrations on the database that `DATABASE_URL` names, or on the address that a caller passes in."""

from alembic import context

from config import Config
from tracker.database import make_engine
from tracker.models import Base

config = context.config
url = config.attributes.get("url") or Config.from_environment().DATABASE_URL
engine = make_engine(url)
try:
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # Tables are rebuilt by copying: a reference may point nowhere until the copy is done.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.rollback()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            compare_server_default=True,
            user_module_prefix="types.",
        )
        with context.begin_transaction():
            context.run_migrations()
finally:
    engine.dispose()

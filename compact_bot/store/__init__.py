"""What lasts: tables, sessions and migrations. The only room that knows SQLAlchemy's engine."""

"""Platform tokens as they lie in the database: sealed under COMPACT_SECRET_KEY, so that a copy of it opens no door.

Several keys may be given, with spaces between: the first one seals, each of them opens, so that keys can be changed.
"""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, Engine, Text, TypeDecorator, column, select, table, update

SEALED = "sealed:"
TOKENS = {
    "slack_bots": ("bot_token", "bot_refresh_token"),
    "slack_installations": (
        "bot_token",
        "bot_refresh_token",
        "user_token",
        "user_refresh_token",
        "incoming_webhook_url",
        "incoming_webhook_configuration_url",
    ),
}


class UnopenedError(Exception):
    """A token was sealed under a key that is not among ours."""


class Keys:
    def __init__(self, secrets: Sequence[str]) -> None:
        self._fernet = MultiFernet([_derived(secret) for secret in secrets]) if secrets else None

    def __bool__(self) -> bool:
        return self._fernet is not None

    def seal(self, token: str) -> str:
        """Without a key it stays as it is, and so does what is sealed."""
        if self._fernet is None or not token or token.startswith(SEALED):
            return token
        return SEALED + self._fernet.encrypt(token.encode()).decode()

    def open(self, kept: str) -> str:
        """Raises UnopenedError."""
        if not kept.startswith(SEALED):
            return kept
        if self._fernet is None:
            raise UnopenedError
        try:
            return self._fernet.decrypt(kept.removeprefix(SEALED)).decode()
        except InvalidToken as error:
            raise UnopenedError from error

    def reseal(self, kept: str) -> str:
        """Under the first key, whichever of them sealed it. Raises UnopenedError."""
        return self.seal(self.open(kept))


def _derived(secret: str) -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=b"compact-bot platform tokens").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


class Sealed(TypeDecorator[str]):
    """A column of tokens: sealed on their way in, opened on their way out."""

    impl = Text
    cache_ok = True

    def __init__(self, keys: Keys) -> None:
        super().__init__()
        self.keys = keys

    def process_bind_param(self, value: str | None, _: Dialect) -> str | None:
        return None if value is None else self.keys.seal(value)

    def process_result_value(self, value: str | None, _: Dialect) -> str | None:
        return None if value is None else self.keys.open(value)


def reseal_all(engine: Engine, keys: Keys, only_clear: bool = False) -> int:
    """Seal every token under the first key; with `only_clear` those that are not sealed yet. How many rows changed.

    Raises UnopenedError, with nothing changed, where one was sealed under a key that is gone.
    """
    changed = 0
    with engine.begin() as connection:
        for name, columns in TOKENS.items():
            rows = table(name, column("id"), *map(column, columns))
            for row in connection.execute(select(rows)).mappings().all():
                kept = {one: row[one] for one in columns if row[one]}
                for one in kept.values():
                    keys.open(one)
                chosen = [one for one, token in kept.items() if not (only_clear and token.startswith(SEALED))]
                if keys and chosen:
                    resealed = {one: keys.reseal(kept[one]) for one in chosen}
                    connection.execute(update(rows).where(rows.c.id == row["id"]).values(resealed))
                    changed += 1
    return changed


def are_clear(engine: Engine) -> bool:
    """Whether any token lies in the database as it is."""
    with engine.connect() as connection:
        for name, columns in TOKENS.items():
            rows = table(name, *map(column, columns))
            for row in connection.execute(select(rows)):
                if any(one and not one.startswith(SEALED) for one in row):
                    return True
    return False

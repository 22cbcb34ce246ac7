"""What only this program can make, signed, and that holds while the key behind it is changed."""

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from compact_bot.settings import keys_in

if TYPE_CHECKING:
    from itsdangerous import URLSafeSerializer


def signed(secret_key: str, salt: str, held: object) -> str:
    """For an address. `salt` tells one kind from all others; `secret_key` is as COMPACT_SECRET_KEY holds it."""
    return str(_signer(secret_key, salt).dumps(held))


def opened(secret_key: str, salt: str, sealed: str) -> Any:  # noqa: ANN401  # whatever was signed
    """What was signed; None for what was not signed here."""
    from itsdangerous import BadData

    try:
        return _signer(secret_key, salt).loads(sealed)
    except BadData:
        return None


def _signer(secret_key: str, salt: str) -> "URLSafeSerializer":
    from itsdangerous import URLSafeSerializer

    keys = list(reversed(keys_in(secret_key)))  # the library signs with the last, and believes each
    return URLSafeSerializer(keys, salt=salt, signer_kwargs={"digest_method": sha256})

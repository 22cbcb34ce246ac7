"""Links that nobody but this program can make, and that hold while the key behind them is changed."""

from hashlib import sha256
from typing import TYPE_CHECKING

from compact_bot.settings import keys_in

if TYPE_CHECKING:
    from itsdangerous import URLSafeSerializer


def signer(secret_key: str, salt: str) -> "URLSafeSerializer":
    """`secret_key` as COMPACT_SECRET_KEY holds it; `salt` tells one kind of link from all others."""
    from itsdangerous import URLSafeSerializer

    keys = list(reversed(keys_in(secret_key)))  # the library signs with the last, and believes each
    return URLSafeSerializer(keys, salt=salt, signer_kwargs={"digest_method": sha256})

"""Pages as HTML: pure functions over templates that escape everything."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.plain_text import within
from compact_bot.conversation import Reply
from compact_bot.dates import spoken

HERE = Path(__file__).parent


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([HERE / "templates", HERE.parent / "review" / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["spoken"] = spoken
    environment.filters["within"] = within
    return environment


def rendered(template: str, **values: object) -> str:
    return _templates().get_template(template).render(**values)


def reply_html(reply: Reply, key: str = "form", token: str = "", to: str = "/say") -> str:
    """`key` keeps the names of a form's parts apart from those of other forms on the page; `to` is where forms go."""
    return rendered("reply.html", reply=within(reply), key=key, token=token, to=to)

"""A reply as HTML: one pure function over a template that escapes everything."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.plain_text import within
from compact_bot.conversation import Reply
from knowledge.agreement import Agreement

HERE = Path(__file__).parent


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def reply_html(reply: Reply, key: str = "form") -> str:
    """`key` keeps the names of a form's parts apart from those of other forms on the page."""
    return _templates().get_template("reply.html").render(reply=within(reply), key=key)


def chat_page(agreement: Agreement, said: str = "", reply: Reply | None = None) -> str:
    """The page, with one exchange in it when the browser runs no scripts and the form was sent whole."""
    shown = within(reply) if reply else None
    return _templates().get_template("chat.html").render(agreement=agreement, said=said, reply=shown, key="form")


def agreement_page(agreement: Agreement) -> str:
    return _templates().get_template("agreement.html").render(agreement=agreement)

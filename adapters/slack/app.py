"""The bolt app: which of Slack's happenings goes to whom."""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.installations import Installations, quiet
from adapters.slack.talking import Talking
from adapters.slack.views import FORM, SHOWN
from compact_bot.logs import logger

NOT_INSTALLED = (
    "I am not installed in this workspace any more, so nothing was read or saved. "
    "Please ask whoever looks after Slack here to add Compact Bot again."
)

MALFORMED = (LookupError, TypeError, ValueError, AttributeError)  # what reading a payload raises

log = logger(__name__)


def bolt_app(client: AsyncWebClient, installations: Installations, talking: Talking) -> AsyncApp:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        installed = await installations.installed(team_id or "", enterprise_id or "")
        if installed is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=installed.token,
            bot_id=installed.bot_id,
            bot_user_id=installed.bot_user,
        )

    # Every listener answers at once and leaves what takes longer to a task of its own, so the response need not wait
    # for bolt's poll, which looks for the acknowledgement only every 10 ms.
    app = AsyncApp(
        client=client,
        authorize=authorize,  # type: ignore[arg-type]  # bolt takes None for "not installed"
        logger=quiet,
        user_facing_authorize_error_message=NOT_INSTALLED,
        process_before_response=True,
        request_verification_enabled=False,  # adapters/slack/host.py has done it
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        ignoring_self_assistant_message_events_enabled=False,
    )
    app.command(re.compile(".*"))(talking.commanded)  # a workspace may have given it a name of its own
    app.event("app_mention")(talking.mentioned)
    app.event("message")(talking.told)
    app.action(re.compile(".*"))(talking.pressed)
    app.view(FORM)(talking.submitted)
    app.view(SHOWN)(_only_acknowledged)
    app.shortcut("track_deadline")(talking.chose_track)
    app.shortcut("ask_about_message")(talking.chose_ask)
    app.shortcut("log_feedback")(talking.chose_feedback)
    app.event("app_home_opened")(talking.looked_home)
    app.event("app_uninstalled")(talking.taken_out)
    app.event("tokens_revoked")(talking.taken_out)
    app.event("team_access_granted")(talking.access_changed)
    app.event("team_access_revoked")(talking.access_changed)
    # Whatever else happens is acknowledged: Slack sends again what is not, three times, and in the end turns it off.
    app.event(re.compile(".*"))(_only_acknowledged)
    app.view_closed(re.compile(".*"))(_only_acknowledged)
    app.error(_without_its_text)
    return app


async def _only_acknowledged(ack: Any) -> None:  # noqa: ANN401  # bolt finds its arguments by name
    await ack()


async def _without_its_text(error: Exception) -> BoltResponse:
    """An exception's text may hold what people wrote or a token. A payload that lacks what Slack always sends is no
    failure of ours, and Slack must not send it again."""
    log.error("a Slack request failed: %s", type(error).__name__)
    return BoltResponse(status=400 if isinstance(error, MALFORMED) else 500)

"""/readyz and /metrics: whether all goes on as it should, and how much; never who, and never what was said."""

import asyncio
import hmac
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.this_machine import OnlyThisMachine
from compact_bot.logs import logger, type_and_place
from compact_bot.watching import condition, nudge_counts

ANSWERS_WITHIN = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)

log = logger(__name__)
disable_created_metrics()  # type: ignore[no-untyped-call]  # when something was first counted is nobody's business


class Metrics:
    """What this process has answered, and what the database says of nudges when it is asked."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._registry = CollectorRegistry()
        self._messages = Counter(
            "compact_messages",
            "Messages answered, by door, act and outcome; without anonymous feedback",
            ["door", "act", "outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "compact_answer_seconds",
            "From a message to its answer",
            ["door"],
            buckets=ANSWERS_WITHIN,
            registry=self._registry,
        )
        self._registry.register(_OfTheDatabase(engine, clock))

    def answered(self, door: str, act: str, outcome: str, seconds: float) -> None:
        self._messages.labels(door, act, outcome).inc()
        self._seconds.labels(door).observe(seconds)

    def written(self) -> bytes:
        return generate_latest(self._registry)


class _OfTheDatabase(Collector):
    """Asked for at each look, since any process of the deployment may have sent them."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def describe(self) -> Iterator[Metric]:
        """Nothing, so that registering it asks no database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        now = self._clock()
        try:
            counts, found = nudge_counts(self._engine, now), condition(self._engine, now)
        except SQLAlchemyError as error:
            log.error("metrics: %s", type_and_place(error))
            yield GaugeMetricFamily("compact_database_up", "Whether the database answers", 0)
            return
        yield GaugeMetricFamily("compact_database_up", "Whether the database answers", 1)
        yield GaugeMetricFamily("compact_nudges_due", "Nudges that are due and wait", counts.due)
        yield GaugeMetricFamily("compact_nudges_sent_lately", "Nudges sent in the last 24 hours", counts.sent)
        yield GaugeMetricFamily("compact_nudges_late_lately", "Of those, sent over 15 minutes late", counts.late)
        yield GaugeMetricFamily("compact_nudges_failed_lately", "Nudges given up in the last 24 hours", counts.failed)
        yield GaugeMetricFamily("compact_oldest_due_nudge_seconds", "Age of the oldest due nudge", found.oldest_due)
        yield GaugeMetricFamily("compact_outbox_seconds", "Age of the oldest answer on its way", found.oldest_answer)
        if found.last_round is not None:
            yield GaugeMetricFamily("compact_last_round_seconds", "Since nudges were last seen to", found.last_round)


class _ForTheKey:
    """Lets whoever has the key in; without one it is for this machine alone."""

    def __init__(self, app: ASGIApp, key: str, public_url: str) -> None:
        self._app = app
        self._key = key
        self._local = OnlyThisMachine(app, public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope.get("headers", ())).get(b"authorization", b"")
        if self._key and hmac.compare_digest(given, f"Bearer {self._key}".encode()):
            await self._app(scope, receive, send)
        else:
            await self._local(scope, receive, send)


def watched_routes(
    engine: Engine, clock: Callable[[], datetime], metrics: Metrics, key: str = "", public_url: str = ""
) -> Sequence[BaseRoute]:
    async def ready(_: Request) -> Response:
        try:
            found = await asyncio.to_thread(condition, engine, clock())
        except SQLAlchemyError as error:
            log.error("readiness: %s", type_and_place(error))
            return PlainTextResponse("not ready: the database does not answer\n", 503)
        if found.problems:
            return PlainTextResponse("".join(f"not ready: {one}\n" for one in found.problems), 503)
        return PlainTextResponse(
            f"ready: the database answers; the last round of nudges was {found.last_round or 0:.0f} seconds ago; "
            f"the oldest due nudge has waited {found.oldest_due:.0f} seconds\n"
        )

    async def measured(_: Request) -> Response:
        return Response(await asyncio.to_thread(metrics.written), media_type=CONTENT_TYPE_LATEST)

    guarded = [Middleware(_ForTheKey, key=key, public_url=public_url)]
    return Route("/readyz", ready), Route("/metrics", measured, middleware=guarded)

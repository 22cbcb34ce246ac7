"""/compact with a real answer, beside a bare bolt app that acknowledges a fixed text: one worker each, the same run."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import psutil

from tests.bench.http_load import Load, free_port, load, serving
from tests.slack.workspace import SECRET, TOKEN, Workspace, as_form, command, running, signed

REQUESTS = {1: 1_000, 32: 4_000}
ROUNDS = 3
ASKED = {"/compact 3.4.4": "3.4.4", "a plain-words question": "how much notice before a grant ends"}


@contextmanager
def servers() -> Iterator[dict[str, tuple[psutil.Process, int]]]:
    with ExitStack() as open_:
        workspace = open_.enter_context(running(Workspace()))
        given = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{workspace.url}api/"}
        found = {}
        for name, arguments in {
            "bare": ["-m", "uvicorn", "tests.bench.bare_slack:app", "--log-level", "error", "--no-access-log"],
            "ours": ["-m", "compact_bot", "web"],
        }.items():
            port = free_port()
            more = ["--port", str(port)] if name == "bare" else []
            process = serving([*arguments, *more], {**given, "PORT": str(port)}, port, "/healthz")
            found[name] = (open_.enter_context(process), port)
        yield found


def asked(server: tuple[psutil.Process, int], text: str, at_once: int) -> Load:
    def request(_: int) -> tuple[bytes, Mapping[str, str]]:
        body = as_form(command(text, "http://127.0.0.1:9/"))
        return body, signed(body, "application/x-www-form-urlencoded")

    process, port = server
    return load(process, port, "/slack/events", request, REQUESTS[at_once], at_once)


def best(loads: list[Load]) -> Load:
    """The round with the highest rate: the least disturbed by what else this machine was doing."""
    return max(loads, key=lambda one: one.rate)


def main() -> None:
    print("Slack, one worker (goals: p50 at 1 below the bare app's; at 32 >= 0.8 of its rate and p99 no worse)")
    with servers() as found:
        for at_once in REQUESTS:
            measured: dict[str, list[Load]] = {"bare bolt, fixed text": []} | {name: [] for name in ASKED}
            for _ in range(ROUNDS):
                measured["bare bolt, fixed text"].append(asked(found["bare"], "hello", at_once))
                for name, text in ASKED.items():
                    measured[name].append(asked(found["ours"], text, at_once))
            bare = best(measured["bare bolt, fixed text"])
            for name, loads in measured.items():
                one = best(loads)
                print(
                    f"  {at_once:2} at once  {name:24} p50 {one.p50:6.2f} ms  p99 {one.p99:6.2f} ms  {one.rate:6.0f}/s"
                    f"  {one.rate / bare.rate:5.2f} of bare  {one.cpu:5.2f} ms of processor"
                )
        print(f"  memory of ours: {found['ours'][0].memory_info().rss / 1e6:.0f} MB")


if __name__ == "__main__":
    main()

"""Who is let in: tokens first, then the place for answers, the tenant, and the shape of what was posted."""

import logging
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from compact_bot.settings import SettingsError, is_teams_wanted, read_settings
from tests.conftest import ROOT
from tests.teams.conftest import Client
from tests.teams.stand_in import APP, OTHER_TENANT, TENANT, Fault

STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def test_a_good_token_is_answered_with_the_bots_own(client: Client) -> None:
    (answer,) = client.say("hello")
    assert answer["summary"].startswith("Hello.")
    client.say("thanks")
    assert {call.authorization for call in client.teams.calls} == {"Bearer token-1"}
    assert client.teams.metadata_read == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": None},
        {"nbf": int(time.time()) + 3600},
        {"aud": OTHER_TENANT},
        {"aud": None},
        {"aud": ["", APP]},
        {"iss": "https://evil.example"},
        {"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/", "ver": "1.0", "appid": APP},
        {"serviceurl": None},
        {"serviceurl": "https://smba.trafficmanager.net/amer/"},
        {"kid": "unknown", "key": STRANGER},
        {"key": STRANGER},
    ],
    ids=" and ".join,
)
def test_any_other_token_is_refused(client: Client, claims: dict[str, object]) -> None:
    assert client.post(client.activity(text="hello"), client.teams.token(**claims)).status_code == 401  # type: ignore[arg-type]
    assert client.teams.calls == []


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer a.b.c", "Bearer abc", "Basic YTpi", "\u00e9"])
def test_what_is_no_token_is_refused(client: Client, header: str) -> None:
    answer = client.http.post("/api/messages", json=client.activity(), headers={"Authorization": header.encode()})
    assert answer.status_code == 401
    assert client.http.post("/api/messages", content=b"{", headers={}).status_code == 401


def test_a_channel_that_the_key_may_not_sign_for_is_refused(client: Client) -> None:
    assert client.post({**client.activity(text="hello"), "channelId": "webchat"}).status_code == 401


def test_a_rotated_key_is_fetched_and_unknown_ones_do_not_make_us_fetch_all_day(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.say("hello")
    client.teams.new_key("second")
    for _ in range(3):
        assert client.post(client.activity(text="hello"), client.teams.token("second")).status_code == 401
    assert client.teams.metadata_read == 1
    monkeypatch.setattr("adapters.teams.keys.AT_MOST_EVERY", 0)
    assert client.post(client.activity(text="hello"), client.teams.token("second")).status_code == 200
    assert client.teams.metadata_read == 2


def test_answers_and_the_token_go_only_to_hosts_of_teams(client: Client) -> None:
    for url in (
        "https://evil.example/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://evilsmba.trafficmanager.net/",
        "http://botframework.com/",
        "x",
    ):
        token = client.teams.token(serviceurl=url)
        assert client.post({**client.activity(text="hello"), "serviceUrl": url}, token).status_code == 401


def test_only_the_tenants_of_the_settings_are_served(client: Client) -> None:
    client.tenant = OTHER_TENANT
    assert client.post(client.activity(text="hello")).status_code == 403
    client.tenant = TENANT
    two = client.activity(text="hello", channelData={"tenant": {"id": OTHER_TENANT}})
    assert client.post(two).status_code == 403
    assert client.teams.calls == []


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'"message"', b"{", b"\xff", b"{}", b'{"type":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b"null"],
    ids=range(8),
)
def test_what_is_no_activity_is_400(client: Client, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {client.teams.token()}", "Content-Type": "application/json"}
    assert client.http.post("/api/messages", content=body, headers=headers).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"type": None},
        {"type": 5},
        {"id": None},
        {"serviceUrl": None, "token": ""},
        {"conversation": []},
        {"conversation": {"id": "x" * 500}},
        {"from": "me"},
        {"from": {}},
        {"channelData": "x"},
        {"channelData": None, "conversation": {"id": "a:1"}},
    ],
    ids=str,
)
def test_an_activity_that_lacks_what_every_one_has_is_400(client: Client, change: dict[str, object]) -> None:
    assert client.post({**client.activity(), **change}).status_code == 400


def test_too_large_is_413_and_another_content_type_415(client: Client) -> None:
    assert client.post(client.activity(text="x" * 1_100_000)).status_code == 413
    in_pieces = client.http.post("/api/messages", content=(b"x" * 100_000 for _ in range(11)))
    assert in_pieces.status_code == 413
    headers = {"Authorization": f"Bearer {client.teams.token()}", "Content-Type": "text/plain"}
    assert client.http.post("/api/messages", content=b"{}", headers=headers).status_code == 415
    assert client.http.get("/api/messages").status_code >= 400


@pytest.mark.parametrize("kind", ["typing", "messageReaction", "messageUpdate", "messageDelete", "somethingNew"])
def test_what_is_of_no_interest_is_taken_and_left_alone(client: Client, kind: str) -> None:
    assert client.post(client.activity(kind)).status_code == 200
    assert client.teams.sent() == []


def test_the_same_activity_is_answered_once(client: Client) -> None:
    twice = client.activity(text="hello")
    assert [client.post(twice).status_code for _ in range(2)] == [200, 200]
    assert len(client.teams.sent()) == 1


def test_strange_values_break_nothing(client: Client) -> None:
    for strange in (
        {"text": "a\0 \ud800 b"},
        {"text": "x" * 100_000},
        {"text": 5},
        {"text": None, "value": [1]},
        {"text": None, "value": {"form": {"x": 1}}},
        {"text": None, "value": {"form": "track", "subject": ["x"], "input_title": {}}},
        {"entities": [{"type": "mention"}, 5, {"type": "mention", "text": 5, "mentioned": []}]},
        {"entities": {"a": 1}},
        {"timestamp": "yesterday"},
        {"recipient": None},
        {"from": {"id": "29:x", "name": "\ud800\0"}},
        {"replyToId": {}},
        {"conversation": {"id": "a:amina", "tenantId": [], "name": "\ud800", "conversationType": 5}},
    ):
        activity = {**client.activity(text="hello"), **strange}
        assert client.post(activity).status_code == 200, strange
    assert len(client.teams.sent()) == 13


def test_nothing_that_teams_says_of_a_failure_is_logged_or_shown(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.teams.faults = [Fault(403)]
    with caplog.at_level(logging.DEBUG):
        assert client.post(client.activity(text="hello")).text == ""
    assert "Teams answered 403" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"MICROSOFT_APP_ID": APP}, "MICROSOFT_APP_PASSWORD: missing, though MICROSOFT_APP_ID"),
        ({"MICROSOFT_APP_PASSWORD": "x"}, "MICROSOFT_APP_ID: missing, though MICROSOFT_APP_PASSWORD"),
        ({"TEAMS_LOCAL": "yes", "MICROSOFT_APP_ID": APP}, "it cannot be set beside MICROSOFT_APP_ID"),
    ],
)
def test_half_a_set_up_does_not_start(given: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        is_teams_wanted(read_settings(given, ROOT / "no.env"))


def test_the_local_switch_serves_this_machine_only() -> None:
    assert is_teams_wanted(read_settings({"TEAMS_LOCAL": "yes"}, ROOT / "no.env"))
    with pytest.raises(SettingsError, match="HOST must be"):
        is_teams_wanted(read_settings({"TEAMS_LOCAL": "yes", "HOST": "0.0.0.0"}, ROOT / "no.env"))  # noqa: S104
    assert not is_teams_wanted(read_settings({}, ROOT / "no.env"))

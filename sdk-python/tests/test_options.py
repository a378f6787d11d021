from __future__ import annotations

import platform

import pytest

from intelgraph import UNSET, ConfigurationError, RetryPolicy, __version__
from intelgraph._options import api_key_or_default, endpoint, policy, url_or_default


def options(**changes: object) -> dict[str, object]:
    defaults: dict[str, object] = {
        "url": "https://api.example/graphql",
        "api_key": "k",
        "headers": None,
        "timeout": 30.0,
        "max_response_bytes": 1000,
    }
    return defaults | changes


def test_options_become_the_endpoint_of_every_request() -> None:
    made = endpoint(**options(headers={"X-Team": "red"}))  # type: ignore[arg-type]

    assert made.headers["authorization"] == "Bearer k"
    assert made.headers["accept"] == ("application/graphql-response+json, application/json;q=0.9")
    assert made.headers["content-type"] == "application/json"
    runtime = f"{platform.python_implementation().lower()}/{platform.python_version()}"
    assert made.headers["user-agent"] == f"intelgraph-python/{__version__} {runtime}"
    assert made.headers["x-team"] == "red"


def test_an_anonymous_endpoint_sends_no_authorization() -> None:
    assert "authorization" not in endpoint(**options(api_key=None)).headers  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.example/graphql", "api.example:443"),
        ("http://api.example", "api.example:80"),
        ("http://API.example:4000/graphql", "api.example:4000"),
        ("http://[::1]:4000/graphql", "[::1]:4000"),
    ],
)
def test_messages_name_the_host_with_its_port(url: str, host: str) -> None:
    assert endpoint(**options(url=url)).host == host  # type: ignore[arg-type]


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTELGRAPH_API_KEY", "from-environment")
    monkeypatch.setenv("INTELGRAPH_URL", "https://environment.example/graphql")

    assert api_key_or_default("given") == "given"
    assert api_key_or_default(None) is None
    assert api_key_or_default(UNSET) == "from-environment"
    assert url_or_default("https://given.example") == "https://given.example"
    assert url_or_default(None) == "https://environment.example/graphql"


def test_white_space_around_the_environment_is_left_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTELGRAPH_API_KEY", "key\n")
    monkeypatch.setenv("INTELGRAPH_URL", " https://environment.example/graphql\r\n")

    assert api_key_or_default(UNSET) == "key"
    assert url_or_default(None) == "https://environment.example/graphql"


def test_a_variable_that_cannot_work_is_told_by_its_own_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INTELGRAPH_API_KEY", "two words")
    monkeypatch.setenv("INTELGRAPH_URL", "environment.example/graphql")

    with pytest.raises(ConfigurationError, match=r"^INTELGRAPH_API_KEY is text of visible ASCII"):
        api_key_or_default(UNSET)
    with pytest.raises(ConfigurationError, match=r"^INTELGRAPH_URL is an absolute http or https"):
        url_or_default(None)


def test_without_any_url_a_server_on_this_machine_is_meant() -> None:
    assert url_or_default(None) == "http://127.0.0.1:8800/graphql"


@pytest.mark.parametrize("value", [None, "", " \n"])
def test_a_missing_credential_is_told_with_its_argument_and_variable(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv("INTELGRAPH_API_KEY", value)

    with pytest.raises(ConfigurationError) as caught:
        api_key_or_default(UNSET)

    assert str(caught.value) == (
        "No credential: pass api_key=, or set the environment variable INTELGRAPH_API_KEY, "
        "or pass api_key=None for anonymous calls."
    )


def test_retries_are_the_attempts_after_the_first() -> None:
    assert policy(None, None) == RetryPolicy()
    assert policy(None, 0) == RetryPolicy(max_attempts=1)
    assert policy(RetryPolicy(base_delay=1.0), 4) == RetryPolicy(base_delay=1.0, max_attempts=5)


def test_fewer_than_no_retries_are_refused() -> None:
    with pytest.raises(
        ConfigurationError, match="max_retries= is a whole number from 0 on, not -1"
    ):
        policy(None, -1)

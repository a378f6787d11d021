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


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"url": "api.example/graphql"}, "absolute http or https URL"),
        ({"url": "ftp://api.example"}, "absolute http or https URL"),
        ({"url": "https://"}, "absolute http or https URL"),
        ({"url": "https://api.example:port"}, "not a URL"),
        ({"url": "https://[::1"}, "not a URL"),
        ({"url": "https://ada:secret@api.example"}, "not hold a user or password"),
        ({"api_key": ""}, "api_key= is empty"),
        ({"api_key": "secret\n"}, "control characters"),
        ({"api_key": "secré t"}, "control characters"),
        ({"headers": {"x y": "secret"}}, "'x y'"),
        ({"headers": {"x": "secret\r\ny: z"}}, "'x'"),
        ({"headers": {"x": " secret"}}, "'x'"),
        ({"timeout": 0}, "timeout="),
        ({"timeout": float("nan")}, "timeout="),
        ({"max_response_bytes": 0}, "max_response_bytes="),
    ],
)
def test_an_option_that_cannot_work_is_refused_without_telling_secrets(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        endpoint(**options(**changes))  # type: ignore[arg-type]

    assert "secr" not in str(caught.value)


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTELGRAPH_API_KEY", "from-environment")
    monkeypatch.setenv("INTELGRAPH_URL", "https://environment.example/graphql")

    assert api_key_or_default("given") == "given"
    assert api_key_or_default(None) is None
    assert api_key_or_default(UNSET) == "from-environment"
    assert url_or_default("https://given.example") == "https://given.example"
    assert url_or_default(None) == "https://environment.example/graphql"


def test_without_any_url_a_server_on_this_machine_is_meant() -> None:
    assert url_or_default(None) == "http://127.0.0.1:8800/graphql"


@pytest.mark.parametrize("value", [None, ""])
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
    with pytest.raises(ConfigurationError, match="max_retries= is at least 0, not -1"):
        policy(None, -1)

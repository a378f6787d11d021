"""The command as a user starts it: a process, a socket, signals."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx
import pytest

from intelgraph_server.__main__ import main
from intelgraph_server.database.migrate import HEAD
from intelgraph_server.generated.persisted_documents import PERSISTED_DOCUMENTS
from intelgraph_server.serve import listen
from intelgraph_server.settings import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = (sys.executable, "-m", "intelgraph_server")
KEY = "a key for tests that is long enough to sign with"
PATIENCE = 120  # Seconds, for a machine that is busy with other tests.
post = partial(httpx.post, timeout=PATIENCE)
# The command reads its settings from here too; a test says all of them itself.
ENVIRONMENT = {name: value for name, value in os.environ.items() if "INTELGRAPH" not in name}
STARTER = """
import subprocess, sys, time
server = subprocess.Popen(sys.argv[1:])
time.sleep(600)
"""


@contextmanager
def started(*options: str, cwd: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=cwd,
        env=ENVIRONMENT,
    )
    with process:
        try:
            yield process
        finally:
            # Not killed: it would leave its temporary folder behind.
            process.terminate()


def ready(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=ENVIRONMENT | environment,
    )


Invoke: TypeAlias = Callable[..., tuple[int, str, str]]


@pytest.fixture
def invoke(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """The command without a process of its own, for all that does not serve."""
    for name in os.environ.keys() - ENVIRONMENT.keys():
        monkeypatch.delenv(name)

    def invoke(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        output = capsys.readouterr()
        return code, output.out, output.err

    return invoke


def is_listening(url: str) -> bool:
    address = httpx.URL(url)
    with socket.socket() as client:
        return client.connect_ex((address.host, address.port or 0)) == 0


def wait_until_gone(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while is_listening(url):
        assert time.monotonic() < deadline, "the server is still there"
        time.sleep(0.05)


def test_the_ready_line_is_all_a_test_needs() -> None:
    with started("--ephemeral") as process:
        line = ready(process)

        assert list(line) == ["ready", "url", "tokens", "faults"]
        assert (line["ready"], line["faults"]) == (True, None)
        assert list(line["tokens"]) == ["acme", "globex", "initech"]
        reply = post(
            line["url"],
            json={"documentId": PERSISTED_DOCUMENTS["trustTiles:v1"][0]},
            headers={"Authorization": f"Bearer {line['tokens']['acme']}"},
        )
        assert [tile["kind"] for tile in reply.json()["data"]["trustTiles"]] == [
            "slo",
            "uptime",
            "error_rate",
        ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_told_to_stop_is_a_good_end(number: signal.Signals, tmp_path: Path) -> None:
    with started("--database-url", f"sqlite:///{tmp_path}/a.db", "--seed-demo") as process:
        ready(process)

        process.send_signal(number)
        output, errors = process.communicate(timeout=PATIENCE)

    assert (process.returncode, output, errors) == (0, "", "")


def test_being_told_to_stop_before_it_is_ready_is_quiet_too() -> None:
    with started("--ephemeral") as process:
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=PATIENCE)

    assert "Traceback" not in errors


def test_an_ephemeral_server_ends_with_its_parent() -> None:
    command = [*COMMAND, "serve", "--port", "0", "--ephemeral"]
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, *command], stdout=subprocess.PIPE, text=True
    ) as parent:
        url = ready(parent)["url"]
        assert is_listening(url)

        parent.kill()

        wait_until_gone(url)


def test_an_ephemeral_server_leaves_no_files(tmp_path: Path) -> None:
    environment = ENVIRONMENT | {"TMPDIR": f"{tmp_path}"}
    command = [*COMMAND, "serve", "--port", "0", "--ephemeral"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        ready(process)
        assert list(tmp_path.iterdir())

        process.terminate()

    assert list(tmp_path.iterdir()) == []


def test_a_dropped_connection_is_really_dropped() -> None:
    with started("--ephemeral", "--faults") as process:
        line = ready(process)
        post(line["faults"], json={"next": 1, "drop": True}).raise_for_status()

        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            post(line["url"], json={"query": "{__typename}"})
        assert post(line["url"], json={"query": "{__typename}"}).status_code == 200


def test_a_dropped_reply_is_one_to_what_was_done() -> None:
    checkout = {"query": 'mutation{createCheckout(pluginId:"plg_ship_tracker")}'}
    with started("--ephemeral", "--faults") as process:
        line = ready(process)
        headers = {"authorization": f"Bearer {line['tokens']['acme']}", "idempotency-key": "k"}
        post(line["faults"], json={"next": 1, "dropReply": True}).raise_for_status()

        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            post(line["url"], json=checkout, headers=headers)
        reply = post(line["url"], json=checkout, headers=headers)

    assert reply.json()["data"]["createCheckout"]
    assert reply.headers["idempotency-replayed"] == "true"


def test_an_injected_failure_arrives_over_the_socket() -> None:
    with started("--ephemeral", "--faults") as process:
        line = ready(process)
        post(line["faults"], json={"status": 503, "retryAfter": 2}).raise_for_status()

        reply = post(line["url"], json={"query": "{__typename}"})

        assert (reply.status_code, reply.headers["retry-after"]) == (503, "2")


def test_too_large_a_body_is_answered_over_the_socket() -> None:
    with started("--ephemeral") as process:
        url = ready(process)["url"]

        reply = post(url, content=b" " * 3_000_000, headers={"Content-Type": "application/json"})

        assert reply.status_code == 413
        assert reply.json()["errors"][0]["message"] == "The body has more than 1048576 bytes."


def test_a_still_clock_and_a_seed_decide_every_answer() -> None:
    query = {"query": "{entities(first:50){edges{node{id name updatedAt}}}}"}

    def answer() -> bytes:
        with started("--ephemeral", "--seed", "7", "--clock", "2030-01-01T00:00:00Z") as process:
            line = ready(process)
            bearer = {"Authorization": f"Bearer {line['tokens']['globex']}"}
            return post(line["url"], json=query, headers=bearer).content

    assert answer() == answer()


def test_a_database_file_and_its_key_serve_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    query = {"query": "{entities{totalCount}}"}
    for _ in range(2):
        with started("--database-url", url, "--seed-demo") as process:
            line = ready(process)
            token = run(
                "token", "--tenant", "acme", "--grant", "entity.read", "--database-url", url
            ).stdout.strip()
            reply = post(line["url"], json=query, headers={"Authorization": f"Bearer {token}"})
            assert reply.json() == {"data": {"entities": {"totalCount": 40}}}

    assert (tmp_path / "a.db.key").stat().st_mode & 0o777 == 0o600


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        result = run("serve", "--ephemeral", "--port", f"{port}")

    assert result.returncode == 1
    assert result.stderr == (
        f"intelgraph-server: cannot listen on 127.0.0.1 port {port}: address already in use; "
        "choose another --port, or 0 for any\n"
    )


def test_a_host_that_is_not_found_is_told_in_words() -> None:
    with pytest.raises(OperatorError) as refusal:
        listen("nowhere.invalid", 0)

    said = str(refusal.value)
    assert said.startswith("cannot listen on nowhere.invalid port 0: ")
    assert "unknown error" not in said


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "nonsense",
            (
                "the database URL is malformed;"
                " write sqlite:///file.db or postgresql://user@host/database"
            ),
        ),
        ("mysql://a@b/c", "the database URL names 'mysql'; use sqlite or postgresql"),
        (
            "sqlite:////nowhere/at/all.db",
            "the database cannot be opened: unable to open database file",
        ),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_one_line(
    url: str, message: str, invoke: Invoke
) -> None:
    expected = (1, "", f"intelgraph-server: {message}\n")

    assert invoke("migrate", "--database-url", url) == expected
    served = run("serve", "--port", "0", "--database-url", url, INTELGRAPH_SIGNING_KEY=KEY)
    assert (served.returncode, served.stdout, served.stderr) == expected


def test_a_postgresql_that_is_away_is_told_in_one_line(invoke: Invoke) -> None:
    code, _, errors = invoke("migrate", "--database-url", "postgresql://a@127.0.0.1:1/b")

    assert code == 1
    assert errors.startswith("intelgraph-server: the database cannot be opened: connection ")
    assert errors.count("\n") == 1


def test_objectives_that_are_wrong_are_told_in_one_line(tmp_path: Path) -> None:
    mine = tmp_path / "objectives.json"
    mine.write_text("{}", "utf-8")

    result = run("serve", "--port", "0", "--ephemeral", "--objectives", str(mine))

    assert result.returncode == 1
    assert result.stderr == (
        f"intelgraph-server: {mine}: it does not have the members"
        " objectives, budgets, alerts and no others\n"
    )


def test_a_folder_that_is_not_there_is_told_in_one_line() -> None:
    result = run("serve", "--port", "0", "--database-url", "sqlite:////nowhere/at/all.db")

    assert result.returncode == 1
    assert result.stderr == "intelgraph-server: there is no folder /nowhere/at\n"


def test_a_database_that_refuses_the_demonstration_data_is_told_in_one_line(
    tmp_path: Path, invoke: Invoke
) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    invoke("migrate", "--database-url", url)
    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON tenants BEGIN SELECT raise(ABORT, 'no room'); END"
        )

    result = run("serve", "--port", "0", "--seed-demo", "--database-url", url)

    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        "intelgraph-server: the demonstration data cannot be written: no room\n",
    )


def test_a_key_file_that_was_cut_short_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.db.key").touch()

    result = run("serve", "--port", "0", "--database-url", f"sqlite:///{tmp_path}/a.db")

    assert result.returncode == 1
    assert result.stderr == (
        f"intelgraph-server: the signing key at {tmp_path}/a.db.key is shorter than 32 bytes;"
        " delete the file to have a new one made\n"
    )


def test_a_token_needs_a_key(tmp_path: Path, invoke: Invoke) -> None:
    assert invoke("token", "--tenant", "acme", "--database-url", f"sqlite:///{tmp_path}/a.db") == (
        1,
        "",
        (
            f"intelgraph-server: there is no signing key at {tmp_path}/a.db.key;"
            " start the server once, or set INTELGRAPH_SIGNING_KEY\n"
        ),
    )


def test_postgresql_needs_the_key_in_the_environment(invoke: Invoke) -> None:
    assert invoke("token", "--tenant", "acme", "--database-url", "postgresql://a@b/c") == (
        1,
        "",
        "intelgraph-server: set INTELGRAPH_SIGNING_KEY to the key that tokens are signed with\n",
    )


def test_a_short_key_is_refused(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTELGRAPH_SIGNING_KEY", "short")

    assert invoke("token", "--tenant", "acme") == (
        1,
        "",
        "intelgraph-server: INTELGRAPH_SIGNING_KEY is shorter than 32 bytes\n",
    )


def test_migrating_says_where_the_database_stands(tmp_path: Path, invoke: Invoke) -> None:
    assert invoke("migrate", "--database-url", f"sqlite:///{tmp_path}/a.db") == (
        0,
        f"the database is at revision {HEAD}\n",
        "",
    )


NO_INSTANT = "is not an instant such as 2026-04-15T00:00:00Z"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "the following arguments are required: COMMAND"),
        ("serve --clock noon", f"argument --clock: 'noon' {NO_INSTANT}"),
        ("serve --clock 2026-04-15", f"argument --clock: '2026-04-15' {NO_INSTANT}"),
        ("serve --port 65536", "argument --port: '65536' is not a port from 0 to 65535"),
        (
            "serve --ephemeral --database-url x",
            "argument --database-url: not allowed with argument --ephemeral",
        ),
        ("token", "the following arguments are required: --tenant"),
        ("token --tenant a --hours 0", "argument --hours: '0' is not a number of hours"),
        ("serve --prot 1", "unrecognized argument --prot (did you mean --port?)"),
        ("migrate --zzz=secret", "unrecognized argument --zzz"),
        ("migrate surplus", "unrecognized argument surplus"),
    ],
)
def test_a_wrong_command_line_is_told_with_exit_code_2(
    arguments: str, message: str, invoke: Invoke
) -> None:
    code, output, errors = invoke(*arguments.split())

    program = " ".join(["intelgraph-server", *arguments.split()[:1]])
    assert (code, output) == (2, "")
    assert errors == f"{program}: {message}; `{program} --help` tells more\n"


def test_a_permission_that_the_schema_does_not_have_is_told(invoke: Invoke) -> None:
    code, _, errors = invoke("token", "--tenant", "a", "--grant", "trust.reed")

    assert code == 2
    assert "the schema has no permission 'trust.reed'; it has " in errors
    assert "trust.read" in errors


@pytest.mark.parametrize("command", ["serve", "token", "migrate", "verify"])
def test_help_shows_examples(command: str, invoke: Invoke) -> None:
    code, output, _ = invoke(command, "--help")

    assert code == 0
    assert "examples:\n  " in output
    assert f"\n  intelgraph-server {command} " in output


def test_small_replies_are_not_held_back() -> None:
    with listen("127.0.0.1", 0) as listener:
        # asyncio sets TCP_NODELAY only where the socket says its protocol.
        assert listener.proto == socket.IPPROTO_TCP

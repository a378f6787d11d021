"""What the trust portal answers, publishes and hides."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select, update

from intelgraph_server.auth import Tokens
from intelgraph_server.database.tables import AUDIT_TRAIL, TRUST_DECISIONS, TRUST_EVIDENCE
from intelgraph_server.engine.execute import Engine, Request
from intelgraph_server.engine.persisted import PersistedDocuments
from intelgraph_server.seed import DEFAULT_CLOCK
from intelgraph_server.trust_portal import policy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from pathlib import Path

    import httpx

    from intelgraph_server.settings import Settings
    from intelgraph_server.testing import Demo

    Ask = Callable[..., Awaitable[Any]]
    Publish = Callable[..., Awaitable[Any]]

PUBLISH = """mutation ($input: PublishEvidenceInput!) {
  publishEvidence(input: $input) { id }
}"""
TILES = "{ trustTiles { kind status updatedAt } }"
ITEMS = "{ trustItems { id category topic status sha256 isAllowed reasons policySha256 } }"
PAGE = "{ trustPage { slug isPublic } }"
TURN = "mutation ($on: Boolean!) { setTrustPage(isPublic: $on) { slug isPublic } }"
PUBLIC = """query ($slug: String!) {
  publicTrust(slug: $slug) { slug name items { id category topic title status sha256 allowedAt } }
}"""
SWITCH = """mutation ($on: Boolean!) {
  setSwitch(input: {name: TRUST_PORTAL_WRITES, isOn: $on, reason: "test"}) { isOn }
}"""
DOWNLOAD = 'mutation { downloadEvidenceBundle(version: "v15") }'
HASH = sha256(b"No findings.").hexdigest()


@pytest.fixture
def public(http: httpx.AsyncClient) -> Ask:
    """What somebody without a token sees of a tenant."""

    async def public(slug: str = "acme") -> Any:
        body = {"query": PUBLIC, "variables": {"slug": slug}}
        return (await http.post("/graphql", json=body)).json()["data"]["publicTrust"]

    return public


def code(reply: Any) -> str:
    return str(reply["errors"][0]["extensions"]["code"])


def ids(page: Any) -> list[str]:
    return [item["id"] for item in page["items"]]


async def test_tiles_stand_in_the_order_of_the_portal(ask: Ask) -> None:
    tiles = (await ask(TILES))["data"]["trustTiles"]

    assert [(tile["kind"], tile["status"]) for tile in tiles] == [
        ("slo", "met"),
        ("uptime", "met"),
        ("error_rate", "at_risk"),
    ]


async def test_a_tenants_own_requests_of_this_minute_change_no_tile(demo: Demo, ask: Ask) -> None:
    before = await ask(TILES)
    for _ in range(5000):
        demo.server.services.requests.record("acme", failed=True, duration=9)
    demo.server.services.requests.flush(demo.server.database)

    assert await ask(TILES) == before


async def test_a_tenant_that_takes_no_part_has_no_tiles_and_no_items(ask: Ask) -> None:
    assert (await ask(TILES, tenant="initech"))["data"] == {"trustTiles": []}
    assert (await ask(ITEMS, tenant="initech"))["data"] == {"trustItems": []}
    assert (await ask(PAGE, tenant="initech"))["data"]["trustPage"]["isPublic"] is False


async def test_a_tenant_that_takes_part_without_a_measurement_is_unknown(ask: Ask) -> None:
    await ask(TURN, tenant="initech", on=True)

    tiles = (await ask(TILES, tenant="initech"))["data"]["trustTiles"]

    assert {tile["status"] for tile in tiles} == {"unknown"}
    assert {tile["updatedAt"] for tile in tiles} == {"2026-04-15T00:00:00Z"}


async def test_topics_with_evidence_have_a_tile_too(ask: Ask, publish: Publish) -> None:
    await publish()
    await publish(id="ropa", topic="PRIVACY", containsPii=True)
    await publish(id="soc2", topic="CONTROL")

    tiles = (await ask(TILES))["data"]["trustTiles"]

    assert [(tile["kind"], tile["status"]) for tile in tiles][3:] == [
        ("security", "published"),
        ("privacy", "unknown"),
    ]


async def test_the_page_is_off_until_it_is_turned_on_and_hides_when_turned_off_again(
    ask: Ask, public: Ask
) -> None:
    seen = [await public("globex")]
    for on in (True, False):
        await ask(TURN, tenant="globex", on=on)
        seen.append(await public("globex"))

    assert (seen[0], seen[2]) == (None, None)
    assert ids(seen[1]) == ["tile:slo", "tile:uptime", "tile:error_rate"]


async def test_no_tenant_and_a_page_that_is_off_cannot_be_told_apart(
    http: httpx.AsyncClient,
) -> None:
    replies = [
        await http.post("/graphql", json={"query": PUBLIC, "variables": {"slug": slug}})
        for slug in ("globex", "initech", "nobody", "")
    ]

    assert len({reply.content for reply in replies}) == 1


async def test_published_evidence_is_shown_with_its_hash_and_never_its_content(
    ask: Ask, public: Ask, publish: Publish
) -> None:
    item = (await publish())["data"]["publishEvidence"]

    shown = (await public())["items"][-1]
    assert (item["isAllowed"], item["reasons"], item["status"]) == (True, [], "published")
    assert (item["sha256"], item["policySha256"]) == (HASH, policy.digest())
    assert shown == {
        "id": "pentest",
        "category": "evidence",
        "topic": "security",
        "title": "Penetration test",
        "status": "published",
        "sha256": HASH,
        "allowedAt": "2026-04-15T00:00:00Z",
    }
    assert (await ask(ITEMS, tenant="globex"))["data"]["trustItems"][-1]["category"] == "slo"


async def test_evidence_about_persons_is_denied_although_the_given_policy_allows_it(
    ask: Ask, public: Ask, publish: Publish
) -> None:
    item = (await publish(containsPii=True))["data"]["publishEvidence"]

    assert (item["isAllowed"], item["status"]) == (False, "withheld")
    assert item["reasons"] == ["It is not said to be free of data about persons."]
    assert "pentest" not in ids(await public())
    assert (await ask(ITEMS))["data"]["trustItems"][-1]["id"] == "pentest"


async def test_publishing_the_same_again_answers_what_is_there(
    publish: Publish, demo: Demo
) -> None:
    first, again = await publish(), await publish()

    assert first == again
    with demo.server.database.reading() as connection:
        actions = connection.execute(
            select(AUDIT_TRAIL.c.actor, AUDIT_TRAIL.c.action, AUDIT_TRAIL.c.subject)
        ).all()
    assert actions == [("demo", "evidence.published", "pentest")]


@pytest.mark.parametrize(
    "changed",
    [{"text": "Another."}, {"title": "Another"}, {"topic": "PRIVACY"}, {"containsPii": True},
     {"mediaType": "text/html"}],
)  # fmt: skip
async def test_an_id_that_stands_for_something_else_is_a_conflict(
    changed: dict[str, object], publish: Publish
) -> None:
    before = await publish()

    refused = await publish(**changed)

    assert code(refused) == "CONFLICT"
    assert await publish() == before


async def test_two_tenants_may_use_one_id_for_different_documents(
    public: Ask, publish: Publish
) -> None:
    await publish()

    other = (await publish("globex", "Other findings."))["data"]["publishEvidence"]

    assert other["sha256"] != HASH
    assert (await public())["items"][-1]["sha256"] == HASH


@pytest.mark.parametrize(
    "changed",
    [{"content": "not base64!"}, {"text": ""}, {"text": "a" * (512 * 1024 + 1)}, {"id": "../a"},
     {"title": ""}, {"mediaType": "text"}],
)  # fmt: skip
async def test_what_cannot_be_published_is_refused(
    changed: dict[str, object], ask: Ask, publish: Publish
) -> None:
    assert code(await publish(**changed)) == "BAD_USER_INPUT"
    assert len((await ask(ITEMS))["data"]["trustItems"]) == 3


async def test_a_document_of_exactly_512_kib_is_published(publish: Publish) -> None:
    assert "errors" not in await publish(text="a" * (512 * 1024))


async def test_a_tenant_that_is_not_of_this_server_publishes_nothing(
    ask: Ask, publish: Publish
) -> None:
    assert code(await publish("nobody")) == "FORBIDDEN"
    assert code(await ask(TURN, tenant="nobody", on=True)) == "FORBIDDEN"


async def test_the_switch_stops_changes_while_reading_goes_on(
    ask: Ask, public: Ask, publish: Publish
) -> None:
    await publish()
    await ask(SWITCH, on=False)

    refused = [await publish(id="b"), await ask(TURN, on=False)]

    assert [code(reply) for reply in refused] == ["SWITCHED_OFF"] * 2
    assert ids(await public())[-1] == "pentest"
    assert "errors" not in await ask('mutation { downloadEvidenceBundle(version: "v15") }')
    await ask(SWITCH, on=True)
    assert "errors" not in await publish(id="b")


async def test_a_day_has_a_budget_of_bytes_for_evidence_and_bundles(
    settings: Settings, demo: Demo
) -> None:
    services = demo.server.services
    budgets = {**services.objectives.budgets, "evidenceBytesPerDay": 20}
    objectives = replace(services.objectives, budgets=budgets)

    async def asked(query: str, day: datetime, **variables: object) -> Any:
        engine = Engine(
            demo.server.schema,
            PersistedDocuments({}, allow_list=False),
            demo.server.database,
            clock=lambda: day,
            services=replace(services, objectives=objectives),
        )
        token = f"Bearer {demo.token('acme')}"
        principal = Tokens(settings.signing_key, lambda: DEFAULT_CLOCK).principal(token)
        return engine.reply(Request(query, variables=variables, principal=principal)).body

    def document(name: str) -> dict[str, str]:
        text = b64encode(b"twelve bytes").decode()
        return {"id": name, "topic": "CONTROL", "title": name, "mediaType": "a/b", "content": text}

    first = await asked(PUBLISH, DEFAULT_CLOCK, input=document("a"))
    again = await asked(PUBLISH, DEFAULT_CLOCK, input=document("a"))
    second = await asked(PUBLISH, DEFAULT_CLOCK, input=document("b"))
    tomorrow = DEFAULT_CLOCK + timedelta(days=1)
    later = await asked(PUBLISH, tomorrow, input=document("b"))
    bundles = [await asked(DOWNLOAD, tomorrow) for _ in range(2)]

    assert "errors" not in {**first, **again, **later, **bundles[0]}
    assert [code(reply) for reply in (second, bundles[1])] == ["BUDGET_EXCEEDED"] * 2


async def test_a_damaged_document_disappears_from_the_public_page(
    tmp_path: Path, public: Ask, publish: Publish
) -> None:
    await publish()
    await publish(id="whole", text="Something else.")
    (tmp_path / "lake" / "sha256" / HASH[:2] / HASH).write_bytes(b"Some findings.")

    assert ids(await public())[3:] == ["whole"]


async def test_a_lost_document_disappears_from_the_public_page(
    tmp_path: Path, public: Ask, publish: Publish
) -> None:
    await publish()
    (tmp_path / "lake" / "sha256" / HASH[:2] / HASH).unlink()

    assert ids(await public())[3:] == []


@pytest.mark.parametrize(
    "forged",
    [{"title": "Certified"}, {"topic": "privacy"}, {"signature": ""}, {"signature": "TUVVQw=="}],
)
async def test_what_is_not_what_was_signed_disappears(
    forged: dict[str, str], demo: Demo, public: Ask, publish: Publish
) -> None:
    await publish()
    with demo.server.database.writing() as connection:
        connection.execute(update(TRUST_EVIDENCE).values(forged))

    assert ids(await public())[3:] == []


async def test_only_a_decision_of_the_policies_in_force_counts(
    demo: Demo, ask: Ask, public: Ask, publish: Publish
) -> None:
    await publish()
    with demo.server.database.writing() as connection:
        connection.execute(update(TRUST_DECISIONS).values(policy_sha256="0" * 64))
    undecided = (await ask(ITEMS))["data"]["trustItems"]

    assert ids(await public()) == []
    assert {item["isAllowed"] for item in undecided} == {False}
    demo.server.worker.run_due()
    assert ids(await public()) == ["tile:slo", "tile:uptime", "tile:error_rate", "pentest"]


async def test_the_latest_decision_is_the_one_that_counts(
    demo: Demo, public: Ask, publish: Publish, tmp_path: Path
) -> None:
    await publish()
    place = tmp_path / "lake" / "sha256" / HASH[:2] / HASH
    place.write_bytes(b"Some findings.")
    demo.server.worker.run_due()
    place.write_bytes(b"No findings.")

    hidden = ids(await public())
    with demo.server.database.writing() as connection:
        connection.execute(delete(TRUST_DECISIONS).where(TRUST_DECISIONS.c.number > 1))

    assert "pentest" not in hidden
    assert "pentest" in ids(await public())


async def test_turning_the_page_is_told_in_the_audit_trail_once(demo: Demo, ask: Ask) -> None:
    for on in (True, False, False):
        await ask(TURN, on=on)

    with demo.server.database.reading() as connection:
        actions = connection.execute(select(AUDIT_TRAIL.c.action)).scalars().all()
    assert actions == ["trust_page.off"]


@pytest.mark.parametrize("query", [TILES, ITEMS, PAGE])
async def test_nothing_but_the_public_page_is_shown_without_the_permission(
    query: str, demo: Demo, http: httpx.AsyncClient
) -> None:
    headers = {"Authorization": f"Bearer {demo.token('acme-ungranted')}"}
    ungranted = (await http.post("/graphql", json={"query": query}, headers=headers)).json()
    anonymous = (await http.post("/graphql", json={"query": query})).json()

    assert (code(ungranted), code(anonymous)) == ("FORBIDDEN", "UNAUTHENTICATED")

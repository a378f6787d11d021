from __future__ import annotations

from dataclasses import dataclass

import pytest

from intelgraph_server.app import DOMAINS
from intelgraph_server.engine.schema import Domain, SchemaError, executable_schema, permissions
from intelgraph_server.generated.sdl import SDL

AUTH = (
    "directive @auth(abac: String!) on FIELD_DEFINITION\n"
    "directive @public on FIELD_DEFINITION\nscalar DateTime\n"
)


@dataclass(frozen=True)
class Thing:
    name: str


def resolve_thing(_source: None, _context: object, id_: str) -> Thing:
    return Thing(id_)


def problems(sdl: str, *domains: Domain) -> list[str]:
    with pytest.raises(SchemaError) as caught:
        executable_schema(AUTH + sdl, domains)
    return str(caught.value).splitlines()


def test_the_server_answers_its_whole_sdl_and_nothing_else() -> None:
    executable_schema(SDL, DOMAINS)


def test_a_field_without_an_answer_stops_the_start() -> None:
    domain = Domain("things", {"Thing": Thing}, {"Query": {"thing": resolve_thing}})

    assert problems(
        'type Query{thing(id:ID!):Thing @auth(abac:"a")} type Thing{name:String owner:String}',
        domain,
    ) == ["Thing.owner has neither a resolver nor an attribute"]


def test_a_field_whose_arguments_nobody_reads_stops_the_start() -> None:
    domain = Domain("things", {"Thing": Thing}, {"Query": {"thing": resolve_thing}})

    assert problems(
        'type Query{thing(id:ID!):Thing @auth(abac:"a")} type Thing{name(short:Boolean):String}',
        domain,
    ) == ["Thing.name has neither a resolver nor an attribute"]


def test_a_resolver_without_a_field_stops_the_start() -> None:
    domain = Domain(
        "things", {}, {"Query": {"thing": resolve_thing, "gone": resolve_thing}, "Gone": {"a": len}}
    )

    assert problems('type Query{thing(id:ID!):String @auth(abac:"a")}', domain) == [
        "Query.gone has a resolver, but the SDL has no such field",
        "Gone.a has a resolver, but the SDL has no such field",
    ]


def test_a_type_that_the_sdl_lacks_stops_the_start() -> None:
    domain = Domain("things", {"Thing": Thing}, {"Query": {"thing": resolve_thing}})

    assert problems('type Query{thing(id:ID!):String @auth(abac:"a")}', domain) == [
        "Thing has a Python type, but the SDL has no such type"
    ]


def test_a_resolver_that_takes_other_arguments_stops_the_start() -> None:
    domain = Domain("things", {}, {"Query": {"thing": resolve_thing}})

    assert problems('type Query{thing(id:ID! first:Int):String @auth(abac:"a")}', domain) == [
        "Query.thing takes ['id_', 'first'], but its resolver takes ['id_']"
    ]


@pytest.mark.parametrize("root", ["Query", "Mutation", "Subscription"])
def test_a_root_field_that_forgot_auth_stops_the_start(root: str) -> None:
    domain = Domain("things", {}, {"Query": {"a": resolve_thing}, root: {"thing": resolve_thing}})
    rest = "" if root == "Query" else 'type Query{a(id:ID!):String @auth(abac:"a")}'
    domain = domain if rest else Domain("things", {}, {"Query": {"thing": resolve_thing}})

    assert problems(f"type {root}{{thing(id:ID!):String}} {rest}", domain) == [
        f"{root}.thing has neither @auth(abac:) nor @public"
    ]


def test_the_permissions_are_those_of_the_sdl() -> None:
    assert permissions(executable_schema(SDL, DOMAINS)) == {
        "entity.read",
        "billing.read",
        "marketplace.read",
        "trust.read",
        "residency.read",
        "residency.write",
        "anomaly.ack",
        "anomaly.read",
        "anomaly.write",
        "billing.write",
        "marketplace.write",
        "platform.read",
        "platform.write",
        "trust.write",
    }

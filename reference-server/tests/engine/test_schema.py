from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from graphql import graphql_sync

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


def problems(sdl: str, **named: object) -> list[str]:
    with pytest.raises(SchemaError) as caught:
        executable_schema(AUTH + sdl, [Domain("things", (SimpleNamespace(**named),))])
    return str(caught.value).splitlines()


def test_the_server_answers_its_whole_sdl_and_nothing_else() -> None:
    executable_schema(SDL, DOMAINS)


def test_a_field_without_an_answer_stops_the_start() -> None:
    sdl = 'type Query{thing(id:ID!):Thing @auth(abac:"a")} type Thing{name:String owner:String}'

    assert problems(sdl, Thing=Thing, resolve_thing=resolve_thing) == [
        "Thing.owner has neither a resolver nor an attribute"
    ]


def test_a_field_whose_arguments_nobody_reads_stops_the_start() -> None:
    sdl = 'type Query{thing(id:ID!):Thing @auth(abac:"a")} type Thing{name(short:Boolean):String}'

    assert problems(sdl, Thing=Thing, resolve_thing=resolve_thing) == [
        "Thing.name has neither a resolver nor an attribute"
    ]


def test_a_resolver_without_a_field_stops_the_start() -> None:
    sdl = 'type Query{thing(id:ID!):String @auth(abac:"a")}'

    assert problems(sdl, resolve_thing=resolve_thing, resolve_gone=len, resolve_thing_name=len) == [
        "`resolve_gone` answers no field of the SDL",
        "`resolve_thing_name` answers no field of the SDL",
    ]


def test_a_type_without_a_class_has_no_attributes_to_show() -> None:
    sdl = 'type Query{thing(id:ID!):Thing @auth(abac:"a")} type Thing{name:String}'

    assert problems(sdl, resolve_thing=resolve_thing, Thing=Thing("not a class")) == [
        "Thing.name has neither a resolver nor an attribute"
    ]


def test_a_resolver_that_takes_other_arguments_stops_the_start() -> None:
    sdl = 'type Query{thing(id:ID! first:Int):String @auth(abac:"a")}'

    assert problems(sdl, resolve_thing=resolve_thing) == [
        "Query.thing takes ['id_', 'first'], but `resolve_thing` takes ['id_']"
    ]


def test_a_resolver_of_an_interface_answers_for_every_type_of_it_without_one_of_its_own() -> None:
    sdl = (
        "interface Named{name:String} type A implements Named{name:String}"
        " type B implements Named{name:String} type Query{a:A @public b:B @public}"
    )
    things = SimpleNamespace(
        resolve_a=lambda _source, _context: "a",
        resolve_b=lambda _source, _context: "b",
        resolve_named_name=lambda source, _context: f"some {source}",
        resolve_b_name=lambda source, _context: f"just {source}",
    )

    schema = executable_schema(AUTH + sdl, [Domain("things", (things,))])

    result = graphql_sync(schema, "{a{name} b{name}}")
    assert result.data == {"a": {"name": "some a"}, "b": {"name": "just b"}}


@pytest.mark.parametrize("root", ["Query", "Mutation", "Subscription"])
def test_a_root_field_that_forgot_auth_stops_the_start(root: str) -> None:
    rest = "" if root == "Query" else 'type Query{a(id:ID!):String @auth(abac:"a")}'
    more = {"resolve_a": resolve_thing} if rest else {}

    assert problems(
        f"type {root}{{thing(id:ID!):String}} {rest}", resolve_thing=resolve_thing, **more
    ) == [f"{root}.thing has neither @auth(abac:) nor @public"]


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

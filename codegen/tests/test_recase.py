from __future__ import annotations

import pytest

from intelgraph_codegen.recase import camel, distinct, file_name, pascal, snake, words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("id", "id"),
        ("fooBar", "foo_bar"),
        ("FooBar", "foo_bar"),
        ("foo_bar", "foo_bar"),
        ("amountUSD", "amount_usd"),
        ("USDAmount", "usd_amount"),
        ("HTTPServer", "http_server"),
        ("userIDs", "user_ids"),
        ("userIDsOfTeam", "user_ids_of_team"),
        ("IPv4Address", "ipv4_address"),
        ("sha256Sum", "sha256_sum"),
        ("getV2Things", "get_v2_things"),
        ("getAPIKey", "get_api_key"),
        ("MEMBER_OF", "member_of"),
        ("IPV4", "ipv4"),
        ("__typename", "typename"),
        ("a__b_", "a_b"),
        ("_1st", "1st"),
        ("___", ""),
    ],
)
def test_python_names_join_lower_case_words_with_underscores(name: str, expected: str) -> None:
    assert snake(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("entity_card", "EntityCard"),
        ("entityCard", "EntityCard"),
        ("HTTPServer", "HTTPServer"),
        ("_private", "Private"),
        ("___", ""),
    ],
)
def test_pascal_case_keeps_the_letters_inside_a_word(name: str, expected: str) -> None:
    assert pascal(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("GetEntity", "getEntity"),
        ("getEntity", "getEntity"),
        ("get_entity", "getEntity"),
        ("URLOf", "urlOf"),
        ("URL", "url"),
        ("_", ""),
    ],
)
def test_typescript_names_join_words_by_capitals(name: str, expected: str) -> None:
    assert camel(name) == expected


def test_words_keep_their_case() -> None:
    assert words("amountUSDTotal") == ["amount", "USD", "Total"]


def test_distinct_names_are_left_alone() -> None:
    assert distinct(["b", "a"]) == ["b", "a"]


def test_a_double_gets_the_next_free_number() -> None:
    assert distinct(["a", "a", "a_2", "a"], separator="_") == ["a", "a_2", "a_2_2", "a_3"]


def test_a_taken_name_counts_as_a_double() -> None:
    assert distinct(["Page"], taken=["Page", "Page2"]) == ["Page3"]


def test_a_number_does_not_stand_behind_two_separators() -> None:
    assert distinct(["class_", "class_"], separator="_") == ["class_", "class_2"]


def test_a_name_that_no_disk_holds_is_shortened_to_one_of_its_own() -> None:
    long = "a" * 250

    assert file_name("a" * 200) == "a" * 200
    assert file_name(long) == "a" * 191 + "_3f3e35e0"
    assert len(file_name(long)) == 200
    assert file_name(long) != file_name(f"{long}s")

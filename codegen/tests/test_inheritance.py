from __future__ import annotations

from typing import TYPE_CHECKING

from intelgraph_codegen.inheritance import Family, Lineage
from intelgraph_codegen.ir import Field, Fragment, Model, Named
from intelgraph_codegen.python.naming import model_attributes

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXT = Named("String", nullable=False)
TEXT_OR_NULL = Named("String", nullable=True)


def test_a_model_inherits_the_fields_of_its_bases() -> None:
    family = family_of(a_fragment("A", a_field("id")), bases=["A"], fields=[a_field("name")])

    assert family.bases == ("A",)
    assert [member.field.key for member in family.own] == ["name"]
    assert list(family.members) == ["id", "name"]


def test_a_base_of_a_base_is_left_out() -> None:
    fragments = [a_fragment("A", a_field("id")), a_fragment("B", a_field("name"), bases=["A"])]

    assert family_of(*fragments, bases=["A", "B"]).bases == ("B",)


def test_bases_have_one_order_whatever_the_order_of_the_spreads() -> None:
    fragments = [a_fragment("A", a_field("a")), a_fragment("B", a_field("b"))]
    fragments.append(a_fragment("C", a_field("c"), bases=["A"]))

    assert family_of(*fragments, bases=["A", "B"]).bases == ("A", "B")
    assert family_of(*fragments, bases=["B", "A"]).bases == ("A", "B")
    assert family_of(*fragments, bases=["B", "C"]).bases == ("C", "B")


def test_a_base_with_another_type_for_a_key_gives_its_other_fields() -> None:
    one = a_fragment("A", a_field("x"))
    two = a_fragment("B", Field("x", "x", TEXT_OR_NULL, None, None, False), a_field("y"))

    family = family_of(one, two, bases=["A", "B"])

    assert family.bases == ("A",)
    assert [member.field.key for member in family.own] == ["y"]


def test_a_base_whose_attribute_means_another_key_gives_its_fields() -> None:
    one, two = a_fragment("A", a_field("fooBar")), a_fragment("B", a_field("foo_bar"))

    family = family_of(one, two, bases=["A", "B"])

    assert family.bases == ("A",)
    assert [member.attribute for member in family.members.values()] == ["foo_bar", "foo_bar_2"]


def test_a_known_typename_narrows_that_of_a_base() -> None:
    base = a_fragment("A", a_field("__typename"), parent="Node", typenames=["X", "Y"])

    family = family_of(base, bases=["A"], fields=[a_field("__typename")], typenames=("X",))

    assert family.narrows
    assert [(each.attribute, each.typenames) for each in family.own] == [("typename", ("X",))]


def test_an_open_typename_is_not_declared_again() -> None:
    base = a_fragment("A", a_field("__typename"), parent="Node", typenames=["X", "Y"])

    family = family_of(base, bases=["A"], fields=[a_field("__typename")])

    assert not family.narrows
    assert family.own == ()


def test_an_object_type_has_one_name_for_ever() -> None:
    fragment = a_fragment("A", a_field("__typename"), parent="X", typenames=["X"])

    family = family_of(fragment, bases=["A"])

    assert family.members["__typename"].typenames == ("X",)


def family_of(
    *fragments: Fragment,
    bases: Sequence[str],
    fields: Sequence[Field] = (),
    typenames: tuple[str, ...] | None = None,
) -> Family:
    model = Model(("M",), "Node", None, tuple(bases), tuple(fields), ("X", "Y"))
    return Lineage(fragments, model_attributes).of(model, typenames)


def a_fragment(
    name: str,
    *fields: Field,
    bases: Sequence[str] = (),
    parent: str = "X",
    typenames: Sequence[str] = ("X",),
) -> Fragment:
    model = Model((name,), parent, None, tuple(bases), fields, tuple(typenames))
    return Fragment(name, "operations.graphql", None, (model,))


def a_field(key: str) -> Field:
    return Field(key, key, TEXT, None, None, is_optional=False)

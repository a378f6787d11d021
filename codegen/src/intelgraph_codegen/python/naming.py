"""What things are called in Python.

GraphQL allows names that Python reserves, that pydantic uses itself, or that become equal
when they are recased. Such a name gets a `_`, or a number, behind it; all others depend on
nothing but themselves.
"""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intelgraph_codegen.ir import Choice, Model
from intelgraph_codegen.recase import distinct, file_name, pascal, snake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from intelgraph_codegen.ir import Fragment, Operation, Path, Program, Shape

# Annotations are made of these, so nothing in a class body may hide them.
TYPES = frozenset({"bool", "float", "int", "list", "str"})
# The public attributes of `pydantic.BaseModel`, those of its first version included.
MODEL_ATTRIBUTES = TYPES | frozenset(
    {
        "construct",
        "copy",
        "dict",
        "from_orm",
        "json",
        "model_computed_fields",
        "model_config",
        "model_construct",
        "model_copy",
        "model_dump",
        "model_dump_json",
        "model_extra",
        "model_fields",
        "model_fields_set",
        "model_json_schema",
        "model_parametrized_name",
        "model_post_init",
        "model_rebuild",
        "model_validate",
        "model_validate_json",
        "model_validate_strings",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "update_forward_refs",
        "validate",
    }
)
# The options that every call takes besides the variables of its operation.
CALL_OPTIONS = frozenset(
    {"deadline", "errors", "headers", "idempotency_key", "max_retries", "self", "signal", "timeout"}
)
# What a client inherits.
CLIENT_ATTRIBUTES = TYPES | frozenset(
    {
        "aclose",
        "close",
        "execute",
        "options",
        "paginate",
        "stream",
        "subscribe",
        "transport",
        "with_options",
        "with_raw_response",
    }
)
_CLASSES = frozenset({"False", "None", "True", "TypeError"})
# Windows keeps these file names for devices.
_DEVICES = frozenset({"aux", "con", "nul", "prn"}) | {
    f"{device}{number}" for device in ("com", "lpt") for number in range(10)
}


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the output and the names that it defines."""

    folder: str
    name: str
    main: str
    """The class or alias that the module is there for."""
    shapes: Mapping[Path, str]
    constant: str = ""
    """The operation itself, in a module that holds one."""
    operation: str = ""
    """The operation's GraphQL name."""
    page: str = ""
    """The function that finds the page in an answer, where the operation is read by pages."""

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}.py"

    @property
    def names(self) -> list[str]:
        """All that the module defines, the most important first."""
        own = [self.constant] if self.constant else []
        last = [self.page] if self.page else []
        return list(dict.fromkeys([*own, self.main, *self.shapes.values(), *last]))


@dataclass(frozen=True, slots=True)
class Names:
    """Where each thing of a program stands and what it is called, by its GraphQL name."""

    operations: Mapping[str, Module]
    fragments: Mapping[str, Module]
    inputs: Mapping[str, Module]
    enums: Mapping[str, Module]
    scalars: Mapping[str, str]
    """What each custom scalar is called in the module of those that have functions."""
    methods: Mapping[str, str]
    iterators: Mapping[str, str]
    """The methods that hand out the items of a connection."""


def names_of(program: Program) -> Names:
    """The names of everything in the program."""
    operations = [operation.name for operation in program.operations]
    scalars = [each.name for each in program.scalars]
    methods = attribute_names(operations, reserved=CLIENT_ATTRIBUTES, prefix="call")
    paged = [each.name for each in program.operations if each.pagination]
    iterators = attribute_names(
        (f"iter_{name}" for name in paged), reserved=CLIENT_ATTRIBUTES, taken=methods
    )
    return Names(
        operations=_operation_modules(program.operations),
        fragments=_fragment_modules(program.fragments),
        inputs=_modules("inputs", [each.name for each in program.inputs]),
        enums=_modules("enums", [each.name for each in program.enums]),
        scalars=dict(zip(scalars, class_names(scalars), strict=True)),
        methods=dict(zip(operations, methods, strict=True)),
        iterators=dict(zip(paged, iterators, strict=True)),
    )


def attribute_names(
    names: Iterable[str],
    *,
    reserved: frozenset[str],
    taken: Iterable[str] = (),
    prefix: str = "field",
) -> list[str]:
    """The names in snake case, as attributes, parameters, methods or modules."""
    wanted = (_attribute(name, reserved, prefix) for name in names)
    return distinct(wanted, taken=taken, separator="_")


def model_attributes(keys: Sequence[str], taken: Iterable[str]) -> list[str]:
    """The attributes of a model; its `__typename` gives way to a field of that name."""
    plain = [key for key in keys if key != "__typename"]
    names = attribute_names(plain, reserved=MODEL_ATTRIBUTES, taken=taken)
    by_key = dict(zip(plain, names, strict=True))
    by_key["__typename"] = "typename_" if "typename" in {*names, *taken} else "typename"
    return [by_key[key] for key in keys]


def member_names(names: Iterable[str]) -> list[str]:
    """The names of an enum's members, in capitals, which no attribute of `str` is."""
    return distinct((_constant(name, "value") for name in names), separator="_")


def class_names(names: Iterable[str], *, taken: Iterable[str] = ()) -> list[str]:
    return distinct((_class(name) for name in names), taken=taken)


def unknown_paths(shapes: Sequence[Shape]) -> set[Path]:
    """The shapes that are nothing but a `__typename`, for which the runtime has a class."""
    others = {shape.other for shape in shapes if isinstance(shape, Choice)}
    return {
        shape.path
        for shape in shapes
        if isinstance(shape, Model)
        and shape.path in others
        and [field.key for field in shape.fields] == ["__typename"]
        and not shape.bases
    }


def is_wire_name(attribute: str, key: str) -> bool:
    """Whether the base of all models reads the attribute from this key without being told."""
    first, *rest = attribute.split("_")
    return key == first + "".join(part[:1].upper() + part[1:] for part in rest)


def _attribute(name: str, reserved: frozenset[str], prefix: str) -> str:
    attribute = snake(name)
    if not attribute or attribute[0].isdigit():
        return f"{prefix}_{attribute}".rstrip("_")
    return f"{attribute}_" if keyword.iskeyword(attribute) or attribute in reserved else attribute


def _constant(name: str, prefix: str) -> str:
    # A name that is already in capitals keeps its underscores, as the schema's author set them.
    constant = (name if name.isupper() else snake(name)).strip("_").upper()
    if not constant or constant[0].isdigit():
        return f"{prefix.upper()}_{constant}".rstrip("_")
    return constant


def _class(name: str) -> str:
    joined = pascal(name)
    if not joined or joined[0].isdigit():
        return f"Type{joined}"
    return f"{joined}_" if joined in _CLASSES else joined


def _module_names(names: Iterable[str]) -> list[str]:
    wanted = (file_name(_attribute(name, _DEVICES, "module")) for name in names)
    return distinct(wanted, separator="_")


def _modules(folder: str, names: Sequence[str]) -> dict[str, Module]:
    modules = _module_names(names)
    mains = class_names(names)
    return {
        name: Module(folder, module, main, {})
        for name, module, main in zip(names, modules, mains, strict=True)
    }


def _fragment_modules(fragments: Sequence[Fragment]) -> dict[str, Module]:
    modules = _modules("fragments", [fragment.name for fragment in fragments])
    return {
        fragment.name: Module(
            "fragments",
            modules[fragment.name].name,
            modules[fragment.name].main,
            _shape_names(fragment, modules[fragment.name].main),
        )
        for fragment in fragments
    }


def _operation_modules(operations: Sequence[Operation]) -> dict[str, Module]:
    names = [operation.name for operation in operations]
    modules = _module_names(names)
    wanted = [_constant(name, "operation") for name in names]
    constants = distinct(wanted, taken=["TYPE_CHECKING"], separator="_")
    mains = class_names([f"{name}_Data" for name in names])
    return {
        operation.name: Module(
            "operations",
            module,
            main,
            _shape_names(operation, main, constant),
            constant,
            operation.name,
            _page_name(operation, constant) if operation.pagination else "",
        )
        for operation, module, main, constant in zip(
            operations, modules, mains, constants, strict=True
        )
    }


def _page_name(operation: Operation, constant: str) -> str:
    return attribute_names([f"{operation.name}_page"], reserved=TYPES, taken=[constant])[0]


def _shape_names(definition: Fragment | Operation, main: str, *taken: str) -> dict[Path, str]:
    without = unknown_paths(definition.shapes)
    paths = [shape.path for shape in definition.shapes if shape.path not in without]
    nested = [path for path in paths if len(path) > 1]
    names = class_names(["_".join(path) for path in nested], taken=[main, *taken])
    return {**dict(zip(nested, names, strict=True)), (definition.name,): main}

"""What things are called in TypeScript.

Property names need no care: a GraphQL name is always one. Types and modules have the names
that they have in Python, but for what each language reserves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intelgraph_codegen.recase import camel, distinct, file_name, pascal, snake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from intelgraph_codegen.ir import Fragment, Operation, Path, Program

# The global types that generated code is written with.
_TYPES = frozenset({"Promise", "ReadonlyArray", "ReadonlySet", "Record", "Set"})
# The global values that a reader would take any thing of their name for.
GLOBALS = frozenset(
    {"AggregateError", "Array", "ArrayBuffer", "Atomics", "BigInt", "BigInt64Array"}
    | {"BigUint64Array", "Boolean", "DataView", "Date", "Error", "EvalError"}
    | {"FinalizationRegistry", "Float32Array", "Float64Array", "Function", "Infinity"}
    | {"Int16Array", "Int32Array", "Int8Array", "Intl", "Iterator", "JSON", "Map", "Math", "NaN"}
    | {"Number", "Object", "Promise", "Proxy", "RangeError", "ReferenceError", "Reflect", "RegExp"}
    | {"Set", "SharedArrayBuffer", "String", "Symbol", "SyntaxError", "TypeError", "URIError"}
    | {"Uint16Array", "Uint32Array", "Uint8Array", "Uint8ClampedArray", "WeakMap", "WeakRef"}
    | {"WeakSet"}
)
OBJECT_MEMBERS = frozenset(
    {"constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString"}
    | {"toString", "valueOf"}
)
# What a client inherits, and what would make a promise or an odd object of it.
_CLIENT_MEMBERS = OBJECT_MEMBERS | {
    "close",
    "execute",
    "retryableCodes",
    "subscribe",
    "then",
    "toJSON",
    "withOptions",
}
# The folder's own module, and file names that Windows keeps for devices.
_FILES = frozenset({"index", "aux", "con", "nul", "prn"}) | {
    f"{device}{number}" for device in ("com", "lpt") for number in range(10)
}


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the output and the names that it exports."""

    folder: str
    name: str
    main: str
    """The type that the module is there for."""
    shapes: Mapping[Path, str]
    constant: str = ""
    """The operation itself, in a module that holds one."""
    variables: str = ""
    """The type of the operation's variables, where it has any."""
    operation: str = ""
    """The operation's GraphQL name."""
    iterator: str = ""
    """The function that hands out the items of a connection, where the operation selects one."""

    @property
    def path(self) -> str:
        return f"{self.folder}/{self.name}.ts"

    @property
    def types(self) -> list[str]:
        """All types that the module exports, the most important first."""
        first = [self.main, *filter(None, [self.variables])]
        return list(dict.fromkeys([*first, *self.shapes.values()]))


@dataclass(frozen=True, slots=True)
class Names:
    """Where each thing of a program stands and what it is called, by its GraphQL name."""

    operations: Mapping[str, Module]
    fragments: Mapping[str, Module]
    inputs: Mapping[str, Module]
    enums: Mapping[str, Module]
    methods: Mapping[str, str]
    iterators: Mapping[str, str]
    """The methods that hand out the items of a connection."""


def names_of(program: Program) -> Names:
    """The names of everything in the program."""
    operations = [operation.name for operation in program.operations]
    methods = distinct(_method(name) for name in operations)
    paged = [each.name for each in program.operations if each.pagination]
    iterators = distinct((_method(f"iter_{name}") for name in paged), taken=methods)
    return Names(
        operations=_operation_modules(program.operations),
        fragments=_fragment_modules(program.fragments),
        inputs=_modules("inputs", [each.name for each in program.inputs]),
        enums=_modules("enums", [each.name for each in program.enums]),
        methods=dict(zip(operations, methods, strict=True)),
        iterators=dict(zip(paged, iterators, strict=True)),
    )


def property_names(keys: Sequence[str], _taken: Iterable[str]) -> Sequence[str]:
    """The properties of an interface, which are the response keys."""
    return keys


def type_names(
    names: Iterable[str], *, taken: Iterable[str] = (), reserved: frozenset[str] = _TYPES
) -> list[str]:
    return distinct((_type(name, reserved) for name in names), taken=taken)


def _method(name: str) -> str:
    method = camel(name)
    if not method or method[0].isdigit():
        return f"call{method}"
    return f"{method}_" if method in _CLIENT_MEMBERS else method


def _type(name: str, reserved: frozenset[str]) -> str:
    joined = pascal(name)
    if not joined or joined[0].isdigit():
        return f"Type{joined}"
    return f"{joined}_" if joined in reserved else joined


def _file(name: str) -> str:
    file = snake(name)
    if not file or file[0].isdigit():
        return f"module_{file}".rstrip("_")
    return f"{file}_" if file in _FILES else file


def _modules(folder: str, names: Sequence[str]) -> dict[str, Module]:
    files = distinct((file_name(_file(name)) for name in names), separator="_")
    reserved = _TYPES | GLOBALS if folder == "operations" else _TYPES
    mains = type_names(names, reserved=reserved)
    return {
        name: Module(folder, file, main, {})
        for name, file, main in zip(names, files, mains, strict=True)
    }


def _fragment_modules(fragments: Sequence[Fragment]) -> dict[str, Module]:
    modules = _modules("fragments", [fragment.name for fragment in fragments])
    return {
        fragment.name: Module(
            "fragments", module.name, module.main, _shape_names(fragment, module.main)
        )
        for fragment, module in zip(fragments, modules.values(), strict=True)
    }


def _operation_modules(operations: Sequence[Operation]) -> dict[str, Module]:
    modules = _modules("operations", [operation.name for operation in operations])
    mains = type_names(f"{operation.name}_Data" for operation in operations)
    variables = type_names(f"{operation.name}_Variables" for operation in operations)
    return {
        operation.name: Module(
            "operations",
            module.name,
            main,
            _shape_names(operation, main, given, module.main),
            module.main,
            given if operation.variables else "",
            operation.name,
            _iterator(operation, module.main) if operation.pagination else "",
        )
        for operation, module, main, given in zip(
            operations, modules.values(), mains, variables, strict=True
        )
    }


def _iterator(operation: Operation, constant: str) -> str:
    return distinct([_method(f"iter_{operation.name}")], taken=[constant])[0]


def _shape_names(definition: Fragment | Operation, main: str, *taken: str) -> dict[Path, str]:
    nested = [shape.path for shape in definition.shapes if len(shape.path) > 1]
    names = type_names(("_".join(path) for path in nested), taken=[main, *taken])
    return {**dict(zip(nested, names, strict=True)), (definition.name,): main}

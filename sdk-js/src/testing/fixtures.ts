/**
 * Answers that fit the schema, made up from a seed, for the tests of code that uses a client:
 *
 *     fixtures.answer(GetEntity, { entity: { name: "Ada" } }, { seed: 1 });
 *     reply(fixtures.response(GetEntity, {}, { seed: 1 }));     // for a FakeTransport
 *
 * Each value depends on the seed and on its own place alone, so that what a test says itself
 * changes nothing else. `new Fixtures(shapes)` makes those of another generated client; both
 * languages make the same JSON of the same seed.
 */

import { shapes } from "../generated/shapes.js";
import type { Operation } from "../runtime.js";

/** As much of an answer as a test says itself; items of lists are made up where they say `{}`. */
export type Part<T> = T extends string | number | boolean | null
  ? T
  : T extends ReadonlyArray<infer Item>
    ? ReadonlyArray<Part<Item>>
    : T extends object
      ? { readonly [Key in keyof T]?: Part<T[Key]> }
      : T;

/** Makes the JSON of a custom scalar out of a number below 2 to the power of 32. */
export type MakeScalar = (number: number) => unknown;

/** Which of the answers is made: another number, other values. */
export interface FixtureOptions {
  readonly seed?: number | undefined;
}

/** The custom scalars that have a form of their own. */
export interface FixturesOptions {
  readonly scalars?: Readonly<Record<string, MakeScalar>> | undefined;
}

type Fields = ReadonlyMap<string, string>;
type Given = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

interface Model {
  readonly typename: string;
  readonly bases: readonly string[];
  readonly fields: Fields;
}

const MOST_ITEMS = 3;
const FIRST_INSTANT_MS = Date.UTC(2026, 0, 1);
const YEAR = 365 * 24 * 60 * 60;

/** Makes the answers of one generated client's operations, by the text in its `shapes`. */
export class Fixtures {
  readonly #shapes: Shapes;
  readonly #scalars: Readonly<Record<string, MakeScalar>>;

  constructor(shapes: string, { scalars = {} }: FixturesOptions = {}) {
    this.#shapes = new Shapes(shapes);
    this.#scalars = scalars;
  }

  /** The data of an answer. */
  answer<Data>(
    { name }: Operation<Data, never>,
    overrides: Part<Data> | Record<string, never> = {},
    { seed = 0 }: FixtureOptions = {},
  ): Data {
    if (!this.#shapes.models.has(name)) {
      throw new Error(
        `${name} is no operation of these shapes; give Fixtures those of its own client.`,
      );
    }
    const maker = new Maker(this.#shapes, this.#scalars, seed);
    return maker.ofShape(name, [name], overrides) as Data;
  }

  /** The JSON of an answer, or of one event of a subscription. */
  response<Data>(
    operation: Operation<Data, never>,
    overrides: Part<Data> | Record<string, never> = {},
    options: FixtureOptions = {},
  ): { readonly data: Data } {
    return { data: this.answer(operation, overrides, options) };
  }
}

/** The text as tables; `codegen/src/intelgraph_codegen/shape_table.py` says what it means. */
class Shapes {
  readonly enums: Map<string, readonly string[]> = new Map();
  readonly choices: Map<string, Fields> = new Map();
  readonly models: Map<string, Model> = new Map();

  constructor(text: string) {
    for (const line of text.split("\n")) {
      const [name = "", told = ""] = line.split(" = ");
      const [typename = "", members] = told.replace(/ }$/, "").split(" { ");
      if (members !== undefined) {
        const pairs = [...members.matchAll(/(\w+): (\S+)/g)];
        const fields = new Map(pairs.map(([, key = "", type = ""]) => [key, type]));
        const bases = members.match(/^(\.\.\.\w+ ?)*/)?.[0].match(/\S+/g) ?? [];
        this.models.set(name, { typename, bases, fields });
      } else if (name.startsWith("enum ")) {
        this.enums.set(name.slice("enum ".length), told.split(" | "));
      } else if (told) {
        const arms = told.split(" | ").map((arm) => arm.split(": ") as [string, string]);
        this.choices.set(name, new Map(arms));
      }
    }
  }

  fields(name: string): Fields {
    const { bases, fields } = this.models.get(name) as Model;
    return new Map([...bases.flatMap((base) => [...this.fields(base)]), ...fields]);
  }
}

class Maker {
  readonly #shapes: Shapes;
  readonly #scalars: Readonly<Record<string, MakeScalar>>;
  readonly #seed: number;

  constructor(shapes: Shapes, scalars: Readonly<Record<string, MakeScalar>>, seed: number) {
    this.#shapes = shapes;
    this.#scalars = scalars;
    this.#seed = seed;
  }

  ofShape(name: string, path: Path, given: unknown): object {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      throw new Error(`${path.join(".")} is an object.`);
    }
    const own = given as Given;
    const choice = this.#shapes.choices.get(name);
    if (choice === undefined) {
      return this.#ofModel(name, this.#shapes.models.get(name)?.typename ?? "", path, own);
    }
    const listed = [...choice.keys()].filter((type) => type !== "*");
    const { __typename: told } = own;
    const drawn = listed[this.#number(path, "type") % listed.length] ?? "Other";
    const typename = typeof told === "string" ? told : drawn;
    const shape = choice.get(typename) ?? choice.get("*") ?? "";
    return this.#ofModel(shape, typename, path, own);
  }

  #ofModel(name: string, typename: string, path: Path, own: Given): object {
    const fields = this.#shapes.fields(name);
    const stray = Object.keys(own).find((key) => !fields.has(key) && key !== "__typename");
    if (stray !== undefined) {
      throw new Error(`${path.join(".")} has no ${stray}${meant(stray, fields)}`);
    }
    const made = [...fields].map(([key, type]): [string, unknown] => {
      const given = Object.hasOwn(own, key) ? own[key] : undefined;
      const isName = type === "__typename";
      return [key, isName ? (given ?? typename) : this.#ofType(type, [...path, key], given)];
    });
    return Object.fromEntries(made);
  }

  #ofType(type: string, path: Path, given: unknown): unknown {
    const named = type.replace(/!$/, "");
    if (named !== type && given === null) {
      throw new Error(`${path.join(".")} cannot be null: its type is ${type}.`);
    }
    const mayBeNull = named === type && type !== "=false";
    const isNull = mayBeNull && given === undefined && this.#number(path, "null") % 4 === 0;
    if (isNull || given === null) {
      return null;
    }
    if (named.startsWith("[")) {
      return this.#ofList(named.slice(1, -1), path, given);
    }
    if (named.includes(".")) {
      return this.ofShape(named, path, given ?? {});
    }
    return given ?? this.#ofLeaf(named, path);
  }

  #ofList(item: string, path: Path, given: unknown): unknown[] {
    if (given !== undefined && !Array.isArray(given)) {
      throw new Error(`${path.join(".")} is a list.`);
    }
    const length = 1 + (this.#number(path, "length") % MOST_ITEMS);
    const items: readonly unknown[] = given ?? Array(length).fill(undefined);
    return items.map((each, index) => this.#ofType(item, [...path, index], each));
  }

  #ofLeaf(type: string, path: Path): unknown {
    const number = this.#number(path, "value");
    if (type === "=false") {
      return false;
    }
    const values = this.#shapes.enums.get(type);
    if (values !== undefined) {
      return values[number % values.length];
    }
    const own = Object.hasOwn(this.#scalars, type) ? this.#scalars[type] : undefined;
    const make = own ?? WELL_KNOWN.get(type.toLowerCase());
    if (make !== undefined) {
      return make(number);
    }
    // Custom scalars that nobody has told of are texts, as most of them are.
    const name = [...path].reverse().find((part) => typeof part === "string");
    return type === "ID" ? `${name}_${hex(number)}` : `${name} ${number % 1000}`;
  }

  /** From 0 to below 2 to the power of 32: the place's hash, FNV-1a and mixed. */
  #number(path: Path, what: string): number {
    let mixed = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(`${this.#seed}:${what}:${path.join(".")}`)) {
      mixed = Math.imul(mixed ^ byte, 0x01000193);
    }
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  }
}

function meant(key: string, fields: Fields): string {
  const folded = (name: string) => name.replaceAll("_", "").toLowerCase();
  const names = [...fields.keys()];
  const found = names.find((name) => folded(name) === folded(key));
  return found ? `; did you mean ${found}?` : `; it has ${names.join(", ")}.`;
}

function hex(number: number, digits = 8): string {
  return number.toString(16).padStart(digits, "0");
}

function instant(number: number): string {
  const at = new Date(FIRST_INSTANT_MS + (number % YEAR) * 1000);
  return `${at.toISOString().slice(0, 19)}Z`;
}

const link: MakeScalar = (number) => `https://example.com/${number % 1000}`;

const WELL_KNOWN: ReadonlyMap<string, MakeScalar> = /* @__PURE__ */ new Map<string, MakeScalar>([
  ["int", (number) => number % 1000],
  ["float", (number) => (number % 1000) + 0.5],
  ["boolean", (number) => number % 2 === 1],
  ["bigint", (number) => `${number}`],
  ["date", (number) => instant(number).slice(0, 10)],
  ["datetime", instant],
  ["decimal", (number) => `${number % 1000}.${(number % 90) + 10}`],
  ["time", (number) => instant(number).slice(11)],
  ["timestamp", instant],
  ["timestamptz", instant],
  ["uri", link],
  ["url", link],
  ["uuid", (number) => `${hex(number)}-0000-4000-8000-${hex(number, 12)}`],
]);

/** Those of this package's own client. */
export const fixtures: Fixtures = /* @__PURE__ */ new Fixtures(shapes);

// What makes two types the same, but for what only ours has, and has on purpose:
//
// - everything is `readonly`;
// - an enum is open: its last member is any string;
// - a union has an arm "%other" for the types that the operation does not tell apart, where
//   graphql-codegen has an arm for each that the schema knows;
// - an interface whose types are not told apart has any string as its `__typename`;
// - a list that is sent holds no `undefined`, which JSON does not know.

/** An operation, as far as its types go. */
interface Typed {
  readonly __apiType?: (variables: never) => unknown;
}

export type Data<O extends Typed> = ReturnType<NonNullable<O["__apiType"]>>;
export type Variables<O extends Typed> = Parameters<NonNullable<O["__apiType"]>>[0];

/** Whether both have the same members, and the same of them are required. */
export type Same<Ours, Theirs> = Identical<Plain<Ours, Theirs>, Plain<Theirs, Ours>>;

export type Expect<Holds extends true> = Holds;

type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
  ? true
  : false;

type OpenString = string & {};

/** A type in the form that both sides can have, as seen beside the one it is compared with. */
type Plain<T, Peer, Whole = T> = unknown extends T
  ? T
  : T extends string
    ? Identical<T, OpenString> extends true
      ? never
      : T
    : T extends ReadonlyArray<infer Item>
      ? ReadonlyArray<Plain<Exclude<Item, undefined>, ItemOf<Peer>>>
      : T extends { readonly __typename: infer Name }
        ? Arm<T, Name, Peer, Whole>
        : T extends object
          ? { -readonly [Key in keyof T]: Plain<T[Key], MemberOf<Peer, Key>> }
          : T;

/** The arm of one name; one that ours does not list is "%other", and that only if there is one. */
type Arm<T, Name, Peer, Whole> = string extends Name
  ? OpenArm<T, NameOf<Peer>, Peer>
  : Name extends NameOf<Peer>
    ? Members<T, Name, ArmOf<Peer, Name>>
    : Name extends "%other"
      ? [Exclude<NameOf<Peer>, NameOf<Whole>>] extends [never]
        ? never
        : Members<T, Name, ArmOf<Peer, Exclude<NameOf<Peer>, NameOf<Whole>>>>
      : "%other" extends NameOf<Peer>
        ? Members<T, "%other", ArmOf<Peer, "%other">>
        : Members<T, Name, never>;

type OpenArm<T, Name, Peer> = Name extends string ? Members<T, Name, ArmOf<Peer, Name>> : never;

type Members<T, Name, Peer> = {
  -readonly [Key in keyof T]: Key extends "__typename" ? Name : Plain<T[Key], MemberOf<Peer, Key>>;
};

type NameOf<T> = T extends { readonly __typename: infer Name } ? Name : never;
type ArmOf<T, Name> = T extends { readonly __typename: infer Known }
  ? Name extends Known
    ? T
    : never
  : never;
type ItemOf<T> = T extends ReadonlyArray<infer Item> ? Item : never;
type MemberOf<T, Key> = T extends unknown ? (Key extends keyof T ? T[Key] : never) : never;

/** The connection that vectors of pagination read: strings, by its edges where it has them. */

import { type BaseClient, type Operation, type Paginator, paginate } from "@intelgraph/sdk/runtime";
import type { ReadingVector } from "./vectors.js";

interface Letters {
  readonly nodes?: readonly (string | null)[];
  readonly edges?: readonly { readonly cursor: string | null; readonly node: string | null }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface LettersData {
  readonly letters: Letters | null;
}

interface LettersVariables {
  readonly first?: number;
  readonly after?: string | null;
}

const LETTERS: Operation<LettersData, LettersVariables> = {
  name: "Letters",
  kind: "query",
  opId: null,
  documentId: null,
  document: "query Letters($first:Int$after:String){letters(first:$first after:$after)}",
  retrySafe: true,
};

export function lettersOf(
  client: BaseClient,
  { variables = {}, limit }: ReadingVector,
): Paginator<Letters | null, string | null> {
  return paginate(client, LETTERS, variables, { limit }, "after", ({ letters }) => ({
    result: letters,
    items: letters?.nodes ?? letters?.edges?.map((edge) => edge.node),
    hasMore: letters?.pageInfo.hasNextPage,
    cursor: letters?.pageInfo.endCursor,
    cursors: letters?.edges?.map((edge) => edge.cursor),
  }));
}

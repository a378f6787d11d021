/** One call of each peer, as its documentation has it; none answers from a cache. */

import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client/core";
import { cacheExchange, fetchExchange, Client as Urql } from "@urql/core";
import { parse } from "graphql";
import { GraphQLClient } from "graphql-request";

export function graphqlRequestCall(fetch, url, token, text) {
  const headers = { authorization: `Bearer ${token}` };
  const client = new GraphQLClient(url, { fetch, headers });
  return async () => (await client.request(text)).trustTiles;
}

/** Like ours, urql and Apollo ask the server each time. */
export function urqlCall(fetch, url, token, text) {
  const fetchOptions = { headers: { authorization: `Bearer ${token}` } };
  const exchanges = [cacheExchange, fetchExchange];
  const client = new Urql({ url, fetch, fetchOptions, exchanges, preferGetMethod: false });
  const document = parse(text);
  return async () => {
    const options = { requestPolicy: "network-only" };
    const { data, error } = await client.query(document, {}, options).toPromise();
    if (error) throw error;
    return data.trustTiles;
  };
}

export function apolloCall(fetch, url, token, text) {
  const headers = { authorization: `Bearer ${token}` };
  const link = new HttpLink({ uri: url, fetch, headers });
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const query = parse(text);
  return async () => (await client.query({ query, fetchPolicy: "no-cache" })).data.trustTiles;
}

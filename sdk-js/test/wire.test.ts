import assert from "node:assert/strict";
import { test } from "node:test";

import type { Reply } from "@intelgraph/sdk/runtime";
import { byId, isMiss, readReply } from "../dist/wire.js";
import { GetThing, URL_OF_TESTS } from "./things.js";

const MISS = {
  data: null,
  errors: [{ extensions: { code: "PERSISTED_DOCUMENT_NOT_FOUND" }, message: "" }],
};

function reply(text: string, status = 200, contentType = "application/json"): Reply {
  const headers = new Headers(contentType ? { "content-type": contentType } : {});
  return { status, headers, body: new TextEncoder().encode(text) };
}

test("a body without variables has only the id", () => {
  const asked = { operation: GetThing, variables: {}, url: URL_OF_TESTS };

  assert.deepEqual(byId(asked, []), { body: '{"documentId":"sha256:c0ffee"}' });
});

test("a document that is sent stands between the id and the variables", () => {
  const asked = { operation: GetThing, variables: { id: "t1" }, url: URL_OF_TESTS };

  const query = JSON.stringify(GetThing.document);
  const body = `{"documentId":"sha256:c0ffee","query":${query},"variables":{"id":"t1"}}`;
  assert.deepEqual(byId(asked, [MISS]), { body });
});

test("nothing is said to an answer that is no miss, or to a document without an id", () => {
  const asked = { operation: GetThing, variables: {}, url: URL_OF_TESTS };
  const unknown = { ...asked, operation: { ...GetThing, documentId: null } };

  assert.equal(byId(asked, [{ data: {}, errors: [] }]), undefined);
  assert.equal(byId(asked, ["the body is empty"]), undefined);
  assert.equal(byId(unknown, [MISS]), undefined);
  assert.equal(byId(asked, [MISS, MISS]), undefined);
});

test("text beyond ASCII travels as itself", () => {
  const asked = { operation: GetThing, variables: { id: "çé😀" }, url: URL_OF_TESTS };

  assert.equal(byId(asked, [])?.body, '{"documentId":"sha256:c0ffee","variables":{"id":"çé😀"}}');
});

test("a reply is read whatever the case and the parameters of its media type", () => {
  const read = readReply(reply('{"data":{}}', 200, "Application/GraphQL-Response+JSON; x=y"));

  assert.deepEqual(read, { data: {}, errors: [] });
});

test("a reply that names no media type is read by its shape", () => {
  assert.deepEqual(readReply(reply('{"data":{}}', 200, "")), { data: {}, errors: [] });
});

test("a byte order mark does not disturb", () => {
  assert.deepEqual(readReply(reply('\uFEFF{"data":{}}')), { data: {}, errors: [] });
});

test("bytes that are not UTF-8 are not JSON", () => {
  const body = new Uint8Array([0x22, 0xff, 0x22]);

  assert.equal(readReply({ ...reply(""), body }), "the body is not JSON");
});

// From GraphQL over HTTP: only an object with data or errors is a response.
for (const text of ["null", "7", '"data"', "[]", "{}", '{"data":[]}', '{"errors":[]}']) {
  test(`${text} is no GraphQL response`, () => {
    assert.equal(readReply(reply(text)), "the JSON has neither data nor errors");
  });
}

test("errors that are no list of objects make no GraphQL response, whatever the data", () => {
  for (const errors of ['"no"', '["no"]', "[null]", "7"]) {
    const read = readReply(reply(`{"data":{},"errors":${errors}}`));

    assert.equal(read, "the JSON has neither data nor errors");
  }
});

test("errors of null are none", () => {
  assert.deepEqual(readReply(reply('{"data":{},"errors":null}')), { data: {}, errors: [] });
});

test("the opaque redirect of a browser is told as a redirect", () => {
  assert.equal(readReply(reply("", 0)), "it redirects to another address");
});

test("what the transport could not read is told as it says", () => {
  const problem = "the body is larger than 9 bytes";

  assert.equal(readReply({ ...reply(""), problem }), problem);
});

test("only a first error with the code is a miss", () => {
  const miss = { extensions: { code: "PERSISTED_DOCUMENT_NOT_FOUND" }, message: "" };
  const other = { extensions: { code: "NOT_FOUND" }, message: "" };

  assert.equal(isMiss({ data: null, errors: [miss] }), true);
  assert.equal(isMiss({ data: null, errors: [other, miss] }), false);
  assert.equal(isMiss("the body is empty"), false);
});

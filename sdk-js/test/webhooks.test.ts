/** What the vectors cannot say of webhooks: native types, the environment, and what never leaks. */

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { afterEach, test } from "node:test";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";

import { ConfigurationError, IntelGraphError } from "@intelgraph/sdk/runtime";
import {
  type UnwrapOptions,
  unwrap,
  WebhookError,
  type WebhookHeaders,
  WebhookSignatureError,
} from "@intelgraph/sdk/webhooks";

const AT = 1776211200;
const KEY = Buffer.alloc(32, "k");
const OTHER_KEY = Buffer.alloc(32, "o");
const SECRET = `whsec_${KEY.toString("base64")}`;
const OTHER_SECRET = `whsec_${OTHER_KEY.toString("base64")}`;
const BODY = '{"type":"a.b","timestamp":"2026-04-01T02:00:00.25+02:00","data":{"id":"canary"}}';
const EVENT = {
  id: "dlv_1",
  type: "a.b",
  timestamp: "2026-04-01T02:00:00.25+02:00",
  data: { id: "canary" },
};

function signed(body: string | Uint8Array = BODY, key = KEY): Record<string, string> {
  const proof = createHmac("sha256", key).update(`dlv_1.${AT}.`).update(body).digest("base64");
  return {
    "webhook-id": "dlv_1",
    "webhook-timestamp": `${AT}`,
    "webhook-signature": `v1,${proof}`,
  };
}

function unwrapAt(
  body: string | Uint8Array | ArrayBuffer,
  headers: WebhookHeaders,
  options?: UnwrapOptions,
) {
  return unwrap(body, headers, { secret: SECRET, now: () => AT * 1000, ...options });
}

afterEach(() => {
  delete process.env.INTELGRAPH_WEBHOOK_SECRET;
});

const CONTAINERS = {
  "a record": signed(),
  "a record of Node, with lists": { host: undefined, "x-list": ["a"], ...signed() },
  "a list of one value": { ...signed(), "webhook-id": ["dlv_1"] },
  "Headers of fetch": new Headers(signed()),
  "pairs, which headers of another realm are": new Map(Object.entries(signed())),
};

for (const [name, headers] of Object.entries(CONTAINERS)) {
  test(`headers are read from ${name}`, async () => {
    assert.deepEqual(await unwrapAt(BODY, headers), EVENT);
  });
}

test("a list of two values is a header that is there twice", async () => {
  const headers = { ...signed(), "webhook-id": ["dlv_1", "dlv_1"] };

  await assert.rejects(unwrapAt(BODY, headers), /gave it twice/);
});

test("a body of bytes is what it is as text, in a part of a buffer too", async () => {
  const bytes = new TextEncoder().encode(`--${BODY}--`).subarray(2, -2);

  assert.deepEqual(await unwrapAt(bytes, signed()), EVENT);
  assert.deepEqual(await unwrapAt(Buffer.from(BODY), signed()), EVENT);
});

test("a body is a buffer too, also of another realm", async () => {
  const foreign = runInNewContext("new Uint8Array(bytes)", { bytes: [...Buffer.from(BODY)] });

  assert.deepEqual(await unwrapAt(new TextEncoder().encode(BODY).buffer, signed()), EVENT);
  assert.deepEqual(await unwrapAt(foreign.buffer, signed()), EVENT);
  assert.deepEqual(await unwrapAt(foreign, signed()), EVENT);
});

for (const headers of [null, undefined, "webhook-id: dlv_1", 5]) {
  test(`headers of ${headers} are a mistake that says so`, async () => {
    const message = /headers are those of the request/;

    await assert.rejects(unwrapAt(BODY, headers as never), { name: "TypeError", message });
  });
}

test("a body that somebody has read already is a mistake that says so", async () => {
  const body = JSON.parse(BODY) as string;

  await assert.rejects(unwrapAt(body, signed()), { name: "TypeError", message: /not what was/ });
});

test("the secret of the environment is the default, and it may hold several", async () => {
  process.env.INTELGRAPH_WEBHOOK_SECRET = `${OTHER_SECRET}, ${SECRET}`;

  assert.deepEqual(await unwrapAt(BODY, signed(), { secret: undefined }), EVENT);
});

test("without any secret the caller is told where it may stand", async () => {
  const message = /secret, .*INTELGRAPH_WEBHOOK_SECRET/;

  await assert.rejects(unwrapAt(BODY, signed(), { secret: undefined }), {
    name: "ConfigurationError",
    message,
  });
});

test("an empty secret does not fall back to another", async () => {
  process.env.INTELGRAPH_WEBHOOK_SECRET = SECRET;

  await assert.rejects(unwrapAt(BODY, signed(), { secret: "" }), ConfigurationError);
});

for (const secret of [Buffer.from(SECRET), [null], 5]) {
  test(`a secret that is no text is refused like any other: ${inspect(secret)}`, async () => {
    const options = { secret: secret as never };

    await assert.rejects(unwrapAt(BODY, signed(), options), /secret must be whsec_/);
  });
}

for (const toleranceMs of [-1, Number.NaN, null, "300"]) {
  test(`a tolerance of ${inspect(toleranceMs)} is a mistake of the caller`, async () => {
    const options = { toleranceMs: toleranceMs as never };

    await assert.rejects(unwrapAt(BODY, signed(), options), /toleranceMs must be/);
  });
}

const TELLTALES: ReadonlyArray<[string, Record<string, string>, string]> = [
  [BODY, signed(), "whsec_c2VjcmV0Y2FuYXJ5"],
  [BODY, signed(), "secret-canary"],
  [`${BODY} `, signed(), SECRET],
  [BODY, signed(BODY, OTHER_KEY), SECRET],
  ["canary", signed("canary"), SECRET],
];

test("no error tells a secret or a body", async () => {
  for (const [body, headers, secret] of TELLTALES) {
    const error = await unwrapAt(body, headers, { secret }).catch((reason: unknown) => reason);

    assert.ok(error instanceof IntelGraphError);
    const told = inspect(error) + JSON.stringify(error);
    assert.ok(!told.includes("canary") && !told.includes(secret), told);
  }
});

test("who catches one class catches what is forged too", async () => {
  const forged = unwrapAt(BODY, signed(BODY, OTHER_KEY));

  await assert.rejects(forged, WebhookError);
  await assert.rejects(forged, WebhookSignatureError);
});

test("no body but the one that was signed is taken, whichever byte is another", async () => {
  const bytes = new TextEncoder().encode(BODY);
  for (const [place, byte] of bytes.entries()) {
    const changed = bytes.map((own, index) => (index === place ? byte ^ 1 : own));

    await assert.rejects(unwrapAt(changed, signed()), WebhookSignatureError);
  }
});

test("the time it takes does not tell which signature fits", async () => {
  const body = new TextEncoder().encode(BODY.replace("canary", "c".repeat(4_000_000)));
  const headers = signed(body);
  const { "webhook-signature": genuine = "" } = headers;
  const others = Array.from({ length: 15 }, () => `v1,${"A".repeat(43)}=`);

  async function cost(signatures: readonly string[]): Promise<number> {
    const sent = { ...headers, "webhook-signature": signatures.join(" ") };
    const before = process.cpuUsage();
    for (let times = 0; times < 3; times += 1) {
      await unwrapAt(body, sent);
    }
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }

  const first = await cost([genuine, ...others]);
  const last = await cost([...others, genuine]);

  // Who stops at the one that fits has a sixteenth of the work.
  assert.ok(first > last / 3, `${first} and ${last} µs`);
});

test("every signature is verified with every secret, by the platform", async (context) => {
  const verify = context.mock.method(crypto.subtle, "verify");
  const headers = signed();
  headers["webhook-signature"] += ` v1,${"A".repeat(43)}=`;

  for (const secret of [
    [SECRET, OTHER_SECRET, OTHER_SECRET],
    [OTHER_SECRET, OTHER_SECRET, SECRET],
  ]) {
    verify.mock.resetCalls();
    await unwrapAt(BODY, headers, { secret });

    assert.equal(verify.mock.callCount(), 6);
  }
});

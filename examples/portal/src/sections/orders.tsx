/** Orders with their refunds, and invoices with their documents. */

import type { Invoice } from "@intelgraph/sdk/fragments/invoice";
import type { Order } from "@intelgraph/sdk/fragments/order";
import { DownloadInvoice } from "@intelgraph/sdk/operations/download_invoice";
import { ListInvoices } from "@intelgraph/sdk/operations/list_invoices";
import { ListOrders } from "@intelgraph/sdk/operations/list_orders";
import { ListPlugins } from "@intelgraph/sdk/operations/list_plugins";
import { RefundOrder } from "@intelgraph/sdk/operations/refund_order";
import { VoidOrder } from "@intelgraph/sdk/operations/void_order";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, useCall, usePages, useRenewal } from "../calls.ts";
import { Facts, Failure, Instant, Loaded, Question, Status, type Tone } from "../parts.tsx";
import { bare, say, sayKnown } from "../texts.ts";
import { follow, More, Section, useNotice } from "./section.tsx";

const TONES: Readonly<Record<string, Tone>> = {
  CREATED: "warn",
  PAID: "good",
  VOID: "plain",
  REFUNDED: "plain",
};

const DUE_MS = 2_000;

type Step = "refund" | "void";
type Named = Order & { readonly name: string };

/** Orders with the names of their plugins; a plugin that is gone has its id left. */
function useNames(): (order: Order) => Named {
  const { value } = useCall(ListPlugins, { first: 100 });
  const names = new Map(value?.plugins.edges.map(({ node }) => [node.id, node.name]));
  return (order) => ({ ...order, name: names.get(order.pluginId) ?? order.pluginId });
}

export function Orders(): JSX.Element {
  const orders = usePages(ListOrders, ({ orders }) => orders);
  const invoices = usePages(ListInvoices, ({ invoiceHistory }) => invoiceHistory);
  const [notice, tell] = useNotice();
  // The invoice of a payment is issued a moment after it.
  const isDue = orders.value?.some(({ status, invoice }) => status === "PAID" && !invoice);
  useRenewal(isDue ? DUE_MS : undefined, orders, invoices);
  const named = useNames();
  const [asked, setAsked] = useState<{ order: Named; step: Step }>();

  async function end(isDone: boolean): Promise<void> {
    setAsked(undefined);
    if (isDone && asked) {
      const done = asked.step === "refund" ? "order-refunded" : "order-voided";
      tell(say(done, { plugin: asked.order.name }), "moves");
      await orders.reload();
    }
  }

  return (
    <Section name="orders" about="orders-about" notice={notice}>
      <section aria-labelledby="orders-list">
        <h2 id="orders-list">{say("orders-list")}</h2>
        <Loaded from={orders}>
          {(nodes) => (
            <>
              {nodes.length === 0 && <p class="quiet">{say("orders-none")}</p>}
              <ul class="rows">
                {nodes.map((order) => (
                  <OrderRow key={order.id} order={named(order)} tell={tell} ask={setAsked} />
                ))}
              </ul>
            </>
          )}
        </Loaded>
        <More load={orders.more} />
      </section>
      <section aria-labelledby="invoices-list">
        <h2 id="invoices-list">{say("invoices-list")}</h2>
        <Loaded from={invoices}>
          {(nodes) => (
            <>
              {nodes.length === 0 && <p class="quiet">{say("invoices-none")}</p>}
              <ul class="rows">
                {nodes.map((invoice) => (
                  <InvoiceRow key={invoice.id} invoice={invoice} tell={tell} />
                ))}
              </ul>
            </>
          )}
        </Loaded>
        <More load={invoices.more} />
      </section>
      {asked && <StepQuestion {...asked} onEnd={end} />}
    </Section>
  );
}

function StepQuestion(props: { order: Named; step: Step; onEnd(isDone: boolean): void }) {
  const { order, step, onEnd } = props;
  const operation = step === "refund" ? RefundOrder : VoidOrder;
  return (
    <Question
      title={say(`order-${step}-title`)}
      text={say(`order-${step}-about`, { plugin: order.name, ...order.price })}
      action={say(`order-${step}-do`)}
      run={() => call<unknown, { id: string }>(operation, { id: order.id })}
      onEnd={onEnd}
    />
  );
}

interface OrderRowProps {
  readonly order: Named;
  tell(text: string): void;
  ask(asked: { order: Named; step: Step }): void;
}

function OrderRow({ order, tell, ask }: OrderRowProps): JSX.Element {
  const { id, name, status, price, createdAt, invoice } = order;
  const step = status === "PAID" ? "refund" : status === "CREATED" ? "void" : undefined;
  return (
    <li class="card row" data-order={id}>
      <div class="row-head">
        <h3 translate={false}>{name}</h3>
        <Status tone={TONES[status] ?? "unknown"} text={sayKnown("order", status, "order-other")} />
      </div>
      <Facts
        of={[
          [
            say("order-price"),
            <data value={price.value}>{say("invoice-amount-of", { ...price })}</data>,
          ],
          [say("order-placed"), <Instant at={createdAt} />],
          [say("order-id"), <code>{id}</code>],
        ]}
      />
      <div class="actions">
        {invoice && <Documents invoice={invoice} tell={tell} />}
        {step && (
          <button
            type="button"
            aria-label={bare(say(`order-${step}-named`, { plugin: name }))}
            onClick={() => ask({ order, step })}
          >
            {say(`order-${step}`)}
          </button>
        )}
      </div>
    </li>
  );
}

function InvoiceRow({ invoice, tell }: { invoice: Invoice; tell(text: string): void }) {
  const { id, amount, createdAt } = invoice;
  return (
    <li class="card row">
      <div class="row-head">
        <h3>
          <code>{id}</code>
        </h3>
        <data class="price" value={amount.value}>
          {say("invoice-amount-of", { ...amount })}
        </data>
      </div>
      <Facts of={[[say("invoice-issued"), <Instant at={createdAt} />]]} />
      <div class="actions">
        <Documents invoice={invoice} tell={tell} />
      </div>
    </li>
  );
}

function Documents({ invoice, tell }: { invoice: Invoice; tell(text: string): void }) {
  const { id } = invoice;
  const [error, setError] = useState<unknown>();

  async function download(document: "PDF" | "SBOM", name: string): Promise<void> {
    setError(undefined);
    try {
      follow((await call(DownloadInvoice, { id, document })).downloadInvoice);
      tell(say("downloading", { name: `${name} ${id}` }));
    } catch (reason) {
      setError(reason);
    }
  }

  return (
    <>
      {(["PDF", "SBOM"] as const).map((document) => {
        const key = `invoice-${document.toLowerCase()}`;
        return (
          <button
            key={document}
            type="button"
            aria-label={bare(say(`${key}-named`, { id }))}
            onClick={() => download(document, say(key))}
          >
            {say(key)}
          </button>
        );
      })}
      {error !== undefined && <Failure error={error} title={say("failed-action")} />}
    </>
  );
}

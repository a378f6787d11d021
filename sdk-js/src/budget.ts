/**
 * What a client may still spend on retries, so that an outage meets no storm of them. Where
 * everything fails the purse is soon empty, and every call is sent once; where little fails it
 * stays full, and nobody notices it.
 */

/** What the calls of a client, and of its copies, have spent together. */
export interface Purse {
  spent: number;
}

/** Gives back what the retries of a call that succeeded have cost, or 1 if there were none. */
export const refund = ({
  purse,
  attempts,
  retryCost,
}: {
  readonly purse: Purse;
  readonly attempts: number;
  readonly retryCost: number;
}): void => {
  purse.spent = Math.max(0, purse.spent - ((attempts - 1) * retryCost || 1));
};

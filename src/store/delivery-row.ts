// A row of the ledger as the database gives it → a Delivery.

import type { Delivery, DeliveryState } from '../model.ts'

/** The columns that `deliveryOf` reads. */
export const DELIVERY = 'subscriber, email, name, fields, state, reason, attempts, next_at, reply, variant'

export interface DeliveryRow {
  readonly subscriber: number
  readonly email: string
  readonly name: string
  readonly fields: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly attempts: number
  readonly next_at: number | null
  readonly reply: string | null
  readonly variant: number
}

export function deliveryOf(edition: string, row: DeliveryRow): Delivery {
  return {
    edition,
    subscriber: row.subscriber,
    email: row.email,
    name: row.name,
    fields: JSON.parse(row.fields) as Record<string, string>,
    state: row.state,
    reason: row.reason ?? undefined,
    attempts: row.attempts,
    nextAt: row.next_at ?? undefined,
    reply: row.reply ?? undefined,
    variant: row.variant || undefined,
  }
}

// Numbers of an edition's letters → what makes each out to a reader. Only a few letters are in memory, however many
// selections of topics there are.

import type { Delivery, Letter, Message } from '../../model.ts'

type Make = (delivery: Delivery, room?: Uint8Array) => Message

interface Options {
  /** Out of the ledger. */
  stored(variant: number): Promise<Letter | undefined>
  compose(letter: Letter): Make
  /** How many are kept, of some 200 kB each. */
  readonly keep?: number
}

/** Those that were asked for last are kept. */
export function composeVariants({ stored, compose, keep = 40 }: Options): (variant: number) => Promise<Make> {
  const open = new Map<number, Promise<Make>>()

  async function load(variant: number): Promise<Make> {
    const letter = await stored(variant)
    if (!letter) throw new Error(`the ledger has no letter ${variant} of this edition`)
    return compose(letter)
  }

  return variant => {
    const make = open.get(variant) ?? load(variant)
    open.delete(variant)
    open.set(variant, make)
    if (open.size > keep) open.delete(open.keys().next().value!)
    return make
  }
}

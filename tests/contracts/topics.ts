// Topics, on every database: an edition freezes with one letter for each selection, each reader's row knows hers, and
// who asked for nothing that is in it is skipped.

import { describe, expect, test } from 'vitest'
import { addressHash } from '../../src/base/addresses.ts'
import type { Letter } from '../../src/model.ts'
import type { Database } from '../../src/store/database.ts'
import { claimDeliveries } from '../../src/store/deliveries.ts'
import { recordSkipped, storedLetter } from '../../src/store/editions.ts'
import {
  type Freeze,
  freezeEdition,
  type LetterVariants,
  NOTHING_ON_TOPICS,
  topicReaders,
} from '../../src/store/freeze-edition.ts'
import { suppress } from '../../src/store/suppressions.ts'
import { aLetter, counts, EDITION, join, joinMany, NOW } from './a-list.ts'
import { open } from './database.ts'

/** World is 1, world and city 2, city the whole; of art there is nothing. */
const numbers: Record<string, number> = { world: 1, 'world city': 2, city: 0 }

function aFreeze(db: Database, variants: Partial<LetterVariants> = {}, more: Partial<Freeze> = {}) {
  return freezeEdition(db, {
    edition: EDITION,
    newsletter: 'weekly',
    from: NOW - 1,
    until: NOW,
    letter: aLetter,
    letterHash: 'whole',
    carried: ['tag:a'],
    omitted: [],
    now: NOW,
    variants: {
      variantOf: topics => numbers[topics.join(' ')],
      letter: async variant => ({ letter: letterOf(variant), letterHash: `hash ${variant}` }),
      ...variants,
    },
    ...more,
  })
}

function letterOf(variant: number): Letter {
  return { ...aLetter, subject: `Letter ${variant}` }
}

async function someReaders(db: Database): Promise<void> {
  await join(db, 'all@example.org')
  await join(db, 'world@example.org', { topics: ['world'] })
  await join(db, 'both@example.org', { topics: ['world', 'city'] })
  await join(db, 'city@example.org', { topics: ['city'] })
  await join(db, 'art@example.org', { topics: ['art'] })
  await join(db, 'other@example.org', { newsletters: ['daily'], topics: ['unheard of'] })
}

async function variantsOf(db: Database): Promise<Record<string, number | undefined>> {
  const claimed = await claimDeliveries(db, {
    edition: EDITION,
    owner: 'me',
    limit: 100,
    now: NOW,
    leaseUntil: NOW + 1,
  })
  return Object.fromEntries(claimed.map(({ email, variant }) => [email.split('@')[0]!, variant]))
}

export function topicsContract(empty: () => Promise<string>): void {
  describe('topics', () => {
    test('one letter for each selection, and each reader knows hers', async () => {
      const db = await open(await empty())
      await someReaders(db)
      const made: number[] = []
      const answer = await aFreeze(db, {
        letter: async variant => {
          made.push(variant)
          return { letter: letterOf(variant), letterHash: '' }
        },
      })
      expect(answer).toEqual(counts({ audience: 5, pending: 4, skipped: { [NOTHING_ON_TOPICS]: 1 } }))
      expect(made.sort()).toEqual([1, 2])
      expect(await variantsOf(db)).toEqual({ all: undefined, world: 1, both: 2, city: undefined })
      expect(await storedLetter(db, EDITION, 2)).toEqual(letterOf(2))
      expect(await storedLetter(db, EDITION, 3)).toBeUndefined()
    })

    test('frozen is frozen: neither letters nor choices change any more', async () => {
      const db = await open(await empty())
      await someReaders(db)
      await aFreeze(db)
      await join(db, 'world@example.org', { topics: ['art'] })
      const again = aFreeze(db, { letter: () => Promise.reject(new Error('rendered again')) })
      expect(await again).toEqual(counts({ audience: 5, pending: 4, skipped: { [NOTHING_ON_TOPICS]: 1 } }))
      expect((await variantsOf(db)).world).toBe(1)
    })

    test('who chooses other topics while letters are made gets the letter of the new ones', async () => {
      const db = await open(await empty())
      await someReaders(db)
      let once = true
      await aFreeze(db, {
        async letter(variant) {
          if (once) await join(db, 'late@example.org', { topics: ['city', 'world'] })
          once = false
          return { letter: letterOf(variant), letterHash: '' }
        },
        variantOf: topics => numbers[topics.join(' ')] ?? (topics.length === 2 ? 7 : undefined),
      })
      expect((await variantsOf(db)).late).toBe(7)
      expect(await storedLetter(db, EDITION, 7)).toEqual(letterOf(7))
    })

    test('a run that died before it froze leaves nothing that counts', async () => {
      const db = await open(await empty())
      await someReaders(db)
      const died = aFreeze(db, {
        letter: async variant => {
          if (variant === 2) throw new Error('killed')
          return { letter: letterOf(9), letterHash: '' }
        },
      })
      await expect(died).rejects.toThrow('killed')
      await recordSkipped(db, {
        edition: EDITION,
        newsletter: 'weekly',
        from: 1,
        until: 2,
        why: 'x',
        now: NOW,
      })
      await aFreeze(db)
      expect(await storedLetter(db, EDITION, 1)).toEqual(letterOf(1))
    })

    test('how many readers there are for which topics, without those who get nothing anyway', async () => {
      const db = await open(await empty())
      await someReaders(db)
      await join(db, 'gone@example.org', { topics: ['gone'] })
      await suppress(db, { hash: addressHash('gone@example.org'), reason: 'manual', since: NOW })
      const found = await topicReaders(db, 'weekly')
      const byTopics = found.map(({ topics, readers }) => [topics.join(' '), readers] as const)
      expect(Object.fromEntries(byTopics)).toEqual({ art: 1, city: 1, world: 1, 'world city': 1, '': 1 })
    })

    test('a thousand selections among two thousand readers, one letter in memory at a time', async () => {
      const db = await open(await empty())
      await joinMany(db, 1000)
      for (let at = 0; at < 1000; at++) await join(db, `reader${at + 1}@example.org`, { topics: [`t${at}`] })
      let inMemory = 0
      const answer = await aFreeze(db, {
        variantOf: ([topic]) => Number(topic!.slice(1)) + 1,
        async letter(variant) {
          expect(++inMemory).toBe(1)
          await Promise.resolve()
          inMemory--
          return { letter: letterOf(variant), letterHash: '' }
        },
      })
      expect(answer.pending).toBe(1000)
      expect((await variantsOf(db)).reader100).toBe(100)
      expect(await storedLetter(db, EDITION, 1000)).toEqual(letterOf(1000))
    })
  })
}

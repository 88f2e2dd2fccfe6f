// The tables as the migrations make them, in one golden file; what was released is never changed.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MIGRATIONS } from '../../src/store/migrations.ts'
import { openStore } from '../../src/store/open-store.ts'
import { aFolder } from '../a-folder.ts'

const golden = new URL('../golden/schema.sql', import.meta.url)

test('schema.sql is what the migrations make', async () => {
  const { db } = await openStore(`${aFolder()}/list.db`)
  const rows = await db.query<{ sql: string }>(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
  )
  await db.close()
  const text = `${rows.map(({ sql }) => `${sql};`).join('\n\n')}\n`
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(new URL('.', golden), { recursive: true })
    writeFileSync(golden, text)
  }
  expect(existsSync(golden), 'UPDATE_GOLDEN=1 npx vitest run tests/store/schema.test.ts').toBe(true)
  expect(text).toBe(readFileSync(golden, 'utf8'))
})

test('every token of a statement is one that the dialects know', () => {
  const tokens = MIGRATIONS.flatMap(({ statements }) =>
    statements.flatMap(sql => sql.match(/\{[^}]*\}/g) ?? []),
  )
  expect(new Set(tokens)).toEqual(new Set(['{identity}', '{in key order}', '{rewritten}', '{generated}']))
})

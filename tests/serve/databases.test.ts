// The service on SQLite and on a real PostgreSQL: the same answers, the same list.

import { afterAll, beforeAll, describe } from 'vitest'
import { aFolder } from '../a-folder.ts'
import { type APostgres, aPostgres } from '../a-postgres.ts'
import { serviceContract } from '../contracts/service.ts'

describe('SQLite', () => serviceContract(async () => `${aFolder()}/list.db`))

describe('PostgreSQL', () => {
  let server: APostgres
  beforeAll(async () => {
    server = await aPostgres()
  })
  afterAll(() => server.stop())
  serviceContract(() => server.database())
})

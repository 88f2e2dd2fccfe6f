// The seam between Broadsheet's statements and the two databases that run them. Declared here, by the one who uses it.

/** Booleans are 0 and 1, lists and records are JSON text, times are ms since epoch: one set of SQL serves both. */
export type Param = string | number | null

/**
 * A database, or a transaction in one. Placeholders are `$1`, `$2`, … on both; numbers come back as numbers.
 * `json_each(…) CROSS JOIN table` in a statement tells SQLite, which knows no figures about its tables, to start from
 * the short side.
 *
 * Errors that a person can put right (locked, full, refused, connection lost) are UserErrors.
 */
export interface Database {
  readonly kind: 'sqlite' | 'postgres'
  query<Row>(sql: string, params?: readonly Param[]): Promise<Row[]>
  /**
   * Everything that `work` does with the database it is given is committed and durable when the promise resolves, or
   * none of it is. `work` speaks only to that database, and has no other effect: PostgreSQL may run it again after a
   * deadlock or a lost connection. Inside a transaction it joins the one that is open.
   */
  transaction<T>(work: (db: Database) => Promise<T>): Promise<T>
  close(): Promise<void>
}

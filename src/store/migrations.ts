// Every change of the tables, in order. Append only: all of it has been run on somebody's database.

interface Migration {
  readonly name: string
  /** One statement each, with the tokens of `inDialect`. */
  readonly statements: readonly string[]
}

export const MIGRATIONS: readonly Migration[] = [
  {
    name: 'the list and the ledger',
    statements: [
      `CREATE TABLE subscribers (
  id {identity},
  email TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  fields TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'unsubscribed')),
  source TEXT NOT NULL,
  since BIGINT NOT NULL,
  changed BIGINT NOT NULL
)`,
      // state is 'active' or 'unsubscribed'; an unsubscribed row stays, so that no import brings it back.
      `CREATE TABLE subscriptions (
  newsletter TEXT NOT NULL,
  subscriber BIGINT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
  topics TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'unsubscribed')),
  since BIGINT NOT NULL,
  ended BIGINT,
  PRIMARY KEY (newsletter, subscriber)
) {in key order}`,
      'CREATE INDEX subscriptions_subscriber ON subscriptions (subscriber)',
      `CREATE TABLE suppressions (
  hash TEXT NOT NULL PRIMARY KEY,
  reason TEXT NOT NULL,
  since BIGINT NOT NULL
) {in key order}`,
      `CREATE TABLE editions (
  id {identity},
  name TEXT NOT NULL UNIQUE,
  newsletter TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'skipped', 'cancelled')),
  why TEXT,
  letter TEXT,
  letter_hash TEXT,
  frozen_at BIGINT NOT NULL,
  finished_at BIGINT
)`,
      `CREATE TABLE edition_articles (
  edition BIGINT NOT NULL REFERENCES editions (id),
  article TEXT NOT NULL,
  omitted INTEGER NOT NULL,
  PRIMARY KEY (edition, article)
) {in key order}`,
      // No foreign keys here: a million rows are written by one statement that takes the edition from its table, and
      // the subscriber may be erased while the row, made anonymous, still counts.
      `CREATE TABLE deliveries (
  edition BIGINT NOT NULL,
  subscriber BIGINT NOT NULL,
  email TEXT NOT NULL,
  name TEXT NOT NULL,
  fields TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('pending', 'leased', 'handed', 'accepted', 'deferred', 'rejected', 'unknown', 'skipped')),
  reason TEXT,
  attempts INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  next_at BIGINT,
  owner TEXT,
  lease_until BIGINT,
  code INTEGER,
  enhanced TEXT,
  reply TEXT,
  failure TEXT,
  changed BIGINT NOT NULL,
  PRIMARY KEY (edition, subscriber)
) {rewritten}`,
      'CREATE INDEX deliveries_state ON deliveries (edition, state, subscriber)',
      "CREATE INDEX deliveries_deferred ON deliveries (edition, next_at) WHERE state = 'deferred'",
      `CREATE TABLE attempts (
  edition BIGINT NOT NULL,
  subscriber BIGINT NOT NULL,
  number INTEGER NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  code INTEGER,
  enhanced TEXT,
  reply TEXT NOT NULL,
  PRIMARY KEY (edition, subscriber, number)
) {in key order}`,
      `CREATE TABLE senders (
  edition TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  since BIGINT NOT NULL,
  expires BIGINT NOT NULL
) {in key order}`,
    ],
  },
  {
    name: 'asking, bouncing',
    statements: [
      // Something asked for by whoever typed an address, to be proved by a link in one mail to that address. The rows
      // that were confirmed stay, without the address: they are the record of consent.
      `CREATE TABLE requests (
  id {identity},
  purpose TEXT NOT NULL CHECK (purpose IN ('subscribe', 'data')),
  hash TEXT NOT NULL,
  email TEXT NOT NULL,
  newsletters TEXT NOT NULL,
  language TEXT NOT NULL,
  source TEXT NOT NULL,
  network TEXT NOT NULL,
  wording TEXT NOT NULL,
  asked BIGINT NOT NULL,
  hour BIGINT NOT NULL,
  times INTEGER NOT NULL,
  expires BIGINT NOT NULL,
  mail_at BIGINT,
  tries INTEGER NOT NULL,
  confirmed BIGINT,
  subscriber BIGINT,
  UNIQUE (purpose, hash, hour)
)`,
      'CREATE INDEX requests_mail ON requests (mail_at) WHERE mail_at IS NOT NULL',
      'CREATE INDEX requests_old ON requests (expires) WHERE confirmed IS NULL',
      'CREATE INDEX requests_subscriber ON requests (subscriber) WHERE subscriber IS NOT NULL',
      // One row for each edition that came back from a reader; edition 0 where nothing says which.
      `CREATE TABLE bounces (
  subscriber BIGINT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
  edition BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('hard', 'soft', 'complaint')),
  status TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (subscriber, edition)
) {in key order}`,
      // Notices of providers that have been acted on, so that a repeated one is ignored.
      `CREATE TABLE notices (
  id TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
) {in key order}`,
      'CREATE INDEX notices_at ON notices (at)',
    ],
  },
  {
    name: 'pausing, many senders',
    statements: [
      // A row here: nothing more of this edition is claimed or handed over until it is gone.
      `CREATE TABLE pauses (
  edition TEXT NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL
) {in key order}`,
      // When the next message may start, in microseconds: all senders reserve their places here.
      `CREATE TABLE rates (
  name TEXT NOT NULL PRIMARY KEY,
  next BIGINT NOT NULL
) {in key order}`,
    ],
  },
  {
    name: 'topics',
    statements: [
      // Which letter an edition has for which topics (as subscriptions write them); NULL where it has nothing on them.
      `CREATE TABLE topic_choices (
  edition BIGINT NOT NULL,
  topics TEXT NOT NULL,
  variant INTEGER,
  PRIMARY KEY (edition, topics)
) {in key order}`,
      // One for each selection of an edition's articles but the whole, which is in editions. By name: a letter is
      // stored before its edition freezes, so that there are never two in memory.
      `CREATE TABLE letters (
  edition TEXT NOT NULL,
  variant INTEGER NOT NULL,
  letter TEXT NOT NULL,
  letter_hash TEXT NOT NULL,
  PRIMARY KEY (edition, variant)
)`,
      'ALTER TABLE deliveries ADD COLUMN variant INTEGER NOT NULL DEFAULT 0',
    ],
  },
  {
    name: 'why mail came back, and what was lifted',
    statements: [
      // What the server wrote, so that what was suppressed for one text can be found.
      "ALTER TABLE bounces ADD COLUMN text TEXT NOT NULL DEFAULT ''",
      // When a person lifted the suppression, or the reader confirmed again: from then on it does not count.
      'ALTER TABLE bounces ADD COLUMN lifted BIGINT',
      `CREATE TABLE lifted_suppressions (
  hash TEXT NOT NULL,
  reason TEXT NOT NULL,
  since BIGINT NOT NULL,
  why TEXT NOT NULL,
  lifted BIGINT NOT NULL,
  PRIMARY KEY (hash, lifted)
) {in key order}`,
      // Mails of the bounce mailbox that were not understood, by the hash of their bytes: each is listed once.
      `CREATE TABLE kept_mails (
  id TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
) {in key order}`,
    ],
  },
  {
    name: 'mailboxes of requests',
    statements: [
      // Hash of the address without what reaches the same person: a+1@ and a+2@ are mailed as often as one.
      'ALTER TABLE requests ADD COLUMN mailbox TEXT',
      'CREATE INDEX requests_mailbox ON requests (mailbox, hour) WHERE mailbox IS NOT NULL',
    ],
  },
  {
    name: 'private feeds',
    // When the address of a reader's private feed was made, ms since epoch: one of another time is no longer hers.
    statements: ['ALTER TABLE subscribers ADD COLUMN feed BIGINT'],
  },
  {
    name: 'what receivers report of our domains',
    statements: [
      // DMARC aggregate reports and TLS reports, one row each; `passed` and `failed` count messages, or sessions.
      `CREATE TABLE domain_reports (
  id {identity},
  kind TEXT NOT NULL CHECK (kind IN ('dmarc', 'tls')),
  reporter TEXT NOT NULL,
  report TEXT NOT NULL,
  domain TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  passed BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  received BIGINT NOT NULL,
  UNIQUE (kind, reporter, report, domain)
)`,
      'CREATE INDEX domain_reports_until ON domain_reports (until_at)',
      `CREATE TABLE domain_report_failures (
  report BIGINT NOT NULL REFERENCES domain_reports (id) ON DELETE CASCADE,
  source TEXT NOT NULL,
  why TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (report, source, why)
) {in key order}`,
    ],
  },
  {
    name: 'warming up, numbers of editions',
    statements: [
      // How many readers may be mailed for the first time on a day, in the publication's zone, and how many were.
      `CREATE TABLE warm_up (
  day TEXT NOT NULL PRIMARY KEY,
  allowed BIGINT NOT NULL,
  sent BIGINT NOT NULL
) {in key order}`,
      // What a finished edition came to, as JSON: counting its deliveries again and again takes too long.
      `CREATE TABLE edition_numbers (
  edition BIGINT NOT NULL PRIMARY KEY,
  numbers TEXT NOT NULL
) {in key order}`,
      "CREATE INDEX bounces_complaints ON bounces (at) WHERE kind = 'complaint'",
      // A person has decided to send this edition also where too many complained.
      `CREATE TABLE complaints_accepted (
  edition TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
) {in key order}`,
    ],
  },
  {
    name: 'subscribers of feeds, as their readers report them',
    statements: [
      `CREATE TABLE feed_subscribers (
  feed TEXT NOT NULL,
  reader TEXT NOT NULL,
  number TEXT NOT NULL,
  subscribers BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (feed, reader, number)
) {in key order}`,
    ],
  },
  {
    name: 'fewer index writes for a delivery',
    statements: [
      // What an index is needed for: NULL for the many who have been accepted, and the same for leased and handed, so that
      // PostgreSQL writes no index when one becomes the other. The state itself is in no index for the same reason.
      `ALTER TABLE deliveries ADD COLUMN stage SMALLINT GENERATED ALWAYS AS (CASE state
  WHEN 'pending' THEN 0 WHEN 'leased' THEN 1 WHEN 'handed' THEN 1 WHEN 'deferred' THEN 2
  WHEN 'unknown' THEN 3 WHEN 'rejected' THEN 4 WHEN 'skipped' THEN 5 END) {generated}`,
      'DROP INDEX deliveries_state',
      'DROP INDEX deliveries_deferred',
      'CREATE INDEX deliveries_stage ON deliveries (edition, stage, subscriber) WHERE stage IS NOT NULL',
      'CREATE INDEX deliveries_due ON deliveries (edition, next_at) WHERE next_at IS NOT NULL',
    ],
  },
]

/** The column `stage` of a delivery by its state, for conditions that are to use its index; NULL for accepted. */
export const STAGES = {
  pending: 0,
  leased: 1,
  handed: 1,
  deferred: 2,
  unknown: 3,
  rejected: 4,
  skipped: 5,
} as const

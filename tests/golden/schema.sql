CREATE TABLE broadsheet_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL);

CREATE TABLE subscribers (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
, feed BIGINT);

CREATE TABLE subscriptions (
  newsletter TEXT NOT NULL,
  subscriber BIGINT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
  topics TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'unsubscribed')),
  since BIGINT NOT NULL,
  ended BIGINT,
  PRIMARY KEY (newsletter, subscriber)
) WITHOUT ROWID;

CREATE INDEX subscriptions_subscriber ON subscriptions (subscriber);

CREATE TABLE suppressions (
  hash TEXT NOT NULL PRIMARY KEY,
  reason TEXT NOT NULL,
  since BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE editions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
);

CREATE TABLE edition_articles (
  edition BIGINT NOT NULL REFERENCES editions (id),
  article TEXT NOT NULL,
  omitted INTEGER NOT NULL,
  PRIMARY KEY (edition, article)
) WITHOUT ROWID;

CREATE TABLE deliveries (
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
  changed BIGINT NOT NULL, variant INTEGER NOT NULL DEFAULT 0, stage SMALLINT GENERATED ALWAYS AS (CASE state
  WHEN 'pending' THEN 0 WHEN 'leased' THEN 1 WHEN 'handed' THEN 1 WHEN 'deferred' THEN 2
  WHEN 'unknown' THEN 3 WHEN 'rejected' THEN 4 WHEN 'skipped' THEN 5 END) VIRTUAL,
  PRIMARY KEY (edition, subscriber)
) WITHOUT ROWID;

CREATE TABLE attempts (
  edition BIGINT NOT NULL,
  subscriber BIGINT NOT NULL,
  number INTEGER NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  code INTEGER,
  enhanced TEXT,
  reply TEXT NOT NULL,
  PRIMARY KEY (edition, subscriber, number)
) WITHOUT ROWID;

CREATE TABLE senders (
  edition TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  since BIGINT NOT NULL,
  expires BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
  subscriber BIGINT, mailbox TEXT,
  UNIQUE (purpose, hash, hour)
);

CREATE INDEX requests_mail ON requests (mail_at) WHERE mail_at IS NOT NULL;

CREATE INDEX requests_old ON requests (expires) WHERE confirmed IS NULL;

CREATE INDEX requests_subscriber ON requests (subscriber) WHERE subscriber IS NOT NULL;

CREATE TABLE bounces (
  subscriber BIGINT NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE,
  edition BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('hard', 'soft', 'complaint')),
  status TEXT NOT NULL,
  at BIGINT NOT NULL, text TEXT NOT NULL DEFAULT '', lifted BIGINT,
  PRIMARY KEY (subscriber, edition)
) WITHOUT ROWID;

CREATE TABLE notices (
  id TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX notices_at ON notices (at);

CREATE TABLE pauses (
  edition TEXT NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE rates (
  name TEXT NOT NULL PRIMARY KEY,
  next BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE topic_choices (
  edition BIGINT NOT NULL,
  topics TEXT NOT NULL,
  variant INTEGER,
  PRIMARY KEY (edition, topics)
) WITHOUT ROWID;

CREATE TABLE letters (
  edition TEXT NOT NULL,
  variant INTEGER NOT NULL,
  letter TEXT NOT NULL,
  letter_hash TEXT NOT NULL,
  PRIMARY KEY (edition, variant)
);

CREATE TABLE lifted_suppressions (
  hash TEXT NOT NULL,
  reason TEXT NOT NULL,
  since BIGINT NOT NULL,
  why TEXT NOT NULL,
  lifted BIGINT NOT NULL,
  PRIMARY KEY (hash, lifted)
) WITHOUT ROWID;

CREATE TABLE kept_mails (
  id TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE INDEX requests_mailbox ON requests (mailbox, hour) WHERE mailbox IS NOT NULL;

CREATE TABLE domain_reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
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
);

CREATE INDEX domain_reports_until ON domain_reports (until_at);

CREATE TABLE domain_report_failures (
  report BIGINT NOT NULL REFERENCES domain_reports (id) ON DELETE CASCADE,
  source TEXT NOT NULL,
  why TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (report, source, why)
) WITHOUT ROWID;

CREATE TABLE warm_up (
  day TEXT NOT NULL PRIMARY KEY,
  allowed BIGINT NOT NULL,
  sent BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE edition_numbers (
  edition BIGINT NOT NULL PRIMARY KEY,
  numbers TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX bounces_complaints ON bounces (at) WHERE kind = 'complaint';

CREATE TABLE complaints_accepted (
  edition TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE feed_subscribers (
  feed TEXT NOT NULL,
  reader TEXT NOT NULL,
  number TEXT NOT NULL,
  subscribers BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (feed, reader, number)
) WITHOUT ROWID;

CREATE INDEX deliveries_stage ON deliveries (edition, stage, subscriber) WHERE stage IS NOT NULL;

CREATE INDEX deliveries_due ON deliveries (edition, next_at) WHERE next_at IS NOT NULL;

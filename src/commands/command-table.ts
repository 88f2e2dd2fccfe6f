// The table of commands. A new command is one file and one row here; help and the reference in docs/ come from it.

import type { Command, Option } from './context.ts'

/** What every command understands. */
export const commonOptions: readonly Option[] = [
  { flags: '--dir <folder>', summary: "the publication's folder (default: the current one)" },
  { flags: '--json', summary: 'print one JSON document' },
  { flags: '--quiet', summary: 'print results and errors only' },
  { flags: '--now <time>', summary: 'run as if it were this time, ISO 8601: 2026-01-30T07:00+05:30' },
]

export const commands: readonly Command[] = [
  {
    name: 'demo',
    args: '',
    summary: 'from a fresh clone to a letter in an inbox: builds and sends on this machine only',
    options: [],
    example: 'broadsheet demo',
    load: () => import('./demo.ts'),
  },
  {
    name: 'init',
    args: '[folder]',
    summary: 'a new publication that builds at once; or, in one that is there, the file for CI',
    options: [
      {
        flags: '--github',
        summary: 'write the workflow that checks, publishes and sends with GitHub Actions',
      },
      { flags: '--gitlab', summary: 'write the same for GitLab CI' },
    ],
    example: 'broadsheet init site',
    load: () => import('./init.ts'),
  },
  {
    name: 'new',
    args: '<title...>',
    summary: 'a new article: a file with front matter, dated now, as a draft',
    options: [{ flags: '--section <name>', summary: 'the section that it is in' }],
    example: 'broadsheet new "Tea auctions open higher"',
    load: () => import('./new.ts'),
  },
  {
    name: 'build',
    args: '',
    summary: 'articles → feeds, pages and editions in out/',
    options: [],
    example: 'broadsheet build --now 2026-01-30T07:00+05:30',
    endsAtOnce: true,
    load: () => import('./build.ts'),
  },
  {
    name: 'check',
    args: '',
    summary: 'every problem in articles and settings; exit 1 on errors',
    options: [
      { flags: '--format <format>', summary: 'pretty, json, github or gitlab (default: pretty)' },
      { flags: '--rule <name>', summary: 'only what this rule finds, all of it; several with commas' },
      { flags: '--left-out', summary: 'also list each article that is in no feed, and why' },
    ],
    example: 'broadsheet check --format github',
    endsAtOnce: true,
    load: () => import('./check.ts'),
  },
  {
    name: 'preview',
    args: '',
    summary: 'everything in a browser, live, with drafts and the next edition; it cannot send',
    options: [{ flags: '--port <port>', summary: 'default: 4040, or any that is free' }],
    example: 'broadsheet preview',
    load: () => import('./preview/index.ts'),
  },
  {
    name: 'edition',
    args: '[newsletter/id]',
    summary: 'which editions there are; what is in one, and what was left out and why',
    options: [
      {
        flags: '--format <format>',
        summary:
          'pretty, or markdown: the next ones with subject, articles and audience, for a job summary of CI',
      },
      {
        flags: '--write <folder>',
        summary: 'write the next letters there, to look at; a sample reader gets them',
      },
    ],
    example: 'broadsheet edition weekly/2026-W05',
    load: () => import('./edition.ts'),
  },
  {
    name: 'doctor',
    args: '',
    summary:
      'what would go wrong on the day of the send: settings, mail server, DNS, one-click, database; with the record or the command that mends it. Exit 1 when something would fail',
    options: [
      { flags: '--all', summary: 'every check on a line of its own, and why it matters' },
      {
        flags: '--send-test',
        summary: 'also send the next letter to the mailbox for bounces, read it back, and say how it arrived',
      },
    ],
    example: 'broadsheet doctor',
    load: () => import('./doctor/index.ts'),
  },
  {
    name: 'send',
    args: '[newsletter/id]',
    summary:
      'sends every edition that is due and finishes interrupted ones, or just the one named; each reader gets it once',
    options: [
      { flags: '--due', summary: 'everything that is due, without asking: for CI' },
      {
        flags: '--to <address>',
        summary: 'send a test to one address, of the next edition where none is named; touches no ledger',
      },
      {
        flags: '--dry-run',
        summary:
          'show who would get it, who would not and why; of the next edition, where nothing is due. Sends nothing',
      },
      { flags: '--list', summary: 'with --dry-run: list the addresses' },
      {
        flags: '--extra',
        summary:
          'an edition outside the schedule, for news that cannot wait: the article, or the note with extra: true, that is named after the newsletter',
      },
      {
        flags: '--for <readers>',
        summary:
          'with --extra: only some readers: section=world, language=hi, domain=example.org, or a column of the list: city=Delhi',
      },
      { flags: '--yes', summary: 'do not ask for confirmation' },
      { flags: '--resend-unknown', summary: 'resend to readers whose delivery is uncertain' },
      {
        flags: '--wait <duration>',
        summary: 'how long to wait for deferred deliveries: 2m, 90s, 1h (default: 2m)',
      },
      {
        flags: '--despite <checks>',
        summary:
          'send although these checks of `doctor` fail, comma-separated: one-click,from-domain; complaints: also to providers where too many complained',
      },
      { flags: '--new-ledger', summary: 'in CI: confirm that this is the first send ever' },
      { flags: '--pause', summary: 'stop an edition that is being sent, until --resume' },
      { flags: '--resume', summary: 'continue an edition that was paused' },
      { flags: '--cancel', summary: 'cancel all deliveries not yet made' },
      { flags: '--enqueue', summary: 'on PostgreSQL: leave the sending to the workers' },
      { flags: '--log <file>', summary: 'append a line of JSON for each attempt to this file' },
      { flags: '--log-addresses', summary: 'with --log: addresses too' },
    ],
    example: 'broadsheet send weekly/2026-W05 --dry-run',
    load: () => import('./send.ts'),
  },
  {
    name: 'work',
    args: '',
    summary: 'on PostgreSQL: one more worker that sends, until it is stopped',
    options: [
      { flags: '--once', summary: 'stop when nothing is left to send' },
      { flags: '--log <file>', summary: 'append a line of JSON for each of its own attempts to this file' },
      { flags: '--log-addresses', summary: 'with --log: addresses too' },
    ],
    example: 'broadsheet work',
    load: () => import('./work.ts'),
  },
  {
    name: 'status',
    args: '[newsletter/id]',
    summary: 'what was sent: counts by state, rate, failures grouped by reply; and what comes next',
    options: [
      { flags: '--list <state>', summary: 'the addresses in this state: unknown, rejected, deferred …' },
      { flags: '--html <file>', summary: 'write a page with charts, of this edition or of everything' },
      { flags: '--access-log <file>', summary: 'with --html: subscribers of feeds, out of a server’s log' },
    ],
    example: 'broadsheet status weekly/2026-W05 --list unknown',
    load: () => import('./status.ts'),
  },
  {
    name: 'import',
    args: '<export>',
    summary:
      'articles of another system (WordPress, Ghost, Substack and others), of a feed or of a saved page → files in articles/',
    options: [
      {
        flags: '--from <system>',
        summary: 'which system, when the export does not say: wordpress, ghost, feed, page …',
      },
      {
        flags: '--site <address>',
        summary: "the old site's address, when the export does not say: https://name.substack.com",
      },
      { flags: '--into <folder>', summary: 'where the articles go, below articles/ (default: articles)' },
      { flags: '--dry-run', summary: 'show what would be written; writes nothing' },
      {
        flags: '--pictures <choice>',
        summary: 'copy: those that the export contains; keep: leave all at their addresses (default: copy)',
      },
      { flags: '--subscribers', summary: 'also import the lists of readers that the export contains' },
      { flags: '--yes', summary: 'with --subscribers: do not ask for confirmation' },
      { flags: '--overwrite', summary: 'replace articles that were edited since they were imported' },
    ],
    example: 'broadsheet import blog.xml --dry-run',
    load: () => import('./import/index.ts'),
  },
  {
    name: 'announce',
    args: '',
    summary: 'after a deploy: notifies the WebSub hubs of feeds that changed since the last time',
    options: [{ flags: '--dry-run', summary: 'show which feeds and hubs; notifies no one' }],
    example: 'broadsheet announce',
    load: () => import('./announce.ts'),
  },
  {
    name: 'templates',
    args: '[action] [name]',
    summary:
      'list: all templates, and which are your own; copy <name>: copy one, to start from; data <name>: what it can say',
    options: [],
    example: 'broadsheet templates copy letter-card',
    load: () => import('./templates.ts'),
  },
  {
    name: 'subscribers',
    args: '<action> [what]',
    summary: 'the list: import <file>, export, add <email>, remove, erase, list, show, unsuppress',
    options: [
      { flags: '--name <name>', summary: "add: the reader's name" },
      {
        flags: '--newsletter <ids>',
        summary: 'add, import, remove, list, export: these newsletters, comma-separated (default: all)',
      },
      { flags: '--topics <topics>', summary: 'add: sections and tags asked for, comma-separated' },
      { flags: '--language <tag>', summary: 'add: the language of letters and pages for this reader' },
      { flags: '--state <state>', summary: 'list, export: pending, active or unsubscribed' },
      { flags: '--limit <number>', summary: 'list: how many at most (default: 50)' },
      {
        flags: '--dry-run',
        summary:
          'import: what would be read, counts by state and the first rows; erase: what would be deleted',
      },
      { flags: '--status-column <name>', summary: 'import: the column that says who is subscribed' },
      {
        flags: '--active <values>',
        summary:
          'import: values of that column that mean subscribed, comma-separated; the others keep their meaning',
      },
      {
        flags: '--ignore-column <names>',
        summary: 'import: columns that say nothing about who may be mailed, comma-separated',
      },
      {
        flags: '--as <state>',
        summary:
          'import: everybody in the file is active, pending, unsubscribed, bounced, blocked or complained',
      },
      { flags: '--suppressions', summary: 'import, export: the addresses that must not be mailed' },
      { flags: '--ask', summary: 'import: send a mail to those who never confirmed, and ask them to' },
      { flags: '--strict', summary: 'import: exit 1 when a line could not be used' },
      { flags: '--reason <text>', summary: 'unsuppress: why the address is valid again; recorded' },
      {
        flags: '--matching <text>',
        summary: 'unsuppress: all addresses whose bounce contains this text, instead of one address',
      },
      { flags: '--since <date>', summary: 'unsuppress --matching: only bounces since then' },
      { flags: '--yes', summary: 'erase, import, unsuppress: do not ask for confirmation' },
    ],
    example: 'broadsheet subscribers import readers.csv',
    load: () => import('./subscribers/index.ts'),
  },
  {
    name: 'serve',
    args: '',
    summary: 'subscribe, confirm, one-click unsubscribe, preferences, webhooks, and the files of out/',
    options: [
      { flags: '--port <port>', summary: 'default: 8080' },
      { flags: '--host <address>', summary: 'default: 127.0.0.1' },
      {
        flags: '--proxies <number>',
        summary: 'how many of your own proxies are in front: so many entries of X-Forwarded-For are trusted',
      },
      {
        flags: '--sign-ups <number>',
        summary: 'confirmation mails an hour at most, for the form and the API each (default: 500)',
      },
      { flags: '--keep-network', summary: 'record the network (/24, /56) with each consent' },
    ],
    example: 'broadsheet serve --port 8080',
    load: () => import('./serve.ts'),
  },
  {
    name: 'bounces',
    args: '[place]',
    summary:
      'mail that came back, or that asks to subscribe, confirm or unsubscribe: a Maildir, an mbox, a mail or -',
    options: [
      { flags: '--imap', summary: 'read the mailbox at BROADSHEET_IMAP' },
      {
        flags: '--recipient <address>',
        summary: 'the envelope recipient of a piped mail, as Postfix passes it',
      },
      { flags: '--yes', summary: 'suppress the addresses even when there are unusually many' },
    ],
    example: 'broadsheet bounces Maildir',
    load: () => import('./bounces.ts'),
  },
]

// The attachments of a mail → what a receiver reports of a domain, summed: a DMARC aggregate report (RFC 7489, RFC 9990) or a
// TLS report (RFC 8460). They come from strangers: nothing here throws, and time and memory are bounded.

import type { SaxesParser } from 'saxes'
import { DAY_MS } from '../base/index.ts'
import type { DomainReport } from '../store/index.ts'
import { allParts, type MimePart, Unusable, unpack } from './read-mime.ts'

/** `problem`: it is such a report, and why it cannot be used. */
export type FoundReport = { readonly report: DomainReport } | { readonly problem: string }

/** Nobody attaches more to a report, and each may unpack to much. */
const MAX_ATTACHMENTS = 4
/** Of one report: sums of many must stay whole numbers. */
const MAX_COUNT = 1e12
const MAX_TEXT_LENGTH = 200
/** Of those that failed, the largest groups are kept by name. */
const MAX_GROUPS = 100
const MAX_GROUPS_IN_MEMORY = 20_000

/** @param now ms since epoch @returns undefined where no attachment is a report */
export async function readDomainReport(mail: MimePart, now: number): Promise<FoundReport | undefined> {
  const announced = announcement(mail)
  const contents = [...allParts(mail)].flatMap(({ content }) => (content?.length ? [content] : []))
  let problem: string | undefined
  for (const content of contents.slice(0, MAX_ATTACHMENTS)) {
    try {
      const report = await readContent(content)
      if (report) return judged(report, now)
    } catch (error) {
      problem ??= error instanceof Unusable ? error.message : 'it cannot be unpacked'
      // An attachment that could be anybody's is left alone; a broken one of a mail that says what it brings is named.
      if (error instanceof Unusable && error.isReport) return { problem: `${error.isReport}: ${problem}` }
    }
  }
  if (!announced) return undefined
  return { problem: `${announced}: ${problem ?? 'no report is attached'}` }
}

/** RFC 7489 §7.2.1.1, RFC 8460 §5.3: what a mail says of itself, and the names of its attachments. */
function announcement(mail: MimePart): string | undefined {
  const { fields } = mail
  const type = fields.get('content-type')?.[0] ?? ''
  if (fields.has('tls-report-domain') || /report-type="?tlsrpt/i.test(type)) return TLS
  const named = [...allParts(mail)].flatMap(part =>
    ['content-disposition', 'content-type'].flatMap(name => part.fields.get(name) ?? []),
  )
  const file = named.map(text => /[\w.-]+![\w.-]+!\d{9,11}!\d{9,11}[^\s"';]*/.exec(text)?.[0])
  const found = file.find(name => name !== undefined)
  if (found) return found.includes('.json') ? TLS : DMARC
  return /^\W*report[ _]domain:/i.test(fields.get('subject')?.[0] ?? '') ? DMARC : undefined
}

const DMARC = 'a DMARC report'
const TLS = 'a TLS report'
const KINDS = { dmarc: DMARC, tls: TLS }

/** Clocks differ by less. */
const MAX_AHEAD_MS = 2 * DAY_MS

function judged(report: DomainReport, now: number): FoundReport {
  const { from, until, passed, failed, kind } = report
  // One of a time to come would be among those of the last days for ever.
  const wrong =
    from > until || until > now + MAX_AHEAD_MS
      ? 'its time is not past'
      : passed + failed > MAX_COUNT && 'it counts more than anybody is sent'
  return wrong ? { problem: `${KINDS[kind]}: ${wrong}` } : { report }
}

async function readContent(content: Buffer): Promise<DomainReport | undefined> {
  const chunks = unpack(content)
  const first = await chunks.next()
  if (first.done) return undefined
  const begin = first.value.toString('latin1').replace(/^(?:\xef\xbb\xbf|\s)+/, '')
  const all = prepended(first.value, chunks)
  if (begin.startsWith('<')) return readDmarc(all)
  if (begin.startsWith('{')) return readTls(all)
  await chunks.return(undefined)
  return undefined
}

async function* prepended(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

// ─── DMARC ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What the elements of one report, and of the record in hand, say; by their path below the root. */
type Texts = Map<string, string>

const WANTED: ReadonlySet<string> = new Set([
  ...['org_name', 'email', 'report_id', 'date_range/begin', 'date_range/end'].map(
    name => `report_metadata/${name}`,
  ),
  'policy_published/domain',
  ...['source_ip', 'count', 'policy_evaluated/disposition', 'policy_evaluated/dkim'].map(
    name => `record/row/${name}`,
  ),
  'record/row/policy_evaluated/spf',
  'record/row/policy_evaluated/reason/type',
])

/** RFC 7489 appendix C; RFC 9990 has a namespace and more elements, and none of those that count is another. */
async function readDmarc(chunks: AsyncIterable<Buffer>): Promise<DomainReport | undefined> {
  const { SaxesParser } = await import('saxes')
  const parser = new SaxesParser({ position: true })
  const about: Texts = new Map()
  const sums = new Sums()
  const path: string[] = []
  let record: Texts = new Map()
  let text = ''
  let root: string | undefined
  let failed: Unusable | undefined
  const fail = (what: string) => {
    failed ??= new Unusable(`line ${parser.line}: ${what}`, root === 'feedback' ? DMARC : undefined)
  }
  parser.on('error', error => fail(error.message.replace(/^\d+:\d+: /, '')))
  parser.on('opentag', ({ name }) => {
    const local = name.replace(/^.*:/, '')
    root ??= local
    path.push(local)
    text = ''
    if (path.length > 20) fail('elements are nested deeper than in any report')
    if (path.length === 2 && local === 'record') record = new Map()
  })
  parser.on('text', more => {
    if (text.length < MAX_TEXT_LENGTH) text += more
  })
  parser.on('cdata', more => {
    if (text.length < MAX_TEXT_LENGTH) text += more
  })
  parser.on('closetag', () => {
    const [, ...below] = path
    const texts = below[0] === 'record' ? record : about
    const key = below.join('/')
    if (WANTED.has(key) && !texts.has(key)) texts.set(key, oneText(text))
    if (key === 'record') {
      const problem = sums.addRecord(record)
      if (problem) fail(problem)
    }
    text = ''
    path.pop()
  })
  await parse(parser, chunks, () => failed ?? (root !== undefined && root !== 'feedback'))
  if (root !== 'feedback') return undefined
  if (failed) throw failed
  return dmarcOf(about, sums)
}

/** @param isOver once there is nothing more to be learnt */
async function parse(
  parser: SaxesParser,
  chunks: AsyncIterable<Buffer>,
  isOver: () => unknown,
): Promise<void> {
  const decoder = new TextDecoder()
  for await (const chunk of chunks) {
    parser.write(decoder.decode(chunk, { stream: true }))
    if (isOver()) return
  }
  parser.write(decoder.decode()).close()
}

function dmarcOf(about: Texts, sums: Sums): DomainReport {
  const need = (key: string) => {
    const value = about.get(key)
    if (!value) throw new Unusable(`it has no <${key.replace('/', '><')}>`, DMARC)
    return value
  }
  const time = (key: string) => {
    const value = need(key)
    if (/^\d{9,11}$/.test(value)) return Number(value) * 1000
    throw new Unusable(`<${key.replaceAll('/', '><')}> is "${value}", and not a time in seconds`, DMARC)
  }
  return {
    kind: 'dmarc',
    reporter: about.get('report_metadata/org_name') || need('report_metadata/email'),
    id: need('report_metadata/report_id'),
    domain: domainName(need('policy_published/domain'), DMARC),
    from: time('report_metadata/date_range/begin'),
    until: time('report_metadata/date_range/end'),
    ...sums.result(),
  }
}

/** How many passed and failed, and of those that failed which source and why. */
class Sums {
  #passed = 0
  #failed = 0
  readonly #groups = new Map<string, { source: string; why: string; count: number }>()

  /** @returns what is wrong with it */
  addRecord(record: Texts): string | undefined {
    const given = record.get('record/row/count') ?? ''
    const count = Number(given)
    if (!/^\d+$/.test(given) || count > MAX_COUNT) return `a record's <count> is "${given}"`
    const evaluated = (what: string) =>
      (record.get(`record/row/policy_evaluated/${what}`) ?? '').toLowerCase()
    // RFC 7489 §3.1, RFC 9989: one of the two is enough.
    if (evaluated('dkim') === 'pass' || evaluated('spf') === 'pass') {
      this.#passed += count
      return undefined
    }
    const reason = evaluated('reason/type')
    const disposition = evaluated('disposition') || 'none'
    const source = record.get('record/row/source_ip') || 'a source without address'
    this.addFailed({ source, why: reason ? `${disposition} (${reason})` : disposition, count })
    return undefined
  }

  addPassed(count: number): void {
    this.#passed += count
  }

  addFailed({ source, why, count }: DomainReport['failures'][number]): void {
    if (count === 0) return
    this.#failed += count
    const named = this.#groups.size < MAX_GROUPS_IN_MEMORY ? { source, why } : OTHERS
    const key = `${named.source}\n${named.why}`
    const group = this.#groups.get(key) ?? { ...named, count: 0 }
    group.count += count
    this.#groups.set(key, group)
  }

  result(): Pick<DomainReport, 'passed' | 'failed' | 'failures'> {
    const groups = [...this.#groups.values()].sort(
      (a, b) => b.count - a.count || (`${a.source} ${a.why}` < `${b.source} ${b.why}` ? -1 : 1),
    )
    const rest = groups.splice(MAX_GROUPS).reduce((sum, { count }) => sum + count, 0)
    const own = groups.filter(({ source }) => source !== OTHERS.source)
    const others = rest + groups.reduce((sum, one) => sum + (own.includes(one) ? 0 : one.count), 0)
    return {
      passed: this.#passed,
      failed: this.#failed,
      failures: others > 0 ? [...own, { ...OTHERS, count: others }] : own,
    }
  }
}

const OTHERS = { source: 'others', why: '' }

// ─── TLS ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** RFC 8460 §4.4 */
async function readTls(chunks: AsyncIterable<Buffer>): Promise<DomainReport | undefined> {
  const bytes: Buffer[] = []
  for await (const chunk of chunks) bytes.push(chunk)
  const text = Buffer.concat(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const isReport = text.includes('"policies"') && text.includes('"report-id"')
    throw new Unusable(
      `its JSON is broken: ${(error as Error).message.slice(0, 120)}`,
      isReport ? TLS : undefined,
    )
  }
  const report = fieldsOf(value)
  if (!('report-id' in report) || !Array.isArray(report.policies)) return undefined
  const sums = new Sums()
  for (const policy of report.policies) addPolicy(sums, fieldsOf(policy))
  const range = fieldsOf(report['date-range'])
  const [first] = report.policies.map(policy => fieldsOf(fieldsOf(policy).policy)['policy-domain'])
  return {
    kind: 'tls',
    reporter: required(report, 'organization-name', 'contact-info'),
    id: required(report, 'report-id'),
    domain: domainName(typeof first === 'string' ? first : '', TLS),
    from: tlsTime(range, 'start-datetime'),
    until: tlsTime(range, 'end-datetime'),
    ...sums.result(),
  }
}

function addPolicy(
  sums: Sums,
  { policy, summary, 'failure-details': details }: Record<string, unknown>,
): void {
  const counted = fieldsOf(summary)
  sums.addPassed(countOf(counted, 'total-successful-session-count'))
  let left = countOf(counted, 'total-failure-session-count')
  for (const detail of Array.isArray(details) ? details.map(fieldsOf) : []) {
    const count = Math.min(left, countOf(detail, 'failed-session-count'))
    left -= count
    sums.addFailed({
      source:
        textOf(detail['receiving-mx-hostname']) || textOf(detail['receiving-ip']) || 'a server without name',
      why: textOf(detail['result-type']) || 'no reason given',
      count,
    })
  }
  const source = textOf(fieldsOf(policy)['policy-domain']) || 'a domain without name'
  sums.addFailed({ source, why: 'no reason given', count: left })
}

function countOf(fields: Record<string, unknown>, name: string): number {
  const value = fields[name] ?? 0
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_COUNT)
    return value as number
  throw new Unusable(`${name} is ${oneText(JSON.stringify(value))}`, TLS)
}

function required(fields: Record<string, unknown>, ...names: string[]): string {
  const found = names.map(name => textOf(fields[name])).find(text => text !== '')
  if (found) return found
  throw new Unusable(`it has no ${names[0]}`, TLS)
}

function tlsTime(range: Record<string, unknown>, name: string): number {
  const time = Date.parse(textOf(range[name]))
  if (Number.isNaN(time))
    throw new Unusable(`${name} is ${oneText(JSON.stringify(range[name] ?? null))}`, TLS)
  return time
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? oneText(value) : ''
}

// ─── Both ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a stranger wrote must neither steer a terminal nor fill a table. */
function oneText(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT_LENGTH)
}

function domainName(text: string, kind: string): string {
  const domain = text.toLowerCase().replace(/\.$/, '')
  if (/^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$/u.test(domain) && domain.length <= 253) return domain
  throw new Unusable(`"${oneText(text)}" is not the name of a domain`, kind)
}

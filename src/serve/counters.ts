// What happened, counted → the text that Prometheus reads (exposition format 0.0.4).

export interface Counters {
  /** @param labels in a fixed order; never an address, a token or a path */
  add(name: string, labels?: Readonly<Record<string, string>>): void
  /** Seconds that an answer took. */
  took(seconds: number): void
  /** @param gauges name → value, read when asked */
  text(gauges: Readonly<Record<string, number>>): string
}

const HELP: Readonly<Record<string, string>> = {
  broadsheet_answers_total: 'Answers by route, method and status.',
  broadsheet_requests_total: 'Subscriptions and data asked for by form or API.',
  broadsheet_confirmations_total: 'Subscriptions confirmed.',
  broadsheet_unsubscribes_total: 'Newsletters left, by way.',
  broadsheet_erasures_total: 'People who erased their data.',
  broadsheet_bounces_total: 'Bounces and complaints by kind.',
  broadsheet_mails_total: 'Confirmation mails by outcome.',
  broadsheet_refused_total: 'Requests refused, by reason.',
}

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export function createCounters(): Counters {
  const counts = new Map<string, Map<string, number>>()
  const buckets = BOUNDS.map(() => 0)
  let sum = 0
  let count = 0

  function lines(): string[] {
    return [...counts]
      .sort()
      .flatMap(([name, series]) => [
        `# HELP ${name} ${HELP[name] ?? name}`,
        `# TYPE ${name} counter`,
        ...[...series].sort().map(([labels, value]) => `${name}${labels} ${value}`),
      ])
  }

  return {
    add(name, labels = {}) {
      const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escapeLabel(value)}"`)
      const key = pairs.length > 0 ? `{${pairs.join(',')}}` : ''
      const series = counts.get(name) ?? new Map<string, number>()
      counts.set(name, series.set(key, (series.get(key) ?? 0) + 1))
    },
    took(seconds) {
      sum += seconds
      count += 1
      for (const [index, bound] of BOUNDS.entries()) if (seconds <= bound) buckets[index]! += 1
    },
    text(gauges) {
      const name = 'broadsheet_answer_seconds'
      return [
        ...lines(),
        `# HELP ${name} How long answers took.`,
        `# TYPE ${name} histogram`,
        ...BOUNDS.map((bound, index) => `${name}_bucket{le="${bound}"} ${buckets[index]}`),
        `${name}_bucket{le="+Inf"} ${count}`,
        `${name}_sum ${sum}`,
        `${name}_count ${count}`,
        ...Object.entries(gauges).flatMap(([gauge, value]) => [`# TYPE ${gauge} gauge`, `${gauge} ${value}`]),
        '',
      ].join('\n')
    },
  }
}

function escapeLabel(value: string): string {
  return value.replace(/[\\"\n]/g, mark => (mark === '\n' ? '\\n' : `\\${mark}`))
}

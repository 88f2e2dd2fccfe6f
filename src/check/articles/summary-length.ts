/**
 * A summary has one or two sentences: a card in a letter shows about 280 characters of it.
 *
 * Good:
 *
 *     ---
 *     title: Harbour reopens
 *     date: 2026-01-30
 *     summary: The harbour opened again on Friday, three weeks after the storm.
 *     ---
 *     Text.
 *
 * Bad:
 *
 *     ---
 *     title: Harbour reopens
 *     date: 2026-01-30
 *     summary: The harbour opened again on Friday, three weeks after the storm that had closed it, with half of its cranes working and the other half waiting for parts that are to come by rail before the end of February, as the port's engineers said on Thursday evening. Fishing boats left first, before dawn, and the ferries followed at noon, with few people on board and many on the quay.
 *     ---
 *     Text.
 */

import type { ArticleRule } from '../rule.ts'

const MAX_LENGTH = 300

export const summaryLength: ArticleRule = {
  name: 'summary-length',
  severity: 'warning',
  find({ article }) {
    const length = [...(article.summary ?? '')].length
    return length > MAX_LENGTH
      ? [
          {
            line: 1,
            message: `the summary has ${length} characters`,
            advice: `Keep it below ${MAX_LENGTH}: letters and feed readers cut the rest.`,
          },
        ]
      : []
  },
}

// The text of a list → its rows, as an import reads them: the columns first, then the lines.

import { type BadLine, readSubscribers, type SubscriberRow } from '../../src/store/lists/read-subscribers.ts'
import { type Columns, type ListSettings, surveyList } from '../../src/store/lists/survey-list.ts'

export async function* once(text: string): AsyncGenerator<string> {
  yield text
}

export async function readAList(
  text: string,
  given: Partial<ListSettings> = {},
): Promise<{ readonly columns: Columns; readonly rows: (SubscriberRow | BadLine)[] }> {
  const settings = { file: 'list.csv', newsletters: ['weekly', 'daily'], ...given }
  const columns = await surveyList(once(text), settings)
  const rows: (SubscriberRow | BadLine)[] = []
  for await (const row of readSubscribers(once(text), columns, settings)) rows.push(row)
  return { columns, rows }
}

/** What became of each line: its state, and why it is suppressed. */
export async function statesOf(text: string, given?: Partial<ListSettings>): Promise<string[]> {
  const { rows } = await readAList(text, given)
  return rows.map(row => ('why' in row ? row.why : (row.suppression ?? row.state)))
}

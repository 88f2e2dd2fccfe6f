// Rows that speak of subscribers → the rows of each one, in the order in which they came.

export function groupBySubscriber<Row extends { readonly subscriber: number }>(
  rows: readonly Row[],
): Map<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.subscriber)
    if (group) group.push(row)
    else groups.set(row.subscriber, [row])
  }
  return groups
}

// Text of the settings and the path of a key → the line on which it stands. YAML is parsed for it, and its parser loaded,
// only when there is something to report: the settings were read before, most often by an earlier build.

import { createRequire } from 'node:module'
import type { ParsedNode } from 'yaml'
import { once } from '../../base/index.ts'

const yaml = once(() => createRequire(import.meta.url)('yaml') as typeof import('yaml'))

/**
 * The line of the value, or of its key when the value is no single word; the nearest parent's for a key that is missing.
 *
 * @param path for example ['newsletters', 0, 'from']
 * @param ofKey whether the key itself is at fault
 */
export function settingLine(text: string, path: readonly PropertyKey[], ofKey = false): number {
  const lines = new (yaml().LineCounter)()
  const { contents } = yaml().parseDocument(text, { lineCounter: lines })
  return Math.max(1, lines.linePos(offsetOf(contents, path, ofKey)).line)
}

function offsetOf(root: ParsedNode | null, path: readonly PropertyKey[], ofKey: boolean): number {
  const { isMap, isNode, isPair, isScalar } = yaml()
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const [depth, part] of path.entries()) {
    const isLast = depth === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find(
        item => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      )
      if (!pair) break
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else {
      node = (node as { items?: unknown[] } | null)?.items?.[Number(part)]
      if (isNode(node)) offset = node.range?.[0] ?? offset
    }
    if (isLast && !ofKey && isScalar(node)) offset = node.range?.[0] ?? offset
  }
  return offset
}

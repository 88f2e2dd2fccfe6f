// Settings and the path of a key → the line on which it stands, for messages.

import { isMap, isNode, isPair, isScalar, LineCounter, type ParsedNode, parseDocument } from 'yaml'

export type SettingPath = readonly PropertyKey[]

/** @param text of the settings, which were read before: called only when there is something to tell */
export function settingLine(text: string, path: SettingPath): number {
  const lines = new LineCounter()
  const { contents } = parseDocument(text, { lineCounter: lines })
  return Math.max(1, lines.linePos(settingOffset(contents, path)).line)
}

/**
 * Where the value begins, or its key when the value is no single word; the nearest parent's place for a key that is missing.
 *
 * @param key whether the key itself is meant
 */
export function settingOffset(root: ParsedNode | null, path: SettingPath, key = false): number {
  let node: unknown = root
  let offset = root?.range?.[0] ?? 0
  for (const [depth, part] of path.entries()) {
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
    if (key && depth === path.length - 1) break
    if (depth === path.length - 1 && isScalar(node)) offset = node.range?.[0] ?? offset
  }
  return offset
}

// An address on the publication's site → the file below `out/` that a web server answers with, and back; and `aliases:`,
// `redirect_from:` → paths at which an article was before, those that can be none being named.

import { oneLine, parseUrl } from '../../base/index.ts'
import type { Article } from '../../model.ts'
import { type FrontMatter, quote } from './read-front-matter.ts'

/**
 * @param home the publication's address, ending in a slash
 * @returns 'world/2026/a/index.html', or undefined for an address that no file can have
 */
export function pagePath(url: string, home: string): string | undefined {
  if (!url.startsWith(home)) return undefined
  const parts = decodeParts(url.slice(home.length).replace(/[?#].*$/s, ''))
  if (!parts) return undefined
  if (parts.at(-1) === '') parts.pop()
  if (!/\.html?$/i.test(parts.at(-1) ?? '')) parts.push('index.html')
  return parts.every(isName) ? parts.join('/') : undefined
}

/** From a page below `out/` to the top of it: '' or '../../'. */
export function prefixOf(path: string): string {
  return '../'.repeat(path.split('/').length - 1)
}

/** The other way: `sections/world/` → its absolute address. */
export function pageUrl(home: string, path: string): string {
  return home + path.split('/').map(encodeURIComponent).join('/')
}

function decodeParts(path: string): string[] | undefined {
  try {
    return path.split('/').map(part => (part.includes('%') ? decodeURIComponent(part) : part))
  } catch {
    return undefined
  }
}

/** No file system takes a longer name. */
const MAX_NAME_BYTES = 255

function isName(part: string): boolean {
  if (part === '' || part === '.' || part === '..') return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no file may have one in its name
  return !/[/\\\0-\x1f]/.test(part) && (part.length < 80 || Buffer.byteLength(part) <= MAX_NAME_BYTES)
}

// ─── Former addresses: `aliases:`, `redirect_from:` ──────────────────────────────────────────────────────────────────

const FORMER_KEYS = [
  'aliases',
  'alias',
  'redirect_from',
  'redirectFrom',
  'redirects_from',
  'redirects',
  'old_urls',
] as const

/** @returns paths on the host, encoded, without that of the article itself */
export function formerAddresses({ extra, url }: Pick<Article, 'extra' | 'url'>): string[] {
  const paths = FORMER_KEYS.flatMap(key =>
    listed(extra[key]).flatMap(text => {
      const former = formerPath(text, key, url)
      return 'path' in former ? [former.path] : []
    }),
  )
  return [...new Set(paths)].filter(path => new URL(path, url).href !== url)
}

export function reportFormerAddresses(front: FrontMatter, url: string): void {
  for (const key of FORMER_KEYS)
    for (const text of listed(front.extra[key])) {
      const former = formerPath(text, key, url)
      if ('why' in former)
        front.problem(
          { key },
          'warning',
          'article-address',
          `${key}: ${quote(text)} ${former.why}: nothing leads on from there`,
          `Write a path on this site: ${key}: [/2026/harbour/]`,
        )
    }
}

function listed(value: unknown): string[] {
  if (value === undefined) return []
  return (Array.isArray(value) ? value : [value]).filter(
    (text): text is string => typeof text === 'string' && text.trim() !== '',
  )
}

type FormerPath = { readonly path: string } | { readonly why: string } | { readonly isName: true }

/**
 * As jekyll-redirect-from reads it, a path begins at the top of the site; as Hugo does, one of `aliases` without a slash at
 * its front beside the article. Obsidian's aliases are names, and none of them.
 */
function formerPath(text: string, key: (typeof FORMER_KEYS)[number], url: string): FormerPath {
  const given = oneLine(text)
  const isAlias = key === 'aliases' || key === 'alias'
  const isWhole = /^(?:https?:)?\/\//i.test(given)
  if (isAlias && !isWhole && !given.startsWith('/') && !looksLikePath(given)) return { isName: true }
  if (/[?#\\]/.test(given)) return { why: 'has a query or a fragment, and no file can be there' }
  if (given.split('/').includes('..')) return { why: 'leads out of the site' }
  const beside =
    isAlias && !isWhole ? new URL(url.endsWith('/') ? '..' : '.', url).href : new URL('/', url).href
  const address = parseUrl(isWhole || given.startsWith('/') ? given : `./${given}`, beside)
  if (!address) return { why: 'is no address' }
  return address.host === new URL(url).host ? { path: address.pathname } : { why: 'is on another host' }
}

/** `2019/harbour/`, `old-harbour`, `harbour.html`: no name of a thing. */
function looksLikePath(text: string): boolean {
  return /^[^\s/:]+\/\S*$/.test(text) || /^[a-z0-9]+(?:[-_][a-z0-9]+)+$|^\S+\.html?$/.test(text)
}

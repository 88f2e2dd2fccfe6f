// One key of front matter and its value → whether the tool that the key is of would not publish the article, or would show it
// in no list: Jekyll, Hugo, Eleventy, Astro, Docusaurus, Zola, Hexo, Pelican, Nikola, WordPress, Ghost, Obsidian and others.

import type { Tool } from '../list-folder.ts'

/** Not built; or built, and in no feed and no letter. */
export type Hold = 'draft' | 'unlisted'

export interface HeldBack {
  readonly hold: Hold
  /** Its value, or the key itself, is none that any tool is known for: taken for a hold, with a warning. */
  readonly isGuess: boolean
}

/** Judges the value of one key; undefined where it holds nothing back. */
export type HoldRule = (value: unknown) => HeldBack | undefined

/** @param bareKey in small letters, without `-` and `_` @param key as the file has it */
export function holdRule(bareKey: string, key: string): HoldRule | undefined {
  return Object.hasOwn(RULES, bareKey) ? RULES[bareKey] : similarRule(key)
}

/** `stage: draft`, whatever else the key may be for. */
export const ifDraft: HoldRule = value =>
  typeof value === 'string' && value.length < 9 && /^\s*drafts?\s*$/i.test(value) ? LIKELY_DRAFT : undefined

/** true, 'yes', 'on' → true; false, 'no', 'off' → false; what is neither → undefined. */
export function truth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value === 1 || value === 0) return value === 1
  if (typeof value !== 'string') return undefined
  if (/^(?:true|yes|y|on|1)$/i.test(value.trim())) return true
  return /^(?:false|no|n|off|0)$/i.test(value.trim()) ? false : undefined
}

const DRAFT: HeldBack = { hold: 'draft', isGuess: false }
const UNLISTED: HeldBack = { hold: 'unlisted', isGuess: false }
const LIKELY_DRAFT: HeldBack = { hold: 'draft', isGuess: true }
const LIKELY_UNLISTED: HeldBack = { hold: 'unlisted', isGuess: true }

/** `hidden: true`. Text that is neither yes nor no holds back, too: better late than published too early. */
const ifTrue =
  (held: HeldBack): HoldRule =>
  value => {
    if (truth(value) === true) return held
    const isText = typeof value === 'string' && value.trim() !== '' && truth(value) === undefined
    return isText ? { ...held, isGuess: true } : undefined
  }

/** For words that are keys of other things, too: `skip: 3`, `internal: notes.md`. */
const ifSurelyTrue =
  (held: HeldBack): HoldRule =>
  value =>
    truth(value) === true ? held : undefined

const ifFalse =
  (held: HeldBack): HoldRule =>
  value =>
    truth(value) === false ? held : undefined

/** `published: later`; `publish: blog` and a date say where and when it is. */
function ifNotYet(value: unknown): HeldBack | undefined {
  return ifFalse(DRAFT)(value) ?? (typeof value === 'string' ? byWord(value) : undefined)
}

const RULES: Readonly<Record<string, HoldRule>> = {
  ...each('isdraft wip private isprivate unpublished exclude', ifTrue(DRAFT)),
  ...each(
    'excluded headless ignore ignored skip trash trashed deleted isdeleted disabled unfinished secret confidential internal ' +
      'encrypted membersonly subscribersonly premium workinprogress iswip',
    ifSurelyTrue(DRAFT),
  ),
  ...each('publish published ispublished public ispublic dgpublish', ifNotYet),
  // Of Obsidian's Enveloppe; see holdsBack.
  share: ifFalse(LIKELY_DRAFT),
  ...each('permalink render enabled ready', ifFalse(DRAFT)),
  ...each('show active released approved online', ifFalse(LIKELY_DRAFT)),
  ...each('hidden ishidden noindex', ifTrue(UNLISTED)),
  ...each(
    'hide dghide norss nofeed nolist robotsnoindex excludefromfeed excludefromrss hiddenfromrss hiddenfromfeed',
    ifSurelyTrue(UNLISTED),
  ),
  // Also a list of the collections that it is to be in no more.
  eleventyexcludefromcollections: value =>
    Array.isArray(value) && value.length > 0 ? LIKELY_UNLISTED : ifSurelyTrue(UNLISTED)(value),
  ...each('listed islisted list feed rss infeed inrss article discoverable', ifFalse(UNLISTED)),
  ...each('status state poststatus publishstatus publicationstatus', byWord),
  visibility: value => byWord(value) ?? (isForAll(value) ? undefined : DRAFT),
  access: value => byWord(value) ?? (isForAll(value) ? undefined : LIKELY_DRAFT),
  // hexo-blog-encrypt, WordPress: what asks for a password is not for everybody.
  ...each('password postpassword', value => (isFilled(value) ? DRAFT : undefined)),
  build: byBuildOptions,
  robots: value => (/\b(?:noindex|none)\b/i.test(textOf(value)) ? UNLISTED : undefined),
  sitemap: value =>
    truth(value) === false || ['exclude', 'disable', 'ignore'].some(key => truth(member(value, key)) === true)
      ? UNLISTED
      : undefined,
}

function each(keys: string, rule: HoldRule): Record<string, HoldRule> {
  return Object.fromEntries(keys.split(' ').map(key => [key, rule]))
}

/** `status: pending`, `visibility: members`. */
function byWord(value: unknown): HeldBack | undefined {
  if (typeof value === 'boolean') return value ? undefined : DRAFT
  // Obsidian's status is a tag or a link: "#draft", "[[draft]]".
  const words = textOf(value)
    .replace(/^\s*(?:#|\[\[)|\]\]\s*$/g, '')
    .toLowerCase()
    .split(/[\s_/-]+/)
    .filter(word => word !== '')
    .join(' ')
  if (/^(?:hidden|unlisted|noindex)$/.test(words)) return UNLISTED
  if (HELD_STATUS.has(words)) return DRAFT
  return LIKELY_STATUS.test(words) ? LIKELY_DRAFT : undefined
}

const LIKELY_STATUS =
  /^(?:(?:(?:in|under|needs|to|awaiting|pending|for) )?(?:draft|drafting|private|hidden|unpublished|progress|review|revision|edit|editing|do|wip)(?: .*)?|(?:not|never)(?: .*)?|(?:on )?hold|later|soon|tbd|tba|ideas?|outline|planned|planning|queued?|backlog|inbox|rejected)$/

const HELD_STATUS = new Set([
  ...'draft drafts auto-draft private pending unpublished trash trashed deleted skip wip members paid tiers'.split(
    ' ',
  ),
  ...[
    'auto draft',
    'work in progress',
    'members only',
    'followers',
    'internal',
    'todo',
    'to do',
    'password',
    'protected',
  ],
])

// ─── By what surrounds a key ─────────────────────────────────────────────────────────────────────────────────────

/**
 * Which keys count in `[extra]`, `params:` and `seo:`, where a theme has its own: those that mean the same everywhere.
 * `online: false` is a place, `enabled: false` a switch, `status: in progress` a badge.
 *
 * @param bareKey in small letters, without `-` and `_`
 */
export function isSureInGroup(bareKey: string, value: unknown): boolean {
  if (/^(?:status|state|poststatus|publishstatus|publicationstatus)$/.test(bareKey))
    return /^(?:drafts?|private|unpublished|hidden|unlisted)$/i.test(textOf(value))
  if (Object.hasOwn(RULES, bareKey)) return SURE_IN_GROUP.has(bareKey)
  return (
    /draft|publish|unlisted|embargo|wip|private|from|(?:hidden|hide|excluded?)(?:in(?!dex)|on)/.test(
      bareKey,
    ) ||
    (typeof value === 'string' && value.trim() !== '')
  )
}

const setOf = (words: string) => new Set(words.split(' '))
const SURE_IN_GROUP = setOf(
  'isdraft wip iswip workinprogress private isprivate unpublished trashed deleted isdeleted unfinished secret ' +
    'confidential encrypted membersonly subscribersonly premium publish published ispublished public ispublic dgpublish ' +
    'hidden ishidden hide noindex norss nofeed robotsnoindex excludefromfeed excludefromrss hiddenfromrss ' +
    'hiddenfromfeed listed islisted feed rss infeed inrss visibility password postpassword robots',
)

/**
 * `share: false` is Enveloppe's in a folder of Obsidian's; in a theme of Jekyll's or Hugo's it is about buttons.
 *
 * @param front.extra what the front matter has besides
 */
export function isAboutButtons(
  key: string,
  file: string,
  extra: Readonly<Record<string, unknown>>,
  tools: ReadonlySet<Tool>,
): boolean {
  if (!/^share$/i.test(key) || tools.has('obsidian')) return false
  return (
    tools.has('jekyll') ||
    tools.has('hugo') ||
    /\/\d{4}-\d{1,2}-\d{1,2}-[^/]*$/.test(file) ||
    THEME_KEYS.some(each => extra[each] !== undefined)
  )
}

/** Keys of Obsidian's Digital Garden and Enveloppe, which publish only the notes that have them set. */
const CHOOSING_KEYS = ['dg-publish', 'share'] as const

/**
 * Where notes are chosen one by one: the others are held back by their tool.
 *
 * @returns the key by which they are chosen, and those that are not; undefined where nothing is chosen
 */
export function notChosen<Note extends { readonly extra: Readonly<Record<string, unknown>> }>(
  notes: readonly Note[],
  tools: ReadonlySet<Tool>,
): { readonly key: string; readonly notes: readonly Note[] } | undefined {
  const keys = CHOOSING_KEYS.filter(key => key !== 'share' || tools.has('obsidian'))
  const isChosen = (note: Note, key: string) => truth(note.extra[key]) === true
  const key = keys.find(each => notes.some(note => isChosen(note, each)))
  return key === undefined
    ? undefined
    : { key, notes: notes.filter(note => !keys.some(each => isChosen(note, each))) }
}

const THEME_KEYS = [
  ...['layout', 'type', 'share-img', 'related', 'read_time', 'author_profile', 'classes', 'toc', 'ads'],
  ...['commentable', 'profile', 'show_date', 'reading_time', 'pager'],
]

/** Hugo's `build:` or `_build:`: `{ render: never, list: never }`. */
function byBuildOptions(value: unknown): HeldBack | undefined {
  const isOff = (key: string) => truth(member(value, key)) === false || member(value, key) === 'never'
  if (isOff('render')) return DRAFT
  return isOff('list') || member(value, 'list') === 'local' ? UNLISTED : undefined
}

function isForAll(value: unknown): boolean {
  return /^(?:public|visible|open|free|all|everyone|published|)$/i.test(textOf(value))
}

/** `isDraftPost: true`, `visibleInFeed: false`: a key of nobody's that is made of such words only. */
function similarRule(key: string): HoldRule | undefined {
  const words = key
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(word => word !== '')
  const hides = words.some(word => HIDING_WORDS.has(word))
  const shows = words.some(word => SHOWING_WORDS.has(word))
  if (
    hides === shows ||
    !words.every(word => HIDING_WORDS.has(word) || SHOWING_WORDS.has(word) || OTHER_WORDS.has(word))
  )
    return undefined
  const isNegated = words.some(word => NEGATIONS.has(word))
  const held = words.some(word => LIST_WORDS.has(word)) ? LIKELY_UNLISTED : LIKELY_DRAFT
  return value => (truth(value) === (hides !== isNegated) ? held : undefined)
}

const HIDING_WORDS = setOf(
  'draft drafts private hidden hide unlisted unpublished wip secret embargo embargoed exclude excluded noindex confidential',
)
const SHOWING_WORDS = setOf('publish published public listed visible publishable')
const LIST_WORDS = setOf(
  'feed feeds rss atom list lists listing listings index collection collections archive archives',
)
const NEGATIONS = setOf('not no dont un')
const OTHER_WORDS = new Set([
  ...LIST_WORDS,
  ...NEGATIONS,
  ...setOf(
    'is be do post posts page article entry note this from in on to the it all everywhere web blog yet still',
  ),
])

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(' ')
  return typeof value === 'string' ? value.trim() : ''
}

function isFilled(value: unknown): boolean {
  return typeof value === 'number' || textOf(value) !== ''
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}

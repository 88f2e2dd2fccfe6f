// The tree of a page → what it says of its article where machines read it: JSON-LD first, then microdata, then meta elements.

import {
  attribute,
  type Element,
  elements,
  findElement,
  pictureSourceOf,
  type Root,
  visibleText,
} from '../../html-tree.ts'
import type { ImportedAuthor, ImportedPicture } from '../../imported.ts'
import { networkOf } from './author-box.ts'
import { plainLines, wordsOf } from './words.ts'

export interface PageMetadata {
  /** Some of it says that the page is one article. */
  readonly isArticle: boolean
  readonly title: string | undefined
  readonly summary: string | undefined
  readonly published: string | undefined
  readonly updated: string | undefined
  readonly authors: readonly ImportedAuthor[]
  readonly image: ImportedPicture | undefined
  readonly tags: readonly string[]
  readonly section: string | undefined
  readonly place: string | undefined
  readonly address: string | undefined
  readonly language: string | undefined
  /** Of the house whose page it is. */
  readonly house: string | undefined
  readonly isCut: boolean
  /** The text as metadata have it, in plain words; empty where they have none. */
  readonly text: string
  readonly updates: readonly LiveUpdate[]
}

export interface LiveUpdate {
  readonly title: string
  readonly time: string
  /** Plain text, paragraphs on lines of their own. */
  readonly text: string
}

type Fields = Readonly<Record<string, unknown>>

const ARTICLE =
  /^(?:\w*NewsArticle|Article|BlogPosting|LiveBlogPosting|Report|Review\w*Article|OpinionNewsArticle|TechArticle|ScholarlyArticle|SocialMediaPosting)$/

/** Names of meta elements, the surest first. */
const PUBLISHED =
  'article:published_time og:article:published_time article:published dc.date.issued dcterms.created dcterms.date dc.date date pubdate publishdate publish-date parsely-pub-date sailthru.date cxenseparse:recs:publishtime citation_publication_date'.split(
    ' ',
  )
const UPDATED =
  'article:modified_time og:article:modified_time article:modified og:updated_time dcterms.modified last-modified'.split(
    ' ',
  )
const AUTHOR =
  'article:author og:article:author author byl parsely-author dc.creator sailthru.author cxenseparse:author'.split(
    ' ',
  )

export function readMetadata(root: Root): PageMetadata {
  const all = [...elements(root)]
  const linked = resolved(all.filter(isJsonLd).flatMap(readJsonLd))
  const micro = linked ?? microdata(all)
  const meta = metaValues(all)
  const { one, many } = lookUp(meta)
  const canonical = all.find(node => node.tagName === 'link' && /\bcanonical\b/.test(attribute(node, 'rel')))
  const house =
    nameOf(micro?.publisher) ||
    one('og:site_name', 'application-name') ||
    houseOf(titleOf(root), one('og:title', 'twitter:title') ?? (wordsOf(micro?.headline) || headingOf(all)))
  const title =
    wordsOf(micro?.headline) ||
    wordsOf(micro?.name) ||
    withoutHouse(one('og:title', 'twitter:title', 'dc.title') ?? '', house)
  return {
    isArticle:
      micro !== undefined ||
      /article/.test(one('og:type') ?? '') ||
      one('article:published_time') !== undefined,
    title: title || undefined,
    summary:
      wordsOf(micro?.description) ||
      one('og:description', 'description', 'twitter:description', 'dc.description'),
    published: wordsOf(micro?.datePublished) || one(...PUBLISHED),
    updated: wordsOf(micro?.dateModified) || one(...UPDATED),
    authors:
      authorsOf(micro?.author ?? micro?.creator, house) ??
      authorsOf(
        [many(...AUTHOR), labelled(meta)].find(names => names.some(name => !/^https?:/.test(name))),
        house,
      ) ??
      [],
    image:
      pictureOf(micro?.image) ??
      metaPicture(one('og:image', 'og:image:url', 'twitter:image'), one('og:image:alt', 'twitter:image:alt')),
    tags: tagsOf(micro, many),
    section: listOf(micro?.articleSection)[0] ?? one('article:section', 'og:article:section'),
    place:
      nameOf(micro?.contentLocation) ||
      nameOf(micro?.locationCreated) ||
      wordsOf(micro?.dateline) ||
      undefined,
    address:
      webAddress((canonical && attribute(canonical, 'href')) || one('og:url') || addressOf(micro)) ??
      savedFrom(root),
    language:
      wordsOf(micro?.inLanguage) ||
      attribute(all.find(node => node.tagName === 'html') ?? all[0]!, 'lang') ||
      undefined,
    house,
    isCut:
      [micro, ...[micro?.hasPart].flat()].some(isForSubscribers) ||
      /^locked$/i.test(one('article:content_tier', 'og:article:content_tier') ?? ''),
    text: plainLines(micro?.articleBody),
    updates: updatesOf(micro?.liveBlogUpdate),
  }
}

/** Names of meta elements → the first value of the first that has one, or all values of it. */
function lookUp(meta: ReadonlyMap<string, readonly string[]>) {
  return {
    one: (...names: string[]) =>
      names.map(name => meta.get(name)?.[0]).find(text => text !== undefined && text !== ''),
    many: (...names: string[]) => names.map(name => meta.get(name) ?? []).find(list => list.length > 0) ?? [],
  }
}

function tagsOf(micro: Fields | undefined, many: ReturnType<typeof lookUp>['many']): readonly string[] {
  const keywords = listOf(micro?.keywords)
  if (keywords.length > 0) return keywords
  const given = many('article:tag', 'og:article:tag', 'news_keywords', 'keywords', 'parsely-tags')
  return given.flatMap(text => text.split(/\s*[,;]\s*/))
}

function headingOf(all: readonly Element[]): string | undefined {
  const heading = all.find(({ tagName }) => tagName === 'h1')
  return heading && visibleText(heading)
}

function isJsonLd(node: Element): boolean {
  return node.tagName === 'script' && /ld\+json/i.test(attribute(node, 'type'))
}

function readJsonLd(script: Element): Fields[] {
  const child = script.children[0]
  const text = (child?.type === 'text' ? child.value : '')
    .replace(
      /^\s*(?:<!--|\/\*\s*<!\[CDATA\[\s*\*\/|\/\/\s*<!\[CDATA\[)|(?:-->|\/\*\s*\]\]>\s*\*\/|\/\/\s*\]\]>)\s*$/g,
      '',
    )
    // Line ends in texts, which JSON has none of.
    .replace(/[\p{Cc}]+/gu, ' ')
    .trim()
  // Commas behind the last value, which templates leave.
  for (const each of [text, text.replace(/,(?=\s*[}\]])/g, '')])
    try {
      return flatten(JSON.parse(each))
    } catch {
      // The next, or none.
    }
  return []
}

function flatten(value: unknown, depth = 0): Fields[] {
  if (depth > 6) return []
  if (Array.isArray(value)) return value.flatMap(each => flatten(each, depth + 1))
  if (typeof value !== 'object' || value === null) return []
  const fields = value as Fields
  return [
    fields,
    ...flatten(fields['@graph'], depth + 1),
    ...flatten(fields.mainEntity, depth + 1),
    ...flatten(fields.mainEntityOfPage, depth + 1),
  ]
}

/** What the article only names by its `@id` is elsewhere in the graph. */
function resolved(all: readonly Fields[]): Fields | undefined {
  const article = articleOf(all)
  if (!article) return undefined
  const byId = new Map(
    all.flatMap(fields => (typeof fields['@id'] === 'string' ? [[fields['@id'], fields] as const] : [])),
  )
  const lookUp = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(lookUp)
    const id = typeof value === 'object' && value !== null ? (value as Fields)['@id'] : undefined
    const there = typeof id === 'string' ? byId.get(id) : undefined
    return there && there !== article ? { ...there, ...(value as Fields) } : value
  }
  const named = ['author', 'creator', 'image', 'publisher', 'contentLocation'].flatMap(key =>
    article[key] === undefined ? [] : [[key, lookUp(article[key])] as const],
  )
  return { ...article, ...Object.fromEntries(named) }
}

function articleOf(all: readonly Fields[]): Fields | undefined {
  const articles = all.filter(fields => [fields['@type']].flat().some(type => ARTICLE.test(String(type))))
  return articles.find(fields => fields.headline !== undefined) ?? articles[0]
}

/** The first item of a type of articles. */
function microdata(all: readonly Element[]): Fields | undefined {
  const item = all.find(
    node =>
      /schema\.org\/(\w+)/.test(attribute(node, 'itemType')) &&
      ARTICLE.test(attribute(node, 'itemType').replace(/^.*\//, '')),
  )
  return item && itemFields(item)
}

function itemFields(item: Element): Fields {
  const fields: Record<string, unknown> = {}
  const visit = (node: Element) => {
    for (const child of node.children) {
      if (child.type !== 'element') continue
      const isItem = child.properties.itemScope !== undefined && child.properties.itemScope !== false
      for (const name of attribute(child, 'itemProp').split(/\s+/).filter(Boolean)) {
        const value = isItem ? itemFields(child) : propertyOf(child)
        fields[name] = fields[name] === undefined ? value : [fields[name], value].flat()
      }
      if (!isItem) visit(child)
    }
  }
  visit(item)
  return fields
}

function propertyOf(node: Element): string {
  for (const name of ['content', 'dateTime'])
    if (node.properties[name] !== undefined) return attribute(node, name)
  if (node.tagName === 'img') return pictureSourceOf(node) ?? ''
  if (node.tagName === 'a' || node.tagName === 'link')
    return attribute(node, 'href') && visibleText(node) === '' ? attribute(node, 'href') : visibleText(node)
  return visibleText(node)
}

function metaValues(all: readonly Element[]): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const node of all) {
    if (node.tagName !== 'meta') continue
    const name = (attribute(node, 'property') || attribute(node, 'name')).toLowerCase()
    const content = attribute(node, 'content').replace(/\s+/g, ' ').trim()
    if (!name || !content) continue
    const same = values.get(name)
    if (same) same.push(content)
    else values.set(name, [content])
  }
  return values
}

function authorsOf(value: unknown, house: string | undefined): ImportedAuthor[] | undefined {
  const authors = [value].flat().flatMap((each): ImportedAuthor[] => {
    if (typeof each === 'string') return namesOf(each, house).map(name => ({ name }))
    if (typeof each !== 'object' || each === null) return []
    const fields = each as Fields
    const isHouse = /Organization$/.test(String(fields['@type']))
    const names = [fields.name]
      .flat()
      .flatMap(name => (isHouse ? [wordsOf(name)] : namesOf(wordsOf(name), undefined)))
    if (names.length !== 1 || isHouse) return names.filter(Boolean).map(name => ({ name }))
    const same = [fields.sameAs].flat().filter(url => typeof url === 'string')
    return [
      {
        name: names[0]!,
        role: wordsOf(fields.jobTitle) || undefined,
        url: webAddress(wordsOf(fields.url)),
        photo: pictureOf(fields.image)?.src,
        biography: wordsOf(fields.description) || undefined,
        social: same.flatMap(url => {
          const name = networkOf(url)
          return name ? [{ name, url }] : []
        }),
      },
    ]
  })
  return authors.length > 0 ? authors : undefined
}

/** 'By Anna Berg and Jo Lund, The Post' → the two names. */
function namesOf(text: string, house: string | undefined): string[] {
  return text
    .replace(/^(?:by|von|par|por)\s+/i, '')
    .split(/\s*[,;]\s*|\s+(?:and|und|et|y)\s+/)
    .map(name => name.replace(/\s+(?:staff (?:writer|reporter)|special to .*)$/i, '').trim())
    .filter(name => name !== '' && !/^https?:/.test(name) && name.toLowerCase() !== house?.toLowerCase())
}

/** Cards of messengers have labels of the page's own: twitter:label1, twitter:data1. */
function labelled(meta: ReadonlyMap<string, string[]>): string[] {
  return [1, 2].flatMap(number => {
    const isAuthor = /written|author|autor|auteur|verfasst/i.test(
      meta.get(`twitter:label${number}`)?.[0] ?? '',
    )
    return isAuthor ? (meta.get(`twitter:data${number}`) ?? []) : []
  })
}

function isForSubscribers(fields: unknown): boolean {
  if (typeof fields !== 'object' || fields === null) return false
  return /^false$/i.test(String((fields as Fields).isAccessibleForFree))
}

/** What browsers and other tools note at the top of a page that they save. */
function savedFrom(root: Root): string | undefined {
  const tops = [root, ...root.children.filter(child => child.type === 'element')]
  for (const node of tops.flatMap(({ children }) => children)) {
    if (node.type !== 'comment') continue
    const url = /(?:saved from url=\(\d+\)|\burl:\s*)(https?:\/\/[^\s>]+)/i.exec(node.value)?.[1]
    if (url !== undefined) return url
  }
  return undefined
}

function pictureOf(value: unknown): ImportedPicture | undefined {
  const first = [value].flat()[0]
  if (typeof first === 'string') return /^https?:|^\//.test(first) ? { src: first } : undefined
  if (typeof first !== 'object' || first === null) return undefined
  const fields = first as Fields
  const id = wordsOf(fields['@id'])
  const src =
    wordsOf([fields.url].flat()[0]) || wordsOf(fields.contentUrl) || (/\.\w{3,4}(?:\?|$)/.test(id) ? id : '')
  if (!/^https?:|^\//.test(src)) return undefined
  return {
    src,
    alt: wordsOf(fields.alternateName) || undefined,
    caption: wordsOf(fields.caption) || wordsOf(fields.description) || undefined,
    credit: wordsOf(fields.creditText) || nameOf(fields.creator) || nameOf(fields.author) || undefined,
  }
}

function metaPicture(src: string | undefined, alt: string | undefined): ImportedPicture | undefined {
  return src === undefined ? undefined : { src, alt }
}

function updatesOf(value: unknown): LiveUpdate[] {
  return (value === undefined ? [] : [value].flat()).flatMap(each => {
    if (typeof each !== 'object' || each === null) return []
    const fields = each as Fields
    const time = wordsOf(fields.datePublished) || wordsOf(fields.dateModified)
    const text = plainLines(fields.articleBody) || plainLines(fields.description)
    return time ? [{ title: wordsOf(fields.headline) || wordsOf(fields.name), time, text }] : []
  })
}

function addressOf(fields: Fields | undefined): string {
  const page = fields?.mainEntityOfPage
  if (typeof page === 'string') return page
  return wordsOf((page as Fields | undefined)?.['@id']) || wordsOf(fields?.url)
}

function nameOf(value: unknown): string {
  const first = [value].flat()[0]
  if (typeof first === 'string') return first
  return typeof first === 'object' && first !== null ? wordsOf((first as Fields).name) : ''
}

function listOf(value: unknown): string[] {
  if (value === undefined || value === null) return []
  return [value]
    .flat()
    .flatMap(each => (typeof each === 'string' ? each.split(/\s*[,;]\s*/) : []))
    .map(text => text.trim())
    .filter(Boolean)
}

function webAddress(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\/\S+$/.test(text) ? text : undefined
}

/** 'Harbour reopens | The Post' → 'Harbour reopens' */
export function withoutHouse(title: string, house: string | undefined): string {
  const cut = /^(.*\S)\s+[|–—-]\s+([^|–—-]+)$/.exec(title)
  return cut && house !== undefined && cut[2]!.trim().toLowerCase() === house.toLowerCase() ? cut[1]! : title
}

export function titleOf(root: Root): string {
  const title = findElement(root, ({ tagName }) => tagName === 'title')
  const child = title?.children[0]
  return child?.type === 'text' ? child.value.replace(/\s+/g, ' ').trim() : ''
}

/** 'Harbour reopens - The Post', where the headline is known → 'The Post' */
function houseOf(title: string, headline: string | undefined): string | undefined {
  const rest = headline && title.startsWith(headline) ? title.slice(headline.length) : ''
  return /^\s+[|–—-]\s+(?:.*\s[|–—-]\s+)?([^|–—]{2,60})$/.exec(rest)?.[1]?.trim()
}

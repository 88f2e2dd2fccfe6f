// JSON text → the rules of JSON Feed 1.1 that it breaks: 58 to 71, 102.

import {
  htmlFaults,
  isId,
  isLanguage,
  isMediaType,
  isPlain,
  isRfc3339,
  isUri,
  isWebUrl,
} from './check-text.ts'

type Fault = (rule: string) => void
type Values = Record<string, unknown>

const FEED_KEYS =
  'version title home_page_url feed_url description user_comment next_url icon favicon authors language expired hubs items'
const ITEM_KEYS =
  'id url external_url title content_html content_text summary image banner_image date_published date_modified authors ' +
  'tags language attachments'

export function checkJson(text: string): string[] {
  const faults: string[] = []
  const fault: Fault = rule => void faults.push(rule)
  let feed: Values
  try {
    feed = JSON.parse(text)
  } catch {
    return ['8 json: not JSON']
  }
  unknownKeys(feed, FEED_KEYS, fault)
  if (feed.version !== 'https://jsonfeed.org/version/1.1') fault('58 json: version')
  if (!plain(feed.title)) fault('58 json: title')
  for (const key of ['home_page_url', 'feed_url']) if (!web(feed[key])) fault(`59 json: ${key}`)
  if ('expired' in feed && typeof feed.expired !== 'boolean') fault('104 json: expired')
  for (const key of ['icon', 'favicon', 'next_url'])
    if (key in feed && !web(feed[key])) fault(`65 json: ${key}`)
  for (const key of ['description', 'user_comment'])
    if (key in feed && !plain(feed[key])) fault(`58 json: ${key}`)
  if (feed.next_url === feed.feed_url) fault('69 json: next_url')
  if (!isLanguage(String(feed.language))) fault('61 json: language')
  checkAuthors(feed.authors, fault)
  for (const hub of list(feed.hubs ?? [], fault, 'hubs'))
    if (typeof hub.type !== 'string' || !web(hub.url)) fault('68 json: hub')
  const items = list(feed.items, fault, 'items')
  for (const item of items) checkItem(item, fault)
  if (new Set(items.map(item => item.id)).size < items.length) fault('62 json: id twice')
  const times = items.map(item => Date.parse(String(item.date_published)))
  if (times.some((time, index) => time > times[index - 1]!)) fault('102 json: order')
  return faults
}

function checkItem(item: Values, fault: Fault): void {
  unknownKeys(item, ITEM_KEYS, fault)
  if (typeof item.id !== 'string' || !isId(item.id)) fault('62 json: id')
  if (!web(item.url)) fault('59 json: url')
  for (const key of ['title', 'summary']) if (!plain(item[key])) fault(`63 json: ${key}`)
  if (!('content_html' in item) && !('content_text' in item)) fault('63 json: no content')
  if ('content_html' in item)
    for (const problem of htmlFaults(String(item.content_html))) fault(`63 json: ${problem}`)
  if ('content_text' in item && !plain(item.content_text)) fault('63 json: content_text')
  for (const key of ['date_published', 'date_modified'])
    if (key in item && !isRfc3339(String(item[key]))) fault(`64 json: ${key}`)
  if (!('date_published' in item)) fault('64 json: no date_published')
  for (const key of ['image', 'banner_image']) if (key in item && !web(item[key])) fault(`65 json: ${key}`)
  if ('external_url' in item && !web(item.external_url)) fault('71 json: external_url')
  if ('language' in item && !isLanguage(String(item.language))) fault('61 json: language of item')
  if ('authors' in item) checkAuthors(item.authors, fault)
  if ('tags' in item) {
    const tags = item.tags as unknown[]
    if (!Array.isArray(tags) || !tags.every(plain) || new Set(tags).size < tags.length) fault('66 json: tags')
  }
  for (const attachment of list(item.attachments ?? [], fault, 'attachments')) {
    if (!web(attachment.url)) fault('67 json: url of attachment')
    if (!isMediaType(String(attachment.mime_type))) fault('67 json: mime_type')
    for (const key of ['size_in_bytes', 'duration_in_seconds'])
      if (key in attachment && !(typeof attachment[key] === 'number' && attachment[key] >= 0))
        fault(`67 json: ${key}`)
  }
}

function checkAuthors(authors: unknown, fault: Fault): void {
  const persons = list(authors, fault, 'authors')
  if (persons.length === 0) fault('60 json: no author')
  for (const { name, url, avatar, ...rest } of persons) {
    if (!plain(name)) fault('60 json: name of author')
    if (url !== undefined && !isUri(String(url))) fault('60 json: url of author')
    if (avatar !== undefined && !web(avatar)) fault('60 json: avatar')
    if (Object.keys(rest).length > 0) fault(`60 json: unknown key in author: ${Object.keys(rest)}`)
  }
}

function unknownKeys(values: Values, known: string, fault: Fault): void {
  for (const key of Object.keys(values)) {
    if (key === 'author') fault('60 json: author is deprecated')
    else if (/^_[a-z]/i.test(key)) checkExtension(values[key], fault)
    else if (!known.split(' ').includes(key)) fault(`70 json: unknown key ${key}`)
  }
}

function checkExtension(value: unknown, fault: Fault): void {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isObject || !web((value as Values).about)) fault('70 json: extension')
}

function list(value: unknown, fault: Fault, name: string): Values[] {
  if (Array.isArray(value)) return value
  fault(`58 json: ${name} is no list`)
  return []
}

const plain = (value: unknown) => typeof value === 'string' && isPlain(value)
const web = (value: unknown) => typeof value === 'string' && isWebUrl(value)

// Settings → the publication: defaults filled in, addresses made whole, pictures found and measured.

import { resolve } from 'node:path'
import { cutShort, didYouMean, directionOf, oneLine, openZone } from '../../base/index.ts'
import type {
  Diagnostic,
  FeedFilter,
  FeedSettings,
  MailSettings,
  Newsletter,
  Picture,
  PodcastSettings,
  Publication,
} from '../../model.ts'
import { readPicture } from '../articles/media.ts'
import { settingLine } from '../open-folder.ts'
import type { OwnFiles } from '../own-files.ts'
import { canonicalLanguage, readCalendarDay, readLicence, readMailbox, readWeekday } from '../text-values.ts'
import type { Settings } from './settings-schema.ts'

interface Surroundings {
  readonly dir: string
  /** Of the settings, relative to the folder. */
  readonly file: string
  /** Of the settings, for the lines of what is wrong with them. */
  readonly text: string
  readonly ownFiles: OwnFiles
  /** Of the settings of the site's own tool, where there are any. */
  readonly siteValues?: Publication['siteValues']
  report(diagnostic: Diagnostic): void
}

export function makePublication(settings: Settings, around: Surroundings): Publication {
  const url = folderUrl(settings.url)
  const language = canonicalLanguage(settings.language)!
  const picture: ReadPicture = (value, path) => settingsPicture(value, path, url, around)
  const { articles } = settings
  return {
    dir: resolve(around.dir),
    title: oneLine(settings.title),
    tagline: oneLine(settings.tagline),
    url,
    language,
    ...(settings.languages.length === 0
      ? {}
      : { languages: settings.languages.map(tag => canonicalLanguage(tag)!) }),
    ...(settings.variables === undefined ? {} : { variables: settings.variables }),
    ...(settings.content_policy === undefined
      ? {}
      : { contentPolicy: settings.content_policy.trim().replace(/[;\s]+$/, '') }),
    ...(around.siteValues === undefined ? {} : { siteValues: around.siteValues }),
    direction: directionOf(language),
    timezone: settings.timezone,
    rights: oneLine(settings.rights),
    address: oneLine(settings.address.trim().replace(/[ \t,]*\r?\n\s*/g, ', ')),
    logo: withOpacity(picture(settings.logo, ['logo']), around),
    logoDark: darkLogo(settings.logo, picture),
    icon: squareIcon(settings.icon, picture, around),
    accent: fullColour(settings.accent),
    theme: settings.theme,
    social: settings.social.map(link => ({ name: oneLine(link.name), url: new URL(link.url).href })),
    sections: Object.entries(settings.sections).map(([slug, title]) => ({
      slug: slug.normalize(),
      title: oneLine(title),
    })),
    articles: {
      url: articles.url,
      pages: articles.pages,
      typography: articles.typography,
      ...(articles.highlight ? {} : { highlight: false }),
      ...(articles.math ? {} : { math: false }),
      ...(articles.markdown ? { markdown: true } : {}),
      ...(articles.attachments.length === 0 ? {} : { attachments: extensions(articles.attachments) }),
      ...idKind(articles.id, url),
      ...(articles.dates_from === undefined ? {} : { datesFrom: articles.dates_from }),
      idHost: (articles.id_host ?? new URL(url).hostname).toLowerCase(),
    },
    feeds: makeFeeds(settings.feeds),
    podcast: settings.podcast && makePodcast(settings.podcast, picture, around),
    ...(settings.licence === undefined ? {} : { licence: readLicence(settings.licence) }),
    ...(settings.recommendations.length === 0 ? {} : { recommendations: settings.recommendations }),
    newsletters: settings.newsletters.map(newsletter => makeNewsletter(newsletter, settings, language)),
    service: settings.service && folderUrl(settings.service),
    mail: makeMail(settings.mail),
  }
}

/** ['.SVG'] → ['svg'] */
export function extensions(written: readonly string[]): string[] {
  return written.map(each => each.replace(/^\./, '').toLowerCase())
}

/** A pattern becomes one of whole addresses. */
function idKind(
  id: Settings['articles']['id'],
  url: string,
): Pick<Publication['articles'], 'id' | 'idPattern'> {
  if (id === 'tag') return {}
  if (id === 'url' || id === 'guid') return { id }
  return { id: 'url', idPattern: id.startsWith('/') ? url + id.slice(1) : id }
}

type PictureSetting = Settings['logo']
type ReadPicture = (value: PictureSetting, path: readonly string[]) => Picture | undefined

function settingsPicture(
  value: PictureSetting,
  path: readonly string[],
  url: string,
  { file, text, ownFiles, report }: Surroundings,
): Picture | undefined {
  if (value === undefined) return undefined
  return readPicture(typeof value === 'string' ? { src: value } : value, {
    from: '',
    base: url,
    url,
    ownFiles,
    problem(severity, message, advice) {
      const line = settingLine(text, path)
      const rule = 'settings-picture'
      report({ file, line, rule, severity, message: `${path.join('.')}: ${message}`, advice })
    },
  })
}

/** What is transparent shows the ground behind it, and that is dark for some readers. */
function withOpacity(logo: Picture | undefined, { ownFiles }: Surroundings): Picture | undefined {
  const isOpaque = logo?.file !== undefined && ownFiles.measure(logo.file).opaque
  return logo && isOpaque ? { ...logo, opaque: true } : logo
}

function darkLogo(logo: Settings['logo'], picture: ReadPicture): Picture | undefined {
  if (typeof logo !== 'object' || logo.dark === undefined) return undefined
  return picture({ src: logo.dark, alt: logo.alt }, ['logo', 'dark'])
}

/** RFC 4287 §4.2.5: an icon is as wide as it is high. */
function squareIcon(
  value: PictureSetting,
  picture: ReadPicture,
  { file, text, report }: Surroundings,
): Picture | undefined {
  const icon = picture(value, ['icon'])
  if (icon?.width !== icon?.height)
    report({
      file,
      line: settingLine(text, ['icon']),
      rule: 'settings-picture',
      severity: 'warning',
      message: `icon: ${typeof value === 'string' ? value : value?.src} is ${icon!.width} × ${icon!.height}, and no square`,
      advice: 'Readers and browsers squeeze it or cut it off: make it as wide as it is high, 512 px.',
    })
  return icon
}

function makeFeeds({ paths, furniture, main, own, ...settings }: Settings['feeds']): FeedSettings {
  const filter = <Kind extends FeedFilter>(given: Kind) => ({
    ...given,
    ...(given.languages && { languages: given.languages.map(tag => canonicalLanguage(tag)!) }),
  })
  return {
    ...settings,
    ...(main === 'language' ? { main } : {}),
    ...(own.length === 0
      ? {}
      : {
          own: own.map(feed => ({ ...filter(feed), ...(feed.without && { without: filter(feed.without) }) })),
        }),
    ...(furniture === 'none' ? { furniture } : {}),
    ...(paths.length === 0 ? {} : { paths: [...new Set(paths)] }),
    hubs: settings.hubs.map(hub => new URL(hub).href),
    per: [...new Set(settings.per)],
    editor: settings.editor === undefined ? undefined : readMailbox(settings.editor),
    webmaster: settings.webmaster === undefined ? undefined : readMailbox(settings.webmaster),
    moved: settings.moved && folderUrl(settings.moved),
  }
}

function makePodcast(
  { title, image, category, explicit, type, funding, owner, ...more }: NonNullable<Settings['podcast']>,
  picture: ReadPicture,
  around: Surroundings,
): PodcastSettings {
  return {
    ...(title === undefined ? {} : { title: oneLine(title) }),
    image: picture(image, ['podcast', 'image']),
    category: podcastCategory(category, around),
    explicit,
    type,
    funding: funding.map(({ url, text }) => ({ url: new URL(url).href, text: oneLine(text) })),
    ...(more.guid && { guid: more.guid.toLowerCase() }),
    ...(more.location && { location: oneLine(more.location) }),
    ...(more.every && { every: more.every }),
    ...(more.podroll.length > 0 && { podroll: more.podroll }),
    ...(more.txt.length > 0 && { txt: more.txt }),
    owner: owner && { name: oneLine(owner.name), email: readMailbox(owner.email)!.address },
  }
}

/** Left out where Apple has none of that name: a feed goes out without one, too. */
function podcastCategory(
  value: string | undefined,
  { file, text, report }: Surroundings,
): string | undefined {
  if (value === undefined) return undefined
  const read = readCategory(value)
  if ('category' in read) return read.category
  report({
    file,
    line: settingLine(text, ['podcast', 'category']),
    rule: 'podcast-category',
    severity: 'error',
    message: `podcast.category: ${JSON.stringify(cutShort(value, 80))} ${read.problem}`,
    advice: 'Until then feeds name no category. Write one of them: category: News > Daily News',
  })
  return undefined
}

function makeNewsletter(
  settings: Settings['newsletters'][number],
  publication: Pick<Settings, 'title' | 'timezone' | 'blocks'>,
  language: string,
): Newsletter {
  const [hour, minute] = settings.at.split(':').map(Number)
  const blocks = [...publication.blocks, ...(settings.blocks ?? [])]
  return {
    id: settings.id,
    title: oneLine(settings.title ?? publication.title),
    every: settings.every,
    on: dayOf(settings),
    at: hour! * 60 + minute!,
    ...(settings.since && {
      since: openZone(publication.timezone).fromWall(readCalendarDay(settings.since)!).at,
    }),
    from: readMailbox(settings.from)!,
    replyTo: settings.reply_to === undefined ? undefined : readMailbox(settings.reply_to)!,
    sections: settings.sections?.map(one => (typeof one === 'string' ? one : one.section)),
    ...layoutsOf(settings.sections ?? []),
    tags: settings.tags,
    subject: settings.subject,
    language: settings.language === undefined ? language : canonicalLanguage(settings.language)!,
    layout: settings.layout,
    rate: settings.rate,
    ...(blocks.length > 0 && { blocks }),
  }
}

function layoutsOf(
  sections: NonNullable<Settings['newsletters'][number]['sections']>,
): Pick<Newsletter, 'layouts'> {
  const layouts = sections.flatMap(one =>
    typeof one === 'string' ? [] : [[one.section, { layout: one.layout, limit: one.limit }] as const],
  )
  return layouts.length > 0 ? { layouts: Object.fromEntries(layouts) } : {}
}

/** Friday for a week, the 1st for a month, when nothing is said. */
function dayOf({ every, on }: Settings['newsletters'][number]): number {
  if (typeof on === 'number') return on
  if (on !== undefined) return readWeekday(on)!
  return every === 'week' ? 5 : 1
}

function makeMail({ bounces, domains, warm_up: warmUp, ...mail }: Settings['mail']): MailSettings {
  const address = bounces && readMailbox(bounces)!.address
  return { ...mail, bounces: address, domains: domains && lowerKeys(domains), warmUp }
}

function lowerKeys(rates: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(rates).map(([domain, rate]) => [domain.toLowerCase(), rate]))
}

/** In its normal form, without query and fragment, ending in a slash. */
function folderUrl(text: string): string {
  const url = new URL(text)
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url.href
}

function fullColour(colour: string): string {
  const hex = colour.slice(1).toLowerCase()
  return `#${hex.length === 3 ? [...hex].map(digit => digit + digit).join('') : hex}`
}

// What the settings name as the podcast's category → it as Apple writes it, or why it is none of Apple's. Directories put a
// podcast whose category they do not know under none, and no validator of feeds checks it.

/** https://podcasters.apple.com/support/1691-apple-podcasts-categories */
const CATEGORIES: ReadonlyMap<string, readonly string[]> = new Map(
  `Arts: Books, Design, Fashion & Beauty, Food, Performing Arts, Visual Arts
  Business: Careers, Entrepreneurship, Investing, Management, Marketing, Non-Profit
  Comedy: Comedy Interviews, Improv, Stand-Up
  Education: Courses, How To, Language Learning, Self-Improvement
  Fiction: Comedy Fiction, Drama, Science Fiction
  Government:
  Health & Fitness: Alternative Health, Fitness, Medicine, Mental Health, Nutrition, Sexuality
  History:
  Kids & Family: Education for Kids, Parenting, Pets & Animals, Stories for Kids
  Leisure: Animation & Manga, Automotive, Aviation, Crafts, Games, Hobbies, Home & Garden, Video Games
  Music: Music Commentary, Music History, Music Interviews
  News: Business News, Daily News, Entertainment News, News Commentary, Politics, Sports News, Tech News
  Religion & Spirituality: Buddhism, Christianity, Hinduism, Islam, Judaism, Religion, Spirituality
  Science: Astronomy, Chemistry, Earth Sciences, Life Sciences, Mathematics, Natural Sciences, Nature, Physics, Social Sciences
  Society & Culture: Documentary, Personal Journals, Philosophy, Places & Travel, Relationships
  Sports: Baseball, Basketball, Cricket, Fantasy Sports, Football, Golf, Hockey, Rugby, Running, Soccer, Swimming, Tennis, Volleyball, Wilderness, Wrestling
  Technology:
  True Crime:
  TV & Film: After Shows, Film History, Film Interviews, Film Reviews, TV Reviews`
    .split('\n')
    .map(line => {
      const [name = '', parts = ''] = line.trim().split(/:\s*/)
      return [name, parts === '' ? [] : parts.split(', ')]
    }),
)

/** @param text 'News', or 'news > daily news': capitals make no difference */
function readCategory(text: string): { readonly category: string } | { readonly problem: string } {
  const [name = '', partName, ...deeper] = text.split('>').map(word => word.trim())
  const category = inApplesLetters(name, [...CATEGORIES.keys()])
  const parts = category === undefined ? undefined : CATEGORIES.get(category)
  const part = partName === undefined ? undefined : inApplesLetters(partName, parts ?? [])
  if (category !== undefined && deeper.length === 0) {
    if (part !== undefined) return { category: `${category} > ${part}` }
    if (partName === undefined) return { category }
  }
  const all = [...CATEGORIES].flatMap(([one, ones]) => [one, ...ones.map(two => `${one} > ${two}`)])
  const near =
    parts && partName !== undefined ? didYouMean(partName, parts) : didYouMean(name, [...CATEGORIES].flat(2))
  const meant = all.find(one => near !== undefined && one.split(' > ').at(-1) === near)
  if (meant) return { problem: `is not one of Apple’s categories, did you mean "${meant}"?` }
  return {
    problem: parts
      ? `is not one of Apple’s categories; ${category} has ${parts.join(', ') || 'no subcategories'}`
      : `is not one of Apple’s categories; they are ${[...CATEGORIES.keys()].join(', ')}`,
  }
}

function inApplesLetters(name: string, known: readonly string[]): string | undefined {
  return known.find(one => one.toLowerCase() === name.toLowerCase())
}

// The data of templates: the names by which they insert values of an article, a publication and an edition, where these
// can be known before anything is filled. The compiler keeps them in step with model.ts.

import type {
  Article,
  Audio,
  Author,
  Block,
  Edition,
  Mailbox,
  Newsletter,
  Picture,
  Publication,
  Section,
  SocialLink,
  Timestamp,
} from '../model.ts'

/** A value whose names nobody knows, the names of a value, or the shape of a list's items. */
export type Shape = 'any' | readonly [Shape] | { readonly [name: string]: Shape }

type Names<Of> = { readonly [name in keyof Required<Of>]: Shape }

const timestamp = { at: 'any', offset: 'any' } satisfies Names<Timestamp>
const link = { name: 'any', url: 'any' } satisfies Names<SocialLink>
const section = { slug: 'any', title: 'any' } satisfies Names<Section>
const mailbox = { name: 'any', address: 'any' } satisfies Names<Mailbox>

const picture = {
  url: 'any',
  file: 'any',
  alt: 'any',
  caption: 'any',
  credit: 'any',
  links: [{ text: 'any', url: 'any' }],
  creditRole: 'any',
  copyright: 'any',
  fit: 'any',
  focus: ['any'],
  width: 'any',
  height: 'any',
  bytes: 'any',
  type: 'any',
  opaque: 'any',
} satisfies Names<Picture>

const audio = {
  url: 'any',
  file: 'any',
  bytes: 'any',
  type: 'any',
  duration: 'any',
  episode: 'any',
  season: 'any',
  kind: 'any',
  explicit: 'any',
  transcript: 'any',
  chapters: 'any',
  soundbites: 'any',
  image: picture,
  files: ['any'],
} satisfies Names<Audio>

const author = {
  id: 'any',
  name: 'any',
  role: 'any',
  photo: picture,
  url: 'any',
  email: 'any',
  social: [link],
  biography: 'any',
} satisfies Names<Author>

export const ARTICLE = {
  id: 'any',
  file: 'any',
  slug: 'any',
  url: 'any',
  state: 'any',
  title: 'any',
  date: timestamp,
  updated: timestamp,
  authors: [author],
  section,
  tags: ['any'],
  summary: 'any',
  place: 'any',
  image: picture,
  audio,
  language: 'any',
  direction: 'any',
  live: 'any',
  expires: timestamp,
  withdrawn: { at: timestamp, reason: 'any' },
  comments: 'any',
  source: { url: 'any', title: 'any', feed: 'any' },
  canonical: 'any',
  extra: 'any',
  body: 'any',
  bodyLine: 'any',
} satisfies Names<Article>

const block = {
  place: 'any',
  title: 'any',
  text: 'any',
  advertisement: 'any',
  kind: 'any',
} satisfies Names<Block>

const newsletter = {
  blocks: [block],
  id: 'any',
  title: 'any',
  every: 'any',
  on: 'any',
  at: 'any',
  since: 'any',
  from: mailbox,
  replyTo: mailbox,
  sections: ['any'],
  layouts: 'any',
  tags: ['any'],
  subject: 'any',
  language: 'any',
  layout: 'any',
  rate: 'any',
} satisfies Names<Newsletter>

export const PUBLICATION = {
  dir: 'any',
  title: 'any',
  tagline: 'any',
  url: 'any',
  language: 'any',
  languages: 'any',
  direction: 'any',
  timezone: 'any',
  rights: 'any',
  address: 'any',
  logo: picture,
  logoDark: picture,
  icon: picture,
  accent: 'any',
  theme: 'any',
  social: [link],
  sections: [section],
  articles: 'any',
  variables: 'any',
  siteValues: 'any',
  contentPolicy: 'any',
  feeds: 'any',
  podcast: 'any',
  licence: { name: 'any', url: 'any', permits: 'any', prohibits: 'any', payment: 'any' },
  recommendations: 'any',
  newsletters: [newsletter],
  service: 'any',
  mail: 'any',
} satisfies Names<Publication>

export const EDITION = {
  newsletter,
  id: 'any',
  from: 'any',
  until: 'any',
  sendAt: 'any',
  hold: 'any',
  url: 'any',
  note: 'any',
  lead: ARTICLE,
  articles: [ARTICLE],
  parts: [{ title: 'any', articles: [ARTICLE] }],
  leftOut: 'any',
} satisfies Names<Edition>

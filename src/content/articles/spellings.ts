// The fields of an article, and under which names Jekyll, Hugo, Eleventy, Astro, Docusaurus, Zola, Hexo and others have them.

/** Field → the spellings it is read from; the first that is there wins. Case, `-` and `_` make no difference. */
export const SPELLINGS = {
  title: words('title headline newstitle post_title page_title article_title'),
  date: words(
    `date published pubDate publishDate datePublished publishedDate published_at published_on
    publicationDate publish_at publish_on publishedTime pubDatetime publishDatetime posted_on posted
    posted_at date_posted post_date dateCreated created created_at created_on creationDate createdDate
    datetime createTime createdTime publishTime released releaseDate timestamp`,
  ),
  updated: words(
    `updated lastmod modified last_modified_at dateModified updatedDate last_modified updated_at
    updated_on dateUpdated lastUpdated last_update last_updated_at modified_at modifiedDate
    modification_date update_date modifiedTime last_edited upd updateTime updatedTime lastEditedTime
    lastUpdatedAt revised modDatetime`,
  ),
  authors: words('authors author'),
  section: words('section'),
  category: words('category'),
  tags: words('tags tag'),
  categories: words('categories'),
  keywords: words('keywords'),
  summary: words(
    `summary description excerpt standfirst deck dek subtitle lead lede teaser spoiler abstract blurb
    synopsis tldr meta_description seo_description og_description desc snippet subheading intro`,
  ),
  place: words('place dateline'),
  image: words(
    `image cover featured_image hero heroImage cover_image feature_image lead_image main_image
    headerImage header_img banner bannerImage title_image post_image photo picture img image_url
    cover_url images featured feature header thumbnail thumb thumbnail_image ogImage socialImage
    social_media_image share_image previewImage preview card_image twitter_image meta_image opengraph
    open_graph og splash poster cover_img index_img`,
  ),
  audio: words('audio enclosure podcast'),
  slug: words('slug'),
  url: words('url permalink path'),
  id: words('id guid'),
  language: words('language lang locale'),
  direction: words('direction dir'),
  draft: words('draft'),
  unlisted: words('unlisted'),
  expires: words('expires expiryDate unpublishDate expires_at expirationDate unpublish_at expire_date'),
  embargo: words(
    'embargo embargoed embargo_until embargo_date publish_after scheduled_at scheduled_for go_live',
  ),
  live: words('live'),
  comments: words('comments'),
  source: words('source link external_url external_link link_url linked_url'),
  canonical: words('canonical canonical_url'),
  withdrawn: words('withdrawn retracted'),
} satisfies Record<string, readonly string[]>

function words(text: string): readonly string[] {
  return text.split(/\s+/)
}

export type Field = keyof typeof SPELLINGS

/** What a value of front matter may look like. */
export type Shape = 'text' | 'date' | 'flag' | 'list' | 'people' | 'picture' | 'sound' | 'withdrawal'

interface Meaning {
  readonly shape: Shape
  readonly means: string
  /** As it is written in YAML. */
  readonly example: string
}

/** For the reference and for the schema that editors check front matter with. */
export const MEANINGS: Readonly<Record<Field, Meaning>> = {
  title: {
    shape: 'text',
    means: 'The headline. Required; inline Markdown is allowed.',
    example: 'title: Tea auctions open higher',
  },
  date: {
    shape: 'date',
    means:
      'When it was first published; in the future, it waits until then. Also read from a file name such as 2026-01-30-tea.md.',
    example: 'date: 2026-01-30T09:00:00+05:30',
  },
  updated: {
    shape: 'date',
    means: 'Its last significant change.',
    example: 'updated: 2026-01-30T11:40:00+05:30',
  },
  authors: {
    shape: 'people',
    means: 'Names, or ids of files in authors/.',
    example: 'authors: [business-desk, Anna Rao]',
  },
  section: { shape: 'text', means: 'One of the sections in publication.yaml.', example: 'section: business' },
  category: { shape: 'text', means: 'Read as the section when it names one.', example: 'category: business' },
  tags: { shape: 'list', means: 'Keywords: a list, or text with commas.', example: 'tags: [tea, markets]' },
  categories: {
    shape: 'list',
    means: 'Read as tags, and as the section where one of them names it.',
    example: 'categories: [business]',
  },
  keywords: { shape: 'list', means: 'Read as tags.', example: 'keywords: tea, markets' },
  summary: {
    shape: 'text',
    means:
      'Plain text for lists, letters and previews. Without it: the text before <!--more-->, or the first paragraph.',
    example: 'summary: The season begins with higher prices.',
  },
  place: { shape: 'text', means: 'Printed before the first paragraph.', example: 'place: New Delhi' },
  image: {
    shape: 'picture',
    means:
      'The lead picture: a path or an address, or src with alt, caption, credit, credit_role, focus and fit.',
    example: 'image: { src: images/tea.jpg, alt: Rows of tea on a hillside, credit: Meridian Pictures }',
  },
  audio: {
    shape: 'sound',
    means:
      'An episode: a path or an address, or src with duration, episode, season, explicit, image (a square cover), transcript and chapters.',
    example: 'audio: { src: audio/tea.mp3, duration: "12:30", episode: 4 }',
  },
  slug: {
    shape: 'text',
    means: 'The last part of its address; otherwise its file name.',
    example: 'slug: tea-auctions',
  },
  url: { shape: 'text', means: 'Its whole address, or path.', example: 'url: /business/tea-auctions/' },
  id: {
    shape: 'text',
    means: 'Never changes. Otherwise made from the host, the year of its date and its file name.',
    example: 'id: tag:meridian.example,2026:tea-auctions',
  },
  language: {
    shape: 'text',
    means: 'BCP 47, when it is not that of the publication.',
    example: 'language: hi',
  },
  direction: {
    shape: 'text',
    means: 'ltr or rtl; otherwise that of its language.',
    example: 'direction: rtl',
  },
  draft: { shape: 'flag', means: 'true: it is not published.', example: 'draft: true' },
  unlisted: {
    shape: 'flag',
    means: 'true: it has a page, and is in no feed and no letter.',
    example: 'unlisted: true',
  },
  expires: { shape: 'date', means: 'After that time it is gone.', example: 'expires: 2026-03-01' },
  embargo: {
    shape: 'date',
    means: 'Not published before that time.',
    example: 'embargo: 2026-02-01T00:01:00Z',
  },
  live: {
    shape: 'flag',
    means: 'true: live coverage, whose entries are headings such as "## 14:05 The vote".',
    example: 'live: true',
  },
  comments: {
    shape: 'text',
    means: 'Where readers comment.',
    example: 'comments: https://forum.example/t/42',
  },
  source: {
    shape: 'text',
    means: 'What it is about, or was first published as.',
    example: 'source: https://court.example/ruling',
  },
  canonical: {
    shape: 'text',
    means: 'The address that search engines should prefer.',
    example: 'canonical: https://meridian.example/tea/',
  },
  withdrawn: {
    shape: 'withdrawal',
    means: 'true, or a date: retracted; its page says so, and it is in no feed and no letter.',
    example: 'withdrawn: 2026-02-03',
  },
}

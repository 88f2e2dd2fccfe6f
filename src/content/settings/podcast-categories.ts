// What the settings name as the podcast's category → it as Apple writes it, or why it is none of Apple's. Directories put a
// podcast whose category they do not know under none, and no validator of feeds checks it.

import { didYouMean } from '../../base/index.ts'

/** https://podcasters.apple.com/support/1691-apple-podcasts-categories */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  Arts: ['Books', 'Design', 'Fashion & Beauty', 'Food', 'Performing Arts', 'Visual Arts'],
  Business: ['Careers', 'Entrepreneurship', 'Investing', 'Management', 'Marketing', 'Non-Profit'],
  Comedy: ['Comedy Interviews', 'Improv', 'Stand-Up'],
  Education: ['Courses', 'How To', 'Language Learning', 'Self-Improvement'],
  Fiction: ['Comedy Fiction', 'Drama', 'Science Fiction'],
  Government: [],
  'Health & Fitness': [
    'Alternative Health',
    'Fitness',
    'Medicine',
    'Mental Health',
    'Nutrition',
    'Sexuality',
  ],
  History: [],
  'Kids & Family': ['Education for Kids', 'Parenting', 'Pets & Animals', 'Stories for Kids'],
  Leisure: [
    'Animation & Manga',
    'Automotive',
    'Aviation',
    'Crafts',
    'Games',
    'Hobbies',
    'Home & Garden',
    'Video Games',
  ],
  Music: ['Music Commentary', 'Music History', 'Music Interviews'],
  News: [
    'Business News',
    'Daily News',
    'Entertainment News',
    'News Commentary',
    'Politics',
    'Sports News',
    'Tech News',
  ],
  'Religion & Spirituality': [
    'Buddhism',
    'Christianity',
    'Hinduism',
    'Islam',
    'Judaism',
    'Religion',
    'Spirituality',
  ],
  Science: [
    'Astronomy',
    'Chemistry',
    'Earth Sciences',
    'Life Sciences',
    'Mathematics',
    'Natural Sciences',
    'Nature',
    'Physics',
    'Social Sciences',
  ],
  'Society & Culture': ['Documentary', 'Personal Journals', 'Philosophy', 'Places & Travel', 'Relationships'],
  Sports: [
    'Baseball',
    'Basketball',
    'Cricket',
    'Fantasy Sports',
    'Football',
    'Golf',
    'Hockey',
    'Rugby',
    'Running',
    'Soccer',
    'Swimming',
    'Tennis',
    'Volleyball',
    'Wilderness',
    'Wrestling',
  ],
  Technology: [],
  'True Crime': [],
  'TV & Film': ['After Shows', 'Film History', 'Film Interviews', 'Film Reviews', 'TV Reviews'],
}

/** @param text 'News', or 'news > daily news': capitals make no difference */
export function readCategory(text: string): { readonly category: string } | { readonly problem: string } {
  const [name = '', partName, ...deeper] = text.split('>').map(word => word.trim())
  const category = inApplesLetters(name, Object.keys(CATEGORIES))
  const parts = category === undefined ? undefined : CATEGORIES[category]
  const part = partName === undefined ? undefined : inApplesLetters(partName, parts ?? [])
  if (category !== undefined && deeper.length === 0) {
    if (part !== undefined) return { category: `${category} > ${part}` }
    if (partName === undefined) return { category }
  }
  const all = Object.entries(CATEGORIES).flatMap(([one, ones]) => [
    one,
    ...ones.map(two => `${one} > ${two}`),
  ])
  const near =
    parts && partName !== undefined
      ? didYouMean(partName, parts)
      : didYouMean(name, [...Object.keys(CATEGORIES), ...Object.values(CATEGORIES).flat()])
  const meant = all.find(one => near !== undefined && one.split(' > ').at(-1) === near)
  if (meant) return { problem: `is none of Apple’s categories, did you mean "${meant}"?` }
  return {
    problem: parts
      ? `is none of Apple’s categories; ${category} has ${parts.join(', ') || 'no subcategories'}`
      : `is none of Apple’s categories; they are ${Object.keys(CATEGORIES).join(', ')}`,
  }
}

function inApplesLetters(name: string, known: readonly string[]): string | undefined {
  return known.find(one => one.toLowerCase() === name.toLowerCase())
}

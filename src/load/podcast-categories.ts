// What the settings name as the podcast's category → why it is none of Apple's, or nothing. Shops put a podcast whose
// category they do not know under none, and no validator of feeds looks at it.

import { didYouMean } from '../did-you-mean.ts'

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

/** @param text 'News', or 'News > Daily News' */
export function categoryProblem(text: string): string | undefined {
  const [category = '', part, ...deeper] = text.split('>').map(name => name.trim())
  const parts = CATEGORIES[category]
  if (parts && (part === undefined || parts.includes(part)) && deeper.length === 0) return undefined
  const all = Object.entries(CATEGORIES).flatMap(([name, ones]) => [
    name,
    ...ones.map(one => `${name} > ${one}`),
  ])
  const near =
    parts && part !== undefined
      ? didYouMean(part, parts)
      : didYouMean(category, [...Object.keys(CATEGORIES), ...Object.values(CATEGORIES).flat()])
  const meant = all.find(name => near !== undefined && name.split(' > ').at(-1) === near)
  if (meant) return `is none of Apple’s categories, did you mean "${meant}"?`
  return parts
    ? `is none of Apple’s categories; ${category} has ${parts.join(', ') || 'no subcategories'}`
    : `is none of Apple’s categories; they are ${Object.keys(CATEGORIES).join(', ')}`
}

// What made a feed, as the formats name it.

export const GENERATOR = {
  name: 'Broadsheet',
  uri: 'https://www.npmjs.com/package/broadsheet',
  /** The package's own; a test compares them. */
  version: '0.1.0',
} as const

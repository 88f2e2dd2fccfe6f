// The nouns of looking: a folder as a build saw it.

import type { Listing } from '../../content/index.ts'

/** The folder as it was when a build began. */
export interface Look {
  readonly articles: Listing
  readonly templates: Listing
  /** Numbers of the settings, where they stand beside `articles/`. */
  readonly settings: ArrayLike<number>
}

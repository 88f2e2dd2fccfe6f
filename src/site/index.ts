// Articles → related articles, addresses of feeds, and pages. What other rooms use of it.

export { articlesBeside, type Beside } from './articles-beside.ts'
export { feedLinks } from './feed-links.ts'
export { buildPages, makePages, type PagesOnRequest, pageMaker, pagesOnRequest } from './pages/build-pages.ts'
export {
  type KeptPages,
  type PagesBefore,
  type ShownPictures,
  shownFiles,
} from './pages/open-site.ts'
export { readableAccent } from './pages/page-frames.ts'
export { shownPicture } from './pages/page-html.ts'

// Picture → the same with the address by which a page shows it: own files lie beside the pages, so that these show them
// from a folder as well as from the web.

import type { Picture } from '../../model.ts'

export type LocalPicture = Picture & { readonly src: string }

/** @param prefix from the page to the top of `out/`: '' or '../../' */
export function localPicture(picture: Picture, prefix: string): LocalPicture {
  return { ...picture, src: localFile(picture, prefix) }
}

export function localFile({ file, url }: { file?: string | undefined; url: string }, prefix: string): string {
  return file ? prefix + file.split('/').map(encodeURIComponent).join('/') : url
}

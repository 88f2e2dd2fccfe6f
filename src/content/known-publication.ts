// Settings that were checked before → their publication and its own files. What is wrong with them was told then.

import { join } from 'node:path'
import type { Publication } from '../model.ts'
import type { LoadMemory } from './memory.ts'
import { type OwnFiles, openOwnFiles } from './publication-files.ts'
import { makePublication } from './settings/make-publication.ts'

/** @param root absolute path of the publication's folder */
export function knownPublication(
  root: string,
  { value, file, text }: LoadMemory['settings'],
): { readonly publication: Publication; readonly ownFiles: OwnFiles } {
  const ownFiles = openOwnFiles(join(root, 'articles'))
  return { publication: makePublication(value, { dir: root, file, text, ownFiles, report() {} }), ownFiles }
}

// Every rule over letters. A new one is one new file and one word here.

import { letterAlignment } from './letter-alignment.ts'
import { letterAria } from './letter-aria.ts'
import { letterCharacters } from './letter-characters.ts'
import { letterConditions } from './letter-conditions.ts'
import { letterContrast } from './letter-contrast.ts'
import { letterDark } from './letter-dark.ts'
import { letterDirection } from './letter-direction.ts'
import { letterDocument } from './letter-document.ts'
import { letterForbidden } from './letter-forbidden.ts'
import { letterHeadings } from './letter-headings.ts'
import { letterLinkLook } from './letter-link-look.ts'
import { letterLinkText } from './letter-link-text.ts'
import { letterLinks } from './letter-links.ts'
import { letterLogo } from './letter-logo.ts'
import { letterMarkup } from './letter-markup.ts'
import { letterPictureAddress } from './letter-picture-address.ts'
import { letterPictureAlt } from './letter-picture-alt.ts'
import { letterPictureShare } from './letter-picture-share.ts'
import { letterPictureSize } from './letter-picture-size.ts'
import { letterPlainCss } from './letter-plain-css.ts'
import { letterPreheader } from './letter-preheader.ts'
import { letterRequired } from './letter-required.ts'
import type { LetterRule } from './letter-rule.ts'
import { letterSigns } from './letter-signs.ts'
import { letterSize } from './letter-size.ts'
import { letterStyleSize } from './letter-style-size.ts'
import { letterSubject } from './letter-subject.ts'
import { letterTables } from './letter-tables.ts'
import { letterTapTargets } from './letter-tap-targets.ts'
import { letterText } from './letter-text.ts'
import { letterTextSize } from './letter-text-size.ts'
import { letterTokens } from './letter-tokens.ts'

export const letterRules: readonly LetterRule[] = [
  letterAlignment,
  letterAria,
  letterCharacters,
  letterConditions,
  letterContrast,
  letterDark,
  letterDirection,
  letterDocument,
  letterForbidden,
  letterHeadings,
  letterLinkLook,
  letterLinkText,
  letterLinks,
  letterLogo,
  letterMarkup,
  letterPictureAddress,
  letterPictureAlt,
  letterPictureShare,
  letterPictureSize,
  letterPlainCss,
  letterPreheader,
  letterRequired,
  letterSigns,
  letterSize,
  letterStyleSize,
  letterSubject,
  letterTables,
  letterTapTargets,
  letterTextSize,
  letterText,
  letterTokens,
]

// The schema of `theme:` in publication.yaml: typefaces, masthead, ground and corners of letters, pages and feeds.

import { z } from 'zod'

const FACES = ['serif', 'old-style', 'slab', 'sans', 'humanist'] as const

const typeface = (description: string, usual: (typeof FACES)[number], example: (typeof FACES)[number]) =>
  z
    .enum(FACES)
    .default(usual)
    .meta({ description: `${description}: ${FACES.join(', ')}.`, examples: [example] })

export const theme = z
  .strictObject({
    headings: typeface('Typeface of headlines and of the name', 'serif', 'slab'),
    text: typeface('Typeface of what is read', 'serif', 'old-style'),
    labels: typeface('Typeface of bylines, captions, section names and buttons', 'sans', 'humanist'),
    masthead: z
      .enum(['center', 'start'])
      .default('center')
      .meta({
        description: 'Where the name stands: center, or start, where lines begin.',
        examples: ['start'],
      }),
    ground: z
      .enum(['warm', 'cool', 'plain'])
      .default('warm')
      .meta({ description: 'Greys behind and between: warm, cool, or plain for none.', examples: ['cool'] }),
    corners: z
      .enum(['square', 'round'])
      .default('square')
      .meta({ description: 'Corners of pictures, boxes and buttons: square, round.', examples: ['round'] }),
  })
  .prefault({})

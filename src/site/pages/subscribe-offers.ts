// Newsletters → how a reader asks for each: a form where the publication has a service, a mail where it has none.

import { requestMail } from '../../base/index.ts'
import type { Loaded } from '../../model.ts'
import type { Words } from '../../templates/index.ts'

export interface SubscribeOffers {
  /** Where the form posts to; undefined without a service. */
  readonly action?: string | undefined
  readonly newsletters: readonly {
    readonly id: string
    readonly title: string
    readonly rhythm: string
    readonly mailto: string
  }[]
}

export function subscribeOffers({ publication }: Loaded, words: Words): SubscribeOffers {
  const { service, newsletters } = publication
  return {
    action: service && `${service}subscribe`,
    newsletters: newsletters.map(newsletter => ({
      id: newsletter.id,
      title: newsletter.title,
      rhythm: words(`page.every_${newsletter.every}`),
      mailto: requestMail(publication, newsletter, `subscribe ${newsletter.id}`),
    })),
  }
}

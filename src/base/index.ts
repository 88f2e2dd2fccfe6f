// The door of the room: text, address, time and colour: leaves without effects.

export { type Address, addressHash, parseAddress } from './address.ts'
export { cleanText, findIllegal, oneLine } from './clean-text.ts'
export { contrast, fromHsl, luminance, mix, toHsl } from './colour.ts'
export { cutShort } from './cut-short.ts'
export { didYouMean } from './did-you-mean.ts'
export { foldedName } from './folded-name.ts'
export { IGNORED, makeIgnoredFolder } from './ignored-folder.ts'
export { type LiveHeading, liveTimes, readLiveHeading } from './live-times.ts'
export { mediaTypeOf } from './media-type-of.ts'
export { once } from './once.ts'
export { codeFolder, packageFolder } from './package-folder.ts'
export { isNormal, parseUrl } from './parse-url.ts'
export { mark, portableName } from './portable-name.ts'
export {
  bounceAddress,
  bounceAddresses,
  type Claim,
  editionTag,
  messageId,
  messageIds,
  readBounceAddress,
  readPass,
  readToken,
  requestMail,
  signPass,
  signToken,
  signTokens,
} from './signed-links.ts'
export { charWidth, textWidth } from './text-width.ts'
export { isMidnight, isoTime, openZone, type Zone } from './zoned-time.ts'

// Timestamp → its date in the notations of the formats, with the offset that it was written with.

import type { Timestamp } from '../model.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** '2026-01-30T07:00:00+05:30'. RFC 3339 §5.6; milliseconds only where there are some. */
export function rfc3339(moment: Timestamp): string {
  const local = new Date(moment.at + moment.offset * 60_000).toISOString()
  const clock = local.replace(/(\.000)?Z$/, '')
  return clock + (moment.offset === 0 ? 'Z' : offsetText(moment.offset, ':'))
}

/** 'Fri, 30 Jan 2026 07:00:00 +0530'. RFC 5322 §3.3; RSS asks for it with a four-digit year. */
export function rfc5322(moment: Timestamp): string {
  const local = new Date(moment.at + moment.offset * 60_000)
  const day = `${DAYS[local.getUTCDay()]}, ${pad(local.getUTCDate())} ${MONTHS[local.getUTCMonth()]}`
  const zone = moment.offset === 0 ? 'GMT' : offsetText(moment.offset, '')
  return `${day} ${String(local.getUTCFullYear()).padStart(4, '0')} ${local.toISOString().slice(11, 19)} ${zone}`
}

/**
 * What npm `feed` takes for a Date. It calls these two methods and no other, and a real Date can only answer in UTC: this
 * one answers with the offset.
 */
export function offsetDate(moment: Timestamp): Date {
  return { toISOString: () => rfc3339(moment), toUTCString: () => rfc5322(moment) } as unknown as Date
}

function offsetText(minutes: number, separator: string): string {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}${separator}${pad(size % 60)}`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

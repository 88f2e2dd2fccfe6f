import { expect, it } from 'vitest'
import { borrowedFrom } from '../../src/deliver/open-transport.ts'

it.each([
  ['news@gmail.com', 'smtp://news@mail.example.org:587'],
  ['News@YAHOO.co.uk', 'ses:eu-west-1'],
  ['news@hotmail.com', 'sendmail:/usr/sbin/sendmail'],
  ['news@gmail.com', 'smtp://smtp.gmail.com.evil.example:25'],
  ['news@gmail.com', 'smtp://x@smtp.gmail.com@mail.example.org:25'],
])('%s through %s is turned away', (address, through) => {
  expect(borrowedFrom(address, through)).toMatch(/domain of your own/)
})

it.each([
  ['news@gmail.com', 'smtps://news@gmail.com@smtp.gmail.com:465'],
  ['news@outlook.com', 'smtp://smtp.office365.com:587'],
  ['news@meridian.example', 'smtp://mail.example.org:587'],
  ['news@gmail.com.example', 'smtp://mail.example.org:587'],
])('%s through %s is not', (address, through) => {
  expect(borrowedFrom(address, through)).toBeUndefined()
})

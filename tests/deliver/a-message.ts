// An address → a small message to it, its Message-ID its own.

import type { Message } from '../../src/model.ts'

export function aMessage(to: string, text = 'Good morning.\r\n'): Message {
  const messageId = `<weekly.${to.replace('@', '.')}@meridian.example>`
  const head = [
    'From: The Meridian <news@meridian.example>',
    `To: ${to}`,
    'Subject: Test',
    `Message-ID: ${messageId}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
  ]
  return {
    messageId,
    envelope: { from: 'bounces@meridian.example', to },
    bytes: Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`),
  }
}

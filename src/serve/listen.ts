// Request → Response, and a port → a server: the one place that knows HTTP on Node. Slow and greedy clients end here.

import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { UserError } from '../errors.ts'
import type { App } from './create-app.ts'

export interface Listening {
  /** 'http://127.0.0.1:8080/' */
  readonly url: string
  /** No new requests; those in hand are answered. Resolves when all connections have ended. */
  close(): Promise<void>
}

export interface ListenOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** How long requests in hand may take after `close`, in ms. */
  readonly grace?: number
  /** In ms; tests shorten them. */
  readonly timeouts?: { readonly headers: number; readonly request: number; readonly idle: number }
}

/** A whole request, and its head alone, must have come in so long; a connection may be idle a little longer than a proxy's. */
const TIMEOUTS = { headers: 10_000, request: 20_000, idle: 65_000 }

/** Bodies are bounded by each route; head lines by this (RFC 6585 §5: 431). */
const HEADER_BYTES = 16_384

export async function listen(app: App, options: ListenOptions): Promise<Listening> {
  const { host, port, grace = 10_000, timeouts = TIMEOUTS } = options
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    fetch: (request, { incoming }) => app(request, { address: incoming.socket.remoteAddress ?? '' }),
    serverOptions: {
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      keepAliveTimeout: timeouts.idle,
      connectionsCheckingInterval: Math.min(5_000, timeouts.headers / 2),
    },
  }) as Server
  server.maxHeadersCount = 100
  server.maxConnections = 5_000
  // Also somebody who takes an answer a byte at a time.
  server.setTimeout(timeouts.idle * 2)
  await new Promise<void>((listening, failed) => {
    server.once('error', error => failed(explainListenError(error as NodeJS.ErrnoException, host, port)))
    server.listen(port, host, listening)
  })
  const bound = server.address() as AddressInfo
  return {
    url: `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}/`,
    close: () =>
      new Promise(closed => {
        const cut = setTimeout(() => server.closeAllConnections(), grace)
        // A connection whose request has just been answered is idle only then.
        const sweep = setInterval(() => server.closeIdleConnections(), 50)
        server.close(() => {
          clearTimeout(cut)
          clearInterval(sweep)
          closed()
        })
      }),
  }
}

/** @returns what a person can do about it; of anything else, the error itself */
export function explainListenError(error: NodeJS.ErrnoException, host: string, port: number): unknown {
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      `port ${port} of ${host} is taken by another program`,
      'Take another: broadsheet serve --port 8081',
    )
  }
  if (error.code === 'EACCES') {
    return new UserError(
      `this user may not listen on port ${port}`,
      'Take one above 1024 and put a proxy before it: broadsheet serve --port 8080',
    )
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new UserError(`${host} is no address of this machine`, 'Say --host 127.0.0.1 or --host 0.0.0.0.')
  }
  return error
}

// `preview`: the folder → everything that readers will see of it, in the browser of whoever runs it, until a signal stops it.

import { EXIT, type ExitCode } from '../../errors.ts'
import { listen } from '../../serve/index.ts'
import type { Context } from '../context.ts'
import { portOf, stopped } from '../serve.ts'
import { createPreview } from './app.ts'
import { openScenes } from './scene.ts'
import { watchFolder } from './watch-folder.ts'

/** Nobody but this machine: what is shown has drafts in it. */
const HOST = '127.0.0.1'
const DEFAULT_PORT = 4040

export async function run(context: Context): Promise<ExitCode> {
  const { openFolder } = await import('../../content/index.ts')
  const dir = openFolder(context.dir)
  const scenes = await openScenes(dir, context.now)
  const preview = createPreview(scenes)
  const listening = await listenSomewhere(preview.answer, context.options.port)
  preview.allowHost(new URL(listening.url).port)
  const watch = watchFolder(dir, {
    async changed(paths) {
      if (await scenes.refresh(paths)) preview.announce()
    },
    isWatched: preview.isWatched,
    now: context.now,
  })
  try {
    const { title } = scenes.scene().loaded.publication
    context.result({ url: listening.url, title }, () =>
      [
        `Preview of ${title}: ${listening.url}`,
        'It shows drafts and future articles, follows what you save, and sends nothing. Ctrl-C ends it.',
        '',
      ].join('\n'),
    )
    await stopped(context.signal)
    return EXIT.done
  } finally {
    watch.close()
    preview.close()
    await listening.close()
  }
}

/** The port that was asked for; else the usual one, or any that is free. */
async function listenSomewhere(answer: Parameters<typeof listen>[0], asked: unknown) {
  const at = (port: number) => listen(answer, { host: HOST, port, grace: 100 })
  if (asked === undefined) return at(DEFAULT_PORT).catch(() => at(0))
  return at(portOf(asked, 'broadsheet preview --port 4040'))
}

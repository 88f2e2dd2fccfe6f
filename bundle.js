// `src/` and the packages that most commands need → `dist/program/`: a hundred scripts instead of a thousand files of
// packages, which take four times as long to load.

import { readdirSync, readFileSync } from 'node:fs'
import { rolldown } from 'rolldown'
import { INLINED, inlineTemplate } from './dist/templates/fast/inlined-templates.js'
import { compileAhead, compilerOptions, keepParsed } from './dist/templates/handlebars.js'
import { markOrigins } from './dist/templates/open-templates.js'
import { builtinTemplates, parseCatalogue, readTemplate, TemplateFiles } from './dist/templates/template-files.js'

/** What a thread of its own runs. */
const threads = {
  'making-thread': 'src/publish/threads/making-thread.ts',
  'sending-thread': 'src/deliver/threads/sending-thread.ts',
}

/** Native, or needed by few commands: these stay where npm puts them. */
const apart = [
  '@hono/node-server',
  '@zone-eu/mailsplit',
  'hono',
  'imapflow',
  'libmime',
  'libsql',
  'mailauth',
  'nodemailer',
  'pg',
  'pg-boss',
  'saxes',
  'sharp',
  'smtp-server',
]

/**
 * Node 22.8 and later keep what V8 compiled in a folder for temporary files, or where NODE_COMPILE_CACHE says. Where that
 * cannot be written the call does nothing.
 */
const start = `#!/usr/bin/env node
require('node:module').enableCompileCache?.()
require('./main.js')
`

/**
 * CommonJS starts faster than ES modules do, and `new Worker(new URL('./making-thread.js', …))` finds its file both here
 * and in `dist/`.
 *
 * @type {import('rolldown').Plugin}
 */
const markCommonJs = {
  name: 'mark-common-js',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' })
    this.emitFile({ type: 'asset', fileName: 'cli.js', source: start })
  },
}

/** What MJML loads, and never uses for a letter: minifiers and the like. */
const unused = ['cssnano-preset-lite', 'htmlnano', 'js-beautify']

/** What it uses for `<mj-html-attributes>` and `<mj-style inline>` alone: loaded with the first of them from where npm put it. */
const seldom = {
  cheerio: "exports.load = (...all) => fromMjml()('cheerio').load(...all)",
  juice: "module.exports = (...all) => fromMjml()('juice')(...all)",
}
const fromMjml = `const { createRequire } = require('node:module')
const fromMjml = () => createRequire(createRequire(createRequire(__filename).resolve('mjml')).resolve('mjml-core'))
`

/**
 * MJML takes a quarter of the time to load when it loads only what it uses; and every command starts 2 ms sooner without what
 * commander would start others with.
 *
 * @type {import('rolldown').Plugin}
 */
const loadLess = {
  name: 'load-less',
  resolveId(id, importer = '') {
    // Commands in files of their own, of which there is none.
    if (id === 'node:child_process' && importer.includes('/commander/')) return '\0unused:processes'
    if (unused.includes(id)) return `\0unused:${id}`
    return seldom[id] && importer.includes('/mjml-core/') ? `\0seldom:${id}` : undefined
  },
  load(id) {
    if (id.startsWith('\0unused:')) return 'module.exports = {}'
    return id.startsWith('\0seldom:') ? fromMjml + seldom[id.slice('\0seldom:'.length)] : undefined
  },
}

/**
 * What is copied keeps its licence.
 *
 * @type {import('rolldown').Plugin}
 */
const tellLicences = {
  name: 'tell-licences',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap(file => (file.type === 'chunk' ? file.moduleIds : []))
    const packages = new Set(modules.flatMap(id => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []))
    const licences = [...packages].sort().map(folder => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
      const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry))
      const text = file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : ''
      return `${name} ${version} (${license})\n\n${text}\n`
    })
    const source = licences.join(`\n${'-'.repeat(72)}\n\n`)
    this.emitFile({ type: 'asset', fileName: 'LICENCES.txt', source })
  },
}

/**
 * To compile a template takes as long as to fill it a thousand times.
 *
 * @type {import('rolldown').Plugin}
 */
const makeTemplates = {
  name: 'make-templates',
  generateBundle() {
    const files = new TemplateFiles(builtinTemplates)
    for (const name of readdirSync('templates', { recursive: true, encoding: 'utf8' })) {
      const path = `templates/${name.replaceAll('\\', '/')}`
      const inTemplates = path.slice('templates/'.length)
      const keep = made => this.emitFile({ type: 'asset', fileName: `ahead/${made.name}`, source: made.source })
      if (/^strings.\w+\.yaml$/.test(name)) {
        const text = readTemplate(path)
        keep(keepParsed(text, parseCatalogue(text, path)))
      } else if (/\.(hbs|css)$/.test(name)) {
        keep(compileAhead(markOrigins(readTemplate(path), inTemplates), compilerOptions(inTemplates)))
      }
      if (INLINED.has(inTemplates)) keep(inlineTemplate(inTemplates, file => markOrigins(files.read(file).text, file), files.partials()))
    }
  },
}

const bundle = await rolldown({
  input: { main: 'src/main.ts', mjml: 'mjml', ...threads },
  platform: 'node',
  // A door imports all files of its room: of those that nothing is used of, nothing is loaded.
  treeshake: { moduleSideEffects: [{ test: /^(?!.*\/node_modules\/).*\/src\//, sideEffects: false }] },
  external: id => apart.some(name => id === name || id.startsWith(`${name}/`)),
  plugins: [loadLess, markCommonJs, tellLicences, makeTemplates],
})
await bundle.write({
  dir: 'dist/program',
  cleanDir: true,
  format: 'cjs',
  dynamicImportInCjs: false,
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
})
await bundle.close()

// The name of a language, as people write it → the grammar that reads it: one of CodeMirror's collection, or one of a few lines
// for a language that it lacks.

import { createRequire } from 'node:module'

export interface Language {
  readonly grammar: Grammar
  /** Classes of its tokens where they are not those of other languages. */
  readonly kinds: Kinds | undefined
  /** Whether it may have tags in it. */
  readonly isScript: boolean
  /** Whether people write it with what a terminal answers. */
  readonly isSession: boolean
  /** Whether scripts, styles and PHP are in it. */
  readonly isPage: boolean
}

export type Kinds = Readonly<Record<string, string>>

/** What a grammar reads. */
interface Line {
  readonly string: string
  pos: number
  start: number
  eol(): boolean
}

interface Grammar {
  startState?(indent: number): object
  token(line: Line, state: object): string | null
  blankLine?(state: object, indent: number): void
}

type Lines = { readonly StringStream: new (text: string, tabSize: number, indent: number) => Line }
let lines: Lines | undefined

export function newLine(text: string, tabSize: number, indent: number): Line {
  lines ??= require('@codemirror/streamparser') as Lines
  return new lines.StringStream(text, tabSize, indent)
}

/**
 * Grammar, by its file and name in CodeMirror's collection → the names that people write. A few of the collection are left out:
 * cmake, Erlang, Puppet and Verilog take seconds for a page of signs.
 */
const LANGUAGES = `
javascript.javascript js javascript mjs cjs jsx node nodejs ecmascript gjs
javascript.typescript ts typescript mts cts tsx gts
javascript.json json json5 jsonc jsonl ndjson geojson webmanifest
css.css css postcss pcss
css.sCSS scss
css.less less
sass.sass sass
stylus.stylus stylus styl
xml.html html htm xhtml vue svelte astro handlebars hbs mustache ejs erb php phtml
xml.xml xml svg rss atom xsd xsl xslt plist mathml
python.python py python py3 python3 gyp starlark bzl
ruby.ruby rb ruby gemfile rakefile podspec
go.go go golang
rust.rust rs rust
swift.swift swift
clike.c c h
clike.cpp cpp c++ cc cxx hpp hh hxx ino arduino cuda
clike.csharp cs csharp c# dotnet
clike.java java
clike.kotlin kt kotlin kts
clike.scala scala sbt
clike.dart dart
clike.objectiveC objc objective-c objectivec m
clike.shader glsl hlsl wgsl vert frag
shell.shell sh bash zsh ksh shell fish ash dash bats console shell-session shellsession sh-session bash-session terminal cli
powershell.powerShell powershell ps1 pwsh ps posh
yaml.yaml yaml yml
toml.toml toml
properties.properties ini properties cfg conf config dosini editorconfig env dotenv desktop systemd
diff.diff diff patch udiff
dockerfile.dockerFile dockerfile docker containerfile
nginx.nginx nginx nginxconf
http.http http https
protobuf.protobuf proto protobuf proto3
sql.standardSQL sql ddl dml
sql.mySQL mysql mariadb
sql.pgSQL postgres postgresql pgsql psql plpgsql
sql.sqlite sqlite sqlite3
sql.msSQL tsql mssql transact-sql
sql.plSQL plsql oracle
haskell.haskell hs haskell
clojure.clojure clj clojure cljs cljc edn
elm.elm elm
mllike.oCaml ml ocaml reasonml
mllike.fSharp fs fsharp f# fsx
lua.lua lua luau
perl.perl pl perl pm
r.r r rlang splus
julia.julia jl julia
groovy.groovy groovy gradle jenkinsfile
commonlisp.commonLisp lisp common-lisp cl elisp emacs-lisp el
scheme.scheme scheme scm racket rkt
crystal.crystal crystal cr
coffeescript.coffeeScript coffee coffeescript
pug.pug pug jade
jinja2.jinja2 jinja jinja2 j2 twig liquid nunjucks njk django
stex.stex tex latex bibtex
vb.vb vb vbnet visual-basic
pascal.pascal pascal delphi
fortran.fortran fortran f90 f95
d.d d dlang
tcl.tcl tcl
octave.octave matlab octave
gas.gas asm gas assembly
vhdl.vhdl vhdl
wast.wast wasm wast wat
`
  .trim()
  .split('\n')
  .map(line => line.split(' '))

/** Of a grammar: what it means by a name that is another thing elsewhere. */
const OWN_KINDS: Readonly<Record<string, Kinds>> = {
  'yaml.yaml': { atom: 'a', meta: '' },
  'properties.properties': { def: 'a' },
  'protobuf.protobuf': { variable: '' },
}

const SESSIONS =
  'console shell-session shellsession sh-session bash-session terminal sh bash zsh shell'.split(' ')

const sources = new Map(LANGUAGES.flatMap(([source = '', ...names]) => names.map(name => [name, source])))
const languages = new Map<string, Language | undefined>()

/** Loaded when the first code of it is read. @returns undefined where the name is not known */
export function languageOf(name: string): Language | undefined {
  if (languages.has(name)) return languages.get(name)
  const source = sources.get(name)
  const [file, variant = ''] = source?.split('.') ?? []
  const known = file === undefined ? undefined : (mode(file)[variant] as Grammar)
  const grammar = OWN_GRAMMARS.get(name)?.() ?? known
  const language = grammar && {
    grammar,
    kinds: source === undefined ? undefined : OWN_KINDS[source],
    isScript: file === 'javascript' && variant !== 'json',
    isSession: SESSIONS.includes(name),
    isPage: source === 'xml.html',
  }
  languages.set(name, language)
  return language
}

const require = createRequire(import.meta.url)
const modes = new Map<string, Modes>()

type Modes = Readonly<Record<string, unknown>>

/** CommonJS, for pages are made without waiting. */
function mode(file: string): Modes {
  const known = modes.get(file) ?? (require(`@codemirror/legacy-modes/mode/${file}`) as Modes)
  modes.set(file, known)
  return known
}

// ─── Languages that the collection lacks ─────────────────────────────────────────────────────────────────────────────

/** Names; then `token regex`, `token>state regex` or `token: words` for the beginning of what is left of a line; `/state` begins one. */
const RULES = String.raw`
= graphql gql
comment #.*
string>text """
string "(?:[^"\\]|\\.)*"?
variableName.special \$\w+
meta @\w+
keyword: directive enum extend fragment implements input interface mutation on query scalar schema subscription type union
atom: true false null
type [A-Z]\w*
number -?\d[\w.]*
- \w+
/text
string>start .*?"""
string .+

= hcl terraform tf tfvars
comment (?:#|\/\/).*
comment>comment \/\*
string "(?:[^"\\]|\\.)*"?
atom: true false null
keyword: for if in else endfor endif
keyword [\w-]+(?=\s*(?:"[^"]*"\s*){0,3}\{)
attribute [\w-]+(?=\s*=(?!=))
builtin \w+(?=\()
number \d[\w.]*
- [\w-]+
/comment
comment>start .*?\*\/
comment .+

= nix
comment #.*
comment>comment \/\*
string "(?:[^"\\]|\\.)*"?
string>text ''
keyword: assert else if in inherit let or rec then with
atom: true false null
builtin: abort builtins derivation import map throw toString
attribute [A-Za-z_][\w.'-]*(?=\s*=(?!=))
string (?:\.{1,2}|~)?\/[\w./-]+
number \d[\w.]*
- [\w'-]+
/comment
comment>start .*?\*\/
comment .+
/text
string>start .*?''(?![$'\\])
string .+

= elixir ex exs heex
comment #.*
string>text """
string "(?:[^"\\]|\\.)*"?
string '(?:[^'\\]|\\.)*'
string ~[a-zA-Z](?:\/(?:[^\/\\]|\\.)*\/|\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|"[^"]*"|\|[^|]*\|)\w*
meta @\w+
atom :[\w@]+[?!]?|\w+[?!]?:(?=\s)
keyword: after alias and case catch cond def defdelegate defexception defguard defimpl defmacro defmodule defp defprotocol defstruct do else end fn for if import in not or quote raise receive require rescue super throw try unless unquote use when with
atom: true false nil
type [A-Z]\w*
number \d[\w.]*
- \w+[?!]?
/text
string>start .*?"""
string .+

= makefile make mk gnumake
comment #.*
keyword: include define endef else endif ifdef ifeq ifndef ifneq export override unexport
attribute [\w.-]+(?=\s*(?:::|[:?+!])?=)
def [\w.%\/-]+(?=(?:\s+[\w.%\/-]+){0,20}\s*::?(?:\s|$))
variableName.special \$(?:\([^()]*\)|\{[^{}]*\}|.)
string "[^"]*"|'[^']*'
- [\w.-]+

= markdown md mkd
heading #{1,6}\s.*
meta>code (?:${'`'}{3,}|~{3,}).*
keyword (?:[-*+>]|\d{1,9}[.)])(?=\s)
string ${'`'}[^${'`'}]*${'`'}
attribute !?\[[^\]]*\]
string \((?:https?:|\/|#|\.)[^\s)]*\)
comment <!--.*?-->
def (?:\*\*|__)[^*_]+(?:\*\*|__)
meta ---+$
- [\w.-]+
/code
meta>start \s*(?:${'`'}{3,}|~{3,})\s*$
string .+
`

type Simple = { readonly simpleMode: (states: object) => Grammar }
type Clike = { readonly clike: (config: object) => Grammar }
type Rule = { readonly regex: RegExp; readonly token: string | null; readonly next?: string }

/** @param text what is behind its names in RULES */
function simpleGrammar(text: string): Grammar {
  const states: Record<string, Rule[]> = { start: [] }
  let rules = states.start!
  for (const line of text.trim().split('\n')) {
    const [, name = '', isList, next, what = ''] = /^([\w.-]+)(?:(:)|>(\w+))? (.*)$/.exec(line) ?? []
    if (line.startsWith('/')) rules = states[line.slice(1)] = []
    else
      rules.push({
        regex: isList ? new RegExp(`(?:${what.split(' ').join('|')})(?![\\w-])`) : new RegExp(what),
        token: name === '-' ? null : name,
        ...(next === undefined ? {} : { next }),
      })
  }
  return (require('@codemirror/legacy-modes/mode/simple-mode') as Simple).simpleMode(states)
}

/** Of a language that looks like C. */
function clikeGrammar(lists: Readonly<Record<string, string>>, more: object): Grammar {
  const sets = Object.entries(lists).map(([list, words]) => [
    list,
    Object.fromEntries(words.split(' ').map(word => [word, true])),
  ])
  const config = { name: 'clike', ...Object.fromEntries(sets), ...more }
  return (require('@codemirror/legacy-modes/mode/clike') as Clike).clike(config)
}

interface Stream {
  eat(match: string | RegExp): unknown
  eatWhile(match: RegExp): boolean
  match(match: RegExp): unknown
  skipToEnd(): void
}

function phpGrammar(): Grammar {
  const lists = {
    keywords:
      'abstract and array as break callable case catch class clone const continue declare default do echo else elseif empty enum exit extends final finally fn for foreach from function global goto if implements include include_once instanceof insteadof interface isset list match namespace new or print private protected public readonly require require_once return static switch throw trait try unset use var while xor yield',
    types: 'bool float int iterable mixed never object self string void parent',
    defKeywords: 'class enum function interface namespace trait',
    atoms: 'true false null TRUE FALSE NULL __CLASS__ __DIR__ __FILE__ __FUNCTION__ __LINE__ __METHOD__',
  }
  const rest = (stream: Stream, token: string) => {
    stream.skipToEnd()
    return token
  }
  const hooks = {
    $: (stream: Stream) => (stream.eatWhile(/\w/) ? 'variableName.special' : null),
    '#': (stream: Stream) => (stream.eat('[') ? 'meta' : rest(stream, 'comment')),
    '?': (stream: Stream) => (stream.eat('>') ? 'meta' : 'operator'),
    '<': (stream: Stream) => (stream.match(/^\?(?:php|=)?/) ? 'meta' : false),
  }
  return clikeGrammar(lists, { multiLineStrings: true, hooks })
}

function zigGrammar(): Grammar {
  const lists = {
    keywords:
      'align allowzero and anyframe anytype asm async await break catch comptime const continue defer else enum errdefer error export extern fn for if inline noalias noinline nosuspend opaque or orelse packed pub resume return struct suspend switch test threadlocal try union unreachable usingnamespace var volatile while',
    types:
      'anyerror bool comptime_float comptime_int f16 f32 f64 i8 i16 i32 i64 i128 isize noreturn type u8 u16 u32 u64 u128 usize void',
    defKeywords: 'fn',
    atoms: 'true false null undefined',
  }
  const hooks = {
    '@': (stream: Stream) => (stream.eatWhile(/\w/) ? 'builtin' : null),
  }
  return clikeGrammar(lists, { hooks })
}

function solidityGrammar(): Grammar {
  const lists = {
    keywords:
      'abstract as assembly break calldata case catch constant constructor continue contract default delete do else emit enum error event external fallback final for function if immutable import indexed interface internal is library mapping memory modifier new override payable pragma private public pure receive return returns revert storage struct switch throw try unchecked using view virtual while',
    types: 'address bool byte bytes bytes32 int int256 string uint uint8 uint128 uint256 var',
    defKeywords: 'contract event function interface library modifier struct',
    atoms: 'true false this super wei gwei ether seconds minutes hours days weeks',
  }
  return clikeGrammar(lists, {})
}

const OWN_GRAMMARS = new Map<string, () => Grammar>([
  ['php-script', phpGrammar],
  ['zig', zigGrammar],
  ['solidity', solidityGrammar],
  ['sol', solidityGrammar],
  ...RULES.split('\n= ')
    .slice(1)
    .flatMap(text => {
      const [names = '', ...rules] = text.trim().split('\n')
      return names.split(' ').map(name => [name, () => simpleGrammar(rules.join('\n'))] as const)
    }),
])

/** Every one that is known. */
export const NAMES: readonly string[] = [...sources.keys(), ...OWN_GRAMMARS.keys()]

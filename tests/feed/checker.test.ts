// The checker itself: each rule, broken on purpose in a golden file, is found. A check that cannot fail is a defect.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkAtom, checkJson, checkRss } from './checker.ts'

const read = (file: string) => readFileSync(new URL(`../golden/feed/${file}`, import.meta.url), 'utf8')
const rss = read('rss.xml')
const atom = read('atom.xml')
const json = read('feed.json')

type Fault = [rule: string, from: string | RegExp, to: string]

function broken(text: string, [, from, to]: Fault): string {
  const changed = text.replace(from, () => to)
  if (changed === text) throw new Error(`nothing to break: ${from}`)
  return changed
}

test('the golden files break no rule', () => {
  expect([...checkRss(rss), ...checkAtom(atom), ...checkJson(json)]).toEqual([])
})

const control = String.fromCharCode(8)
const entry = /<entry>[\s\S]*?<\/entry>/
const item = /<item>[\s\S]*?<\/item>/
const twice = (text: string, part: RegExp) => `${part.exec(text)![0]}\n${part.exec(text)![0]}`

test.each<Fault>([
  ['1 xml: declaration', '<?xml', ' <?xml'],
  ['1 xml: carriage', '\n', '\r\n'],
  ['1 xml', '</item>', ''],
  ['1 xml', '<title>The Meridian', `<title>${control}The Meridian`],
  ['1 xml', ']]></content:encoded>', ']]>]]></content:encoded>'],
  ['1 xml', 'xmlns:media=', 'xmlns:medya='],
  ['2 xml', '<title>The Meridian', '<title>The \uFFFD Meridian'],
  ['2 xml', '<title>The Meridian', '<title>The \u0085 Meridian'],
  ['5 xml', '<rss ', '<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '],
  ['37 xml', 'http://search.yahoo.com/mrss/', 'http://search.yahoo.com/mrss'],
  ['110 xml: no', /<\?xml-stylesheet[^>]*>/, ''],
  ['110 xml: XSLT', 'text/css', 'text/xsl'],
  ['9 rss: no channel', 'version="2.0"', 'version="0.91"'],
  ['9 rss: title', '<title>The Meridian</title>', ''],
  ['9 rss: description', /<description>World[^<]*<\/description>/, ''],
  ['9 rss: link of channel twice', '<link>https', '<link>https://x.example/</link><link>https'],
  ['10 rss: link of channel', '<link>https://meridian.example/<', '<link>/<'],
  ['10 rss: link of item', '<link>https://meridian.example/world/2026/talks/', '<link>world/talks'],
  ['11 rss', '<language>en-IN', '<language>english'],
  ['12 rss: self', 'rel="self"', 'rel="via"'],
  ['12 rss: address', 'href="https://hub.example/"', 'href="hub"'],
  ['13 rss: guid twice', item, twice(rss, item)],
  ['13 rss: guid', /<guid [^<]*<\/guid>/, ''],
  ['13 rss: guid', '>tag:meridian.example,2026:talks<', '>tag:meridian.example:talks<'],
  ['14 rss', 'isPermaLink="false"', 'isPermaLink="true"'],
  ['16 rss', 'Thu, 29 Jan', 'Fri, 29 Jan'],
  ['16 rss', 'Thu, 29 Jan 2026', 'Thu, 29 Jan 26'],
  ['18 rss: lastBuildDate', '<lastBuildDate>Fri', '<lastBuildDate>fri'],
  ['18 rss: no', /<lastBuildDate>[^<]*<\/lastBuildDate>/, ''],
  ['19 rss', '</channel>', '<ttl>5</ttl></channel>'],
  ['20 rss: text', '&#x26; &#x3C;defence', '&amp; &#x3C;defence'],
  ['20 rss: title', /<title>Ministers[^<]*</, '<title> <'],
  ['21 rss: no', /<description><!\[CDATA\[[\s\S]*?<\/description>/, ''],
  [
    '21 rss: description behind',
    '<description><![CDATA[A',
    '<content:encoded>x</content:encoded><description><![CDATA[A',
  ],
  ['22 rss: description: html: stray <', '<![CDATA[A meeting', '<![CDATA[5 < 6 A meeting'],
  ['22 rss: content:encoded: html: stray &', 'They met', 'AT&T They met'],
  ['22 rss: content:encoded: html: element', 'They met', '<script>x</script>They met'],
  ['22 rss: content:encoded: html: attribute', 'They met', '<i onclick="x">They</i> met'],
  ['22 rss: content:encoded: html: attribute', 'They met', '<i style="x">They</i> met'],
  ['22 rss: content:encoded: html: address', 'href="https://social', 'href="//social'],
  ['22 rss: content:encoded: html: address', 'They met', '<a href="#fn1">1</a>They met'],
  ['22 rss: content:encoded: html: address', 'They met', '<a href="javascript:x">1</a>They met'],
  ['22 rss: content:encoded: html: address', 'They met', '<img srcset="a.jpg 2x" alt="">They met'],
  ['22 rss: content:encoded: html: <b> is not', /(?=\]\]><\/content:encoded>)/, '<b>'],
  ['22 rss: content:encoded: html: </i>', 'They met', '<b>They</i> met'],
  ['23 rss', '<pubDate>', '<pubDate>x</pubDate><pubDate>'],
  ['25 rss', '<guid', '<author>Ann</author><guid'],
  ['26 rss', '<dc:creator>World Desk', '<dc:creator> '],
  ['28 rss: url', 'url="https://meridian.example/audio', 'url="/audio'],
  ['28 rss: length', 'length="1234567"', 'length="1 MB"'],
  ['28 rss: type', 'type="audio/mpeg"', 'type="mp3"'],
  ['29 rss: category of', '<category>World<', '<category><'],
  ['29 rss', '<category>trade<', '<category><'],
  ['30 rss: title', /<image>([\s\S]*?)<title>The Meridian/, '<image><title>Another'],
  ['30 rss: size', '<width>144', '<width>512'],
  ['30 rss: url', '<url>https', '<url>ftp'],
  ['34 rss', '<source url="https', '<source url="x'],
  ['35 rss', '<comments>https', '<comments>talk'],
  ['36 rss', '<atom:updated>2026-01-30T', '<atom:updated>2026-01-30 '],
  ['49 rss: xml:lang of item', '<item xml:lang="ur"', '<item xml:lang="Urdu language"'],
  ['49 rss: xml:lang', 'xml:lang="en-IN"', ''],
  ['86 media: url', '<media:content url="https', '<media:content url="x'],
  ['86 media: medium', 'medium="image"', 'medium="picture"'],
  ['86 media: type', 'type="image/jpeg"', 'type="jpeg"'],
  [
    '86 media: width',
    'width="1200" height="800">\n                <media',
    'width="0" height="800">\n                <media',
  ],
  ['87 media: media:title', '<media:title type="plain"', '<media:title'],
  ['87 media: role', /role="agency" scheme="[^"]*"/, 'role="agency"'],
  ['87 media: credit', 'role="agency"', 'role="Agency"'],
  ['87 media: copyright', '<media:copyright>©', '<media:copyright> '],
  ['89 media', '<media:thumbnail', '<media:group/><media:thumbnail'],
  ['32 rss', '<docs>', '<managingEditor>The desk</managingEditor><docs>'],
  [
    '76 history: marks',
    '<docs>',
    '<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/><fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/><docs>',
  ],
  [
    '76 history: complete',
    '<docs>',
    '<fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/><atom:link href="https://x.example/" rel="prev-archive"/><docs>',
  ],
  ['77 history', 'rel="hub"', 'rel="next"'],
  ['102 rss', 'Thu, 29 Jan 2026', 'Fri, 02 Jan 2026'],
])('%s is found in RSS', (...fault) => {
  expect(checkRss(broken(rss, fault)).filter(found => found.startsWith(fault[0]))).not.toEqual([])
})

test.each<Fault>([
  ['38 atom: no feed', 'http://www.w3.org/2005/Atom', 'http://purl.org/atom/ns#'],
  ['38 atom: title', '<title>The Meridian</title>', ''],
  ['38 atom: author', /<author>[\s\S]*?<\/author>/, ''],
  ['40 atom: self', 'rel="self"', 'rel="via"'],
  ['40 atom: href', 'href="https://hub.example/"', 'href="hub"'],
  ['41 atom: summary', /<summary[\s\S]*?<\/summary>/, ''],
  ['41 atom: updated', /(<entry>[\s\S]*?)<updated>[^<]*<\/updated>/, '<entry>'],
  ['41 atom: alternate', /<link href="[^"]*talks\/"\/>/, ''],
  ['42 atom: id of feed', /<id>urn:uuid:[^<]*/, '<id>main'],
  ['42 atom: id', '<id>tag:meridian.example,2026:talks', '<id>talks'],
  ['43 atom', entry, twice(atom, entry)],
  ['44 atom: updated of', /<updated>[^<]*/, '<updated>2020-01-01T00:00:00Z'],
  ['44 atom: updated', '<updated>2026-01-28T', '<updated>2026-01-27T'],
  [
    '45 atom',
    '00:00:00.502+05:30</updated>\n        <summary',
    '00:00:00.017+05:30</updated>\n        <summary',
  ],
  ['46 atom: published', '<published>2026-01-29T18:30:00+05:30', '<published>2026-01-29'],
  ['46 atom: updated of', '<updated>2026-01-30T05:06:00+05:30', '<updated>2026-02-30T05:06:00+05:30'],
  ['47 atom: type', '<title>Ministers', '<title type="html">Ministers'],
  ['47 atom: type', '<summary type="html">', '<summary>'],
  ['47 atom: title', '<title>Ministers', '<title>Many\nMinisters'],
  ['51 atom: text', '&#x26; &#x3C;defence', '&amp; &#x3C;defence'],
  ['48 atom: summary is', 'A meeting a week before Washington.]]></summary>', ']]></summary>'],
  ['48 atom: content: html: address', 'href="https://social', 'href="//social'],
  ['49 atom: xml:lang of feed', 'xml:lang="en-IN"', ''],
  ['49 atom: xml:lang', '<entry xml:lang="ur"', '<entry xml:lang="Urdu language"'],
  ['50 atom', / xml:base="[^"]*"/, ''],
  ['51 atom: category', 'term="trade"', 'term=""'],
  ['51 atom: text', '<rights>', '<rights>R&amp;D '],
  ['52 atom: name', '<name>World Desk', '<name>'],
  ['52 atom: uri', '<uri>https://meridian', '<uri>meridian'],
  ['52 atom: email', '</name>', '</name><email>desk</email>'],
  ['77 history', 'rel="hub"', 'rel="last"'],
  ['53 atom: generator', ' version="0', ' x="0'],
  ['53 atom: icon', '<icon>https', '<icon>x'],
  ['54 atom: rights', /<rights>[^<]*/, '<rights>'],
  ['55 atom: id of source', '<source><id>https://ports', '<source><id>ports'],
  ['55 atom: title of source', '<title>Ports Quarterly</title><upd', '<upd'],
  ['55 atom: updated of source', /(?<=Quarterly<\/title>)<updated>[^<]*<\/updated>/, ''],
  ['55 atom: self of source', 'rel="self" href="https://ports', 'rel="via" href="https://ports'],
  [
    '56 atom: enclosure',
    'rel="enclosure" href="https://meridian.example/audio/one.mp3" type="audio/mpeg"',
    'rel="enclosure" href="https://meridian.example/audio/one.mp3"',
  ],
  ['56 atom: length', 'length="1234567"', 'length="1 MB"'],
  ['56 atom: type', 'type="audio/mpeg"', 'type="mp3"'],
  ['102 atom', '<published>2026-01-28', '<published>2026-01-30'],
])('%s is found in Atom', (...fault) => {
  expect(checkAtom(broken(atom, fault)).filter(found => found.startsWith(fault[0]))).not.toEqual([])
})

test.each<Fault>([
  ['8 json', '"items": [', '"items": '],
  ['58 json: version', 'version/1.1', 'version/1'],
  ['58 json: title', '"title": "The Meridian"', '"name": "The Meridian"'],
  ['58 json: items', /"items": \[[\s\S]*\]/, '"items": {}'],
  ['58 json: description', /"description": "[^"]*"/, '"description": ""'],
  ['59 json: feed_url', '"feed_url": "https', '"feed_url": "x'],
  ['59 json: url', '"url": "https://meridian.example/world/2026/talks/"', '"url": "talks"'],
  ['60 json: author is', '"home_page_url"', '"author": {"name": "x"}, "home_page_url"'],
  ['60 json: name', '"name": "World Desk"', '"name": ""'],
  ['60 json: url', '"url": "https://meridian.example/desks', '"url": "desks'],
  ['60 json: avatar', '"avatar": "https', '"avatar": "x'],
  ['60 json: unknown', '"avatar"', '"email"'],
  ['60 json: no', /"authors": \[[\s\S]*?\]/, '"authors": []'],
  ['61 json: language of', '"language": "ur"', '"language": "Urdu language"'],
  ['61 json', '"language": "en-IN"', '"language": "English (India)"'],
  ['62 json: id', '"id": "tag:meridian.example,2026:talks"', '"id": 7'],
  ['62 json: id twice', '2026:talks"', '2026:episode-1"'],
  ['63 json: no', '"content_html"', '"_content"'],
  ['63 json: html', 'They met', '<script>x</script>'],
  ['63 json: summary', '"summary": "A meeting', '"summary": "\\n'],
  ['64 json: date_published', '"date_published": "2026-01-29T', '"date_published": "2026-01-29 '],
  ['64 json: no', '"date_published"', '"_date"'],
  ['64 json: date_modified', '"date_modified": "2026', '"date_modified": "26'],
  ['65 json: icon', '"icon": "https', '"icon": "x'],
  ['65 json: image', '"image": "https', '"image": "x'],
  ['66 json', '"trade",', '"World",'],
  ['67 json: mime_type', '"mime_type": "audio/mpeg"', '"mime_type": "mp3"'],
  ['67 json: size', '"size_in_bytes": 1234567', '"size_in_bytes": "1 MB"'],
  ['67 json: url', '"url": "https://meridian.example/audio', '"url": "x'],
  ['68 json', '"type": "WebSub"', '"kind": "WebSub"'],
  ['69 json', '"feed_url"', '"next_url": "https://meridian.example/feed.json", "feed_url"'],
  ['70 json: extension', '"about": "https', '"about": "x'],
  ['104 json', '"home_page_url"', '"expired": "yes", "home_page_url"'],
  ['70 json', '"home_page_url"', '"colour": "red", "home_page_url"'],
  ['71 json', '"external_url": "https', '"external_url": "x'],
  ['102 json', '"date_published": "2026-01-28', '"date_published": "2026-01-30'],
])('%s is found in JSON', (...fault) => {
  expect(checkJson(broken(json, fault)).filter(found => found.startsWith(fault[0]))).not.toEqual([])
})

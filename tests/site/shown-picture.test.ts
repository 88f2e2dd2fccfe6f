import { expect, test } from 'vitest'
import { shownPicture } from '../../src/site/pages/page-html.ts'

const url = 'https://meridian.example/images/bridge.jpg?a=1&b=2'
const written = url.replaceAll('&', '&amp;')
const picture = { url, caption: 'At "dawn"', credit: 'Rao & Co' }

test.each([
  ['a picture', `<p><img src="${written}" alt="x"></p>`],
  [
    'one among several sizes',
    `<img src="https://a.example/b.jpg" srcset="${written} 1x, https://a.example/c.jpg 2x">`,
  ],
  [
    'the last of several sizes',
    `<picture><source srcset="https://a.example/c.jpg 1x, ${written} 2x"></picture>`,
  ],
  ['a video’s poster', `<video src="https://a.example/v.mp4" poster="${written}"></video>`],
])('%s is shown, and its caption and credit are still to be told', (_, html) => {
  expect(shownPicture(html, picture)).toEqual({ caption: 'At "dawn"', credit: 'Rao & Co' })
})

test.each([
  ['a link', `<p><a href="${written}">the picture</a></p>`],
  ['a source of words', `<blockquote cite="${written}">x</blockquote>`],
  ['a description', `<img src="https://a.example/b.jpg" longdesc="${written}">`],
  ['its address as text', `<p><code>src="${written}"</code></p>`],
  ['a longer address', `<img src="${written}3">`],
])('%s shows nothing', (_, html) => {
  expect(shownPicture(html, picture)).toBeUndefined()
})

test('what the text says already is not said again', () => {
  const image = `<img src="${written}" alt="">`
  expect(shownPicture(`${image}<p>At &quot;dawn&quot;, taken by Rao &amp; Co</p>`, picture)).toEqual({
    caption: '',
    credit: '',
  })
  const figure = `<figure>${image}<figcaption>Another caption.</figcaption></figure>`
  expect(shownPicture(figure, picture)).toEqual({ caption: '', credit: 'Rao & Co' })
  const other = '<figure><img src="https://a.example/b.jpg"><figcaption>Of another.</figcaption></figure>'
  expect(shownPicture(image + other, picture)?.caption).toBe('At "dawn"')
})

test('a name within another word does not tell it, nor is what looks like a tag taken from it', () => {
  const image = '<img src="https://meridian.example/a.png" alt="">'
  const ann = { url: 'https://meridian.example/a.png', caption: 'Harbour', credit: '<Ann>' }
  expect(shownPicture(`${image}<p>The Harbours, by Annabel.</p>`, ann)).toEqual({
    caption: 'Harbour',
    credit: '<Ann>',
  })
  expect(shownPicture(`${image}<p>Harbour. Picture: &lt;Ann&gt;</p>`, ann)).toEqual({
    caption: '',
    credit: '',
  })
})

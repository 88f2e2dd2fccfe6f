// Draws the pictures of the demo publication into articles/images/, and rings the bell of its podcast episode into
// articles/audio/. Same program, same bytes: chance is seeded, letters are polygons, no font and no network is used.
//
//   npm install --no-save sharp @breezystack/lamejs && node tests/draw-pictures.mjs [name…]

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const articles = fileURLToPath(new URL('../articles/', import.meta.url))
const W = 1200
const H = 675
const ACCENT = '#9a1b2f'

/** Neither is a dependency of the program: pictures are drawn once and committed. */
const need = name =>
  import(name).catch(() => {
    console.error(`${name} is not installed. Run: npm install --no-save sharp @breezystack/lamejs`)
    process.exit(2)
  })

// ─── A small vocabulary over SVG ───────────────────────────────────────────────────────────────────────────────────

let defs = []

function define(make) {
  const id = `d${defs.length}`
  defs.push(make(id))
  return `url(#${id})`
}

const n = x => Math.round(x * 10) / 10
const many = (count, draw) => Array.from({ length: count }, (_, i) => draw(i)).join('')
const between = (a, b, t) => a + (b - a) * t

/** Mulberry32: numbers in [0, 1) that are the same on every run. */
function chance(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const stops = colours =>
  colours
    .map((c, i) => {
      const [colour, at = i / (colours.length - 1), alpha = 1] = [c].flat()
      return `<stop offset="${at}" stop-color="${colour}" stop-opacity="${alpha}"/>`
    })
    .join('')
const linear = (x2, y2, colours) =>
  define(
    id => `<linearGradient id="${id}" x1="0" y1="0" x2="${x2}" y2="${y2}">${stops(colours)}</linearGradient>`,
  )
/** Fills that run downwards, to the right, and from a centre to nothing. A colour may be [colour, offset, alpha]. */
const down = (...colours) => linear(0, 1, colours)
const across = (...colours) => linear(1, 0, colours)
const glow = (colour, alpha = 1) =>
  define(
    id =>
      `<radialGradient id="${id}">${stops([
        [colour, 0, alpha],
        [colour, 0.35, alpha * 0.45],
        [colour, 1, 0],
      ])}</radialGradient>`,
  )

const rect = (x, y, w, h, fill, more = '') =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" fill="${fill}" ${more}/>`
const disc = (x, y, r, fill, more = '') =>
  `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${fill}" ${more}/>`
const oval = (x, y, rx, ry, fill, more = '') =>
  `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}" ${more}/>`
const poly = (points, fill, more = '') =>
  `<polygon points="${points.map(p => p.map(n).join(',')).join(' ')}" fill="${fill}" ${more}/>`
const path = (d, fill, more = '') => `<path d="${d}" fill="${fill}" ${more}/>`
const line = (d, colour, width, more = '') =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${more}/>`
const put = (x, y, drawing, scale = 1, more = '') =>
  `<g transform="translate(${n(x)} ${n(y)}) scale(${Array.isArray(scale) ? scale.join(' ') : n(scale * 100) / 100}) ${more}">${drawing}</g>`
const faint = (alpha, drawing) => `<g opacity="${alpha}">${drawing}</g>`
const soft = (radius, drawing) =>
  `<g filter="${define(
    id =>
      `<filter id="${id}" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${radius}"/></filter>`,
  )}">${drawing}</g>`
const clipped = (d, drawing) =>
  `<g clip-path="${define(id => `<clipPath id="${id}"><path d="${d}"/></clipPath>`)}">${drawing}</g>`
const sky = (...colours) => rect(0, 0, W, H, down(...colours))

/** Height of a rolling skyline at x: five sines with seeded phases, in [-1, 1]. */
function roll(seed, rough = 1) {
  const random = chance(seed)
  const waves = [1, 2.3, 4.1, 7.7, 13].map((f, i) => [f * rough, 1 / (i + 1.2), random() * 6.28])
  return x => waves.reduce((sum, [f, a, p]) => sum + a * Math.sin((x / W) * f * 6.28 + p), 0) / 1.9
}
const ridge = (seed, y, height, fill, rough = 1) => {
  const at = roll(seed, rough)
  return poly(
    [
      [-10, H + 10],
      ...Array.from({ length: 123 }, (_, i) => [i * 10 - 10, y + at(i * 10) * height]),
      [W + 10, H + 10],
    ],
    fill,
  )
}

/** A row of town houses: seeded widths and heights, some windows lit. */
function town(seed, base, low, high, fill, lit = '', step = 46) {
  const random = chance(seed)
  let out = ''
  for (let x = -20; x < W + 20; ) {
    const w = step * (0.6 + random())
    const h = between(low, high, random() ** 1.6)
    out += rect(x, base - h, w + 1, h + H, fill)
    if (random() > 0.7) out += rect(x + w * 0.3, base - h - 14, w * 0.3, 16, fill)
    if (random() > 0.85) out += rect(x + w * 0.5, base - h - 46, 3, 48, fill)
    for (let wy = base - h + 12; lit && wy < base - 10; wy += 17)
      for (let wx = x + 7; wx < x + w - 10; wx += 13)
        if (random() > 0.62) out += rect(wx, wy, 6, 9, lit, 'opacity="0.75"')
    x += w
  }
  return out
}

const bird = (x, y, size, colour) =>
  line(
    `M${n(x - size)} ${n(y - size * 0.35)}q${n(size * 0.6)} ${n(-size * 0.25)} ${n(size)} ${n(size * 0.35)}q${n(size * 0.4)} ${n(-size * 0.6)} ${n(size)} ${n(-size * 0.35)}`,
    colour,
    n(size / 6),
  )
const tree = (x, y, size, leaf, trunk = leaf) =>
  rect(x - size * 0.05, y - size * 0.6, size * 0.1, size * 0.6, trunk) +
  [
    [0, -1, 0.36],
    [-0.3, -0.78, 0.28],
    [0.3, -0.78, 0.28],
    [-0.12, -0.62, 0.26],
    [0.16, -0.62, 0.26],
  ]
    .map(([dx, dy, r]) => disc(x + dx * size, y + dy * size, r * size, leaf))
    .join('')
/** A person, feet at x, y. A skirt widens, an arm may be raised to the right (1) or the left (-1). */
const person = (x, y, tall, colour, { skirt = 0, arm = 0 } = {}) =>
  put(
    x,
    y,
    disc(0, -90, 8.5, colour) +
      rect(-3.5, -84, 7, 9, colour) +
      (skirt ? disc(-6, -95, 5, colour) : '') +
      path(
        skirt
          ? `M-12 -68Q-12 -77 -4 -78H4Q12 -77 12 -68L8 -46L${11 + skirt} 0H${-11 - skirt}L-8 -46Z`
          : 'M-14 -68Q-14 -77 -5 -78H5Q14 -77 14 -68L12 -36L10 0H2L0 -32L-2 0H-10L-12 -36Z',
        colour,
      ) +
      (arm ? line(`M${8 * Math.sign(arm)} -72L${n(28 * arm)} -102`, colour, 6) : ''),
    tall / 100,
  )

// ─── The pictures ──────────────────────────────────────────────────────────────────────────────────────────────────

// biome-ignore format: a drawing reads best as it was drawn, a layer a line.
const pictures = {
  'mast.jpg': () => {
    const [w, h] = sizes['mast.jpg']
    const random = chance(71)
    const lattice = many(30, i => line(`M${450 - 22 + i * 0.3} ${1180 - i * 36}L${450 + 22 - i * 0.3} ${1144 - i * 36}M${450 + 22 - i * 0.3} ${1180 - i * 36}L${450 - 22 + i * 0.3} ${1144 - i * 36}`, '#f4ede0', 2.4, 'opacity="0.85"'))
    const guys = [[120, 1170], [230, 1185], [690, 1182], [800, 1166]].map(([x, y]) => line(`M${x} ${y}L450 420M${x} ${y}L450 760`, '#f4ede0', 1.3, 'opacity="0.45"')).join('')
    const cups = [[150, 1], [420, 0.9], [700, 0.85]].map(([y, size]) => put(450, y, line('M0 0H64M0 0H-64', '#f4ede0', 4) + disc(70, 0, 9, '#f2c14e') + disc(-70, 0, 9, '#f2c14e') + path('M-8 -26H8V0H-8Z', '#e8b03c'), size)).join('')
    return (
      rect(0, 0, w, h, down('#1d3354', '#44608a', '#e8956b', '#f6c98a')) +
      many(70, () => disc(random() * w, random() * 520, 0.8 + random() * 1.4, '#ffffff', `opacity="${n(0.3 + random() * 0.6)}"`)) +
      disc(700, 210, 56, '#fdf3d8') + disc(724, 196, 50, '#2b456c') +
      soft(14, oval(210, 700, 260, 26, '#f3b48c', 'opacity="0.55"') + oval(720, 840, 300, 22, '#f7d2a4', 'opacity="0.6"')) +
      path(`M0 1120Q220 1040 470 1110T900 1070V${h}H0Z`, '#3d4a5c') +
      path(`M0 1190Q260 1120 520 1180T900 1150V${h}H0Z`, '#2b3443') +
      guys +
      line('M428 1190L441 96M472 1190L459 96', '#f4ede0', 5) + lattice + line('M450 96V40', '#f4ede0', 4) + disc(450, 38, 7, ACCENT) +
      cups +
      put(450, 668, person(0, 0, 46, '#1a1f29', { arm: 1 })) +
      rect(560, 1120, 120, 70, '#d9cdb8') + poly([[548, 1120], [692, 1120], [662, 1090], [578, 1090]], ACCENT) + rect(606, 1146, 26, 44, '#3d4a5c') +
      person(740, 1196, 62, '#151a22', { arm: -1 }) + person(776, 1198, 56, '#151a22', { skirt: 5 })
    )
  },
  'arch.jpg': () => {
    const stone = across('#3b2a44', '#6f4450', '#a8645a')
    const arch =
      rect(-128, -26, 256, 26, '#4b3348') +
      path('M-112 -26V-262H112V-26H54V-150A54 54 0 0 0 -54 -150V-26Z', stone) +
      path('M-54 -26V-150A54 54 0 0 1 54 -150V-26H42V-148A42 42 0 0 0 -42 -148V-26Z', '#5d3a4b') +
      rect(-122, -216, 244, 10, '#c98268') +
      rect(-122, -206, 244, 6, '#4b3348') +
      rect(-124, -274, 248, 14, '#c98268') +
      rect(-96, -298, 192, 24, stone) +
      rect(-64, -314, 128, 16, '#7d4c53') +
      path('M-40 -314Q0 -342 40 -314Z', '#a8645a') +
      rect(-96, -196, 192, 3, '#f0b48c', 'opacity="0.5"') +
      rect(-96, -246, 192, 3, '#4b3348', 'opacity="0.5"')
    const lamp = (x, h) => rect(x - 2, 560 - h, 4, h, '#1d1a2b') + disc(x, 560 - h, 22, glow('#ffe2a0', 0.8)) + disc(x, 560 - h, 5, '#fff1cf')
    return (
      sky('#1f2c4d', '#4b4470', '#b0606a', '#ee9a62', '#f8cf8b') +
      many(5, i => oval(180 + i * 230, 120 + ((i * 67) % 130), 190, 7 + (i % 3) * 4, '#f3a27c', 'opacity="0.22"')) +
      disc(600, 400, 330, glow('#ffdf9a', 0.95)) +
      disc(600, 400, 82, '#fff0c4') +
      town(11, 470, 30, 120, '#8d5563', '', 60) +
      town(5, 492, 20, 92, '#5b3c55', '#ffd58a', 52) +
      many(30, i => tree(i * 42 - 8, 530, 50 + ((i * 37) % 26), '#33283f')) +
      rect(0, 520, W, 155, down('#4a3d3f', '#20262b')) +
      poly([[560, 528], [640, 528], [800, 675], [400, 675]], down('#f1b27a', '#8a5a63')) +
      many(7, i => rect(600 - 20 - i * 11, 548 + i * 18, 40 + i * 22, 3, '#ffe5b5', 'opacity="0.5"')) +
      poly([[540, 528], [556, 528], [384, 675], [300, 675]], '#6d5450') +
      poly([[660, 528], [644, 528], [816, 675], [900, 675]], '#6d5450') +
      put(600, 532, arch, 1.12) +
      lamp(420, 70) + lamp(780, 70) + lamp(300, 96) + lamp(900, 96) +
      tree(90, 640, 210, '#191a29') + tree(1120, 645, 230, '#191a29') + tree(215, 590, 120, '#232234') + tree(985, 592, 124, '#232234') +
      person(482, 590, 44, '#1d1a2b') + person(500, 592, 42, '#1d1a2b', { skirt: 8 }) + person(724, 600, 46, '#1d1a2b') +
      bird(380, 170, 15, '#2a2746') + bird(420, 192, 12, '#2a2746') + bird(352, 205, 10, '#2a2746')
    )
  },

  'minerals.jpg': () => {
    // One crystal, its foot at 0,0: a six-sided column seen as three faces and a faceted tip.
    const crystal = (x, y, w, h, lean, [light, mid, dark]) =>
      put(
        x, y,
        poly([[-w, 0], [-w, -h], [-w * 0.25, -h + w * 0.3], [-w * 0.25, w * 0.3]], mid) +
          poly([[-w * 0.25, w * 0.3], [-w * 0.25, -h + w * 0.3], [w * 0.55, -h + w * 0.2], [w * 0.55, w * 0.2]], light) +
          poly([[w * 0.55, w * 0.2], [w * 0.55, -h + w * 0.2], [w, -h - w * 0.1], [w, -w * 0.1]], dark) +
          poly([[-w, -h], [w * 0.1, -h - w * 1.5], [-w * 0.25, -h + w * 0.3]], light, 'opacity="0.9"') +
          poly([[-w * 0.25, -h + w * 0.3], [w * 0.1, -h - w * 1.5], [w * 0.55, -h + w * 0.2]], '#ffffff', 'opacity="0.55"') +
          poly([[-w * 0.25, -h + w * 0.3], [w * 0.1, -h - w * 1.5], [w * 0.55, -h + w * 0.2]], light, 'opacity="0.6"') +
          poly([[w * 0.55, -h + w * 0.2], [w * 0.1, -h - w * 1.5], [w, -h - w * 0.1]], mid) +
          poly([[-w * 0.1, w * 0.2], [-w * 0.1, -h + w * 0.4], [w * 0.02, -h + w * 0.38], [w * 0.02, w * 0.2]], '#ffffff', 'opacity="0.35"'),
        1, `rotate(${lean})`,
      )
    const blue = ['#7fb2e8', '#3f78c4', '#234a8c']
    const rose = ['#f2b6c6', '#d9809c', '#9c4a6c']
    const green = ['#9adfc0', '#4ea98a', '#256a5c']
    const amber = ['#f6cf86', '#dd9a45', '#94601f']
    const random = chance(8)
    return (
      sky('#0e1a24', '#183444', '#27525c') +
      oval(600, 420, 640, 360, glow('#8fd3d0', 0.5)) +
      rect(0, 520, W, 155, down('#14252d', '#0a1318')) +
      oval(600, 566, 520, 60, '#060d11', 'opacity="0.55"') +
      crystal(330, 560, 34, 170, -24, blue) + crystal(870, 560, 36, 180, 23, rose) +
      crystal(430, 565, 46, 270, -12, green) + crystal(770, 565, 44, 250, 12, blue) +
      crystal(530, 575, 52, 330, -4, rose) + crystal(665, 572, 50, 300, 5, amber) +
      crystal(400, 585, 30, 110, -30, amber) + crystal(820, 586, 32, 130, 28, green) +
      crystal(600, 592, 54, 210, 1, blue) + crystal(485, 600, 34, 110, -14, rose) + crystal(715, 600, 36, 120, 14, green) +
      path('M230 612Q300 560 420 588Q520 560 600 590Q700 562 790 590Q900 560 980 612Q900 640 600 640Q300 640 230 612Z', down('#4a4f55', '#23282c')) +
      many(26, i => {
        const x = 260 + random() * 680
        const s = 8 + random() * 20
        return poly([[x, 618], [x + s * 0.4, 618 - s], [x + s, 614 - s * 0.4], [x + s * 1.2, 622]], ['#6b7177', '#565c62', '#7f868b'][i % 3])
      }) +
      many(24, () => disc(random() * W, random() * 420, 1 + random() * 2.4, '#d6f4ee', 'opacity="0.35"'))
    )
  },

  'footbridge.jpg': () => {
    const peak = (x, y, w, h, light, dark) =>
      poly([[x - w, y], [x, y - h], [x + w * 0.2, y - h * 0.62], [x + w * 0.05, y - h * 0.4], [x + w * 0.3, y]], light) +
      poly([[x + w, y], [x, y - h], [x + w * 0.2, y - h * 0.62], [x + w * 0.05, y - h * 0.4], [x + w * 0.3, y]], dark)
    const deck = x => 418 + 44 * (1 - ((x - 600) / 420) ** 2)
    const cable = x => 250 + 138 * (1 - ((x - 600) / 420) ** 2)
    const curve = at => `M${Array.from({ length: 43 }, (_, i) => `${180 + i * 20} ${n(at(180 + i * 20))}`).join('L')}`
    const flags = ['#2f6fb0', '#f4f1e6', '#c5392f', '#3d8a52', '#e6b93a']
    const pine = (x, y, s, c) => many(3, i => poly([[x - s * (0.32 + i * 0.1), y - s * (0.62 - i * 0.3)], [x, y - s * (1.1 - i * 0.28)], [x + s * (0.32 + i * 0.1), y - s * (0.62 - i * 0.3)]], c)) + rect(x - s * 0.04, y - s * 0.05, s * 0.08, s * 0.1, c)
    const random = chance(3)
    return (
      sky('#6fa9d2', '#b4d6e6', '#f4ead2') +
      peak(150, 430, 300, 250, '#eef3f7', '#b4c8da') + peak(1050, 430, 330, 290, '#eef3f7', '#a9c0d4') +
      peak(600, 430, 390, 350, '#ffffff', '#a4bdd3') + peak(380, 430, 220, 190, '#f3f6f8', '#b8ccdc') + peak(850, 430, 220, 200, '#f3f6f8', '#b0c6d8') +
      many(4, i => oval(150 + i * 320, 350 + (i % 2) * 24, 240, 16, '#ffffff', 'opacity="0.6"')) +
      ridge(21, 420, 26, '#7fa3a0', 0.8) + ridge(4, 462, 30, '#527f78', 1.1) + ridge(9, 520, 20, '#3b675c', 1.2) +
      path('M420 675Q560 600 560 540Q570 505 640 505Q700 512 690 548Q690 610 860 675Z', down('#cfe6ea', '#5fa3ae')) +
      many(9, i => line(`M${560 - i * 10 + ((i * 31) % 40)} ${540 + i * 15}h${50 + i * 16}`, '#ffffff', 2.5, 'opacity="0.55"')) +
      path('M0 360Q90 350 170 400L215 430Q250 520 200 590Q250 640 240 675H0Z', down('#48603e', '#22382c')) +
      path('M1200 350Q1110 350 1030 400L985 430Q950 520 1010 590Q960 640 970 675H1200Z', down('#48603e', '#22382c')) +
      many(22, i => pine(i < 11 ? i * 20 - 10 : 1000 + (i - 11) * 20, 400 + random() * 190 + Math.abs(i < 11 ? 100 - i * 20 : 0) * 0.1, 60 + random() * 50, ['#1f3a2d', '#2a4a38', '#17301f'][i % 3])) +
      many(20, i => line(`M${200 + i * 42} ${n(cable(200 + i * 42))}V${n(deck(200 + i * 42))}`, '#3a3f44', 2)) +
      line(curve(cable), '#2b2f33', 6) + line(curve(x => deck(x) - 26), '#2b2f33', 2.5) + line(curve(deck), '#5a4632', 11) +
      [180, 1020].map(x => rect(x - 34, 232, 12, 200, '#6c6f70') + rect(x + 18, 232, 12, 200, '#85898a') + rect(x - 38, 230, 72, 14, '#85898a') + rect(x - 38, 300, 72, 10, '#6c6f70')).join('') +
      many(26, i => {
        const x = 214 + i * 30
        const y = 238 + 84 * (1 - ((x - 600) / 420) ** 2) * (i < 13 ? 0.94 : 0.94)
        return rect(x, y, 17, 20, flags[i % 5], `transform="rotate(${(i % 3) * 5 - 5} ${x} ${n(y)})"`)
      }) +
      [[520, 60], [560, 54], [612, 64], [666, 52], [700, 58]].map(([x, s], i) => person(x, deck(x) - 4, s, ['#22324c', '#7a2436', '#22324c', '#2c4a3a', '#7a2436'][i], { skirt: i % 2 ? 8 : 0 }) + rect(x - 10, deck(x) - 4 - s * 0.76, 9, s * 0.3, '#c98a2d', 'rx="2"')).join('')
    )
  },

  'fog.jpg': () => {
    const random = chance(40)
    return (
      sky('#c9c6c4', '#dcd2c6', '#ead9c0', '#d9d0c6') +
      disc(820, 210, 260, glow('#fff0c8', 0.9)) + disc(820, 210, 54, '#fff6df') +
      town(31, 400, 60, 210, '#cfc7bf', '', 80) + rect(0, 250, W, 220, down(['#e2d8cb', 0, 0], ['#e2d8cb', 1, 0.9])) +
      town(17, 440, 30, 150, '#b5aeaa', '', 64) + rect(0, 300, W, 220, down(['#ddd4ca', 0, 0], ['#ddd4ca', 1, 0.95])) +
      many(15, i => tree(i * 86 - 10 + random() * 30, 480, 70 + random() * 40, '#a09b98')) +
      rect(0, 380, W, 150, down(['#d8d0c7', 0, 0], ['#d8d0c7', 1, 1])) +
      rect(0, 500, W, 175, down('#b9b3ac', '#6f6b69')) +
      poly([[560, 486], [600, 486], [520, 675], [180, 675]], '#8d8782', 'opacity="0.6"') + poly([[640, 486], [668, 486], [1010, 675], [740, 675]], '#8d8782', 'opacity="0.6"') +
      many(13, i => {
        const t = (i / 13) ** 2.1
        const y = between(494, 672, t)
        return rect(between(566, 190, t), y, between(32, 330, t), between(1.5, 11, t), '#5f5a57', 'opacity="0.65"') + rect(between(640, 742, t), y, between(26, 270, t), between(1.5, 11, t), '#5f5a57', 'opacity="0.65"')
      }) +
      [[572, 244], [594, 462], [646, 792], [662, 968]].map(([a, b]) => poly([[a - 1, 486], [a + 1, 486], [b + 7, 675], [b - 7, 675]], '#45413f')).join('') +
      disc(585, 458, 150, glow('#fff3cf', 0.95)) +
      path('M552 500V424Q552 404 572 404H598Q618 404 618 424V500Z', '#5c5a5b', 'opacity="0.75"') + rect(562, 416, 46, 24, '#8f949a', 'rx="4" opacity="0.8"') +
      disc(585, 462, 9, '#fffdf2') + disc(566, 476, 5, '#fff6d8') + disc(604, 476, 5, '#fff6d8') +
      rect(0, 440, W, 80, down(['#ded5cb', 0, 0], ['#ded5cb', 0.5, 0.45], ['#ded5cb', 1, 0])) +
      rect(1040, 250, 10, 425, '#3b3a3c') + rect(1022, 220, 46, 120, '#2c2b2d', 'rx="10"') + disc(1045, 246, 90, glow('#e2352f', 0.75)) + disc(1045, 246, 14, '#ff5a4e') + disc(1045, 282, 13, '#54463a') + disc(1045, 316, 13, '#3a4a40') +
      path('M0 600Q150 590 330 640V675H0Z', '#4f4b4a') + person(92, 640, 150, '#3a3839') + person(150, 642, 138, '#444142', { skirt: 14 }) + person(206, 640, 146, '#3a3839') + rect(168, 600, 34, 40, '#59504a', 'rx="4"') +
      rect(0, 520, W, 155, down(['#d8d0c7', 0, 0.35], ['#d8d0c7', 1, 0]))
    )
  },

  'chess.jpg': () => {
    // The board in perspective: rank r (0 far, 8 near), file f (0 to 8).
    const at = (f, r) => {
      const t = r / (r + (8 - r) * 2.1)
      const half = between(270, 620, t)
      return [600 + (f / 4 - 1) * half, between(330, 662, t)]
    }
    const foot = 'M-30 0h60q-2 -14 -10 -18h-40q-8 4 -10 18z'
    const shapes = {
      pawn: `${foot}M-14 -18Q-8 -50 -12 -58H12Q8 -50 14 -18ZM-16 -58h32v-7h-32zM0 -66m-17 -12a17 17 0 1 1 34 0a17 17 0 1 1 -34 0z`,
      rook: `${foot}M-17 -18L-13 -78H13L17 -18ZM-22 -78h44v-28h-10v10h-7v-10h-10v10h-7v-10h-10z`,
      bishop: `${foot}M-15 -18Q-8 -62 -12 -74H12Q8 -62 15 -18ZM-17 -74h34v-7h-34zM0 -134Q24 -106 12 -82H-12Q-24 -106 0 -134ZM0 -140m-5 0a5 5 0 1 1 10 0a5 5 0 1 1 -10 0z`,
      king: `${foot}M-18 -18Q-8 -80 -15 -96H15Q8 -80 18 -18ZM-20 -96h40v-8h-40zM-16 -104L-22 -142H22L16 -104ZM-4 -142v-10h-9v-8h9v-10h8v10h9v8h-9v10z`,
      queen: `${foot}M-18 -18Q-8 -76 -14 -92H14Q8 -76 18 -18ZM-19 -92h38v-8h-38zM-15 -100L-26 -138L-12 -122L0 -144L12 -122L26 -138L15 -100Z`,
      knight: `${foot}M-20 -18Q-24 -60 -4 -72Q-20 -66 -34 -58Q-42 -66 -36 -76Q-18 -98 -10 -108L-8 -122L4 -110Q30 -96 26 -52Q24 -34 22 -18Z`,
    }
    const piece = (kind, f, r, dark) => {
      const [x, y] = at(f + 0.5, r + 0.62)
      const s = between(0.82, 1.75, r / (r + (8 - r) * 2.1))
      return (
        oval(x + 14 * s, y - 2, 46 * s, 12 * s, '#1b0f08', 'opacity="0.4"') +
        put(x, y, path(shapes[kind], dark ? across('#5b3a2a', '#2b1811', '#170c08') : across('#fff6e2', '#ecd5ab', '#b08c5a')), s)
      )
    }
    const order = [['rook', 0, 0, 1], ['king', 6, 0, 1], ['bishop', 3, 1, 1], ['pawn', 5, 1, 1], ['pawn', 6, 1, 1], ['pawn', 7, 1, 1], ['pawn', 0, 2, 1], ['knight', 4, 3, 0], ['pawn', 3, 3, 1], ['queen', 1, 4, 0], ['pawn', 2, 5, 0], ['knight', 6, 4, 1], ['pawn', 4, 6, 0], ['bishop', 5, 5, 0], ['king', 6, 7, 0], ['rook', 1, 7, 0]]
    const random = chance(77)
    return (
      sky('#2a2d3a', '#5c4a4c', '#c1824f') +
      soft(7, many(26, i => disc(random() * W, 60 + random() * 250, 8 + random() * 22, ['#ffcf7d', '#ff9a5c', '#ffe9bd', '#e0605a'][i % 4], 'opacity="0.5"'))) +
      soft(3, rect(0, 0, W, 62, '#1c1d26') + rect(0, 62, W, 16, '#33313a') + rect(120, 70, 86, 290, across('#26252e', '#3d3a41')) + rect(990, 70, 86, 290, across('#26252e', '#3d3a41')) + person(330, 352, 190, '#221d22') + person(870, 352, 200, '#221d22')) +
      rect(0, 320, W, 355, down('#5a3822', '#2b180e')) +
      poly([at(-0.35, -0.35), at(8.35, -0.35), at(8.45, 8.1), at(-0.45, 8.1)], '#3a2112') +
      many(64, i => {
        const f = i % 8
        const r = Math.floor(i / 8)
        return poly([at(f, r), at(f + 1, r), at(f + 1, r + 1), at(f, r + 1)], (f + r) % 2 ? '#7d4a29' : '#e8cc9c')
      }) +
      poly([at(0, 0), at(8, 0), at(8, 8), at(0, 8)], across(['#ffdba0', 0, 0.25], ['#2b180e', 1, 0.3])) +
      order.map(([kind, f, r, dark]) => piece(kind, f, r, dark)).join('')
    )
  },

  'telescope.jpg': () => {
    const random = chance(19)
    const star = () => disc(random() * W, random() * 500, 0.6 + random() ** 4 * 2.6, ['#ffffff', '#dfe9ff', '#fff0d6'][Math.floor(random() * 3)], `opacity="${n(0.4 + random() * 0.6)}"`)
    const tube =
      poly([[-70, 4], [58, -96], [76, -72], [-52, 28]], across('#c8d0dc', '#6f7b90')) + poly([[58, -96], [70, -105], [88, -81], [76, -72]], '#e9edf3') +
      poly([[-70, 4], [-78, 10], [-60, 34], [-52, 28]], '#3f4a60') + line('M-62 -2l-16 -14', '#3f4a60', 9) +
      line('M0 -20L-34 92M0 -20L34 92M0 -20V92', '#10131f', 7) + disc(0, -22, 11, '#2b3347')
    return (
      sky('#060a1c', '#101c42', '#2c3f74', '#7a6a8c') +
      soft(38, put(600, 250, oval(0, 0, 760, 56, '#aebbf0', 'opacity="0.42"') + oval(90, 8, 420, 30, '#f5e4ff', 'opacity="0.4"') + oval(-40, 22, 520, 12, '#0b1230', 'opacity="0.65"'), 1, 'rotate(-24)')) +
      many(420, star) +
      many(5, i => { const [x, y] = [[150, 120], [470, 70], [840, 150], [1050, 70], [300, 300]][i]; return disc(x, y, 14, glow('#dfe9ff', 0.9)) + disc(x, y, 2.6, '#ffffff') }) +
      line('M905 118l-86 40', '#ffffff', 2, 'opacity="0.8"') + line('M819 158l-60 28', '#ffffff', 1, 'opacity="0.35"') +
      ridge(6, 500, 34, '#27315c', 0.7) + ridge(15, 540, 40, '#171f40', 0.8) +
      path('M0 610Q260 520 620 560Q900 590 1200 520V675H0Z', '#090d1e') +
      put(940, 548, rect(-92, -82, 184, 90, across('#5a6688', '#2a3352')) + path('M-98 -82A98 98 0 0 1 98 -82Z', across('#93a2c8', '#56638a', '#2b3457')) + path('M-6 -180Q-28 -140 -30 -82H14Q12 -140 10 -180Z', '#ffd48a') + disc(0, -120, 100, glow('#ffcf85', 0.5)) + rect(-102, -86, 204, 9, '#1d2542') + rect(-12, -44, 30, 52, '#ffdb95') + rect(44, -46, 22, 20, '#ffdb95') + rect(-66, -46, 22, 20, '#ffdb95')) +
      put(420, 484, tube, 1.15) +
      person(318, 592, 116, '#04060f') + person(476, 590, 86, '#04060f', { skirt: 12, arm: 1 }) + person(528, 590, 98, '#04060f') + person(578, 586, 78, '#04060f', { skirt: 10 }) +
      many(40, i => line(`M${i * 31} 675q4 -22 ${(i % 3) * 6 - 6} ${-30 - (i % 5) * 7}`, '#04060f', 4))
    )
  },

  'storeroom.jpg': () => {
    const random = chance(52)
    const glaze = ['#b4532f', '#7d3b26', '#d98d4c', '#3f6f74', '#e4d3b0', '#8a8f5a', '#5b4a68', '#c9a063']
    const pot = kind => [
      'M-16 0Q-40 -30 -30 -58Q-22 -74 -12 -78V-92H-18V-98H18V-92H12V-78Q22 -74 30 -58Q40 -30 16 0Z',
      'M-22 0Q-34 -40 -10 -62L-8 -104H-14V-110H14V-104H8L10 -62Q34 -40 22 0Z',
      'M-14 0Q-52 -16 -46 -52H46Q52 -16 14 0Z',
      'M-26 0L-30 -66Q-30 -80 0 -82Q30 -80 30 -66L26 0Z',
      'M-12 0V-10Q-36 -22 -34 -50Q-32 -76 0 -78Q32 -76 34 -50Q36 -22 12 -10V0Z',
    ][kind]
    const vessel = (x, y) => {
      const kind = Math.floor(random() * 5)
      const d = pot(kind)
      const colour = glaze[Math.floor(random() * glaze.length)]
      return put(x, y, path(d, colour) + clipped(d, rect(-60, -120, 62, 130, '#ffffff', 'opacity="0.13"') + rect(14, -120, 50, 130, '#1a0d08', 'opacity="0.3"') + (random() > 0.4 ? rect(-60, -52, 120, 5, '#f7e6c4', 'opacity="0.75"') + rect(-60, -42, 120, 3, '#2a1710', 'opacity="0.7"') : '')), 0.92 + random() * 0.3)
    }
    const crate = (x, y) => rect(x - 44, y - 70, 88, 70, '#a9794a') + rect(x - 44, y - 70, 88, 20, '#b98a58') + rect(x - 44, y - 26, 88, 4, '#7a5430') + rect(x - 44, y - 50, 88, 3, '#7a5430') + rect(x - 16, y - 46, 32, 16, '#f5ecd8')
    const statue = (x, y) => put(x, y, path('M-34 0V-16H34V0Z', '#8f8a80') + path('M-24 -16Q-34 -60 -10 -72L-12 -84Q-20 -112 0 -118Q20 -112 12 -84L10 -72Q34 -60 24 -16Z', across('#e8e2d4', '#b9b2a2', '#87806f')), 1.05)
    return (
      sky('#2b1d17', '#3d2a20', '#241812') +
      [0, 1, 2].map(row => {
        const y = 208 + row * 178
        return rect(0, y - 164, W, 164, down('#4d3526', '#35241a')) + many(11, i => {
          const x = 60 + i * 108 + (random() - 0.5) * 16
          const pick = random()
          return oval(x, y - 2, 44, 6, '#160d08', 'opacity="0.5"') + (pick > 0.9 ? statue(x, y) : pick > 0.76 ? crate(x, y) : vessel(x, y)) + (pick <= 0.76 ? rect(x - 11, y + 4, 22, 10, '#f5ecd8') : '')
        }) + rect(0, y, W, 18, down('#94683f', '#5f4026'))
      }).join('') +
      [-6, 380, 806, 1186].map(x => rect(x, 20, 22, 560, across('#a87848', '#644428'))).join('') +
      rect(0, 582, W, 93, down('#6d5038', '#3a2a1e')) +
      poly([[700, 640], [778, 90], [792, 90], [718, 640]], '#c9975c') + poly([[826, 640], [852, 90], [866, 90], [844, 640]], '#b58450') + many(10, i => rect(774 - i * 7.2, 124 + i * 52, 84 + i * 4.8, 9, '#dcae74')) +
      person(560, 655, 250, '#1a1414') + path('M498 480l70 -8l4 12l-68 12z', '#1a1414') + put(498, 482, path(pot(0), '#d98d4c') + rect(-24, -48, 48, 5, '#f7e6c4'), 0.85) +
      poly([[500, 0], [640, 0], [980, 675], [160, 675]], down(['#ffe3a6', 0, 0.38], ['#ffe3a6', 1, 0])) + rect(0, 0, W, H, across(['#0c0705', 0, 0.6], ['#0c0705', 0.35, 0], ['#0c0705', 0.65, 0], ['#0c0705', 1, 0.6]))
    )
  },

  'island.jpg': () => {
    const random = chance(61)
    const cone = roll(12, 5)
    const slope = (half, y, h, side) => Array.from({ length: 41 }, (_, i) => {
      const t = i / 40
      return [700 + side * half * t, y - h * (1 - t) ** 1.55 + cone(t * 900 + side * 300) * 7 * t]
    })
    return (
      sky('#7fb3cf', '#c7dfe2', '#f7ead0', '#f6d2a8') +
      disc(250, 310, 240, glow('#fff3cf', 0.9)) +
      many(7, () => oval(random() * W, 60 + random() * 170, 130 + random() * 120, 9 + random() * 10, '#ffffff', 'opacity="0.6"')) +
      poly([...slope(430, 430, 300, -1).reverse(), ...slope(430, 430, 300, 1)], across('#5d7f86', '#3e5f6b', '#2c4653')) +
      poly([[700, 130], ...slope(430, 430, 300, 1), [760, 430]], '#22394a', 'opacity="0.35"') +
      soft(5, [[600, 226, 120], [690, 210, 130], [790, 228, 120], [860, 244, 80], [530, 244, 70]].map(([x, y, r]) => oval(x, y, r, 17, '#ffffff', 'opacity="0.92"')).join('')) +
      ridge(71, 424, 7, '#4f7a5d', 3) +
      rect(0, 432, W, 243, down('#3f87a0', '#1f5872', '#123a52')) +
      path('M300 438Q500 412 700 416Q930 414 1130 438Z', '#46704f') +
      many(26, i => rect(470 + i * 21 + random() * 8, 420 - random() * 5, 7, 7, '#fbf6ea') + rect(469 + i * 21, 417 - random() * 4, 9, 4, '#c4562f', 'opacity="0.9"')) +
      many(70, () => { const y = 446 + random() ** 1.4 * 220; return rect(random() * W, y, 20 + (y - 430) * 0.5 * random(), 1.4 + (y - 430) / 110, '#d7eef0', 'opacity="0.35"') }) +
      path('M0 520Q90 470 190 500Q320 500 390 552Q470 570 520 632L560 675H0Z', down('#4a4a48', '#20252a')) + path('M0 520Q90 470 190 500Q260 500 310 530Q200 520 120 540Q60 545 0 560Z', '#6f7f52') +
      put(180, 506, poly([[-40, 4], [-26, -216], [26, -216], [40, 4]], across('#ffffff', '#efe9de', '#b4b0aa')) + poly([[-35.2, -70], [-32, -120], [32, -120], [35.2, -70]], across('#d2402f', '#b93627', '#842318')) + poly([[-29.6, -160], [-27, -200], [27, -200], [29.6, -160]], across('#d2402f', '#b93627', '#842318')) + rect(-36, -226, 72, 10, '#33383d') + rect(-20, -262, 40, 36, '#fff2bd') + rect(-20, -262, 5, 36, '#33383d') + rect(-2, -262, 4, 36, '#33383d') + rect(15, -262, 5, 36, '#33383d') + path('M-26 -262Q0 -296 26 -262Z', '#b93627') + disc(0, -245, 70, glow('#fff2bd', 0.9)) + rect(-8, -30, 16, 34, '#3d2d24', 'rx="8"')) +
      put(300, 540, rect(-52, -50, 104, 54, '#f4eee0') + poly([[-60, -50], [0, -84], [60, -50]], '#b4512f') + rect(-34, -34, 20, 20, '#3d5a66') + rect(14, -34, 20, 38, '#5a3d2a')) +
      put(412, 584, line('M0 0V-110M-26 -110H26M-26 -110v-8M26 -110v-8', '#262a2d', 5) + disc(-26, -122, 8, '#f4eee0') + disc(26, -122, 8, '#f4eee0') + rect(-17, -72, 34, 30, '#ffffff') + many(4, i => rect(-17, -67 + i * 7, 34, 2, '#a9aeb0'))) +
      [[420, 190, 16], [470, 214, 12], [366, 236, 13], [980, 120, 13], [1030, 142, 10]].map(b => bird(...b, '#34495a')).join('')
    )
  },

  'marigolds.jpg': () => {
    const random = chance(90)
    const flower = (x, y, r, hot) => {
      const tones = hot ? ['#c8530f', '#ea7a16', '#f79a2b', '#ffb84d'] : ['#d79a0b', '#f2bd1d', '#fbd241', '#ffe680']
      return tones.map((tone, ring) => many(Math.max(5, 11 - ring * 2), i => {
        const turn = (i / Math.max(5, 11 - ring * 2)) * 6.283 + ring * 0.4 + x
        const d = r * [0.66, 0.46, 0.26, 0.06][ring]
        return disc(x + Math.cos(turn) * d, y + Math.sin(turn) * d, r * [0.34, 0.31, 0.26, 0.2][ring], tone)
      })).join('')
    }
    const basket = (x, y, w, hot) => {
      let heap = ''
      for (let row = 0; row < 5; row++) heap += many(11 - row * 2, i => flower(x + (i - (10 - row * 2) / 2) * w * 0.17 + (random() - 0.5) * 10, y - row * w * 0.125 + (random() - 0.5) * 8, w * 0.115, random() > 0.15 ? hot : !hot))
      return oval(x, y + w * 0.46, w * 0.86, w * 0.14, '#1c110c', 'opacity="0.4"') + path(`M${x - w} ${y}Q${x - w * 0.8} ${y + w * 0.5} ${x - w * 0.5} ${y + w * 0.5}H${x + w * 0.5}Q${x + w * 0.8} ${y + w * 0.5} ${x + w} ${y}Z`, across('#c08a4e', '#94632f', '#63401c')) +
        many(5, i => line(`M${x - w * (0.97 - i * 0.07)} ${y + w * 0.1 * i + 6}Q${x} ${y + w * 0.1 * i + 22} ${x + w * (0.97 - i * 0.07)} ${y + w * 0.1 * i + 6}`, '#5d3b1a', 3, 'opacity="0.55"')) + heap
    }
    const garland = (x, drop, hot) => many(Math.floor(drop / 22), i => flower(x + Math.sin(i * 0.9) * 3, 96 + i * 22, 17, i % 4 === 3 ? !hot : hot)) + poly([[x - 9, 96 + drop], [x + 9, 96 + drop], [x, 128 + drop]], '#2f6a3b')
    return (
      sky('#1f3d49', '#3b6364', '#a8895f') +
      soft(6, many(9, i => rect(i * 140 - 30, 130 + random() * 60, 110, 300, ['#2c4f58', '#51604f', '#6a5a49', '#3b5a5f'][i % 4]) + rect(i * 140, 210 + random() * 40, 44, 56, '#ffd98f', 'opacity="0.6"'))) +
      soft(3, [[180, 420, 190], [470, 410, 170], [760, 416, 184], [1010, 412, 176]].map(([x, y, s], i) => person(x, y + 20, s, ['#24343c', '#3a2c38', '#20302a', '#33303f'][i], { skirt: i % 2 ? 20 : 0 })).join('')) +
      rect(0, 410, W, 265, down('#5b4a3b', '#2a211b')) +
      many(13, i => poly([[i * 100 - 50, 0], [i * 100 + 50, 0], [i * 100 + 50, 66], [i * 100 - 50, 66]], i % 2 ? '#b8362d' : '#f3e8d2') + path(`M${i * 100 - 50} 66a50 26 0 0 0 100 0z`, i % 2 ? '#9d2b24' : '#e2d4b8')) +
      many(12, i => garland(50 + i * 100, [210, 130, 240, 160, 110, 200, 140, 250, 120, 190, 150, 220][i], i % 3 !== 1)) +
      basket(170, 470, 130, false) + basket(480, 462, 124, true) + basket(770, 466, 126, false) + basket(1060, 470, 132, true) +
      basket(20, 590, 150, true) + basket(330, 596, 158, true) + basket(640, 600, 160, false) + basket(950, 596, 158, true) + basket(1220, 600, 150, false)
    )
  },

  'monsoon.jpg': () => {
    const random = chance(23)
    const cloud = (seed, y, fill, size) => {
      const r = chance(seed)
      return many(26, i => oval(i * 50 - 20, y + (r() - 0.5) * 90, size * (0.9 + r() * 0.9), size * (0.5 + r() * 0.5), fill))
    }
    const palm = (x, y, h, lean) => line(`M${x} ${y}Q${x + lean * 0.2} ${y - h * 0.6} ${x + lean} ${y - h}`, '#14221c', 8) + many(8, i => {
      const a = -3.5 + i * 0.55
      return line(`M${x + lean} ${y - h}q${n(Math.cos(a) * 46)} ${n(Math.sin(a) * 56 - 16)} ${n(Math.cos(a) * 84)} ${n(Math.sin(a) * 44 + 34)}`, '#14221c', 8)
    })
    return (
      sky('#27333f', '#52646f', '#a9b5a6', '#e6dfae') +
      cloud(2, 300, '#8d9a9c', 70) + cloud(5, 240, '#6b7a82', 86) + cloud(9, 160, '#4c5a65', 100) + cloud(14, 70, '#333f4b', 120) + cloud(31, 0, '#232d38', 120) +
      disc(870, 250, 230, glow('#fff4c4', 0.5)) + line('M884 150l-12 48l22 26l-30 52l14 22l-26 48l10 20l-18 46', '#fffbe6', 3.5) + line('M864 276l-40 34l-6 32l-24 18M852 346l28 30l4 20', '#fffbe6', 1.8) +
      ridge(44, 412, 18, '#5c7260', 0.9) + ridge(10, 436, 10, '#43604b', 1.4) +
      rect(0, 440, W, 235, down('#8fae76', '#5c8a4a', '#2f5b34')) +
      many(5, i => { const y = [452, 474, 508, 558, 628][i]; const h = [12, 20, 32, 46, 60][i]; return rect(0, y, W, h * 0.62, down('#d5dfcf', '#8fa6a0'), 'opacity="0.85"') }) +
      many(11, i => poly([[600 + (i - 5) * 60, 444], [604 + (i - 5) * 60, 444], [600 + (i - 5) * 250 + 20, 675], [600 + (i - 5) * 250 - 14, 675]], '#3d6a37')) +
      [464, 494, 540, 604].map((y, k) => rect(0, y, W, [4, 6, 9, 13][k], '#3d6a37')).join('') +
      many(420, () => { const y = 450 + random() ** 1.5 * 220; const s = (y - 430) / 14; return line(`M${n(random() * W)} ${n(y)}l${n(-s * 0.2)} ${n(-s)}`, ['#a7cf6a', '#6fa348', '#c6e08a'][Math.floor(random() * 3)], n(0.8 + s / 9)) }) +
      palm(170, 500, 190, 40) + palm(230, 506, 150, 26) + palm(1080, 496, 170, -34) +
      put(690, 590, person(0, 0, 150, '#2a2f36', { skirt: 6 }) + line('M6 -108L18 -160', '#1c2024', 5) + path('M-62 -150Q18 -236 98 -150Q78 -160 58 -150Q38 -160 18 -150Q-2 -160 -22 -150Q-42 -160 -62 -150Z', ACCENT)) +
      put(770, 592, person(0, 0, 104, '#33404a', { skirt: 8 })) +
      many(210, () => { const x = random() * (W + 160); const y = random() * H; const l = 26 + random() * 44; return line(`M${n(x)} ${n(y)}l${n(-l * 0.24)} ${n(l)}`, '#e8f0ee', 1.6, `opacity="${n(0.2 + random() * 0.3)}"`) })
    )
  },

  'port.jpg': () => {
    const random = chance(34)
    const paint = ['#b7412e', '#d98b2b', '#2d6a86', '#3f8a73', '#c9b48c', '#6b4a63', '#8c2f3a', '#4f7fa8']
    const box = (x, y, w, h) => {
      const colour = paint[Math.floor(random() * paint.length)]
      return rect(x, y, w - 1.5, h - 1.5, colour) + many(Math.floor(w / 9), i => rect(x + 4 + i * 9, y + 3, 2, h - 8, '#0e1a22', 'opacity="0.22"')) + rect(x, y, w - 1.5, 2.5, '#ffffff', 'opacity="0.25"')
    }
    const stack = (x, y, columns, w, h, heights) => many(columns, c => many(heights[c % heights.length], r => box(x + c * w, y - (r + 1) * h, w, h)))
    const crane = (x, y, s, colour) => put(x, y,
      line('M-70 0L-58 -330M70 0L58 -330M-64 -150H64M-66 -120L62 -300M66 -120L-62 -300', colour, 11) + rect(-78, -14, 156, 14, colour) + rect(-66, -344, 132, 18, colour) +
      rect(-330, -352, 520, 15, colour) + line('M0 -344V-470M0 -468L-318 -350M0 -468L180 -350M-36 -344L0 -468M36 -344L0 -468', colour, 6) + many(17, i => line(`M${-326 + i * 30} -338l15 14l15 -14`, colour, 3)) + rect(-326, -326, 510, 4, colour) +
      rect(-250, -334, 34, 22, '#22303a') + line('M-244 -312V-210M-222 -312V-210', '#22303a', 3) + box(-268, -212, 70, 30), s)
    return (
      sky('#20445c', '#5a8494', '#e0b78a', '#f7d9a4') +
      disc(930, 360, 320, glow('#fff0c4', 0.95)) + disc(930, 372, 58, '#fff5d6') +
      many(6, i => oval(120 + i * 210, 110 + ((i * 53) % 120), 170, 9, '#f8dcb0', 'opacity="0.35"')) +
      ridge(13, 420, 14, '#6f8a92', 0.8) + rect(0, 432, W, 50, '#7f9797') +
      faint(0.6, crane(1010, 448, 0.42, '#4a5f6c') + crane(1140, 448, 0.42, '#4a5f6c') + stack(880, 448, 22, 16, 9, [3, 4, 2, 5, 3])) +
      rect(0, 446, W, 229, down('#d9b78c', '#5f8890', '#24495b')) +
      many(60, () => { const y = 456 + random() * 215; return rect(random() * W, y, 24 + random() * 90, 1.6 + (y - 440) / 90, '#fbe6bf', 'opacity="0.28"') }) + many(14, i => rect(930 - 16 - random() * i * 5, 456 + i * 13, 36 + random() * 40 + i * 4, 4, '#fff2cf', 'opacity="0.6"')) +
      path('M330 492H1120L1176 478Q1172 556 1110 590H372Q340 560 330 492Z', down('#8c2a2c', '#5d1a22', '#30121a')) + rect(330, 492, 800, 8, '#f2e5cf') + stack(430, 492, 9, 62, 30, [5, 6, 6, 5, 6, 4, 6, 5, 3]) + rect(1010, 360, 84, 132, '#efe8da') + rect(1004, 348, 96, 14, '#d8cfbd') + many(4, i => rect(1018, 374 + i * 28, 68, 11, '#3b5361')) + rect(1030, 300, 30, 50, ACCENT) + rect(1030, 312, 30, 8, '#f2e5cf') +
      poly([[352, 590], [1130, 590], [1100, 640], [400, 640]], '#12303f', 'opacity="0.4"') +
      poly([[0, 560], [330, 560], [300, 675], [0, 675]], down('#6d6a66', '#35383a')) + rect(0, 556, 330, 9, '#e2c14c') + stack(-18, 556, 4, 78, 38, [3, 4, 2, 1]) +
      crane(214, 560, 1.02, '#b5352b') + person(190, 640, 84, '#1c2429') + person(226, 644, 82, '#d98b2b') +
      [[640, 120, 13], [690, 140, 10], [590, 150, 9]].map(b => bird(...b, '#2c4452')).join('')
    )
  },

  'kites.jpg': () => {
    const random = chance(140)
    const paper = [['#d8343a', '#f6c445'], ['#2a7fb8', '#f3efe2'], ['#2f9a64', '#f6c445'], ['#f07f2e', '#7a2a6a'], ['#7a2a6a', '#f3a6b8'], ['#f3efe2', '#d8343a'], ['#f6c445', '#23486b']]
    const kite = (x, y, s, turn, [a, b]) => put(x, y, poly([[0, -50], [44, 0], [0, 56], [-44, 0]], a) + poly([[0, -50], [44, 0], [0, 56]], b) + line('M0 -50V56', '#3a2a22', 2) + line('M-44 0Q0 -30 44 0', '#3a2a22', 2) + disc(0, -4, 9, a) + poly([[0, 48], [18, 76], [-18, 76]], a), s, `rotate(${turn})`)
    const at = [[210, 160, 1.5, -18], [520, 110, 1.05, 14], [760, 230, 1.7, 22], [1010, 110, 1.15, -12], [380, 300, 0.9, 10], [620, 320, 0.6, -20], [920, 330, 0.8, 16], [90, 330, 0.65, 20], [1110, 270, 0.95, 24], [300, 70, 0.55, 8], [660, 60, 0.5, -14], [860, 60, 0.6, 20], [1150, 60, 0.5, 6], [480, 220, 0.45, 18], [1040, 400, 0.5, -16], [150, 430, 0.45, 12]]
    const hands = [[330, 486], [470, 520], [640, 470], [900, 500]]
    return (
      sky('#2f8fc0', '#6bbbd3', '#c5e3d2', '#fbe3a8', '#f9c67c') +
      disc(980, 520, 300, glow('#fff3c4', 0.9)) +
      many(6, i => soft(2, oval(100 + i * 230, 210 + ((i * 71) % 190), 120, 14, '#ffffff', 'opacity="0.55"'))) +
      at.map(([x, y], i) => line(`M${x} ${y}Q${n((x + hands[i % 4][0]) / 2 - 20)} ${n((y + hands[i % 4][1]) / 2 + 50)} ${hands[i % 4][0] + 14} ${hands[i % 4][1]}`, '#ffffff', 1.3, 'opacity="0.7"')).join('') +
      at.map(([x, y, s, t], i) => kite(x, y, s, t, paper[i % paper.length])).join('') +
      town(77, 575, 20, 70, '#c78d6a', '', 60) + town(78, 610, 10, 80, '#a4654f', '#ffe2a0', 74) +
      path('M250 675V552H430V590H560V536H760V600H850V566H1010V675Z', down('#6f3f39', '#4c2a2c')) + many(18, i => rect(254 + i * 10, 540, 4, 14, '#6f3f39')) + many(20, i => rect(562 + i * 10, 524, 4, 14, '#6f3f39')) + many(16, i => rect(852 + i * 10, 554, 4, 14, '#6f3f39')) + rect(250, 538, 180, 4, '#6f3f39') + rect(560, 522, 200, 4, '#6f3f39') + rect(850, 552, 160, 4, '#6f3f39') +
      [290, 350, 600, 700, 890, 960].map(x => path(`M${x - 13} 650v-34a13 13 0 0 1 26 0v34z`, '#f7c77a')).join('') +
      person(318, 554, 66, '#2a1a26', { arm: 0.6 }) + person(364, 554, 56, '#3d2030', { skirt: 8 }) + person(402, 554, 46, '#2a1a26', { arm: -0.6 }) + person(460, 592, 68, '#2a1a26', { arm: 0.6 }) + person(628, 538, 68, '#2a1a26', { arm: 0.6 }) + person(680, 538, 62, '#3d2030', { skirt: 9 }) + person(720, 538, 48, '#2a1a26', { arm: 0.6 }) + person(888, 568, 68, '#2a1a26', { arm: 0.6 }) + person(950, 568, 60, '#3d2030', { skirt: 8 }) +
      rect(505, 548, 34, 42, '#23272c', 'rx="4"') + rect(500, 544, 44, 7, '#23272c') + many(40, () => disc(random() * W, random() * 330, 1, '#ffffff', 'opacity="0.4"'))
    )
  },

  'stepwell.jpg': () => {
    let out = sky('#d9b27a', '#b98952', '#7d5a38')
    const tiers = 8
    for (let t = 0; t < tiers; t++) {
      const y = 62 + t * 62
      const inset = t * 34
      const count = 12 - t
      const w = (W - inset * 2) / count
      out += rect(inset, y, W - inset * 2, 62, ['#dcb27b', '#d3a66d', '#c99a61', '#bd8d56', '#ae7f4c', '#9d7143', '#8a623b', '#765333'][t]) + rect(inset, y, W - inset * 2, 4, '#f2d3a0', 'opacity="0.8"') + rect(inset, y + 4, W - inset * 2, 6, '#4a3220', 'opacity="0.35"')
      for (let c = 0; c < count; c++) {
        const x = inset + c * w
        for (let s = 0; s < 6; s++) {
          const step = w * 0.072
          const top = y + 10 + s * 8.6
          out += rect(x + w * 0.5 - step * (s + 1), top, step * (s + 1), 62 - 10 - s * 8.6, ['#e8c48e', '#d7b07a'][s % 2], `opacity="${n(1 - t * 0.07)}"`) + rect(x + w * 0.5, top, step * (s + 1), 62 - 10 - s * 8.6, ['#7c5733', '#6a492b'][s % 2], `opacity="0.9"`) + rect(x + w * 0.5 - step * (s + 1), top, step, 2, '#fff0cf', 'opacity="0.7"')
        }
        out += path(`M${n(x - 9)} ${y + 62}v-22a9 9 0 0 1 18 0v22z`, '#3a2718', 'opacity="0.75"')
      }
      out += poly([[inset, y], [inset + 34, y + 62], [inset, y + 62]], '#5d4128') + poly([[W - inset, y], [W - inset - 34, y + 62], [W - inset, y + 62]], '#f0cb95') + rect(0, y, inset, 62, '#6e4e30') + rect(W - inset, y, inset, 62, '#c79a62')
    }
    const pool = 62 + tiers * 62
    return (
      out +
      rect(0, pool, W, H - pool, '#5a4028') + rect(tiers * 34, pool, W - tiers * 68, H - pool, down('#6f7f3f', '#3f5c3d', '#1f3b36')) +
      many(6, i => rect(tiers * 34, pool + 8 + i * 18, W - tiers * 68, 5 - i * 0.5, '#c9a15f', 'opacity="0.3"')) + many(9, i => poly([[330 + i * 66, pool], [360 + i * 66, pool + 52 - (i % 2) * 14], [390 + i * 66, pool]], '#8c6a3a', 'opacity="0.5"')) +
      poly([[0, 62], [520, 62], [820, 675], [0, 675]], across(['#20140c', 0, 0.55], ['#20140c', 1, 0.12])) +
      rect(0, 0, W, 62, down('#8fc3dd', '#d5e6dd')) + many(5, i => put(120 + i * 240, 62, path('M-46 0V-28H46V0Z', '#caa06a') + path('M-38 -28Q-36 -54 0 -58Q36 -54 38 -28Z', '#b98b55') + rect(-2, -66, 4, 10, '#8a6336') + path('M-10 0v-14a10 10 0 0 1 20 0v14z', '#4a3220'))) +
      person(470, 320, 58, '#b3272f', { skirt: 16 }) + disc(470, 260, 10, '#d9a23a') + person(530, 381, 58, '#2b4f8a', { skirt: 16 }) + disc(530, 320, 10, '#d9a23a') + person(760, 505, 60, '#f1e6cf') +
      [[880, 260], [920, 246], [850, 286], [560, 540], [610, 560]].map(([x, y]) => bird(x, y, 12, '#2b2119')).join('')
    )
  },

  'tea.jpg': () => {
    const random = chance(66)
    const greens = ['#8fae74', '#7ba062', '#5f8e4c', '#4b7c3e', '#386a33', '#2a5729']
    const slope = (k, y, h, seed) => {
      const at = roll(seed, 0.55)
      const top = x => y + at(x) * h
      const rows = 5 + k
      return ridge(seed, y, h, greens[k], 0.55) + many(rows, r => {
        // Bushes: rounded humps along a contour that sinks and flattens with the slope.
        const size = 7 + k * 3.4 + r * (0.6 + k * 0.32)
        const drop = 12 + r * (12 + k * 4.5)
        let d = ''
        for (let x = -20 + (r % 2) * size; x < W + 30; x += size * 1.9) d += `M${n(x - size)} ${n(top(x) * 0.94 + y * 0.06 + drop)}a${n(size)} ${n(size * 0.72)} 0 0 1 ${n(size * 2)} 0q${n(-size)} ${n(size * 0.6)} ${n(-size * 2)} 0z`
        return path(d, greens[Math.min(5, k + 1)], 'transform="translate(0 3)"') + path(d, r % 2 ? greens[Math.max(0, k - 1)] : greens[k], 'opacity="0.9"')
      })
    }
    return (
      sky('#a9cbd6', '#d9e4d8', '#f6e6c4') + disc(300, 190, 280, glow('#fff6d8', 1)) + disc(300, 190, 44, '#fffaf0') +
      ridge(41, 290, 60, '#9fb9b6', 0.7) + ridge(42, 330, 50, '#87a69f', 0.9) + rect(0, 300, W, 90, down(['#eef0e2', 0, 0], ['#eef0e2', 0.7, 0.85], ['#eef0e2', 1, 0])) +
      slope(0, 372, 34, 43) + slope(1, 410, 36, 45) + rect(0, 380, W, 80, down(['#f3f1df', 0, 0], ['#f3f1df', 0.6, 0.5], ['#f3f1df', 1, 0])) +
      put(866, 424, rect(-92, -40, 184, 44, '#f1e7d2') + poly([[-104, -40], [-70, -72], [70, -72], [104, -40]], '#a3453a') + many(6, i => rect(-78 + i * 29, -30, 14, 18, '#5b6a6c')) + rect(54, -104, 16, 40, '#8d5a4a')) +
      slope(2, 468, 34, 47) + [140, 420, 640, 1040].map((x, i) => rect(x, 380 + i * 8, 5, 110, '#4a4a38') + oval(x, 386 + i * 8, 52, 20, '#5d7f4a') + oval(x + 26, 372 + i * 8, 36, 16, '#6d8f55') + oval(x - 30, 376 + i * 8, 34, 14, '#557846')).join('') +
      slope(3, 548, 30, 49) +
      [[330, 600, 104, '#b3272f'], [430, 612, 108, '#d98b2b'], [870, 604, 106, '#2b4f8a']].map(([x, y, s, c]) => person(x, y, s, c, { skirt: 14 }) + path(`M${x + 8} ${y - s * 0.78}h24l-4 44h-16z`, '#c79a5a') + path(`M${x - 11} ${y - s * 0.9}q11 -22 22 0z`, '#f1e6cf')).join('') +
      slope(4, 640, 22, 51) + many(5, () => bird(560 + random() * 300, 90 + random() * 110, 11, '#4a6264'))
    )
  },

  'wetland.jpg': () => {
    const random = chance(212)
    const stork = (x, y, s, flip, colour = '#1d2433') =>
      put(x, y, line('M-4 0V-52M10 0V-50M10 0h9M-4 0h9', colour, 3) + path('M-34 -60Q-20 -82 10 -78Q30 -74 34 -96Q34 -126 40 -134Q50 -142 56 -132L90 -122L56 -124Q46 -120 48 -98Q46 -62 18 -52Q-10 -46 -34 -60Z', colour) + path('M-34 -60L-54 -48L-20 -52Z', colour), [s * flip, s])
    const mirrored = (x, y, s, flip) => `<g opacity="0.3" transform="translate(0 ${2 * y}) scale(1 -1)">${stork(x, y, s, flip)}</g>${stork(x, y, s, flip)}`
    const goose = (x, y, s) => put(x, y, path('M-22 2Q-6 -6 14 -2L34 -6L40 -2L16 4Q-4 10 -22 2Z', '#2a2f45') + path('M-4 0Q-16 -22 -36 -32Q-8 -28 10 -2Z', '#2a2f45') + path('M2 0Q10 -20 4 -38Q22 -18 14 0Z', '#3a4058'), s)
    return (
      sky('#5c6f9c', '#b48aa3', '#f0a988', '#fbd79a') + disc(600, 392, 330, glow('#fff0c0', 0.95)) + disc(600, 372, 66, '#fff4d2') +
      many(6, i => oval(90 + i * 220, 90 + ((i * 83) % 150), 180, 8, '#f7c3a6', 'opacity="0.4"')) +
      ridge(25, 392, 12, '#98708c', 1.5) + ridge(26, 404, 10, '#704f74', 2.4) + many(16, i => tree(i * 78 + random() * 30, 412, 34 + random() * 34, '#704f74')) +
      rect(0, 408, W, 267, down('#fbd39a', '#d98f86', '#6e6490', '#333a60')) + path('M534 410h132l70 265h-272z', down(['#fff4d2', 0, 0.8], ['#fff4d2', 0.5, 0.25], ['#fff4d2', 1, 0])) +
      many(90, () => { const y = 412 + random() ** 1.3 * 255; return rect(random() * W, y, 20 + random() * 110, 1.2 + (y - 408) / 90, ['#fff0cf', '#4a4a74'][Math.floor(random() * 2)], 'opacity="0.3"') }) +
      [[0, 0], [-64, 22], [-50, -28], [-130, 46], [-104, -50], [-194, 72], [-160, -66], [-258, 96], [-324, 122]].map(([dx, dy]) => goose(930 + dx, 130 + dy, 0.72)).join('') +
      [[230, 240], [275, 262], [325, 226], [190, 270], [370, 256]].map(([x, y]) => bird(x, y, 12, '#3a3a58')).join('') +
      mirrored(404, 496, 0.56, 1) + mirrored(500, 484, 0.46, -1) + mirrored(878, 506, 0.7, -1) + mirrored(964, 492, 0.54, 1) + mirrored(770, 470, 0.4, 1) + mirrored(236, 566, 1.05, 1) +
      many(24, i => oval(450 + i * 14 + random() * 10, 452 + random() * 24, 6, 3, '#2a2f45') + disc(455 + i * 14 + random() * 6, 447 + random() * 20, 2.4, '#2a2f45')) +
      many(64, i => { const x = i < 30 ? random() * 190 - 20 : 960 + random() * 260; const h = 110 + random() * 190; const lean = (random() - 0.4) * 60; return line(`M${n(x)} 680Q${n(x + lean * 0.2)} ${n(680 - h * 0.6)} ${n(x + lean)} ${n(680 - h)}`, ['#1a2030', '#242a3e', '#12161f'][i % 3], n(2.5 + random() * 3)) + (i % 3 === 0 ? oval(x + lean, 680 - h - 14, 6, 22, '#2b2027') : '') }) +
      path('M0 640Q120 620 260 650Q330 664 380 675H0Z', '#12161f') + path('M1200 628Q1080 616 960 650Q900 664 860 675H1200Z', '#12161f')
    )
  },

  'metro.jpg': () => {
    const coach = (x, w, nose) => {
      const d = nose ? `M0 0H${w - 60}Q${w} 0 ${w} 62V84H0Z` : `M0 0H${w}V84H0Z`
      return put(x, 292, path(d, down('#f3f5f6', '#cfd6db', '#9aa5ad')) + rect(0, 58, w - (nose ? 2 : 0), 9, ACCENT) + many(nose ? 3 : 4, i => rect(20 + i * 84, 17, 58, 31, '#28404f', 'rx="4"') + rect(22 + i * 84, 19, 26, 27, '#ffe3a0', 'rx="3" opacity="0.75"') + disc(36 + i * 84, 34, 6, '#28404f') + rect(29 + i * 84, 39, 14, 8, '#28404f')) + (nose ? path(`M${w - 58} 16H${w - 46}Q${w - 14} 20 ${w - 8} 48H${w - 58}Z`, '#1d303c') + disc(w - 12, 72, 6, '#fff6d0') + disc(w - 12, 72, 60, glow('#fff6d0', 0.8)) : rect(w - 5, 6, 5, 74, '#5c6870')) + many(2, i => rect(30 + i * (w - 110), 84, 50, 8, '#39434a')))
    }
    const random = chance(88)
    return (
      sky('#f2b27c', '#f7cf9a', '#fbe8c8', '#e9e2cf') + disc(250, 240, 260, glow('#fff6dc', 1)) + disc(250, 240, 48, '#fffaf0') +
      town(81, 470, 60, 240, '#dcb79a', '', 70) + town(82, 500, 40, 190, '#c08f7b', '#fbe3b0', 62) + town(83, 540, 20, 120, '#94675f', '#fbd890', 58) +
      many(17, i => tree(i * 74 + random() * 20, 606, 84 + random() * 40, ['#41593f', '#4d6846', '#374d38'][i % 3], '#3b2d25')) +
      rect(0, 596, W, 79, down('#6b5b52', '#40363a')) + many(12, i => rect(i * 110 - 30, 634, 56, 5, '#e5d2a8')) +
      [130, 430, 730, 1030].map(x => path(`M${x - 74} 404H${x + 74}L${x + 30} 446V640H${x - 30}V446Z`, across('#c9c1b4', '#a69d92', '#736c69')) + oval(x, 640, 62, 8, '#2a2224', 'opacity="0.4"')).join('') +
      rect(0, 376, W, 34, down('#d8d0c3', '#a39a90')) + rect(0, 372, W, 6, '#efe9dd') + rect(0, 406, W, 6, '#6e6763') + many(26, i => rect(i * 48, 382, 2, 22, '#8d857d', 'opacity="0.6"')) +
      coach(-180, 356, false) + coach(180, 356, false) + coach(540, 390, true) +
      [60, 400, 740, 1080].map(x => rect(x, 214, 7, 160, '#55595c') + rect(x, 232, 90, 5, '#55595c') + line(`M${x + 8} 262L${x + 60} 236`, '#55595c', 4)).join('') + line('M0 246Q270 260 480 244Q800 262 1200 244', '#55595c', 2) +
      [[330, 652, 90, '#e9c46a'], [600, 660, 104, '#f3efe4'], [890, 650, 90, '#b3413a']].map(([x, y, s, c], i) => i === 1 ? put(x, y, path('M-60 -14Q-62 -58 -34 -62H26Q46 -60 54 -36L62 -30V-14Z', '#2f7d4f') + path('M-60 -40Q-58 -62 -34 -62H26Q42 -60 48 -46H-60Z', '#f0c23c') + rect(-34, -54, 34, 24, '#26343a') + disc(-38, -12, 12, '#1b1b1f') + disc(44, -12, 12, '#1b1b1f')) : person(x, y, s, c, { skirt: i ? 12 : 0 })).join('') +
      [[560, 120, 13], [600, 140, 10], [520, 146, 10], [900, 100, 12]].map(b => bird(...b, '#8a6558')).join('')
    )
  },

  'bookmarket.jpg': () => {
    const random = chance(121)
    const spines = ['#a9362f', '#d58a32', '#2f5d7c', '#3f7a5b', '#6d3f63', '#d9c79a', '#7a4a2c', '#c25a3c', '#38474f', '#e8dcc0']
    const pile = (x, y, count, w) => { let out = ''; let top = y; for (let i = 0; i < count; i++) { const h = 8 + random() * 12; const ww = w * (0.78 + random() * 0.3); const dx = (random() - 0.5) * 14; top -= h; out += rect(x - ww / 2 + dx, top, ww, h - 1, spines[Math.floor(random() * spines.length)], 'rx="2"') + rect(x - ww / 2 + dx + ww * 0.12, top + 1.5, 5, h - 4, '#f7e9c6', 'opacity="0.7"') + rect(x + ww / 2 + dx - 5, top + 1.5, 5, h - 4, '#f7f0dc') } return out }
    const row = (x, y, w) => { let out = ''; let at = x; while (at < x + w) { const bw = 9 + random() * 14; const h = 62 + random() * 34; const c = spines[Math.floor(random() * spines.length)]; out += rect(at, y - h, bw - 1, h, c) + rect(at + 1, y - h + 10, bw - 3, 3, '#f7e9c6', 'opacity="0.8"') + (random() > 0.5 ? rect(at + 1, y - 20, bw - 3, 6, '#f7e9c6', 'opacity="0.6"') : ''); at += bw } return out }
    const arch = x => path(`M${x} 420V232a75 75 0 0 1 150 0V420Z`, down('#5a3c30', '#2f211d')) + path(`M${x - 14} 236a89 89 0 0 1 178 0h-14a75 75 0 0 0 -150 0z`, '#f0d8b0')
    return (
      sky('#e5b27c', '#d99a68') + rect(0, 0, W, 430, down('#e9c091', '#c98d62')) + rect(0, 66, W, 12, '#f4ddb6') + rect(0, 78, W, 6, '#8f5d42', 'opacity="0.5"') + many(7, i => rect(20 + i * 182, 0, 64, 52, '#6c4a3c') + rect(20 + i * 182 + 30, 0, 4, 52, '#e9c091')) +
      many(6, i => arch(34 + i * 200)) + many(7, i => rect(i * 200 - 18, 200, 36, 222, across('#e3b888', '#b57c54')) + rect(i * 200 - 24, 192, 48, 12, '#f4ddb6')) +
      [[30, '#b8362d'], [330, '#2f6f6a'], [630, '#c98a2d'], [930, '#8c2f4a']].map(([x, c]) => poly([[x + 20, 150], [x + 230, 150], [x + 268, 216], [x - 18, 216]], c) + many(4, i => poly([[x + 46 + i * 54, 150], [x + 72 + i * 54, 150], [x + 84 + i * 62 - 20, 216], [x + 52 + i * 62 - 20, 216]], '#f7ead0', 'opacity="0.75"')) + many(9, i => disc(x - 2 + i * 31.5, 216, 15, i % 2 ? c : '#f7ead0'))).join('') +
      person(250, 500, 190, '#3b2a30') + person(560, 504, 180, '#5a2f3a', { skirt: 14 }) + person(610, 504, 120, '#2f4a5a') + person(925, 500, 192, '#33404a') +
      rect(0, 470, W, 205, down('#a88a6c', '#6c5542')) +
      [[40, 330], [400, 300], [740, 390]].map(([x, w]) => poly([[x - 14, 520], [x + w + 14, 520], [x + w + 30, 560], [x - 30, 560]], '#7c5433') + rect(x - 30, 560, w + 60, 14, '#5a3a22') + rect(x - 20, 574, 12, 60, '#4a2f1c') + rect(x + w + 6, 574, 12, 60, '#4a2f1c') + row(x, 528, w)).join('') +
      many(9, i => pile(60 + i * 140, 668, 5 + Math.floor(random() * 5), 96)) +
      put(880, 652, path('M-86 0Q-44 -24 0 -4Q44 -24 86 0L80 -56Q40 -76 0 -54Q-40 -76 -80 -56Z', '#fbf4e2') + line('M0 -54V-4', '#b7a684', 3) + many(4, i => line(`M-66 ${-52 + i * 12}Q-38 ${-64 + i * 12} -10 ${-50 + i * 12}M10 ${-50 + i * 12}Q38 ${-64 + i * 12} 66 ${-52 + i * 12}`, '#9a8b70', 2.4))) +
      poly([[0, 0], [340, 0], [1200, 560], [1200, 675], [760, 675]], across(['#fff3cf', 0, 0.28], ['#fff3cf', 1, 0.05]))
    )
  },

  'library.jpg': () => {
    const random = chance(303)
    const spines = ['#8a3b2b', '#b9772f', '#2f5060', '#47684a', '#5d3e5c', '#cbb27c', '#70492e']
    const room = (x, y, w, h, who) => {
      let books = ''
      for (let shelf = 0; shelf < 4; shelf++) { const sy = y + 34 + shelf * 33; for (let at = x + 6; at < x + w - 10; ) { const bw = 4 + random() * 6; const bh = 17 + random() * 10; books += rect(at, sy - bh, bw - 0.6, bh, spines[Math.floor(random() * spines.length)]); at += bw } books += rect(x, sy, w, 4, '#6b4523') }
      return rect(x, y, w, h, down('#ffe3a1', '#f6bb62')) + faint(0.85, books) + rect(x, y + h - 16, w, 16, '#8a5a2e') + who(x, y + h) + disc(x + w / 2, y + h - 62, 74, glow('#fff4cf', 0.85)) + path(`M${x + w / 2 - 15} ${y + h - 60}l6 -14h18l6 14z`, '#2f6a52') + rect(x + w / 2 - 1.5, y + h - 60, 3, 30, '#6b4a24') + rect(x + w / 2 - 2, y, 4, h, '#20242f') + rect(x, y + 26, w, 4, '#20242f') + line(`M${x} ${y}h${w}v${h}h${-w}z`, '#151925', 8)
    }
    const reader = (dx, c) => (x, y) => path(`M${x + dx - 22} ${y}q0 -36 22 -38q22 2 22 38z`, c) + disc(x + dx, y - 50, 12, c) + path(`M${x + dx + 16} ${y - 22}l26 -6l4 12l-26 4z`, '#fff8e6')
    return (
      sky('#0c1430', '#1f2c55', '#4a4a72') + many(130, () => disc(random() * W, random() * 330, 0.5 + random() * 1.5, '#ffffff', 'opacity="0.7"')) + disc(1030, 110, 130, glow('#e9ecff', 0.6)) + disc(1030, 110, 40, '#f4f2e2') + disc(1046, 100, 36, '#1a2549') +
      town(55, 540, 60, 180, '#1a2244', '#e9c06d', 60) +
      rect(150, 210, 900, 380, down('#3f3a4d', '#2a2838')) + rect(130, 192, 940, 22, '#565067') + poly([[420, 192], [600, 104], [780, 192]], '#494459') + poly([[452, 186], [600, 116], [748, 186]], '#343044') + disc(600, 160, 20, '#ffe3a1') + line('M600 160v-12M600 160l9 5', '#343044', 3) +
      room(184, 262, 180, 200, reader(54, '#3a2230')) + room(394, 262, 180, 200, reader(126, '#22384a')) + room(626, 262, 180, 200, reader(46, '#2f3a26')) + room(836, 262, 180, 200, reader(122, '#4a2a22')) +
      many(8, i => rect(160 + i * 126, 214, 15, 376, across('#6c657c', '#484256'))) +
      rect(546, 480, 108, 112, down('#ffe9b5', '#f0b45a')) + rect(597, 480, 6, 112, '#20242f') + line('M546 592V480h108v112', '#151925', 8) + person(630, 588, 84, '#20202c') +
      poly([[546, 592], [654, 592], [790, 675], [410, 675]], down(['#ffdf9a', 0, 0.75], ['#ffdf9a', 1, 0.05])) + many(4, i => rect(500 - i * 26, 590 + i * 13, 200 + i * 52, 13, ['#5a5468', '#4a4558', '#3d394a', '#322f3e'][i], 'opacity="0.75"')) +
      rect(0, 642, W, 33, '#151726') + rect(0, 590, 400, 60, down('#23263a', '#191b2a')) + rect(800, 590, 400, 60, down('#23263a', '#191b2a')) +
      [250, 300, 900].map(x => put(x, 640, line('M-24 -17a17 17 0 1 0 .1 0M36 -17a17 17 0 1 0 .1 0', '#8f93aa', 3) + line('M-24 0L-8 -34L22 -34L36 0L8 0L-8 -34L8 0L22 -34L20 -44h10M-24 0H8M-12 -40h-9h14', '#c24a3f', 4))).join('') +
      tree(60, 650, 220, '#0f1424') + tree(1150, 650, 250, '#0f1424') + person(404, 660, 100, '#0f1020', { skirt: 12 }) + person(446, 660, 72, '#0f1020')
    )
  },

  'calligraphy.jpg': () => {
    const random = chance(505)
    const ink = '#1c1a22'
    // A reed pen is a short edge held at an angle: a stroke is the band between the two paths of its ends.
    const reed = (points, angle, width, colour) => {
      const dx = Math.cos(angle) * width
      const dy = Math.sin(angle) * width
      let out = ''
      for (let i = 0; i + 3 < points.length; i += 3) {
        const [a, b, c, d] = points.slice(i, i + 4)
        const at = t => [0, 1].map(k => (1 - t) ** 3 * a[k] + 3 * (1 - t) ** 2 * t * b[k] + 3 * (1 - t) * t * t * c[k] + t ** 3 * d[k])
        out += many(60, s => { const [x, y] = at(s / 60); const [u, v] = at((s + 1.2) / 60); return poly([[x, y], [x + dx, y + dy], [u + dx, v + dy], [u, v]], colour, `stroke="${colour}" stroke-width="1.2"`) })
      }
      return out
    }
    const dot = (x, y, s, colour = ink) => poly([[x, y - s], [x + s, y], [x, y + s], [x - s, y]], colour, 'transform="rotate(8)" style="transform-box:fill-box"')
    return (
      rect(0, 0, W, H, down('#7a4a2e', '#4d2c1c')) + many(40, () => rect(random() * W - 200, random() * H, 300 + random() * 500, 1.5, '#2e190f', 'opacity="0.3"')) +
      put(560, 340, rect(-470, -268, 960, 560, '#1a0d07', 'opacity="0.4"') + rect(-480, -280, 960, 560, '#f5ead0') + rect(-480, -280, 960, 560, across(['#ffffff', 0, 0.35], ['#b98d52', 1, 0.22])) + line('M-452 -252H452V252H-452Z', ACCENT, 3) + line('M-442 -242H442V242H-442Z', '#b98d3a', 1.6) +
        many(3, i => line(`M-400 ${-110 + i * 120}H400`, '#b9a27a', 1, 'stroke-dasharray="3 7" opacity="0.7"')) +
        reed([[330, -150], [300, 60], [200, 120], [20, 110], [-160, 100], [-330, 60], [-370, -40]], -0.95, 46, ink) + reed([[150, -200], [146, -100], [140, -40], [128, 52]], -0.95, 36, ink) + reed([[-40, -210], [-44, -120], [-30, -20], [-52, 62]], -0.95, 36, ink) + reed([[-150, -60], [-240, -120], [-300, -70], [-240, -20], [-190, 20], [-120, 0], [-100, -66]], -0.95, 30, ink) +
        reed([[300, 190], [160, 236], [-60, 220], [-300, 176]], -0.95, 14, ACCENT) + dot(-20, 178, 15) + dot(20, 178, 15) + dot(-210, -170, 15, ACCENT) + dot(240, -30, 15) + many(4, i => put(-414 + (i % 2) * 828, i < 2 ? -214 : 214, many(8, k => put(0, 0, oval(0, -11, 4, 10, k % 2 ? ACCENT : '#b98d3a'), 1, `rotate(${k * 45})`)))), 1, 'rotate(-3)') +
      put(1066, 520, oval(8, 74, 120, 30, '#1a0d07', 'opacity="0.45"') + path('M-92 -20Q-108 70 -60 84H60Q108 70 92 -20Z', across('#39658a', '#23486b', '#122a45')) + oval(0, -20, 92, 30, '#4d7da3') + oval(0, -20, 74, 22, '#0d0c12') + oval(-20, -24, 30, 6, '#3a3a48', 'opacity="0.7"') + rect(-88, 20, 176, 6, '#e3c169')) +
      put(892, 300, poly([[-14, 190], [0, 236], [16, 190]], '#e0c08a') + poly([[-3, 210], [0, 236], [5, 210]], ink) + rect(-15, -300, 31, 492, across('#c98f4a', '#e7b873', '#8a5a2a')) + [-190, -40, 100].map(y => rect(-17, y, 35, 7, '#7a4d22')).join(''), 1, 'rotate(34)') +
      [[790, 590, 7], [812, 604, 4], [770, 610, 5]].map(([x, y, r]) => disc(x, y, r, ink)).join('')
    )
  },

  'map.jpg': () => {
    const random = chance(606)
    const house = (x, y, s, c) => put(x, y, poly([[0, -8], [34, 6], [34, 34], [0, 20]], '#d8c8a6') + poly([[0, 20], [0, -8], [-26, 4], [-26, 32]], '#f4ead2') + poly([[-30, 4], [0, -32], [38, 4], [2, -10]], c) + poly([[-30, 4], [0, -32], [2, -10], [-26, 8]], c, 'opacity="0.75"') + rect(-18, 12, 7, 14, '#7a5a3c'), s)
    const pin = (x, y, s, c) => put(x, y, oval(6, 2, 26, 8, '#1f2a22', 'opacity="0.35"') + path('M0 0Q-34 -46 -34 -72A34 34 0 0 1 34 -72Q34 -46 0 0Z', c) + path('M0 0Q34 -46 34 -72A34 34 0 0 0 0 -106Z', '#000000', 'opacity="0.14"') + disc(0, -72, 14, '#fff8e6'), s)
    return (
      rect(0, 0, W, H, linear(1, 1, ['#cfdca6', '#e4e2b4', '#c2d39a'])) +
      many(34, i => { const x = (i % 8) * 165 - 60 + random() * 40; const y = Math.floor(i / 8) * 140 - 40 + random() * 30; return poly([[x, y], [x + 130 + random() * 20, y + 14], [x + 116, y + 106 + random() * 14], [x - 10, y + 92]], ['#b6cc84', '#dcd795', '#9fbf7c', '#e9d9a0', '#c9d890'][i % 5]) + many(6, k => line(`M${n(x + 6)} ${n(y + 14 + k * 13)}l108 12`, '#7f9c5a', 1.4, 'opacity="0.45"')) }) +
      line('M-40 120C180 90 240 260 420 270S640 150 800 220S1020 420 1260 380', '#e9e3c2', 96) + line('M-40 120C180 90 240 260 420 270S640 150 800 220S1020 420 1260 380', '#6fb0c4', 72) + line('M-40 108C180 80 250 246 424 256S640 138 806 208S1024 406 1260 366', '#a6d3dc', 6, 'opacity="0.8"') +
      ['M-20 560C220 500 360 600 560 500S900 560 1230 540', 'M300 700C330 520 520 420 520 250S640 60 700 -20', 'M860 700C900 600 820 480 900 360S1010 120 1000 -20', 'M540 500C640 440 760 430 880 420', 'M60 -20C90 140 130 330 120 540'].map(d => line(d, '#b99a6b', 24) + line(d, '#f8efd6', 18)).join('') +
      line('M120 540C330 505 370 590 560 500C640 440 760 430 880 420C930 340 1000 220 1002 120', ACCENT, 6, 'stroke-dasharray="2 15"') +
      put(524, 262, rect(-26, -50, 58, 96, '#8a6a48', 'transform="rotate(4)"') + many(6, i => rect(-26, -46 + i * 16, 58, 3, '#5e4630', 'transform="rotate(4)"')) + line('M-28 -52L-32 46M34 -50L28 48', '#5e4630', 5)) +
      many(34, () => { const x = random() * W; const y = random() * H; return oval(x + 5, y + 4, 18, 8, '#5f7a3e', 'opacity="0.5"') + disc(x, y - 8, 14 + random() * 6, ['#4f8148', '#5e9152', '#437040'][Math.floor(random() * 3)]) + disc(x - 4, y - 13, 7, '#86b268', 'opacity="0.7"') }) +
      [[190, 470], [240, 610], [420, 470], [640, 590], [700, 380], [780, 520], [960, 470], [1080, 600], [1070, 200], [930, 110], [640, 110], [330, 130], [180, 300], [1120, 470], [420, 620], [60, 610], [780, 70]].map(([x, y], i) => house(x, y, 1.05 + (i % 3) * 0.15, ['#b4512f', '#9c3f34', '#c46a3a', '#6d7f86'][i % 4])).join('') +
      pin(120, 540, 0.9, '#2f6f8a') + pin(560, 500, 1, '#d98b2b') + pin(880, 420, 1.05, '#2f7d4f') + pin(1002, 128, 1.35, ACCENT) +
      put(150, 96, disc(0, 0, 58, '#fbf4e0', 'opacity="0.9"') + line('M0 -58A58 58 0 1 1 -.1 -58', '#6c5a3c', 3) + poly([[0, -48], [11, 0], [-11, 0]], ACCENT) + poly([[0, 48], [11, 0], [-11, 0]], '#6c5a3c') + many(12, i => put(0, 0, rect(-1, -56, 2, 8, '#6c5a3c'), 1, `rotate(${i * 30})`)))
    )
  },

  'ensemble.png': () => {
    // Thirty made-up runs of a rainfall model that agree at first and part company, their mean, and what was measured.
    const random = chance(1901)
    const mean = t => 560 - 330 * (1 / (1 + Math.exp(-(t - 0.45) * 9))) + 10 * Math.sin(t * 17)
    const d = y => `M${Array.from({ length: 61 }, (_, i) => `${n(90 + i * 17.6)} ${n(y(i / 60))}`).join('L')}`
    return (
      rect(0, 0, W, H, '#fbf7ee') + many(7, i => rect(90, 100 + i * 80, 1056, 1, '#d9d0bd')) + many(13, i => rect(90 + i * 88, 580, 1.5, 10, '#8b8474')) + rect(90, 579, 1056, 2, '#4a463e') + rect(89, 90, 2, 490, '#4a463e') + rect(442, 90, 1.5, 490, ACCENT, 'opacity="0.6"') +
      many(30, i => { const drift = (random() - 0.5) * 330; const phase = random() * 6.28; const wave = 6 + random() * 22; return line(d(t => Math.min(572, mean(t) + drift * t ** 2.2 + Math.sin(t * (8 + random() * 0.2) + phase) * wave * t)), ['#6f9fc4', '#4f86b0', '#8fb6d2'][i % 3], 2, 'opacity="0.6"') }) +
      line(d(mean), '#173a5c', 6) + line(`M${Array.from({ length: 21 }, (_, i) => `${n(90 + i * 17.6)} ${n(mean(i / 60) + Math.sin(i * 1.3) * 7)}`).join('L')}`, ACCENT, 5) + disc(442, mean(1 / 3) + Math.sin(26) * 7, 11, ACCENT)
    )
  },
}

// ─── Marks of the house ────────────────────────────────────────────────────────────────────────────────────────────

/** Capitals of a newspaper's nameplate, 100 high, as [width, path]: strong stems, hairlines and flat serifs. */
const stem = x => `M${x - 9} 100V95H${x - 1}V5H${x - 9}V0H${x + 24}V5H${x + 16}V95H${x + 24}V100Z`
const thin = x => `M${x - 10} 100V95H${x - 2}V5H${x - 10}V0H${x + 14}V5H${x + 6}V95H${x + 14}V100Z`
// biome-ignore format: a drawing reads best as it was drawn, a layer a line.
const capitals = {
  T: [84, `${stem(34)}M0 0H84V30H79Q76 6 56 6H28Q8 6 5 30H0Z`],
  H: [100, `${stem(10)}${stem(74)}M20 46H84V53H20Z`],
  E: [82, `${stem(10)}M10 0H76V28H71Q68 6 50 6H10ZM20 46H44Q54 46 55 34H60V66H55Q54 53 44 53H20ZM10 94H52Q72 94 76 68H81L78 100H10Z`],
  M: [124, `${thin(12)}${stem(98)}M4 0H28L62 74L94 0H106L62 100H58L14 6Z`],
  R: [98, `${stem(10)}M10 0H52Q84 0 84 25Q84 46 58 50Q72 52 76 70Q80 95 90 93L96 90L97 95Q90 101 80 101Q62 101 59 76Q57 53 44 52H20V46H44Q65 46 65 25Q65 6 46 6H10Z`],
  I: [36, stem(10)],
  D: [98, `${stem(10)}M10 0H46Q97 0 97 50Q97 100 46 100H10V94H42Q77 94 77 50Q77 6 42 6H10Z`],
  A: [100, 'M48 -2H55L92 95H101V100H60V95H71L62 70H30L21 95H31V100H0V95H14ZM32 64H60L46 26Z'],
  N: [106, `${thin(12)}M82 0V5H90V102H98V5H106V0ZM2 0H32L98 92V102H92L14 8Z`],
  L: [80, `${stem(10)}M10 94H48Q69 94 73 66H78L76 100H10Z`],
}
/** A line of capitals, centred on x, with its foot on y. */
function nameplate(words, x, y, height, colour) {
  const set = [...words].map(c => capitals[c] ?? [30, ''])
  const total = set.reduce((sum, [w]) => sum + w + 13, -13)
  let at = -total / 2
  const out = set.map(([w, d]) => {
    const drawn =
      d &&
      path(
        d,
        colour,
        `fill-rule="${d === capitals.A[1] ? 'evenodd' : 'nonzero'}" transform="translate(${n(at)} -100)"`,
      )
    at += w + 13
    return drawn
  })
  return put(x, y, out.join(''), height / 100)
}
/** The globe, its parallels and, stronger, one meridian. */
const globe = (x, y, r, colour, weight = r / 16) =>
  put(
    x,
    y,
    line(`M0 ${-r}A${r} ${r} 0 1 1 -.1 ${-r}`, colour, weight) +
      [-0.5, 0, 0.5]
        .map(t =>
          line(
            `M${n(-r * Math.sqrt(1 - t * t))} ${r * t}H${n(r * Math.sqrt(1 - t * t))}`,
            colour,
            weight * 0.6,
          ),
        )
        .join('') +
      line(
        `M0 ${-r}A${n(r * 0.75)} ${r} 0 0 0 0 ${r}A${n(r * 0.75)} ${r} 0 0 0 0 ${-r}`,
        colour,
        weight * 0.6,
      ) +
      line(`M0 ${-r * 1.28}V${-r}A${n(r * 0.3)} ${r} 0 0 1 0 ${r}V${r * 1.28}`, colour, weight * 1.9),
  )

// biome-ignore format: a drawing reads best as it was drawn, a layer a line.
Object.assign(pictures, {
  'logo.png': () => rect(0, 0, 600, 120, ACCENT) + globe(64, 60, 32, '#ffffff', 2.6) + nameplate('THE MERIDIAN', 348, 78, 39, '#ffffff') + rect(130, 94, 436, 1.5, '#ffffff', 'opacity="0.55"'),
  'icon.png': () => rect(0, 0, 512, 512, ACCENT) + globe(256, 256, 150, '#ffffff', 13),
  'show.jpg': () =>
    rect(0, 0, 1400, 1400, down('#b3243b', ACCENT, '#5c0f1c')) +
    globe(700, 560, 300, '#ffffff', 16) +
    many(49, i => { const t = (i - 24) / 24; const h = 24 + 150 * Math.abs(Math.sin(i * 1.7) * Math.cos(i * 0.6)) * (1 - t * t * 0.75); return rect(196 + i * 20.8, 1010 - h / 2, 9, h, '#ffd9a0', 'rx="4.5"') }) +
    nameplate('THE MERIDIAN LINE', 700, 1236, 84, '#ffffff'),
})

/** Emblems of the desks: one sign each on the desk's own colour. */
// biome-ignore format: a drawing reads best as it was drawn, a layer a line.
const emblems = {
  'world': ['#23486b', () => globe(200, 200, 104, '#ffffff', 9)],
  'business': ['#1f5a4a', () => many(4, i => rect(98 + i * 54, [236, 200, 164, 116][i], 38, [54, 90, 126, 174][i], '#ffffff')) + line('M92 186L152 148L204 160L300 84', '#f2c14e', 10) + poly([[300, 84], [276, 86], [294, 108]], '#f2c14e') + rect(84, 298, 232, 9, '#ffffff')],
  'city': ['#7a3b2c', () => path('M92 300V190H132V150H152V300ZM168 300V104H196V84H204V104H232V300ZM248 300V170H308V300Z', '#ffffff') + many(9, i => rect(178 + (i % 3) * 17, 124 + Math.floor(i / 3) * 42, 10, 22, '#7a3b2c')) + many(4, i => rect(264 + (i % 2) * 20, 190 + Math.floor(i / 2) * 42, 10, 20, '#7a3b2c')) + rect(106, 210, 12, 20, '#7a3b2c') + rect(132, 210, 8, 20, '#7a3b2c') + rect(76, 300, 248, 9, '#f2c14e')],
  'science': ['#3b2f6b', () => [0, 60, 120].map(a => put(200, 200, `<ellipse rx="124" ry="46" fill="none" stroke="#ffffff" stroke-width="9"/>`, 1, `rotate(${a})`)).join('') + disc(200, 200, 21, '#f2c14e') + disc(324, 200, 11, '#ffffff')],
  'technology': ['#1d4f63', () => many(5, i => rect(138 + i * 27, 76, 9, 248, '#ffffff') + rect(76, 138 + i * 27, 248, 9, '#ffffff')) + rect(118, 118, 164, 164, '#ffffff', 'rx="16"') + rect(142, 142, 116, 116, '#1d4f63', 'rx="8"') + disc(168, 168, 9, '#f2c14e') + line('M182 232h40v-40', '#ffffff', 8)],
  'culture': ['#6d2a55', () => path('M200 116Q150 84 84 104V286Q150 268 200 298Q250 268 316 286V104Q250 84 200 116Z', '#ffffff') + line('M200 118V294', '#6d2a55', 8) + many(4, i => line(`M108 ${138 + i * 34}Q146 ${128 + i * 34} 180 ${146 + i * 34}M220 ${146 + i * 34}Q254 ${128 + i * 34} 292 ${138 + i * 34}`, i === 0 ? '#f2c14e' : '#6d2a55', 7, i ? 'opacity="0.6"' : ''))],
  'hindi': ['#a04a12', () => put(200, 196, path('M-40 -120H40V-20L0 96L-40 -20Z', '#ffffff') + rect(-40, -134, 80, 20, '#f2c14e') + line('M0 92V-6', '#a04a12', 7) + disc(0, -16, 13, '#a04a12'), 1, 'rotate(28)') + line('M84 316Q150 286 200 312T318 306', '#ffffff', 10)],
  'urdu': ['#14524f', () => path('M316 128Q300 268 190 276Q92 278 84 196Q104 236 176 232Q270 226 286 108Z', '#ffffff') + poly([[188, 120], [212, 144], [188, 168], [164, 144]], '#f2c14e') + poly([[140, 120], [164, 144], [140, 168], [116, 144]], '#f2c14e') + rect(84, 314, 232, 8, '#ffffff')],
}
for (const [desk, [colour, sign]] of Object.entries(emblems))
  pictures[`desks/${desk}.png`] = () => rect(0, 0, 400, 400, colour) + sign()

const sizes = {
  'logo.png': [600, 120],
  'icon.png': [512, 512],
  'show.jpg': [1400, 1400],
  'mast.jpg': [900, 1350],
  ...Object.fromEntries(Object.keys(emblems).map(desk => [`desks/${desk}.png`, [400, 400]])),
}

// ─── The bell of the podcast ───────────────────────────────────────────────────────────────────────────────────────

/** Two strokes on a bronze bell, each a handful of partials that die away, over the hiss of rain: mono samples. */
function bell(seconds, rate) {
  const random = chance(640)
  // Pitch over the strike note, loudness, how fast it dies.
  const partials = '0.5 .35 .5|1 .6 .8|1.19 .35 1|1.5 .25 1.2|2 .5 1.3|2.74 .2 2.2|3.76 .12 3.2'
    .split('|')
    .map(partial => partial.split(' ').map(Number))
  const stroke = t =>
    t < 0
      ? 0
      : Math.min(1, t * 300) *
        partials.reduce((sum, [f, a, k]) => sum + a * Math.exp(-t * k) * Math.sin(2463 * f * t), 0)
  let hiss = 0
  return Int16Array.from({ length: seconds * rate }, (_, i) => {
    const t = i / rate
    hiss += (random() * 2 - 1 - hiss) * 0.2
    const edge = Math.min(1, t * 4, (seconds - t) * 1.5)
    return Math.round(32767 * edge * (0.26 * (stroke(t - 0.4) + stroke(t - 3.2)) + 0.018 * hiss))
  })
}

async function ring(file, seconds) {
  const rate = 22050
  const { Mp3Encoder } = await need('@breezystack/lamejs')
  const encoder = new Mp3Encoder(1, rate, 40)
  const bytes = Buffer.concat(
    [encoder.encodeBuffer(bell(seconds, rate)), encoder.flush()].map(part => Buffer.from(part)),
  )
  mkdirSync(`${articles}audio`, { recursive: true })
  writeFileSync(`${articles}audio/${file}`, bytes)
  console.log(`${file} ${seconds} s, ${Math.ceil(bytes.length / 1000)} kB`)
}

// ─── Out with them ─────────────────────────────────────────────────────────────────────────────────────────────────

const { default: sharp } = await need('sharp')
const wanted = process.argv.slice(2)
mkdirSync(`${articles}images/desks`, { recursive: true })
for (const [name, draw] of Object.entries(pictures)) {
  if (wanted.length > 0 && !wanted.some(part => name.includes(part))) continue
  defs = []
  const [width, height] = sizes[name] ?? [W, H]
  const drawing = draw()
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><defs>${defs.join('')}</defs>${drawing}</svg>`
  // Drawn at twice the size and reduced: thin lines come out even.
  const picture = sharp(Buffer.from(svg), { density: 144 })
    .resize(width, height)
    .flatten({ background: '#ffffff' })
  const bytes = await (name.endsWith('.png')
    ? picture.png({ palette: true, effort: 10 })
    : picture.jpeg({ quality: 80, mozjpeg: true })
  ).toBuffer()
  writeFileSync(`${articles}images/${name}`, bytes)
  console.log(`${name} ${width} × ${height}, ${Math.ceil(bytes.length / 1000)} kB`)
}
if (wanted.length === 0 || wanted.includes('bell')) await ring('first-train-bell.mp3', 8)

// The chart: what each piece of work takes with the engine and with the original, and the floors of the machine, on a
// logarithmic scale. Dots, since the length of a bar says nothing there.

import type * as echarts from 'echarts'
import type { Compared, Result } from './measure.ts'
import { amount, significant } from './report.ts'

const WIDTH = 1080
const LINE = 40
/** The width of the rows' names. */
const NAMES = 400
const COLORS = {
  engine: '#1a7f37',
  original: '#cf222e',
  floors: '#57606a',
  text: '#24292f',
  lines: '#d8dee4',
}
const FONT = 'Helvetica, Arial, sans-serif'

/** The results in milliseconds as SVG. */
export async function drawChart(results: readonly Result[]): Promise<string> {
  const rows = results.filter(({ unit, value }) => unit === 'ms' && value.median > 0)
  const height = rows.length * LINE + 150
  // Here, since the bundle would load it at its start, and that takes a second.
  const { init } = await import('echarts')
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height })
  chart.setOption({
    backgroundColor: '#ffffff',
    animation: false,
    textStyle: { fontFamily: FONT, color: COLORS.text },
    title: {
      text: 'How long it takes',
      subtext: 'milliseconds, logarithmic; medians. Less is better.',
      left: 16,
      top: 12,
    },
    legend: { top: 22, right: 24, itemGap: 20 },
    grid: { left: NAMES, right: 150, top: 84, bottom: 44 },
    xAxis: {
      type: 'log',
      min: 0.01,
      axisLabel: { formatter: axisLabel },
      splitLine: { lineStyle: { color: COLORS.lines } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ name }) => name.replaceAll('`', '')),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: COLORS.lines } },
      axisLabel: { color: COLORS.text, width: NAMES - 24, overflow: 'break' },
    },
    series: seriesOf(rows),
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return `${svg}\n`
}

function seriesOf(rows: readonly Result[]): echarts.ScatterSeriesOption[] {
  const engine = rows.map((row, index) => (row.floor ? [] : [row.value.median, index]))
  const floors = rows.map((row, index) => (row.floor ? [row.value.median, index] : []))
  const original = rows.map((row, index) => [originalOf(row)?.value.median ?? Number.NaN, index])
  const drawn = [
    dots('engine', COLORS.engine, 'circle', engine, ([value = 0]) => amount(value, 'ms')),
    dots('original', COLORS.original, 'diamond', original, ([value = 0, index = 0]) => {
      const ratio = rows[index] && originalOf(rows[index])?.ratios.median
      return `${amount(value, 'ms')}${ratio ? `, ${significant(ratio)} times` : ''}`
    }),
    {
      ...dots('floors', COLORS.floors, 'rect', floors, ([value = 0]) => amount(value, 'ms')),
      ...lines(rows),
    },
  ]
  return drawn.filter(({ data }) => data.length > 0)
}

function dots(
  name: string,
  color: string,
  symbol: string,
  data: number[][],
  label: (point: number[]) => string,
): echarts.ScatterSeriesOption & { data: number[][] } {
  return {
    type: 'scatter' as const,
    name,
    symbol,
    symbolSize: 11,
    itemStyle: { color },
    data: data.filter(([value]) => Number.isFinite(value)),
    label: {
      show: true,
      // The original is to the right of the engine.
      position: name === 'engine' ? ('left' as const) : ('right' as const),
      textBorderColor: '#ffffff',
      textBorderWidth: 3,
      color,
      formatter: ({ value }: { value?: unknown }) => label(value as number[]),
    },
  }
}

/** Each floor as a line through all rows. */
function lines(rows: readonly Result[]): echarts.ScatterSeriesOption {
  const data = rows.filter(({ floor }) => floor).map(({ value }) => ({ xAxis: value.median }))
  const lineStyle = { color: COLORS.floors, type: 'dashed' as const, opacity: 0.45 }
  return { markLine: { symbol: 'none', silent: true, label: { show: false }, lineStyle, data } }
}

function originalOf({ compared }: Result): Compared | undefined {
  return compared.find(({ original }) => original)
}

function axisLabel(milliseconds: number): string {
  if (milliseconds < 1) return `${milliseconds * 1000} µs`
  return milliseconds < 1000 ? `${milliseconds} ms` : `${milliseconds / 1000} s`
}

import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef, type ReactNode } from 'react';
import { w } from './messages';

use([BarChart, LineChart, GridComponent, SVGRenderer]);

/** Bars for now, a grey line for the day before; no animation. Loaded by itself because of its size. */
export default function Hours({ now, before, label, theme }: { now: readonly number[]; before: readonly number[]; label: string; theme: string }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    const chart = init(box, null, { renderer: 'svg' });
    const axisText = { color: colour('text3'), fontSize: 11 };
    chart.setOption({
      animation: false,
      grid: { left: 30, right: 6, top: 10, bottom: 20 },
      xAxis: {
        type: 'category',
        data: now.map((_, hour) => w('hours.axis', { n: hour })),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colour('line2') } },
        axisLabel: { ...axisText, interval: 5 },
      },
      yAxis: { type: 'value', minInterval: 1, splitNumber: 3, axisLabel: axisText, splitLine: { lineStyle: { color: colour('line') } } },
      series: [
        { type: 'bar', data: [...now], itemStyle: { color: colour('accent') }, barCategoryGap: '25%' },
        { type: 'line', data: [...before], symbol: 'none', lineStyle: { color: colour('dot'), width: 1.5 } },
      ],
    });
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(box);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [now, before, theme]);
  return <div ref={place} className="wb-chart" role="img" aria-label={label} />;
}

// <lz-chart option>: draws an ECharts option (JSON) and follows its size. Nothing is loaded on a page without a chart.
const script = new URL("../Vizor.ECharts/js/vizor-echarts-bundle-min.js", import.meta.url);
let library;

function load() {
  library = library || new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = script.href;
    tag.onload = () => resolve(globalThis.echarts);
    tag.onerror = () => reject(new Error("the chart library did not load"));
    document.head.append(tag);
  });
  return library;
}

const look = {
  color: ["#0b5cd5", "#12925a", "#d98a00", "#7a5af8", "#d13a30", "#0e9fb5"],
  textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
  grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
  animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
};

class Chart extends HTMLElement {
  async connectedCallback() {
    const echarts = await load();
    this.chart = echarts.init(this, null, { renderer: "canvas" });
    const option = JSON.parse(this.getAttribute("option"));
    // Tooltips are drawn on the canvas: as HTML they would need inline styles, which the content policy refuses.
    option.tooltip = { renderMode: "richText", ...option.tooltip };
    this.chart.setOption({ ...look, ...option });
    const lz = globalThis.__lz = globalThis.__lz || { charts: {} };
    lz.charts[this.id] = this.chart;
    this.watch = new ResizeObserver(() => this.chart.resize());
    this.watch.observe(this);
    this.dataset.ready = "";
  }

  disconnectedCallback() {
    this.watch?.disconnect();
    this.chart?.dispose();
  }
}
customElements.define("lz-chart", Chart);

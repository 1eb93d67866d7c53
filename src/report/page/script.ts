/**
 * The script of the page: zooming of the charts over time, numbers under the pointer, and buttons that copy. Everything
 * is readable without it. It reads numbers from the page, and writes text by textContent alone. It has neither backslashes
 * nor backticks, because it stands in a template.
 */
import { html } from "./html.ts";

export const script = html`"use strict";
(() => {
  const NEAREST = 4;
  const HEIGHT = 1000;
  const charts = [...document.querySelectorAll("figure.time")].map((figure) => {
    const plot = figure.querySelector(".plot");
    const paths = [...plot.querySelectorAll("path")];
    return {
      figure, plot, frame: figure.querySelector(".frame"), readout: figure.querySelector(".readout"),
      lines: paths.map((path) => ({ name: path.dataset.name, values: numbersOf(path.getAttribute("d"), plot.dataset.largest / HEIGHT) })),
      scales: [...figure.querySelectorAll("[data-share]")].map((text) => ({ text, original: text.textContent })),
      placed: [...figure.querySelectorAll("[data-at]")],
      ticks: figure.querySelector(".ticks"),
    };
  });
  const { begins, interval, count } = Object.fromEntries(
    Object.entries(charts[0] ? charts[0].figure.dataset : {}).map(([key, value]) => [key, Number(value)]));
  let from = 0;
  let length = count;

  function numbersOf(d, unit) {
    const numbers = [];
    let number = 0;
    for (const [, command, value] of d.matchAll(/([hV])([-.0-9]+)/g)) {
      if (command === "V") number = Math.abs(Number(value)) * unit;
      else for (let left = Number(value); left > 0; left--) numbers.push(number);
    }
    return numbers;
  }

  function compact(value) {
    const prefixes = ["", " k", " M", " G", " T"];
    let index = 0;
    for (; value >= 999.5 && index < 4; index++) value /= 1000;
    return Number(value.toPrecision(3)) + prefixes[index];
  }

  function niceMaximum(largest) {
    if (!(largest > 0)) return 1;
    const power = 10 ** Math.floor(Math.log10(largest));
    return power * ([1, 2, 4, 6, 8].find((one) => one * power >= largest * 0.999999) || 10);
  }

  function clock(at, digits) {
    // A file may state times that are later than any that Date knows.
    return new Date(Math.min(begins + at * interval * 1000, 8.64e15)).toISOString().slice(-13).slice(0, digits - 11);
  }

  function draw() {
    const isWhole = length === count;
    const digits = length * interval < 20 ? 23 : 19;
    for (const { plot, figure, lines, scales, placed, ticks } of charts) {
      const shown = lines.flatMap(({ values }) => values.slice(Math.floor(from), Math.ceil(from + length)));
      const largest = isWhole ? Number(plot.dataset.largest) : niceMaximum(Math.max(...shown));
      const height = HEIGHT * largest / plot.dataset.largest;
      plot.setAttribute("viewBox", [from, -height, length, height].join(" "));
      for (const { text, original } of scales) {
        text.textContent = isWhole ? original : compact(largest * Number(text.dataset.share));
      }
      for (const element of placed) {
        const share = (Number(element.dataset.at) - from) / length;
        element.setAttribute("x", share * 100 + "%");
        const isShown = share >= 0 && share <= 1 && (isWhole || !element.matches(".label, .tick"));
        element.style.display = isShown ? "" : "none";
      }
      for (const tick of figure.querySelectorAll(".zoomed-tick")) tick.remove();
      for (const share of isWhole ? [] : [0.1, 0.3, 0.5, 0.7, 0.9]) {
        const tick = document.createElementNS("http://www.w3.org/2000/svg", "text");
        tick.setAttribute("class", "tick zoomed-tick");
        tick.setAttribute("text-anchor", "middle");
        tick.setAttribute("x", share * 100 + "%");
        tick.setAttribute("y", figure.querySelector(".tick").getAttribute("y"));
        tick.textContent = clock(from + share * length, digits);
        ticks.append(tick);
      }
    }
    const range = document.querySelector(".zoom [role=status]");
    range.textContent = isWhole ? "" : clock(from, digits) + " to " + clock(from + length, digits);
  }

  function zoomTo(newFrom, newLength) {
    length = Math.min(count, Math.max(NEAREST, newLength));
    from = Math.max(0, Math.min(count - length, newFrom));
    draw();
  }

  const steps = {
    in: () => zoomTo(from + length / 4, length / 2),
    out: () => zoomTo(from - length / 2, length * 2),
    left: () => zoomTo(from - length / 4, length),
    right: () => zoomTo(from + length / 4, length),
    all: () => zoomTo(0, count),
  };
  const keys = { "+": "in", "=": "in", "-": "out", ArrowLeft: "left", ArrowRight: "right", 0: "all" };

  function onKey(event) {
    const step = steps[keys[event.key]];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step();
  }

  function watchPointer({ figure, frame, readout, lines }) {
    let start = null;
    const band = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    band.setAttribute("class", "band");
    band.setAttribute("height", "100%");
    const shareOf = (event) => {
      const { left, width } = frame.getBoundingClientRect();
      return Math.max(0, Math.min(1, (event.clientX - left) / width));
    };
    const tell = (share) => {
      const index = Math.min(count - 1, Math.floor(from + share * length));
      const told = lines.filter(({ values }) => values[index] > 0)
        .map(({ name, values }) => name + " " + compact(values[index]));
      readout.textContent = clock(index, interval < 1 ? 23 : 19) + ", " + figure.dataset.unit + ": " + (told.join(" · ") || "0");
    };
    frame.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      start = shareOf(event);
      frame.setPointerCapture(event.pointerId);
      event.preventDefault();
      figure.focus({ preventScroll: true });
    });
    frame.addEventListener("pointermove", (event) => {
      const share = shareOf(event);
      tell(share);
      if (start === null) return;
      band.setAttribute("x", Math.min(start, share) * 100 + "%");
      band.setAttribute("width", Math.abs(share - start) * 100 + "%");
      frame.append(band);
    });
    frame.addEventListener("pointerup", (event) => {
      const [low, high] = [start, shareOf(event)].sort((one, other) => one - other);
      if (start !== null && high - low > 0.01) zoomTo(from + low * length, (high - low) * length);
      start = null;
      band.remove();
    });
    frame.addEventListener("pointercancel", () => { start = null; band.remove(); });
    frame.addEventListener("dblclick", steps.all);
  }

  const zoom = document.querySelector(".zoom");
  if (zoom && count > NEAREST) {
    zoom.hidden = false;
    for (const button of zoom.querySelectorAll("button")) button.addEventListener("click", steps[button.dataset.zoom]);
    zoom.addEventListener("keydown", onKey);
    for (const chart of charts) {
      chart.figure.tabIndex = 0;
      chart.readout.hidden = false;
      chart.figure.addEventListener("keydown", onKey);
      watchPointer(chart);
    }
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    const code = button.parentElement.querySelector("code");
    button.hidden = false;
    button.addEventListener("click", async () => {
      getSelection().selectAllChildren(code);
      let isCopied = true;
      try {
        await navigator.clipboard.writeText(code.textContent);
      } catch {
        isCopied = document.execCommand("copy");
      }
      button.firstChild.data = isCopied ? "Copied" : "Press Ctrl+C";
      setTimeout(() => { button.firstChild.data = "Copy"; }, 2000);
    });
  }
})();
`;

// Monthly cost against requests a day, both in powers of ten: a price list is a straight line, own
// hardware goes up in steps. A click takes the volume under it.
const moneyChart = (place, { curves, asked }, { sums, num, words, name }) => {
  const SVG = "http://www.w3.org/2000/svg", HEIGHT = 340, POINTS = 240, STEPS = 200;
  const [LEFT, RIGHT, TOP, BOTTOM] = [100, 36, 12, 44];
  const width = Math.max(300, place.clientWidth), log = Math.log10;
  const middle = Math.round(log(Math.max(1, asked)));
  const across = [Math.max(0, middle - 3), Math.max(6, middle + 3)];
  const from = 10 ** across[0], to = 10 ** across[1];

  // Volumes at which a curve is looked at: evenly, and on both sides of each new machine.
  function volumes({ perMachine }) {
    const evenly = [...Array(POINTS + 1).keys()]
      .map((i) => 10 ** (across[0] + (across[1] - across[0]) * i / POINTS));
    const edges = [];
    for (let n = Math.max(1, Math.ceil(from / perMachine)); n * perMachine < to && edges.length < 2 * STEPS; n += 1) {
      edges.push(n * perMachine, n * perMachine * (1 + 1e-9));
    }
    return [...evenly, ...edges].sort((a, b) => a - b);
  }

  const lines = curves.map((curve) => ({
    curve,
    points: volumes(curve).map((n) => [n, sums.usd(curve, n)]).filter(([, usd]) => usd > 0),
  })).filter(({ points }) => points.length);
  place.replaceChildren();
  if (!lines.length) return;
  const usds = lines.flatMap(({ points }) => points.map(([, usd]) => log(usd)));
  const up = [Math.floor(Math.min(...usds)), Math.ceil(Math.max(...usds))];
  if (up[0] === up[1]) up[1] += 1;
  const x = (n) => LEFT + (log(n) - across[0]) / (across[1] - across[0]) * (width - LEFT - RIGHT);
  const y = (usd) => HEIGHT - BOTTOM - (log(usd) - up[0]) / (up[1] - up[0]) * (HEIGHT - TOP - BOTTOM);

  function make(tag, attributes, text) {
    const element = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  const svg = make("svg", { role: "img", width, height: HEIGHT, "aria-label": words.chart });
  const every = Math.ceil((up[1] - up[0]) / 7), spaced = Math.ceil((across[1] - across[0]) * 62 / (width - LEFT - RIGHT));
  for (let power = across[0]; power <= across[1]; power += spaced) {
    const at = x(10 ** power);
    svg.append(
      make("line", { class: "grid", x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM }),
      make("text", { x: at, y: HEIGHT - BOTTOM + 17, "text-anchor": "middle" }, num.count(10 ** power)),
    );
  }
  for (let power = up[0]; power <= up[1]; power += every) {
    const at = y(10 ** power);
    svg.append(
      make("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: at, y2: at }),
      make("text", { x: LEFT - 8, y: at + 4, "text-anchor": "end" },
        num.usd(10 ** power).replace(/[.,]00(?=\D*$)/, "").replace(/(?<=[.,]0+1)0+(?=\D*$)/, "")),
    );
  }
  svg.append(make("text", { x: (LEFT + width - RIGHT) / 2, y: HEIGHT - 6, "text-anchor": "middle" }, words.across));
  for (const { curve, points } of lines) {
    const path = points.map(([n, usd]) => `${x(n).toFixed(1)},${y(usd).toFixed(1)}`).join(" ");
    svg.append(make("polyline", { class: `c${curve.who % 6}${curve.owned ? " owned" : ""}`, points: path }));
  }
  if (asked >= from && asked <= to) {
    const at = x(asked);
    svg.append(make("line", { class: "now", x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM }));
    for (const { curve } of lines) {
      const usd = sums.usd(curve, asked);
      if (usd > 0) svg.append(make("circle", { class: `c${curve.who % 6}`, cx: at, cy: y(usd), r: 4.5 }));
    }
  }
  svg.addEventListener("click", ({ clientX }) => {
    const part = (clientX - svg.getBoundingClientRect().left - LEFT) / (width - LEFT - RIGHT);
    const power = across[0] + Math.min(1, Math.max(0, part)) * (across[1] - across[0]);
    place.dispatchEvent(new CustomEvent("ask", { detail: Number((10 ** power).toPrecision(2)) }));
  });

  const key = document.createElement("ul");
  key.className = "money-key";
  for (const { curve } of lines) {
    const item = document.createElement("li"), swatch = make("svg", { width: 26, height: 10, "aria-hidden": "true" });
    swatch.append(make("line", { class: `c${curve.who % 6}${curve.owned ? " owned" : ""}`, x1: 0, x2: 26, y1: 5, y2: 5 }));
    item.append(swatch, name(curve));
    key.append(item);
  }
  place.append(key, svg);
};

// The calculator: fields for a workload and for hardware, and all that follows from them, at once.
sections.push((root, lang) => {
  const data = dataFor("money"), place = root.querySelector("#money");
  if (!data || !place) return;
  const words = wordsFor(root, "money"), num = figures(lang), sums = moneySums(data);
  const at = (name) => place.querySelector(`#money-${name}`);
  const form = at("form"), rows = at("month").tBodies[0], told = at("told"), status = at("status");
  const heads = [...at("month").tHead.rows[0].cells].map((cell) => cell.textContent);
  const SHARES = ["cached_share", "batch_share", "load"], MOST_STRETCHES = 4, LITTLE = 0.001;
  const WORKLOAD = ["requests_per_day", "cached_share", "batch_share"];
  const HARDWARE = ["years", "usd_per_kwh", "hours_per_day", "load"];

  const fill = (text, fields) => text.replace(/\{(\w+)\}/g, (whole, name) => fields[name] ?? whole);
  const volume = (value) => num.decimal(value, value < 100 && value % 1 ? 1 : 0);
  const name = ({ who, owned }) => fill(words[owned ? "owned" : "listed"], { name: words.names[who] });

  // To a tenth of a per cent; a little is not nothing.
  const busy = (part) => (part > 0 && part < LITTLE
    ? `<\u00a0${num.share(LITTLE, 0.05)}` : num.share(part, 0.05));

  function names(curves) {
    const each = curves.map(name), last = each.pop();
    return each.length ? fill(words.and, { first: each.join(", "), last }) : last;
  }

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.textContent = text;
    return element;
  }

  // What stands in the fields; the first that holds no number it can be, if any.
  function read() {
    const values = {};
    let wrong = null;
    for (const field of form.querySelectorAll("input[type=number]")) {
      const needed = [...WORKLOAD, ...HARDWARE].includes(field.name);
      const bad = !field.validity.valid || (needed && field.value === "");
      field.setAttribute("aria-invalid", String(bad));
      wrong ??= bad ? field : null;
      const value = field.value === "" ? null : Number(field.value);
      values[field.name] = value !== null && SHARES.includes(field.name) ? value / 100 : value;
    }
    const own = [...form.querySelectorAll("input[name=own]:checked")].map(({ value }) => Number(value));
    return { values, wrong, own };
  }

  function amount({ aMonth, because, who }) {
    if (because) {
      const why = words.because[who][because];
      return [make("span", "unknown", fill(words.unknown, { because: why }))];
    }
    const { low, value, high, known } = aMonth, width = high - low;
    if (known !== "interval") {
      const figure = make("b", "", num.usd(value));
      return known === "few" ? [figure, make("small", "", words.few)] : [figure];
    }
    const ends = num.between(num.usd(low, width), num.usd(high, width));
    return [make("b", "", num.usd(value, width)), make("small", "", ends)];
  }

  function row(way, asked) {
    const line = document.createElement("tr"), head = make("th", "", name(way));
    head.scope = "row";
    line.append(head);
    const month = asked * data.month_days, { curve } = way;
    const usd = (value) => make("span", "", value === null ? "–" : num.usd(value));
    const standing = curve && way.machines
      ? fill(words.machines, { machines: num.count(way.machines), busy: busy(way.busy) })
      : "–";
    const cells = [
      amount(way),
      [usd(curve && month ? way.aMonth.value / month * 1000 : null)],
      [usd(curve ? way.perMillion : null)],
      [make("span", "", standing)],
    ];
    cells.forEach((parts, place) => {
      const cell = make("td", "", "");
      cell.dataset.label = heads[place + 1];
      cell.classList.toggle("none", parts[0].textContent === "–");
      cell.append(...parts);
      line.append(cell);
    });
    for (const [element, role] of [[line, "row"], [head, "rowheader"]]) element.setAttribute("role", role);
    for (const cell of line.querySelectorAll("td")) cell.setAttribute("role", "cell");
    return line;
  }

  function stretches(curves) {
    const found = sums.cheapest(curves), last = found.at(-1);
    if (found.length === 1) return [fill(words.always, { way: names(last.best) })];
    const lines = [fill(words.up_to, { to: volume(found[0].end), way: names(found[0].best) })];
    const few = found.length <= MOST_STRETCHES, shown = few ? found.length - 1 : MOST_STRETCHES - 1;
    for (const { start, end, best } of found.slice(1, shown)) {
      lines.push(fill(words.from_to, { start: volume(start), to: volume(end), way: names(best) }));
    }
    if (!few) {
      lines.push(fill(words.turns, { start: volume(found[shown].start), to: volume(last.start) }));
    }
    return [...lines, fill(words.onwards, { start: volume(last.start), way: names(last.best) })];
  }

  function breakEven(own, listed) {
    const { first, low, high, forGood } = sums.breakEven(own, listed), most = own.perMachine;
    const told = { own: words.names[own.who], listed: words.names[listed.who], range: "" };
    if (first === null) {
      const [usd, machine] = [listed, own].map((curve) => num.usd(sums.usd(curve, most)));
      return fill(words.never, { ...told, most: volume(most), usd, machine });
    }
    told.first = volume(first);
    if (low !== high) {
      const [from, to] = [low, high].map((end) => volume(end ?? Infinity));
      told.range = ` (${num.between(from, to)})`;
    }
    if (forGood === null || forGood === first) return fill(words.pays, told);
    return fill(words.pays_later, { ...told, good: volume(forGood) });
  }

  // The cheapest, and whoever's interval allows that it costs as little.
  function now(ways, curves, asked) {
    const best = sums.least(curves, asked), usd = num.usd(sums.usd(best[0], asked));
    const known = ways.filter(({ curve }) => curve), isBest = ({ curve }) => best.includes(curve);
    const most = Math.max(...known.filter(isBest).map(({ aMonth }) => aMonth.high));
    const others = known.filter((way) => !isBest(way) && way.aMonth.low <= most);
    return fill(others.length ? words.now_open : words.now, {
      n: volume(asked), way: names(best), usd, others: others.length ? names(others) : "",
    });
  }

  function keeps(curve, limit) {
    const most = sums.volumeWithin(curve, limit), told = { way: name(curve), usd: num.usd(limit) };
    return most === null ? fill(words.beyond, told) : fill(words.within, { ...told, n: volume(most) });
  }

  function says(ways, curves, asked, limit) {
    if (!curves.length) return [];
    const lines = [now(ways, curves, asked)];
    if (curves.length > 1) lines.push(...stretches(curves));
    for (const own of curves.filter(({ owned }) => owned)) {
      for (const listed of curves.filter(({ owned }) => !owned)) lines.push(breakEven(own, listed));
    }
    return limit === null ? lines : [...lines, ...curves.map((curve) => keeps(curve, limit))];
  }

  let drawn = null;
  function draw() {
    const { values, wrong, own } = read();
    if (wrong) {
      const field = wrong.labels[0].firstElementChild.textContent;
      const [low, high] = [wrong.min, wrong.max].map((end) => num.decimal(Number(end), end.includes(".") ? 1 : 0));
      status.textContent = fill(words.wrong, { field, low, high });
      return;
    }
    const ways = sums.ways(values, values.usd === null ? null : values, own);
    const curves = ways.flatMap(({ curve }) => curve ?? []), lines = says(ways, curves, values.requests_per_day, values.limit_usd);
    rows.replaceChildren(...ways.map((way) => row(way, values.requests_per_day)));
    told.replaceChildren(...lines.slice(1).map((line) => make("li", "", line)));
    status.textContent = lines[0] ?? "";
    drawn = { curves, asked: values.requests_per_day };
    chart();
  }

  function chart() {
    if (drawn && place.isConnected) moneyChart(at("chart"), drawn, { sums, num, words, name });
  }

  at("chart").addEventListener("ask", ({ detail }) => {
    const field = form.elements.requests_per_day;
    field.value = String(detail);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", draw);
  form.hidden = false;
  at("unscripted")?.remove();
  new ResizeObserver(chart).observe(at("chart"));
  root.addEventListener("live", chart);
  draw();
});

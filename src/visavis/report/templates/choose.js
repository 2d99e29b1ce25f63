// The policy that a reader moves, and what it comes to, said as report/verdict.py says it.
const sayings = ({ said, criteria, limits }, data, num) => {
  const fill = (text, fields) => text.replace(/\{(\w+)\}/g, (_, name) => fields[name]);
  const say = (key, fields = {}) => fill(said[key], fields);
  const nameOf = (who) => data.candidates[who];
  const labelOf = (row) => criteria[`${row.measure}.${row.benchmark}`];
  const listed = (things) => (things.length < 2 ? things.join("")
    : say("and", { first: things.slice(0, -1).join(", "), last: things.at(-1) }));
  const exactly = (part) => num.share(part, Number(Number((100 * part).toFixed(9)) % 1 === 0));

  function mustOf({ key, local, at_most: most, unit, limit: at, share: part }) {
    if (local) return say("locally");
    const limit = unit === "share" ? exactly(at) : num.value(unit, at);
    const must = say(most ? "at most" : "at least", { label: limits[key], limit });
    return part === null ? must : say("of requests", { must, share: exactly(part) });
  }

  function unknownMust(must, few) {
    const why = few
      ? say("too few", { n: `n${data.nbsp}=${data.nbsp}${num.count(few[0])}`, needed: num.count(few[1]) })
      : say(must.measured ? "not measured" : "not known");
    return say("doubt", { must: mustOf(must), why });
  }
  const doubts = ({ musts, candidate }, policy) => policy.must.flatMap((must, i) => {
    if (musts[i] === "not known") return [unknownMust(must, data.few[must.subject][candidate])];
    return musts[i] === "may be missed" ? [mustOf(must)] : [];
  });
  const place = (at, above) => say(above ? "more" : "less than", { at });

  // No finer than so many worlds can tell.
  function share(found) {
    if (found === null) return "–";
    if (found > data.sure) return `>${data.nbsp}${num.share(data.sure, data.fine)}`;
    if (found < 1 - data.sure) return `<${data.nbsp}${num.share(1 - data.sure, data.fine)}`;
    return num.share(found, data.fine);
  }

  function shareSaid(found) {
    if (found > data.sure) return place(num.share(data.sure, data.fine), true);
    if (found !== null && found < 1 - data.sure) {
      return place(num.share(1 - data.sure, data.fine), false);
    }
    return share(found);
  }

  const named = ({ worlds }) => listed((worlds?.unknown ?? []).map((name) => criteria[name]));

  const LEFT_OUT = new Set(["only one is left", "none meets what must hold"]);

  // What nobody knows of any; else what some were left out for; else what the best may miss.
  function telling({ because, best, standings, unknown, policy }) {
    if (unknown.length) {
      return unknown.map((must) => unknownMust(must, data.few[must.subject].findLast(Boolean)));
    }
    if (!LEFT_OUT.has(because)) return doubts(standings[best], policy);
    const missed = (_, i) => standings.some(({ musts }) => musts[i] === "missed");
    return policy.must.filter(missed).map(mustOf);
  }

  function headline(found) {
    const { because, best, standings, unknown } = found;
    return say(unknown.length ? "what must hold is not known" : because, {
      named: named(found),
      musts: telling(found).join(", "),
      best: nameOf(best),
      share: shareSaid(standings[best].acceptability),
      enough: num.share(data.enough),
    });
  }

  const condition = ({ candidate, row, above, share: part }) => say(above ? "from" : "under",
    { name: nameOf(candidate), criterion: labelOf(row), share: num.share(part) });

  function turn({ row, against, by }, who) {
    const best = nameOf(who);
    const name = labelOf(row), other = nameOf(against);
    if (row.scale === "difference") {
      return say("less", { best, name, points: num.points(by, 1, false), against: other });
    }
    const times = num.ratio(by);
    const key = row.higher_is_better ? "divided" : "multiplied";
    return say(key, { best, name, times, against: other });
  }

  const weight = ({ row, now, at, above, to }) => say("weight", {
    criterion: labelOf(row),
    now: num.share(now),
    place: place(num.share(at), above),
    name: nameOf(to),
  });

  const price = ({ candidate, against, now, at }, best) => say(
    candidate === best ? "dearer" : "cheaper",
    { name: nameOf(candidate), now: num.usd(now), at: num.usd(at), against: nameOf(against) });

  function limit({ must, at, above, best, chosen }) {
    const ending = best === null ? "none" : chosen === null ? "undecided" : "chosen";
    const name = chosen === null ? "" : nameOf(chosen);
    return say(`limit ${ending}`,
      { must: mustOf(must), place: place(num.value(must.unit, at), above), name });
  }

  function remark(standing, policy) {
    const { musts, dominatedBy } = standing;
    const missed = policy.must.filter((_, i) => musts[i] === "missed").map(mustOf);
    for (const [key, those] of [["misses", missed], ["may miss", doubts(standing, policy)]]) {
      if (those.length) return say(key, { musts: those.join(", ") });
    }
    return dominatedBy.length ? say("dominated", { names: listed(dominatedBy.map(nameOf)) }) : "";
  }

  function told(found) {
    const isSaid = found.because === "half of what it weighs was not measured";
    const left = isSaid ? "" : named(found);
    return [
      ...found.flips.map((one) => turn(one, found.best)),
      ...found.weights.filter((one) => one.shown).map(weight),
      ...found.prices.map((one) => price(one, found.best)),
      ...found.limits.map(limit),
      ...(left ? [say("left out", { named: left })] : []),
    ];
  }

  const ifs = (found) => found.conditions.map(condition);
  return { fill, headline, ifs, remark, share, told };
};

// A policy in the writing of a user's own file.
function yamlOf({ name, about, matters, weights, must, money }) {
  const quoted = (text) => (/^\w[\w.@-]*$/.test(text) ? text : JSON.stringify(text));
  const lines = [`name: ${quoted(name)}`];
  if (about) lines.push(`about: ${quoted(about)}`);
  if (must.length) lines.push("must:", ...must.map(({ text }) => `  - ${text}`));
  lines.push("matters:", ...Object.entries(matters).map(([key, gap]) => `  ${key}: ${gap}`));
  const named = Object.entries(weights);
  if (named.length) {
    lines.push("weights:", ...named.map(([key, ends]) => `  ${quoted(key)}: [${ends.join(", ")}]`));
  }
  return lines.join("\n") + "\n" + money;
}

sections.push((root, lang, state) => {
  const data = dataFor("choose"), form = root.querySelector("#choose .policy");
  if (!form) return;
  const num = figures(lang), words = wordsFor(root, "choose"), says = sayings(words, data, num);
  const names = data.rows.map((row) => `${row.measure}.${row.benchmark}`);
  const own = state.choose ??= { use: 0, policy: data.policies[0], engine: choosing(data) };
  const [said, ifs, bars, told] =
    [".said", ".ifs", ".bars", ".told"].map((each) => form.querySelector(each));
  const any = form.elements.any, weights = [...form.querySelectorAll(".weight[data-key]")];
  const matters = [...form.querySelectorAll("[data-matters]")];
  const limits = [...form.querySelectorAll("[data-limit]")];
  const MOST = 6;  // of a weight, while none is above it
  const plain = (x) => Number(x.toPrecision(12));
  const isAny = () => Object.keys(own.policy.weights).length === 0;

  // What a whole measure is given, as weights of its criteria: those are what a reader can move.
  // Where any weights are possible the handles stand at both ends, and there they stay.
  function apart() {
    if (isAny()) return Object.fromEntries(names.map((name) => [name, [0, MOST]]));
    return Object.fromEntries(names.map((name) => [name,
      own.engine.weightOf(name, own.policy.weights, names).map((x) => Number(x.toFixed(3)))]));
  }

  function move(change) {
    own.policy = { ...own.policy, ...change, name: "mine", about: "" };
    own.use = null;
    later();
  }

  function moveWeight(key, end, to) {
    const moved = apart();
    const [low, high] = moved[key];
    moved[key] = end === 0 ? [to, Math.max(to, high)] : [Math.min(to, low), to];
    if (Object.values(moved).some(([, most]) => most > 0)) move({ weights: moved });
    else later();
  }

  // What cannot be read is told beside its field, and stays there to be mended.
  const isWrong = (field) => field.getAttribute("aria-invalid") === "true";
  function tell(field, text) {
    field.setAttribute("aria-invalid", String(text !== ""));
    field.closest(".number").querySelector(".wrong").textContent = text;
  }
  function canRead(field) {
    const { min, max, validity, value, dataset } = field;
    const can = validity.valid && (value !== "" || !("matters" in dataset));
    const ends = { low: num.decimal(Number(min), min % 1 ? 2 : 0), high: num.decimal(Number(max)) };
    tell(field, can ? "" : says.fill(words[max ? "wrong" : "too low"], ends));
    return can;
  }

  function moveLimit(field) {
    const { limit: key, step } = field.dataset, [kind] = [data.limits[key]];
    const must = own.policy.must.filter((one) => one.key !== key);
    if (!kind.local && !canRead(field)) return;
    if (kind.local ? field.checked : field.value !== "") {
      const limit = kind.local ? 1 : plain(field.valueAsNumber * Number(step));
      must.push({ key, limit, text: kind.local ? key : `${key} ${limit}` });
    }
    // A limit on a bill speaks of the workload of the policy under which the page was made.
    const money = key.startsWith(data.monthly) ? data.policies[0].money : own.policy.money;
    move({ must, money });
  }

  function moveMatters(field) {
    if (!canRead(field)) return;
    const { matters: key, step } = field.dataset, gap = plain(field.valueAsNumber * Number(step));
    move({ matters: { ...own.policy.matters, [key]: gap } });
  }

  function showFields() {
    const { policy } = own;
    const isOpen = (field) => field !== document.activeElement && !isWrong(field);
    form.elements.use.value = own.use ?? "";
    any.checked = isAny();
    const ends = apart();
    for (const row of weights) {
      const [low, high] = ends[row.dataset.key], fields = row.querySelectorAll("input");
      fields.forEach((field, end) => {
        field.max = Math.max(MOST, Math.ceil(high));
        field.value = isAny() ? end * field.max : ends[row.dataset.key][end];
      });
      row.classList.toggle("unweighed", !isAny() && high === 0);
      const isExact = (n) => [low, high].every((x) => Number(x.toFixed(n)) === x);
      const places = [0, 1].find(isExact) ?? 2;
      const [from, to] = [low, high].map((x) => num.decimal(x, places));
      row.querySelector("output").textContent =
        isAny() ? "–" : low === high ? from : num.between(from, to);
    }
    for (const field of matters) {
      const { matters: key, step } = field.dataset;
      if (isOpen(field)) field.value = plain(policy.matters[key] / Number(step));
    }
    for (const field of limits) {
      const must = policy.must.find((one) => one.key === field.dataset.limit);
      if (field.type === "checkbox") field.checked = Boolean(must);
      else if (isOpen(field)) field.value = must ? plain(must.limit / field.dataset.step) : "";
    }
    form.querySelector(".yaml").textContent = yamlOf(policy);
    form.querySelector(".copied").textContent = "";
  }

  function list(place, lines) {
    place.replaceChildren(...lines.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
  }

  function showOutcome() {
    const found = own.engine.consider(own.policy);
    said.textContent = says.headline(found);
    found.standings.forEach((one, who) => {
      const row = bars.children[who], at = one.acceptability ?? 0;
      row.querySelector(".bar").setAttribute("width", `${100 * at}%`);
      row.querySelector(".part").textContent = says.share(one.acceptability);
      row.querySelector(".remark").textContent = says.remark(one, found.policy);
    });
    list(ifs, says.ifs(found));
    const changes = says.told(found);
    form.querySelector(".changes").hidden = !changes.length;
    list(told, changes);
  }

  // What stands here is that of the first policy: nothing is reckoned before a reader moves.
  let waiting = 0, shown = data.policies[0];
  function show() {
    showFields();
    if (own.policy !== shown) showOutcome();
    shown = own.policy;
  }
  function later() {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(show);
  }

  form.addEventListener("focusout", showFields);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.use.addEventListener("change", ({ target }) => {
    [...matters, ...limits].filter(isWrong).forEach((field) => tell(field, ""));
    own.use = Number(target.value);
    own.policy = data.policies[own.use];
    later();
  });
  any.addEventListener("change", () => move({ weights: any.checked ? {} : apart() }));
  for (const row of weights) {
    row.querySelectorAll("input").forEach((field, end) => field.addEventListener("input",
      () => moveWeight(row.dataset.key, end, field.valueAsNumber)));
  }
  matters.forEach((field) => field.addEventListener("input", () => moveMatters(field)));
  limits.forEach((field) => field.addEventListener("input", () => moveLimit(field)));
  form.querySelector(".copy").addEventListener("click", async () => {
    const shown = form.querySelector(".yaml");
    try {
      await navigator.clipboard.writeText(shown.textContent);
      form.querySelector(".copied").textContent = words.copied;
    } catch {  // a page opened from disk may not be allowed to: it is marked, to be copied by hand
      getSelection().selectAllChildren(shown);
    }
  });
  form.hidden = false;
  root.addEventListener("live", show);  // at once, for the page carries over what then differs
});

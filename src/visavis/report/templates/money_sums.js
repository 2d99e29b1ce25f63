// What a workload costs, reckoned as verdict/workload.py, hardware.py and money.py do. A test in a
// browser holds the two against each other.
const moneySums = (data) => {
  const MILLION = 1e6, SECONDS_AN_HOUR = 3600, JOULES_A_KWH = 3.6e6, EXACT = 1e-7, ROUNDING = 1e-9;
  const sum = (values) => values.reduce((total, value) => total + value, 0);

  // An amount has ends; `known` says what they are: an interval, none for want of spread, or exact.
  const exact = (value) => ({ low: value, value, high: value, known: "exact" });
  const times = (amount, factor) => ({
    ...amount, low: amount.low * factor, value: amount.value * factor, high: amount.high * factor,
  });

  function used(one, load) {
    const [taken, made] = [load.input_tokens, load.output_tokens];
    if (!one.tokens) return taken === null || made === null ? null : [taken, made];
    const [read, written, yardRead, yardWritten] = one.tokens.means;
    return [
      taken === null ? read : taken * read / yardRead,
      made === null ? written : made * written / yardWritten,
    ];
  }

  function around(one, load, parts) {
    const value = sum(parts);
    if (value === 0 || !one.tokens) return exact(value);
    const stated = [load.input_tokens !== null, load.output_tokens !== null];
    let own = parts.map((part) => part / value);
    let beside = own.map((part, place) => (stated[place] ? -part : 0));
    if (one.tokens.yardstick) {
      own = own.map((part, place) => part + beside[place]);
      beside = [0, 0];
    }
    if (!own.some((part) => part)) return exact(value);
    const powers = [...own, ...beside], { covariance, reach } = one.tokens;
    const rows = covariance.map((row, at) => powers[at] * sum(row.map((c, i) => c * powers[i])));
    const error = Math.sqrt(Math.max(0, sum(rows)));
    if (error < EXACT) return { ...exact(value), known: "few" };
    return {
      low: value * Math.exp(-reach * error), value, high: value * Math.exp(reach * error),
      known: "interval",
    };
  }

  // A price list's row: from so many input tokens on; input, output and cached input.
  function parts(one, tokens, load) {
    const rates = one.rates.findLast(([above]) => tokens[0] >= above);
    const batch = one.batch && rates === one.rates[0] ? one.batch : rates;
    const input = ([, fresh, , cached]) =>
      (1 - load.cached_share) * fresh + load.cached_share * cached;
    const mixed = (of) => (1 - load.batch_share) * of(rates) + load.batch_share * of(batch);
    return [
      tokens[0] * mixed(input) / MILLION,
      tokens[1] * mixed(([, , output]) => output) / MILLION,
    ];
  }

  const machines = (curve, asked) =>
    (curve.perMachine === Infinity ? 1 : Math.max(1, Math.ceil(asked / curve.perMachine)));
  const usd = (curve, asked) => (curve.each ? curve.each * data.month_days * asked : 0)
    + curve.standing * machines(curve, asked);

  function perMillion(aMonth, tokens, load) {
    const made = load.requests_per_day * data.month_days * tokens;
    return made ? aMonth / made * MILLION : null;
  }

  function byList(one, load) {
    const tokens = used(one, load);
    if (!one.rates) return { because: "price" };
    if (!tokens) return { because: "tokens" };
    const price = around(one, load, parts(one, tokens, load));
    const aMonth = times(price, load.requests_per_day * data.month_days);
    return {
      curve: {
        owned: false, each: price.value, ends: [price.low, price.high], standing: 0,
        perMachine: Infinity,
      },
      aMonth, perMillion: perMillion(aMonth.value, tokens[1], load), machines: 0, busy: 0,
    };
  }

  function curveOf(hardware, watts, tokens, perS, joules) {
    const aDay = perS * hardware.hours_per_day * SECONDS_AN_HOUR * hardware.load;
    const kwh = watts / 1000 * hardware.hours_per_day * data.month_days;
    return {
      owned: true,
      each: joules * tokens / JOULES_A_KWH * hardware.usd_per_kwh,
      standing: hardware.usd / (12 * hardware.years) + kwh * hardware.usd_per_kwh,
      perMachine: tokens ? aDay / tokens : Infinity,
    };
  }

  function owned(one, load, hardware) {
    const tokens = used(one, load), { engine } = one;
    if (!tokens) return { because: "tokens" };
    const made = around(one, load, [0, tokens[1]]);
    const stated = hardware.tokens_per_s;
    const speed = stated === null ? engine?.tokens_per_s : [stated, stated, stated];
    if (!speed) return { because: "speed" };
    let watts = hardware.watts, joules = [0, 0, 0];
    if (watts === null) {
      if (!engine || engine.idle_w === null || !engine.joules_per_token) return { because: "power" };
      [watts, joules] = [engine.idle_w, engine.joules_per_token];
    }
    const best = curveOf(hardware, watts, made.low, speed[2], joules[0]);
    const curve = curveOf(hardware, watts, made.value, speed[1], joules[1]);
    const worst = curveOf(hardware, watts, made.high, speed[0], joules[2]);
    const asked = load.requests_per_day;
    const [low, value, high] = [best, curve, worst].map((each) => usd(each, asked));
    const known = made.known === "few" ? "few" : low === high ? "exact" : "interval";
    const count = machines(curve, asked);
    return {
      curve, aMonth: { low, value, high, known }, perMillion: perMillion(value, made.value, load),
      machines: count, busy: hardware.load * asked / (count * curve.perMachine),
    };
  }

  // Each way to have a candidate; `who` is its place in the list.
  const ways = (load, hardware, own) => data.candidates.flatMap((one, who) => {
    const listed = byList(one, load), onOwn = hardware && own.includes(who), found = [];
    if (!onOwn || listed.curve) found.push({ who, owned: false, ...listed });
    if (onOwn) found.push({ who, owned: true, ...owned(one, load, hardware) });
    for (const way of found) if (way.curve) way.curve.who = who;
    return found;
  });

  // From how many requests a day on the first machine pays; null where it carries fewer.
  function firstOf(own, each) {
    const saved = (each - own.each) * data.month_days;
    const first = saved > 0 ? own.standing / saved : Infinity;
    return first <= own.perMachine && first < Infinity ? first : null;
  }

  function breakEven(own, listed) {
    const first = firstOf(own, listed.each), most = own.perMachine;
    const [high, low] = listed.ends.map((each) => firstOf(own, each));
    const count = most === Infinity ? 1 : Math.max(1, Math.ceil(first / (most - first) - ROUNDING));
    return { first, low, high, forGood: first === null || first === most ? null : first * count };
  }

  // Up to how many requests a day a month costs no more than that; null where it costs more at any.
  function volumeWithin(curve, limit) {
    const each = curve.each * data.month_days;
    let most = null;
    for (let count = 1; count <= data.most_machines; count += 1) {
      const left = limit - count * curve.standing, full = count * curve.perMachine;
      if (left < 0) break;
      most = Math.max(most ?? 0, each > 0 ? Math.min(full, left / each) : full);
    }
    return most;
  }

  const within = (start, end) => (end === Infinity ? 2 * start + 1 : (start + end) / 2);

  function pieces(curves, start, end) {
    const inside = within(start, end), cuts = [];
    const standing = (curve) => curve.standing * machines(curve, inside);
    curves.forEach((one, at) => curves.slice(at + 1).forEach((other) => {
      const steeper = (one.each - other.each) * data.month_days;
      const cut = (standing(other) - standing(one)) / steeper;
      if (steeper !== 0 && start < cut && cut < end) cuts.push(cut);
    }));
    const edges = ordered([start, ...cuts, end]);
    return edges.slice(1).map((edge, at) => [edges[at], edge]);
  }

  const ordered = (values) => [...new Set(values)].sort((a, b) => a - b);
  // The cheapest; all that cost the same.
  function least(curves, asked) {
    const bills = curves.map((curve) => usd(curve, asked)), most = Math.min(...bills) * (1 + ROUNDING);
    return curves.filter((curve, at) => bills[at] <= most);
  }

  function cheapest(curves) {
    const most = data.most_machines;
    const horizon = Math.min(...curves.map((curve) => most * curve.perMachine));
    const edges = [0, horizon];
    for (const curve of curves) {
      for (let count = 1; count < most && count * curve.perMachine < horizon; count += 1) {
        edges.push(count * curve.perMachine);
      }
    }
    const at = ordered(edges), found = [];
    for (let i = 1; i < at.length; i += 1) {
      for (const [start, end] of pieces(curves, at[i - 1], at[i])) {
        const best = least(curves, within(start, end)), last = found.at(-1);
        const same = last?.best.length === best.length && best.every((one, i) => one === last.best[i]);
        if (same) last.end = end; else found.push({ start, end, best });
      }
    }
    return found;
  }

  return { ways, breakEven, cheapest, least, machines, usd, volumeWithin };
};

// What verdict/consider.py makes of a policy, with what would change it: the same answers, by a test.
function choosing(data) {
  const { candidates, rows, bills, worlds: count } = data;
  const open = (ends) => ends && [ends[0] ?? -Infinity, ends[1] ?? Infinity];
  const subjects = data.subjects.map((of) => of.map((values) => values.map(open)));
  const { enough: ENOUGH, half: HALF, fewest: FEWEST, alpha: ALPHA, z: Z, level: LEVEL } = data;
  const { furthest: FURTHEST, least: LEAST } = data, HALVINGS = 60;
  const KEPT = 4, drawn = new Map(), gaps = new Map();

  function draw(seed) {
    if (!drawn.has(seed)) {
      drawn.set(seed, drawing.draw(seed, candidates.length, count, data.smallest));
    }
    return drawn.get(seed);
  }

  const sum = (list) => list.reduce((so_far, x) => so_far + x, 0);
  const onScale = (row) => (row.scale === "ratio" ? Math.log : (x) => x);
  const unitOf = (row, matters) => (row.scale === "ratio" ? Math.log1p(matters) : matters);
  const nameOf = (row) => `${row.measure}.${row.benchmark}`;
  const gapOf = (row, a, b) =>
    row.gaps.find(([x, y]) => (x === a && y === b) || (x === b && y === a));

  // What holds: everything that is known has to meet a limit; nothing known is nothing met.
  function metBy(must, values) {
    if (values.every((ends) => ends === null)) return "not known";
    const holds = (value) => (must.at_most ? value <= must.limit : value >= must.limit);
    const said = values.map((ends) => {
      if (ends === null || holds(ends[0]) !== holds(ends[1])) return "may be missed";
      return holds(ends[0]) ? "met" : "missed";
    });
    if (said.includes("missed")) return "missed";
    return said.every((one) => one === "met") ? "met" : "may be missed";
  }

  const isDoubtful = (met) => met.includes("may be missed") || met.includes("not known");

  // Who was shown better: `a`, `b`, neither since they are alike, or nobody yet.
  function side(row, matters, a, b) {
    const gap = gapOf(row, a, b);
    if (!gap) return null;
    const [first, , low, , high, chance] = gap;
    if (low === undefined || chance === null) return "open";
    const [from, to] = [low, high].map(onScale(row)), unit = unitOf(row, matters);
    if (-unit < from && to < unit) return "alike";
    if (!(from > 0 || to < 0) || chance >= ALPHA) return "open";
    return ((from > 0) === row.higher_is_better) === (first === a) ? "a" : "b";
  }
  const sides = (a, b, some, policy) =>
    some.map((row) => side(row, policy.matters[row.measure], a, b)).filter((one) => one !== null);
  const shown = (a, b, some, policy) => sides(a, b, some, policy).includes("a");
  function dominates(a, b, some, policy) {
    const found = a === b ? [] : sides(a, b, some, policy);
    return found.includes("a") && found.every((one) => one === "a" || one === "alike");
  }

  function weightOf(name, weights, names) {
    if (name in weights) return weights[name];
    const [measure] = name.split(".", 1);
    if (!(measure in weights)) return [0, 0];
    const sharing = names.filter((one) => one.split(".", 1)[0] === measure && !(one in weights));
    return weights[measure].map((end) => end / sharing.length);
  }
  const isNamed = (policy) => Object.keys(policy.weights).length > 0;

  // How far each of `left` is from their mean, as seen and by the middles of the intervals, and the
  // variance of every gap, in gaps that matter.
  function table(row, left, policy) {
    const n = left.length, unit = unitOf(row, policy.matters[row.measure]);
    const [seen, middle, squares] = [0, 1, 2].map(() => left.map(() => Array(n).fill(0)));
    for (let i = 0; i < n; i += 1) {
      for (let j = i + 1; j < n; j += 1) {
        const gap = gapOf(row, left[i], left[j]);
        if (!gap || gap[2] === undefined) return null;
        const [low, value, high] = gap.slice(2, 5).map(onScale(row));
        const sign = (row.higher_is_better ? 1 : -1) * (gap[0] === left[i] ? 1 : -1);
        seen[i][j] = (sign * value) / unit;
        middle[i][j] = (sign * (low + high)) / 2 / unit;
        seen[j][i] = -seen[i][j];
        middle[j][i] = -middle[i][j];
        squares[i][j] = ((high - low) / (2 * Z * unit)) ** 2;
        squares[j][i] = squares[i][j];
      }
    }
    const means = (rows) => rows.map((of) => sum(of) / n);
    return { row, centre: means(seen), middle: means(middle), squares };
  }

  function weightsOf(policy, known) {
    const names = known.map(({ row }) => nameOf(row));
    const weights = known.map(({ row }) => {
      const { shares } = draw(row.seed);
      if (!isNamed(policy)) return shares.map((share) => -Math.log(share));
      const [low, high] = weightOf(nameOf(row), policy.weights, names);
      return shares.map((share) => low + (high - low) * share);
    });
    for (let w = 0; w < count; w += 1) {
      let all = 0;
      for (const one of weights) all += one[w];
      for (const one of weights) one[w] /= all;
    }
    return weights;
  }

  // By how many gaps that matter each is better than the mean, world by world. The last few are
  // kept, for they stay as they are while a weight is moved.
  function gapsOf({ row, middle, squares }, left) {
    const kept = gaps.get(row) ?? gaps.set(row, new Map()).get(row);
    const key = JSON.stringify([left, middle, squares]);
    if (!kept.has(key)) {
      if (kept.size === KEPT) kept.delete(kept.keys().next().value);
      const root = drawing.root(squares, data.flat);
      const normals = left.map((who) => draw(row.errors).normals[who]);
      kept.set(key, left.map((_, i) => {
        const found = new Float64Array(count).fill(middle[i]);
        normals.forEach((normal, j) => {
          for (let w = 0; w < count; w += 1) found[w] += normal[w] * root[j][i];
        });
        return found;
      }));
    }
    return kept.get(key);
  }

  // Of each world, the part that each candidate takes: 1 for the best, less where some are level.
  function wonBy(left, known, weights) {
    const total = left.map(() => new Float64Array(count));
    known.forEach((one, k) => {
      const weight = weights[k];
      gapsOf(one, left).forEach((gap, i) => {
        const into = total[i];
        for (let w = 0; w < count; w += 1) into[w] += weight[w] * gap[w];
      });
    });
    for (let w = 0; w < count; w += 1) {
      let most = -Infinity, level = 0;
      for (const one of total) most = Math.max(most, one[w]);
      for (const one of total) level += Number(one[w] > most - LEVEL);
      for (const one of total) one[w] = one[w] > most - LEVEL ? 1 / level : 0;
    }
    return total;
  }

  // The part of what a policy weighs that was not measured, by the middles of its weights.
  function missing(weights, known) {
    const unnamed = known.filter((name) => !(name in weights)).map((name) => name.split(".", 1)[0]);
    const middles = Object.values(weights).map(([low, high]) => (low + high) / 2);
    const missed = Object.keys(weights).map((name, i) =>
      (known.includes(name) || unnamed.includes(name) ? 0 : middles[i]));
    return sum(missed) ? sum(missed) / sum(middles) : 0;
  }

  function worldsOf(left, policy) {
    const named = isNamed(policy);
    const asked = rows.filter((row) =>
      !named || weightOf(nameOf(row), policy.weights, [nameOf(row)])[1] > 0);
    const tables = asked.map((row) => table(row, left, policy)), known = tables.filter(Boolean);
    const names = asked.map(nameOf);
    const spoken = new Set(names.flatMap((name) => [name, name.split(".", 1)[0]]));
    const absent = Object.keys(policy.weights)
      .filter((name) => policy.weights[name][1] > 0 && !spoken.has(name));
    const weights = known.length ? weightsOf(policy, known) : [];
    return {
      left,
      criteria: known.map(({ row }) => row),
      centre: known.map(({ centre }) => centre),
      weights,
      means: weights.map((one) => sum(one) / count),
      won: known.length ? wonBy(left, known, weights) : [],
      missing: missing(policy.weights, known.map(({ row }) => nameOf(row))),
      unknown: [...names.filter((_, i) => tables[i] === null), ...absent],
    };
  }

  function decided(standings, left, found, policy) {
    const counted = found ? found.criteria : [];
    if (!left.length) return [null, "none meets what must hold"];
    if (left.length > 1 && !counted.length) {
      return [null, "nothing that it weighs tells anyone apart"];
    }
    const best = bestOf(standings), met = standings[best].musts;
    if (isDoubtful(met)) return [null, "it may miss what must hold"];
    if (left.length === 1) return [best, "only one is left"];
    if (found.missing >= HALF) return [null, "half of what it weighs was not measured"];
    if ((standings[best].acceptability ?? 0) < ENOUGH) {
      return [null, "no one is best in nearly all worlds"];
    }
    const others = left.filter((who) => who !== best);
    if (!others.every((other) => shown(best, other, counted, policy))) {
      return [null, "no difference was shown"];
    }
    return [best, "it is best in nearly all worlds"];
  }

  function bestOf(standings) {
    const shares = standings.map((one) => one.acceptability ?? 0);
    return shares.indexOf(Math.max(...shares));
  }

  // The choice: must-haves first, then worlds.
  function choose(policy) {
    const musts = candidates.map((_, who) =>
      policy.must.map((one) => metBy(one, subjects[one.subject][who])));
    const left = candidates.map((_, who) => who).filter((who) => !musts[who].includes("missed"));
    const found = left.length > 1 ? worldsOf(left, policy) : null;
    const counted = found ? found.criteria : [];
    const standings = candidates.map((name, who) => {
      const at = left.indexOf(who), won = found && counted.length && at >= 0 ? found.won[at] : null;
      const wins = won ? sum(won) : 0;
      return {
        candidate: who,
        musts: musts[who],
        acceptability: won ? wins / count : left.length === 1 && at === 0 ? 1 : null,
        central: wins ? found.weights.map((one) => {
          let all = 0;
          for (let w = 0; w < count; w += 1) all += won[w] * one[w];
          return all / wins;
        }) : null,
        dominatedBy: at < 0 ? [] : left.filter((o) => dominates(o, who, counted, policy)),
      };
    });
    const [chosen, because] = decided(standings, left, found, policy);
    return { policy, standings, chosen, because, best: bestOf(standings), worlds: found, counted };
  }

  // The one that is best most often, at what was measured and the mean weights; null where it is
  // not best there.
  function centreOf({ worlds, best }) {
    if (!worlds?.criteria.length) return null;
    const { left, means } = worlds, own = left.indexOf(best);
    const leads = worlds.centre.map((of) => of.map((at) => of[own] - at));
    const lead = left.map((_, i) => sum(means.map((weight, k) => weight * leads[k][i])));
    const rivals = left.map((_, i) => i).filter((i) => i !== own);
    const rival = rivals.reduce((nearest, i) => (lead[i] < lead[nearest] ? i : nearest));
    return lead[rival] > 0 ? { own, leads, lead, rivals, rival } : null;
  }

  function turns({ worlds, policy }, { lead, own, rival }) {
    return worlds.criteria.flatMap((row, k) => {
      const matters = policy.matters[row.measure], units = lead[rival] / worlds.means[k];
      const ratio = row.scale === "ratio";
      if (ratio && units * Math.log1p(matters) > Math.log(FURTHEST)) return [];
      const by = ratio ? (1 + matters) ** units : units * matters;
      const most = row.values[worlds.left[own]] ?? 1;  // a score cannot fall by more than all of it
      return ratio || by <= most ? [{ row, against: worlds.left[rival], by }] : [];
    });
  }

  function weightFlips({ worlds, best, policy }, { leads, lead, rivals }) {
    return worlds.criteria.flatMap((row, k) => {
      const now = worlds.means[k], alone = leads[k];
      if (now >= 1) return [];
      const without = lead.map((all, i) => (all - now * alone[i]) / (1 - now));
      return [false, true].flatMap((above) => {
        const met = rivals.filter((i) => (above ? alone[i] : without[i]) < 0)
          .map((i) => [without[i] / (without[i] - alone[i]), i]);
        if (!met.length) return [];
        const [at, to] = met.reduce((near, one) =>
          ((above ? one[0] < near[0] : one[0] > near[0]) ? one : near));
        if (at < LEAST || at > 1 - LEAST) return [];
        const counted = worlds.criteria.filter((one) => (one === row) === above);
        const other = worlds.left[to];
        return [{ row, now, at, above, to: other, shown: shown(other, best, counted, policy) }];
      });
    });
  }

  function priceFlips({ worlds, policy }, { own, lead, rivals, rival }) {
    const priced = worlds.criteria.flatMap((row, k) => (row.measure === data.price
      ? [[row.benchmark, worlds.means[k] / Math.log1p(policy.matters[row.measure])]] : []));
    return [own, ...rivals].flatMap((i) => {
      const bill = bills[worlds.left[i]], against = i === own ? rival : i;
      if (!bill || !priced.every(([benchmark]) => Object.hasOwn(bill.parts, benchmark))) return [];
      const weighed = priced.map(([benchmark, weight]) => [weight, bill.parts[benchmark]]);
      const times = level(weighed, lead[against], i === own);
      const met = worlds.left[i === own ? rival : own];
      return times === null ? []
        : [{ candidate: worlds.left[i], against: met, now: bill.usd, at: bill.usd * times }];
    });
  }

  function level(weighed, lead, rises) {
    const moved = (times) =>
      Math.abs(sum(weighed.map(([weight, part]) => weight * Math.log1p(part * (times - 1)))));
    let near = 1, far = rises ? FURTHEST : 1 / FURTHEST;
    if (!(moved(far) >= lead)) return null;
    for (let i = 0; i < HALVINGS; i += 1) {
      const middle = rises ? Math.sqrt(near * far) : (near + far) / 2;
      if (moved(middle) >= lead) far = middle; else near = middle;
    }
    return far;
  }

  function conditions({ worlds, standings, policy }) {
    const { left, criteria } = worlds;
    if (worlds.missing >= HALF) return [];
    return left.flatMap((who, i) => {
      const { acceptability, musts } = standings[who];
      if (acceptability >= ENOUGH || isDoubtful(musts)) return [];
      const others = left.filter((other) => other !== who);
      if (!others.every((other) => shown(who, other, criteria, policy))) return [];
      const found = criteria.flatMap((row, k) => conditionsOn(worlds, i, k));
      return found.length
        ? [found.reduce((widest, one) => (one.worlds > widest.worlds ? one : widest))] : [];
    });
  }

  function conditionsOn({ left, criteria, weights, won }, i, k) {
    const worlds = new Float64Array(101), wins = new Float64Array(101);
    for (let w = 0; w < count; w += 1) {
      const per_cent = Math.min(Math.trunc(100 * weights[k][w] + 1e-9), 100);
      worlds[per_cent] += 1;
      wins[per_cent] += won[i][w];
    }
    return [true, false].flatMap((above) => {
      let of = 0, taken = 0, last = -1, wide = 0;
      for (let step = 0; step <= 100; step += 1) {
        const at = above ? 100 - step : step;
        of += worlds[at];
        taken += wins[at];
        if (of >= FEWEST * count && taken >= ENOUGH * of) [last, wide] = [step, of];
      }
      if (last < 0 || wide >= count) return [];
      const share = (above ? 100 - last : last + 1) / 100;
      return [{ candidate: left[i], row: criteria[k], above, share, worlds: wide / count }];
    });
  }

  // The limits at which the choice becomes another: between two places nothing changes.
  function limitFlips(now) {
    const { policy } = now, none = "none meets what must hold";
    const key = ({ chosen, because }) => `${chosen} ${because === none}`;
    return policy.must.flatMap((must, place) => {
      if (must.local) return [];
      const places = placesOf(must);
      const limits = must.at_most ? [-Infinity, ...places] : [...places, Infinity];
      const at = places.filter((p) => (must.at_most ? p <= must.limit : p < must.limit)).length;
      const above = places.slice(at).map((p, i) => [p, limits[at + i + 1]]);
      const below = places.slice(0, at).map((p, i) => [p, limits[i]]).reverse();
      return [below, above].flatMap((steps) => {
        for (const [p, limit] of steps) {
          const moved = policy.must.map((one, i) => (i === place ? { ...one, limit } : one));
          const then = choose({ ...policy, must: moved });
          if (key(then) !== key(now)) {
            const best = then.because === none ? null : then.best;
            const { chosen, because } = then;
            return [{ must, at: p, above: steps === above, best, chosen, because }];
          }
        }
        return [];
      });
    });
  }

  function placesOf(must) {
    const pick = must.at_most ? Math.max : Math.min, ends = new Set();
    for (const values of subjects[must.subject]) {
      const known = values.filter((one) => one !== null);
      if (known.length) for (const end of [0, 1]) ends.add(pick(...known.map((one) => one[end])));
    }
    return [...ends].filter(Number.isFinite).sort((a, b) => a - b);
  }

  // A policy as a reader has it, its limits with what they are set on.
  const read = (policy) => ({
    ...policy,
    must: policy.must.map((one) => ({ ...data.limits[one.key], ...one })),
  });

  // What must hold and is known of none that is left, where that keeps all from choice.
  function unknownOf({ because, policy, standings }) {
    const left = standings.filter(({ musts }) => !musts.includes("missed"));
    if (because !== "it may miss what must hold") return [];
    return policy.must.filter((_, i) => left.every(({ musts }) => musts[i] === "not known"));
  }
  const LEADERLESS =
    new Set(["none meets what must hold", "half of what it weighs was not measured"]);

  function consider(written) {
    const policy = read(written);
    const found = choose(policy), unknown = unknownOf(found);
    const leads = !unknown.length && !LEADERLESS.has(found.because);
    const centre = leads ? centreOf(found) : null, weighed = found.worlds?.criteria.length;
    return {
      ...found,
      unknown,
      flips: centre ? turns(found, centre) : [],
      weights: centre ? weightFlips(found, centre) : [],
      prices: centre ? priceFlips(found, centre) : [],
      conditions: weighed ? conditions(found) : [],
      limits: limitFlips(found),
    };
  }

  return { consider, weightOf, nameOf };
}

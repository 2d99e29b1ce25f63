// Which words of two texts differ, as ranges of each: the fewest that make one into the other
// (Myers, "An O(ND) difference algorithm", Algorithmica 1986). Of texts that have little in common
// all between what they begin and end with alike is said to differ; null where one is too long.
const differences = (() => {
  const LONGEST = 30000, MOST_STEPS = 700;
  const WORD = /[\p{L}\p{M}\p{N}_]+|[^\s\p{L}\p{M}\p{N}_]/gu;

  const split = (text) =>
    Array.from(text.matchAll(WORD), (found) => ({ word: found[0], at: found.index }));

  // For each word of `a` and of `b` whether it is kept, where `a` is made into `b`.
  function kept(a, b) {
    const keeps = [new Uint8Array(a.length), new Uint8Array(b.length)];
    let from = 0, ends = [a.length, b.length];
    while (from < ends[0] && from < ends[1] && a[from].word === b[from].word) {
      keeps[0][from] = keeps[1][from] = 1;
      from += 1;
    }
    while (ends[0] > from && ends[1] > from && a[ends[0] - 1].word === b[ends[1] - 1].word) {
      ends = [ends[0] - 1, ends[1] - 1];
      keeps[0][ends[0]] = keeps[1][ends[1]] = 1;
    }
    const middle = [a.slice(from, ends[0]), b.slice(from, ends[1])].map((of) => of.map(({ word }) => word));
    for (const [x, y] of common(...middle)) keeps[0][from + x] = keeps[1][from + y] = 1;
    return keeps;
  }

  // Pairs of places at which both lists have the same, as many as there can be.
  function common(a, b) {
    const most = Math.min(MOST_STEPS, a.length + b.length), middle = most + 1, trace = [];
    let far = new Int32Array(2 * middle + 1);
    for (let d = 0; d <= most; d += 1) {
      trace.push(far.slice(middle - d - 1, middle + d + 2));
      for (let k = -d; k <= d; k += 2) {
        const down = k === -d || (k !== d && far[middle + k - 1] < far[middle + k + 1]);
        let x = down ? far[middle + k + 1] : far[middle + k - 1] + 1;
        while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
        far[middle + k] = x;
        if (x >= a.length && x - k >= b.length) return back(trace, a.length, b.length);
      }
    }
    return [];
  }

  function back(trace, x, y) {
    const pairs = [];
    for (let d = trace.length - 1; x > 0 || y > 0; d -= 1) {
      const far = (k) => trace[d][k + d + 1], k = x - y;
      const before = k === -d || (k !== d && far(k - 1) < far(k + 1)) ? k + 1 : k - 1;
      const began = d ? far(before) : 0, start = d ? began + (before < k ? 1 : 0) : 0;
      while (x > start && x > 0 && y > 0) pairs.push([x -= 1, y -= 1]);
      if (d) [x, y] = [began, began - before];
    }
    return pairs;
  }

  // Words that are not kept; those that stand side by side are one range.
  function ranges(text, words, keep) {
    const found = [];
    words.forEach(({ word, at }, place) => {
      if (keep[place]) return;
      if (place && !keep[place - 1]) found.at(-1)[1] = at + word.length;
      else found.push([at, at + word.length]);
    });
    const differing = keep.reduce((sum, is_kept) => sum + !is_kept, 0);
    return { ranges: found, differing, words: words.length };
  }

  return (one, other) => {
    if (Math.max(one.length, other.length) > LONGEST) return null;
    const words = [split(one), split(other)], keeps = kept(...words);
    return [one, other].map((text, which) => ranges(text, words[which], keeps[which]));
  };
})();

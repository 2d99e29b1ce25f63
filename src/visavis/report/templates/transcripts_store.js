// Holds the transcripts, in chunks that are opened when they are looked at (transcripts_packed.py).
// Which cases a filter shows is known from a small index, without opening any.
const transcripts = (data) => {
  const KEPT = 8;
  const { heads, benchmarks, patterns, folder, chunks } = data;
  const kept = new Map();  // chunk's number to the promise of its cases, the one used last at the end
  const ends = [];
  for (const [, cases] of chunks) ends.push((ends.at(-1) ?? 0) + cases);
  const total = ends.at(-1) ?? 0;

  async function inflated(packed) {
    const letters = atob(packed), bytes = new Uint8Array(letters.length);
    for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream);
  }

  // A chunk that lies beside the page is a script: a page opened from a disk may load nothing else.
  function beside(name) {
    return new Promise((found, missing) => {
      const script = document.createElement("script");
      const end = () => {
        script.remove();
        if (script.dataset.chunk) found(script.dataset.chunk); else missing(new Error(name));
      };
      script.addEventListener("load", end);
      script.addEventListener("error", end);
      script.src = `${folder}/${name}.js`;
      document.head.append(script);
    });
  }

  async function read(number) {
    const packed = folder
      ? await beside(chunks[number][0])
      : document.querySelector(`script[data-chunk="${number}"]`).textContent;
    return (await inflated(packed)).json();
  }

  function chunk(number) {
    const cases = kept.get(number) ?? read(number);
    kept.delete(number);
    kept.set(number, cases);
    cases.catch(() => kept.delete(number));
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
    return cases;
  }

  // The chunk that holds a case, and the number of the first case in it.
  function place(number) {
    let low = 0, high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] > number) high = middle; else low = middle + 1;
    }
    return [low, low ? ends[low - 1] : 0];
  }

  const open = (numbers) => Promise.all(numbers.map(async (number) => {
    const [which, first] = place(number);
    return (await chunk(which))[number - first];
  }));

  const n = heads.length;
  const isRight = (letter) => letter === "r", isNotRight = (letter) => !"r-.".includes(letter);
  const isGraded = (letter) => !"-.".includes(letter);
  // By the letters of some candidates, all or a pair of them, and the whole pattern of a case.
  const kinds = {
    all: () => true,
    disagree: (letters) => new Set(letters.filter(isGraded)).size > 1,
    right: (letters) => letters.every(isRight),
    none: (letters) => letters.every(isNotRight),
    left: (letters) => letters.includes("-"),
    unparsed: (letters, pattern) => pattern.includes("p", n),
  };
  heads.forEach((_, who) => {
    kinds[`only${who}`] = (letters, pattern) => isRight(pattern[who])
      && letters.filter(isRight).length === 1 && letters.filter(isNotRight).length === letters.length - 1;
  });

  // Whether a case of this pattern is of a kind; of a pair, only where both were asked.
  function is(kind, pattern, pair) {
    const letters = pair ? pair.split(",").map((who) => pattern[who]) : [...pattern.slice(0, n)];
    return !(pair && letters.includes(".")) && kinds[kind](letters, pattern);
  }

  const marks = inflated(data.marks).then((held) => held.arrayBuffer())
    .then((bytes) => new Uint32Array(bytes));
  let ids = null;

  // How many cases of each kind there are in one benchmark, or in all.
  async function counted(benchmark, pair) {
    const cases = new Array(patterns.length).fill(0), which = await marks;
    let at = 0;
    for (const [name, size] of benchmarks) {
      if (!benchmark || name === benchmark) {
        for (let i = at; i < at + size; i += 1) cases[which[i]] += 1;
      }
      at += size;
    }
    const count = (kind) =>
      cases.reduce((sum, of_it, at) => sum + (is(kind, patterns[at], pair) && of_it), 0);
    return Object.fromEntries(Object.keys(kinds).map((kind) => [kind, count(kind)]));
  }

  // The numbers of all cases of a kind, in one benchmark or in all.
  async function cases(kind, benchmark, pair) {
    const shown = patterns.map((pattern) => is(kind, pattern, pair)), found = [];
    const which = await marks;
    let at = 0;
    for (const [name, size] of benchmarks) {
      if (!benchmark || name === benchmark) {
        for (let i = at; i < at + size; i += 1) if (shown[which[i]]) found.push(i);
      }
      at += size;
    }
    return found;
  }

  const [ID, QUESTION, KEY, REPLIES, TEXT] = [1, 2, 3, 5, 4];
  const holds = (one, sought) =>
    [one[ID], one[QUESTION], one[KEY], ...one[REPLIES].map((reply) => reply[TEXT])]
      .some((text) => text.toLowerCase().includes(sought));

  // Finds cases among `numbers`: first by their ids, which are all at hand, then by opening one
  // chunk after the other. `tell` gets what was found anew and the share that has been looked
  // through; a search ends where it says no.
  async function search(numbers, sought, tell) {
    ids ??= inflated(data.ids).then((held) => held.json());
    const all = await ids, named = new Set();
    for (const number of numbers) if (all[number].toLowerCase().includes(sought)) named.add(number);
    if (!tell([...named], 0)) return;
    const parts = byChunk(numbers);
    let done = 0, next = ahead(parts[0]);
    for (const [nth, { first, own }] of parts.entries()) {
      const opened = await next;
      next = ahead(parts[nth + 1]);
      done += own.length;
      const found = own.filter((number) =>
        !named.has(number) && holds(opened[number - first], sought));
      if (!tell(found, done / numbers.length)) return;
    }
  }

  function byChunk(numbers) {
    const parts = [];
    let end = 0;
    for (const number of numbers) {
      if (number >= end) {
        const [which, first] = place(number);
        parts.push({ which, first, own: [] });
        end = ends[which];
      }
      parts.at(-1).own.push(number);
    }
    return parts;
  }

  // A chunk is opened while the one before is looked through; it does not stay.
  function ahead(part) {
    const cases = part && (kept.get(part.which) ?? read(part.which));
    cases?.catch(() => {});  // told where it is waited for
    return cases;
  }

  return { total, counted, cases, open, search };
};

// Shows the transcripts, a page at a time. Whatever a model wrote becomes a text node, never markup.
sections.push((root, lang, state) => {
  const CASES_A_PAGE = 20, FIRST = 4000;
  const data = dataFor("transcripts"), words = wordsFor(root, "transcripts"), { heads } = data;
  const at = (name) => root.querySelector(`#${name}`), said = figures(lang);
  const [BENCHMARK, ID, QUESTION, KEY, PROMPT, REPLIES] = [0, 1, 2, 3, 4, 5];
  const [WHO, MARK, FAILURE, BECAUSE, TEXT, REASONING, MEASURED, SHOTS] = [0, 1, 2, 3, 4, 5, 6, 7];
  const HEARD = 8;
  const filters = at("filters"), status = at("status"), trouble = at("unscripted");
  const list = at("cases"), pager = at("pager"), searching = at("searching");
  const previous = at("previous"), next = at("next");
  const titles = new Map(
    [...filters.elements.benchmark.options].map(({ value, text }) => [value, text]));
  const show = texts(data.hidden, words.more, FIRST, lang), { fill, make, piece, lengthy } = show;
  const judges = judgement(words.heard, said, show);
  trouble.hidden = true;
  if (!("DecompressionStream" in window)) {
    trouble.textContent = words.old;
    trouble.hidden = false;
    return;
  }
  // One for all languages: what was found and where the reader is outlast a switch.
  const held = state.transcripts ??=
    { store: transcripts(data), sought: null, finding: null, shown: [], page: 0, search: null };
  const { store } = held;
  let drawing = 0, drawn = null;

  function folded(title, text) {
    const details = make("details");
    details.append(make("summary", "", title));
    details.addEventListener("toggle", () => {
      if (details.childElementCount === 1) details.append(lengthy(text));
    });
    return details;
  }

  // Frames that checks saw, each with whether its requirement holds.
  function gallery(shots) {
    const place = make("div", "shots");
    for (const [name, holds, , png] of shots) {
      const figure = make("figure", holds ? "holds" : "fails"), image = make("img");
      image.alt = fill(words.frame, name);
      image.src = `data:image/png;base64,${png}`;
      figure.append(image, make("figcaption", "", piece(`${holds ? "✓" : "✗"} ${name}`, 0, FIRST)));
      place.append(figure);
    }
    return place;
  }

  function clips(shots) {
    const details = make("details");
    details.append(make("summary", "", words.clips));
    details.addEventListener("toggle", () => {  // opened anew, they start anew
      details.querySelector(".shots")?.remove();
      if (details.open) details.append(gallery(shots));
    });
    return details;
  }

  function measured([tokens, total_s, usd, score, truncated, reused]) {
    const many = tokens !== null && (lang === "fr" ? tokens >= 2 : tokens !== 1);
    return [
      truncated && words.truncated,
      score !== null && fill(words.score, said.share(score)),
      tokens !== null && fill(words.tokens[Number(many)], said.count(tokens)),
      total_s !== null && said.seconds(total_s),
      usd !== null && said.usd(usd),
      reused && words.reused,
    ].filter(Boolean).join(", ");
  }

  function because({ [FAILURE]: failure, [BECAUSE]: held }) {
    const place = make("p", "because"), [text, spoken] = show.told(held);
    if (failure !== null) place.append(fill(words.heard.labelled, words.failures[failure], ""));
    place.append(show.tongue(make("span", "", piece(text, 0, FIRST)), spoken));
    return place;
  }

  // A reply that scrolls in its place can be scrolled by keyboard, too.
  const scrolling = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      if (target.scrollHeight > target.clientHeight + 1) {
        target.tabIndex = 0;
        target.role = "group";
        target.ariaLabel = target.dataset.of;
      } else {
        for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
      }
    }
  });

  function reply(found, difference) {
    const place = make("div", `reply c${found[WHO] % 6}`), head = make("h4", "", heads[found[WHO]]);
    head.append(make("span", found[MARK], words.marks[found[MARK]]));
    place.append(head);
    if (found[BECAUSE] || found[FAILURE] !== null) place.append(because(found));
    const shots = found[SHOTS] ?? [], moving = shots.filter(([, , moves]) => moves);
    if (shots.length) place.append(gallery(shots.filter(([, , moves]) => !moves)));
    if (moving.length) place.append(clips(moving));
    if (difference) place.append(make("p", "difference", difference.told));
    if (found[TEXT]) {
      place.append(lengthy(found[TEXT], "text", difference?.ranges));
      const text = place.querySelector(".text");
      text.dataset.of = heads[found[WHO]];
      scrolling.observe(text);
    } else if (found[MARK] !== "failed") {
      place.append(make("p", "silent", words.silent));
    }
    if (found[REASONING]) place.append(folded(words.reasoning, found[REASONING]));
    if (found[HEARD]) place.append(judges(found[HEARD]));
    const told = measured(found[MEASURED]);
    if (told) place.append(make("small", "", told));
    return place;
  }

  // How each reply differs from the one that it is held against: the same try of candidate `base`.
  // Of two candidates both are marked; of more, all but `base`.
  function compared(of, base) {
    const found = new Map();
    of.forEach((own, who) => own.forEach((one, nth) => {
      const other = of[base][nth] ?? of[base][0];
      if (who === base || !other || !one[TEXT] || !other[TEXT]) return;
      const pair = differences(one[TEXT], other[TEXT]) ?? [null, null];
      found.set(one, told(pair[0], heads[base]));
      if (heads.length === 2) found.set(other, told(pair[1], heads[who]));
    }));
    return found;
  }

  function told(difference, name) {
    if (!difference) return { told: words.longer, ranges: [] };
    const { differing, ranges } = difference;
    if (!differing) return { told: fill(words.same, name), ranges };
    const counts = [differing, difference.words].map(said.count);
    return { told: fill(words.differ, ...counts, name), ranges };
  }

  function article(one) {
    const place = make("article"), title = make("h3", "", one[ID]), asked = make("div", "asked");
    title.append(make("small", "", titles.get(one[BENCHMARK]) ?? one[BENCHMARK]));
    asked.append(lengthy(one[QUESTION]));
    if (one[PROMPT]) asked.append(folded(words.prompt, one[PROMPT]));
    if (one[KEY].length > 300) {
      asked.append(folded(words.key, one[KEY]));
    } else if (one[KEY]) {
      const key = make("p", "key", words.key + " ");
      key.append(make("b", "", one[KEY]));
      asked.append(key);
    }
    const replies = make("div", "replies");
    const of = heads.map((_, who) => one[REPLIES].filter((found) => found[WHO] === who));
    const { differ, base } = filters.elements;
    const difference = differ?.checked ? compared(of, Number(base?.value ?? 0)) : new Map();
    heads.forEach((name, who) => {
      if (!of[who].length) replies.append(make("p", "silent", `${name}: ${words.unasked}`));
      of[who].forEach((found) => replies.append(reply(found, difference.get(found))));
    });
    place.append(title, asked, replies);
    return place;
  }

  function turned() {
    const { shown, page } = held, pages = Math.ceil(shown.length / CASES_A_PAGE);
    pager.hidden = pages < 2;
    at("page").textContent = fill(words.page, said.count(page + 1), said.count(pages));
    previous.disabled = page === 0;
    next.disabled = page + 1 >= pages;
  }

  // What cannot be shown is said, and filters go on to count.
  function failed(error) {
    trouble.hidden = false;
    trouble.textContent = data.folder
      ? fill(words.missing, decodeURIComponent(data.folder))
      : fill(words.unread, error.message);
  }

  async function draw(added = false) {
    const turn = ++drawing, before = added && drawn === held.page ? list.childElementCount : 0;
    if (!before) drawn = null;
    const first = held.page * CASES_A_PAGE;
    turned();
    list.setAttribute("aria-busy", "true");
    try {
      const cases = await store.open(held.shown.slice(first + before, first + CASES_A_PAGE));
      if (turn !== drawing) return;
      trouble.hidden = true;
      if (before) list.append(...cases.map(article)); else list.replaceChildren(...cases.map(article));
      drawn = held.page;
    } catch (error) {
      if (turn !== drawing) return;
      list.replaceChildren();
      failed(error);
    }
    list.removeAttribute("aria-busy");
  }

  async function turn(by) {
    held.page += by;
    await draw();
    at("transcripts").scrollIntoView();
  }

  const count = () => {
    status.textContent = held.shown.length
      ? fill(words.shown, said.count(held.shown.length), said.count(store.total))
      : words.none;
  };

  function over() {
    held.search = null;
    searching.hidden = true;
    count();
  }

  function stop() {
    const [found, share] = [held.shown.length, searching.querySelector("progress").value];
    over();
    status.textContent = fill(words.stopped, said.count(found), said.share(share));
  }

  // Finds appear as they are made; what is searched no more goes on for nobody.
  async function search(numbers, sought) {
    const mine = held.search = {}, bar = searching.querySelector("progress");
    bar.value = 0;
    held.shown = [];
    list.replaceChildren();
    status.textContent = "";
    searching.hidden = false;
    try {
      await store.search(numbers, sought, (found, share) => {
        if (held.search !== mine) return false;
        const room = held.shown.length < (held.page + 1) * CASES_A_PAGE;
        for (const number of found) held.shown.push(number);
        bar.value = share;
        searching.querySelector("span").textContent =
          fill(words.searching, said.share(share), said.count(held.shown.length));
        if (found.length && room) draw(true); else turned();
        return true;
      });
    } catch (error) {
      if (held.search === mine) failed(error);
    }
    if (held.search === mine) over();
  }

  // Beside each kind, how many of it there are in the benchmark and of the pair that were chosen.
  const narrowed = () => [filters.elements.benchmark.value, filters.elements.pair?.value ?? ""];
  async function tally() {
    const [benchmark, pair] = narrowed();
    const counts = await store.counted(benchmark, pair);
    if (String(narrowed()) !== String([benchmark, pair])) return;
    for (const radio of filters.elements.kind) {
      radio.parentElement.querySelector(".count").textContent = said.count(counts[radio.value]);
    }
  }

  // Of a pair, nobody else is right alone.
  function paired() {
    const pair = filters.elements.pair?.value;
    for (const radio of filters.elements.kind) {
      const [, who] = radio.value.match(/^only(\d+)$/) ?? [];
      radio.parentElement.hidden = Boolean(pair && who && !pair.split(",").includes(who));
    }
    const { kind } = filters.elements;
    if ([...kind].some((radio) => radio.checked && radio.parentElement.hidden)) kind.value = "all";
  }

  async function choose() {
    const chosen = Object.fromEntries(new FormData(filters));
    const { kind, benchmark, pair = "", search: typed } = chosen;
    const sought = typed.trim().toLowerCase();
    const all = JSON.stringify([kind, benchmark, pair, sought]);
    if (held.sought === all) return;
    Object.assign(held, { sought: all, page: 0, search: null });
    searching.hidden = true;
    const numbers = await (held.finding = store.cases(kind, benchmark, pair));
    if (held.sought !== all) return;
    if (sought) {
      await search(numbers, sought);
      return;
    }
    held.shown = numbers;
    count();
    await draw();
  }

  // Shown, for the first time or after a switch: what was found stays found.
  async function live() {
    tally();
    if (held.sought === null) {
      await choose();
    } else if (held.search) {  // its progress is told by the view that was left
      held.sought = null;
      await choose();
    } else {
      await held.finding;  // which the view that was left may have begun
      count();
      await draw();
    }
  }

  let waiting = 0;
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("change", ({ target }) => {
    if (target.name === "pair") paired();
    if (["benchmark", "pair"].includes(target.name)) tally();
    if (["differ", "base"].includes(target.name)) draw(); else choose();
  });
  filters.addEventListener("input", ({ target }) => {
    if (target.name !== "search") return;
    clearTimeout(waiting);
    waiting = setTimeout(choose, 200);
  });
  searching.querySelector("button").addEventListener("click", stop);
  previous.addEventListener("click", () => turn(-1));
  next.addEventListener("click", () => turn(1));
  filters.hidden = false;
  root.addEventListener("live", live);
});

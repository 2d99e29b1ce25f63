// Shows the transcripts, a page at a time. Whatever a model wrote becomes a text node, never markup.
sections.push((root, lang) => {
  const CASES_A_PAGE = 20, FIRST = 4000;
  const { heads, hidden, cases } = dataFor("transcripts"), words = wordsFor(root, "transcripts");
  const at = (id) => root.querySelector(`#${id}`);
  const [BENCHMARK, ID, QUESTION, KEY, PROMPT, REPLIES] = [0, 1, 2, 3, 4, 5];
  const [WHO, MARK, BECAUSE, TEXT, REASONING, MEASURED, SHOTS] = [0, 1, 2, 3, 4, 5, 6];
  const filters = at("filters"), status = at("status");
  const list = at("cases"), pager = at("pager");
  const previous = at("previous"), next = at("next");
  const { count, fill, make, piece, lengthy } = texts(hidden, words.more, FIRST, lang);
  let shown = cases, page = 0;

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

  function reply(found) {
    const place = make("div", `reply c${found[WHO] % 6}`), head = make("h4", "", heads[found[WHO]]);
    head.append(make("span", found[MARK], words[found[MARK]]));
    place.append(head);
    if (found[BECAUSE]) place.append(make("p", "because", piece(found[BECAUSE], 0, FIRST)));
    const shots = found[SHOTS] ?? [], moving = shots.filter(([, , moves]) => moves);
    if (shots.length) place.append(gallery(shots.filter(([, , moves]) => !moves)));
    if (moving.length) place.append(clips(moving));
    if (found[TEXT]) {
      place.append(lengthy(found[TEXT], "text"));
    } else if (found[MARK] !== "failed") {
      place.append(make("p", "silent", words.silent));
    }
    if (found[REASONING]) place.append(folded(words.reasoning, found[REASONING]));
    if (found[MEASURED]) place.append(make("small", "", found[MEASURED]));
    return place;
  }

  function article(one) {
    const place = make("article"), title = make("h3", "", one[ID]), asked = make("div", "asked");
    title.append(make("small", "", one[BENCHMARK]));
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
    heads.forEach((name, who) => {
      const own = one[REPLIES].filter((found) => found[WHO] === who);
      if (!own.length) replies.append(make("p", "silent", `${name}: ${words.unasked}`));
      own.forEach((found) => replies.append(reply(found)));
    });
    place.append(title, asked, replies);
    return place;
  }

  // Who solved a case in every repeat, and who was graded at all.
  function tally(one) {
    const of = heads.map((_, who) => one[REPLIES].filter((found) => found[WHO] === who));
    const graded = (found) => !["failed", "ungraded"].includes(found[MARK]);
    return {
      right: of.map((own) => own.length > 0 && own.every((found) => found[MARK] === "solved")),
      graded: of.map((own) => own.length > 0 && own.every(graded)),
    };
  }

  const some = (mark) => (one) => one[REPLIES].some((found) => found[MARK] === mark);
  const kinds = {
    all: () => true,
    disagree: (one) => {
      const { right, graded } = tally(one);
      return right.some((won) => won) && right.some((won, who) => !won && graded[who]);
    },
    none: (one) => {
      const { right, graded } = tally(one);
      return graded.every((was) => was) && !right.some((won) => won);
    },
    failed: some("failed"),
    unparsed: some("unparsed"),
  };
  heads.forEach((_, who) => {
    kinds[`only${who}`] = (one) => {
      const { right, graded } = tally(one);
      return right.every((won, other) => won === (other === who)) && graded.every((was) => was);
    };
  });

  function draw() {
    const first = page * CASES_A_PAGE, pages = Math.ceil(shown.length / CASES_A_PAGE);
    list.replaceChildren(...shown.slice(first, first + CASES_A_PAGE).map(article));
    status.textContent = shown.length
      ? fill(words.shown, count.format(shown.length), count.format(cases.length))
      : words.none;
    pager.hidden = pages < 2;
    at("page").textContent =
      fill(words.page, count.format(page + 1), count.format(pages));
    previous.disabled = page === 0;
    next.disabled = page + 1 >= pages;
  }

  function turn(by) {
    page += by;
    draw();
    at("transcripts").scrollIntoView();
  }

  function holds(one, sought) {
    return [one[ID], one[QUESTION], one[KEY], ...one[REPLIES].map((found) => found[TEXT])]
      .some((text) => text.toLowerCase().includes(sought));
  }

  function choose() {
    const { kind, benchmark, search } = Object.fromEntries(new FormData(filters));
    const sought = search.trim().toLowerCase();
    shown = cases.filter((one) => (!benchmark || one[BENCHMARK] === benchmark)
      && kinds[kind](one) && (!sought || holds(one, sought)));
    page = 0;
    draw();
  }

  for (const radio of filters.elements.kind) {
    radio.parentElement.querySelector(".count").textContent =
      count.format(cases.filter(kinds[radio.value]).length);
  }
  let waiting = 0;
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("change", choose);
  filters.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(choose, 200);
  });
  previous.addEventListener("click", () => turn(-1));
  next.addEventListener("click", () => turn(1));
  filters.hidden = false;
  at("unscripted").remove();
  choose();
});

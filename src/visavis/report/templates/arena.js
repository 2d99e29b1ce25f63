// Puts one pair of replies after the other before a person, and sends each vote.
(() => {
  const FIRST = 20000;
  const { hidden, words } = JSON.parse(document.getElementById("data").textContent);
  const { count, fill, make, lengthy } = texts(hidden, words.more, FIRST);
  const at = (id) => document.getElementById(id);
  const sides = { left: at("left"), right: at("right") };
  const choices = [...document.querySelectorAll("[data-choice]")];
  const byKey = at("by-key"), inStep = at("in-step"), help = at("help");
  const KEYS = {
    ArrowLeft: "left", a: "left", ArrowRight: "right", b: "right", t: "tie", s: "skip",
  };
  let bout = null, last = null, busy = false, seen = 0, since = null;

  // Seconds for which this pair was on a page that could be seen.
  function look() { if (since === null && !document.hidden) since = performance.now(); }
  function away() {
    if (since !== null) seen += performance.now() - since;
    since = null;
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? away() : look()));

  function folded(title, text) {
    const details = make("details");
    details.append(make("summary", "", title), lengthy(text));
    return details;
  }

  function question(one) {
    const parts = [lengthy(one.question)];
    if (one.pictures.length) {
      const figure = make("figure");
      one.pictures.forEach((source, place) => {
        const picture = make("img");
        picture.src = source;
        picture.alt = fill(words.picture, count.format(place + 1));
        figure.append(picture);
      });
      parts.push(figure);
    }
    if (one.prompt) parts.push(folded(words.prompt, one.prompt));
    at("question").replaceChildren(...parts);
  }

  // What a program showed when it was tried.
  function gallery(frames) {
    const place = make("div", "frames");
    for (const [name, source] of frames) {
      const figure = make("figure"), image = make("img");
      image.src = source;
      image.alt = fill(words.frame, name);
      figure.append(image, make("figcaption", "", name));
      place.append(figure);
    }
    return place;
  }

  function show(state) {
    bout = state.bout;
    last = state.undo;
    at("progress-text").textContent =
      fill(words.progress, count.format(state.done), count.format(state.total));
    at("done-of").max = state.total;
    at("done-of").value = state.done;
    at("undo").disabled = last === null;
    at("bout").hidden = bout === null;
    at("over").hidden = bout !== null;
    at("put-back").hidden = state.skipped === 0;
    choices.forEach((button) => { button.disabled = bout === null; });
    seen = 0;
    since = null;
    if (bout === null) {
      at("over-title").focus();
      return;
    }
    at("benchmark").textContent = bout.benchmark;
    question(bout);
    for (const [side, place] of Object.entries(sides)) {
      const text = bout[side];
      const frames = bout.frames[side];
      place.replaceChildren(
        ...(frames.length ? [gallery(frames)] : []),
        text ? lengthy(text) : make("p", "silent", words.silent),
      );
      place.scrollTop = 0;
    }
    at("question").scrollTop = 0;
    scrollTo(0, 0);
    look();
  }

  async function ask(path, body) {
    const how = body === undefined ? {} : {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    };
    const answer = await fetch(path, { ...how, cache: "no-store" });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }

  // One request at a time: a key held down is one vote.
  async function go(path, body, said) {
    if (busy) return;
    busy = true;
    try {
      const state = await ask(path, body);
      at("alert").hidden = true;
      at("status").textContent = state.counted === false ? words.before : said;
      show(state);
    } catch (error) {
      at("alert").textContent = fill(words.lost, error.message);
      at("alert").hidden = false;
    } finally {
      busy = false;
    }
  }

  function vote(choice) {
    if (busy || bout === null) return;
    away();
    look();
    go("vote", { pair: bout.pair, choice, seconds: seen / 1000 }, words[choice]);
  }

  function undo() {
    if (last !== null) go("undo", { number: last }, words.undone);
  }

  choices.forEach((button) => button.addEventListener("click", () => vote(button.dataset.choice)));
  at("undo").addEventListener("click", undo);
  at("put-back").addEventListener("click", () => go("put-back", {}, words.back));
  at("open-help").addEventListener("click", () => help.showModal());
  // A browser may be told to keep nothing.
  const kept = (() => { try { return localStorage; } catch { return null; } })();
  byKey.checked = kept?.getItem("visavis-by-key") !== "no";
  byKey.addEventListener("change", () => {
    kept?.setItem("visavis-by-key", byKey.checked ? "yes" : "no");
  });
  document.addEventListener("keydown", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.repeat);
    if (!plain || !byKey.checked || help.open) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key in KEYS) vote(KEYS[key]);
    else if (key === "u") undo();
    else if (key === "?") help.showModal();
    else return;
    event.preventDefault();
  });

  // Where wanted, what one reply is scrolled by, the other is too, each by its own length.
  for (const [one, other] of [[sides.left, sides.right], [sides.right, sides.left]]) {
    one.addEventListener("scroll", () => {
      if (!inStep.checked || !one.matches(":hover, :focus, :focus-within")) return;
      const way = one.scrollHeight - one.clientHeight;
      other.scrollTop = way ? (one.scrollTop / way) * (other.scrollHeight - other.clientHeight) : 0;
    });
  }

  at("unscripted").remove();
  go("next", undefined, "");
})();

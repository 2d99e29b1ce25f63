// The page as a whole: the languages it is held in, and where the reader is.
(() => {
  const first = document.querySelector(".view"), state = { lang: first.lang };
  const views = new Map([[first.lang, { root: first, title: document.title, begun: false }]]);
  for (const held of document.querySelectorAll("template[data-title]")) {
    const root = held.content.firstElementChild;
    views.set(root.lang, { root, title: held.dataset.title, begun: false });
  }
  let live = first;

  function begin(view) {
    if (!view.begun) {
      view.begun = true;
      for (const section of sections) section(view.root, view.root.lang, state);
      whereabouts(view.root);
      view.root.addEventListener("input", note);
      view.root.addEventListener("change", note);
      const languages = view.root.querySelector(".languages");
      if (languages) {
        languages.hidden = false;
        languages.addEventListener("click", ({ target }) => {
          const lang = target.closest("button")?.dataset.lang;
          if (lang) show(lang);
        });
      }
    }
    view.root.dispatchEvent(new CustomEvent("live"));
  }

  // Marks the section that is being read among the links to all of them.
  function whereabouts(root) {
    const links = new Map();
    for (const link of root.querySelectorAll(".contents a")) links.set(link.hash.slice(1), link);
    const seen = new Set();
    let [here] = links.keys();  // until another is
    const watch = new IntersectionObserver((changes) => {
      for (const { target, isIntersecting } of changes) {
        if (isIntersecting) seen.add(target.id); else seen.delete(target.id);
      }
      here = [...links.keys()].find((id) => seen.has(id)) ?? here;
      for (const [id, link] of links) {
        if (id === here) {
          link.setAttribute("aria-current", "true");
          if (!root.querySelector(".contents :focus")) centre(link);
        } else {
          link.removeAttribute("aria-current");
        }
      }
    }, { rootMargin: "-20% 0px -60% 0px" });
    for (const section of root.querySelectorAll("main > section")) watch.observe(section);
    root.querySelector(".contents").addEventListener("focusin", ({ target }) => centre(target));
  }

  function centre(link) {
    const strip = link.parentElement;
    strip.scrollLeft = link.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2;
  }

  // What the reader set in one language holds in the other: fields, and what is unfolded.
  const set = new Set();
  let carrying = false;
  const name = (field) =>
    `${field.form?.id}/${field.id}/${field.name}/${field.type === "radio" && field.value}`;
  const fields = (root) => root.querySelectorAll("input, select, textarea");

  function note({ target }) {
    if (carrying || !target.matches("input, select, textarea")) return;
    for (const field of fields(live)) {
      if (field === target || (target.type === "radio" && field.name === target.name)) {
        set.add(name(field));
      }
    }
  }

  function carry(from, to) {
    const were = new Map([...fields(from)].map((field) => [name(field), field])), changed = [];
    for (const field of fields(to)) {
      const was = were.get(name(field));
      if (!set.has(name(field)) || !was) continue;
      if (was.checked === field.checked && was.value === field.value) continue;
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = was.checked;
      else field.value = was.value;
      changed.push(field);
    }
    carrying = true;
    for (const field of changed) {
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    carrying = false;
    const all = "main details:not(article details)";
    const folds = [from, to].map((root) => [...root.querySelectorAll(all)]);
    if (folds[0].length === folds[1].length) {
      folds[1].forEach((fold, place) => { fold.open = folds[0][place].open; });
    }
  }

  // Where on the screen the section being read begins, so that it can stay there.
  function reading(root) {
    const near = [...root.querySelectorAll("main > section")]
      .filter((section) => section.getBoundingClientRect().top < innerHeight / 3).at(-1);
    return near && { id: near.id, top: near.getBoundingClientRect().top };
  }

  function show(lang) {
    const view = views.get(lang);
    if (!view || view.root === live) return;
    const left = live, place = reading(left), focused = left.contains(document.activeElement);
    state.lang = lang;
    left.replaceWith(document.adoptNode(view.root));
    live = view.root;
    document.documentElement.lang = lang;
    document.title = view.title;
    begin(view);
    carry(left, live);
    if (place) {
      const { top } = live.querySelector(`#${place.id}`).getBoundingClientRect();
      scrollBy({ top: top - place.top, behavior: "instant" });
    }
    if (focused) {
      live.querySelector(`.languages [data-lang="${lang}"]`).focus({ preventScroll: true });
    }
    address();
  }

  // The address says which language was chosen: `#fr`, or `#fr/money` at a section.
  function asked() {
    const told = location.hash.slice(1), [, lang, id] = told.match(/^([^/]*)\/?(.*)$/);
    return views.has(lang) ? { lang, id } : { lang: null, id: told };
  }
  function address() {
    const { id } = asked(), lang = state.lang === first.lang ? "" : state.lang;
    const wanted = "#" + [lang, id].filter(Boolean).join("/");
    if (wanted !== (location.hash || "#")) {
      const bare = location.pathname + location.search;
      history.replaceState(history.state, "", wanted === "#" ? bare : wanted);
    }
  }
  function follow() {
    const { lang, id } = asked();
    if (lang) show(lang);
    if (lang && id) reveal(id);
    address();
  }

  // A section that an address names stays in sight while what comes late makes the page longer.
  const GROWS_MS = 5000;
  function hold(id) {
    const late = new ResizeObserver(() => reveal(id)), done = () => late.disconnect();
    late.observe(live);
    for (const act of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      addEventListener(act, done, { once: true, passive: true });
    }
    setTimeout(done, GROWS_MS);
  }
  function reveal(id) {
    document.getElementById(id)?.scrollIntoView({ behavior: "instant" });
  }

  // On paper everything is unfolded, but for the transcripts.
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...live.querySelectorAll("main details:not(article details, [open])")];
    for (const fold of unfolded) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of unfolded) fold.open = false;
  });

  addEventListener("hashchange", follow);
  const { id } = asked();
  follow();  // before a view is begun: what would not be seen is not drawn
  if (live === first) begin(views.get(first.lang));
  if (document.getElementById(id)) hold(id);
})();
